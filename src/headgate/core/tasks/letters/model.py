"""The nouns of acts on dead letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from headgate.core.app import Range


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """Which dead letters: those to which everything applies that is not None.

    `ids` has at most `MAX_IDS`. `died_after` is the first time that is meant, `died_before` the
    first that is not.
    """

    ids: Sequence[int] | None = None
    job_id: int | None = None
    fingerprint: str | None = None
    died_after: datetime | None = None
    died_before: datetime | None = None


MAX_IDS = 1000  # kept in the operation's row, which every batch writes anew
EVERY = LetterFilter()


@dataclass(frozen=True, slots=True)
class LetterGroup:
    """Dead letters of one job that failed in the same way; `error` is the newest one's."""

    job: str
    fingerprint: str
    letters: int
    events_covered: int
    first_died_at: datetime
    last_died_at: datetime
    newest: int
    error: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many letters an act would move, and what a redrive would make of them.

    Letters of one key become one task, so `tasks` may be fewer. `merged` of the tasks are pending
    already: the letters' work would join them.
    """

    letters: int
    events_covered: int
    tasks: int
    merged: int


@dataclass(frozen=True, slots=True)
class CountedGroup(Counted):
    """The part of one job and fingerprint. A task of letters that failed differently is in each."""

    job: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act would move: in all, and by group, those with the newest letters first.

    `last` is the highest letter id of it: what dies later is not meant.
    """

    total: Counted
    groups: Sequence[CountedGroup]
    last: int


@dataclass(frozen=True, slots=True)
class Redrive:
    """What became of a redrive of many: done at once, or going on as `operation`."""

    matched: int
    redriven: int
    operation: UUID | None


@dataclass(frozen=True, slots=True)
class Course:
    """What a redrive was asked for, and how far it is: `after` is the last letter that it moved.

    `rate` is in letters a second. The next batch is not moved before `not_before`.
    """

    chosen: LetterFilter
    rate: float | None
    last: int
    after: int = 0
    redriven: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class CoveredEvent:
    """The one event that a letter covers. Its `key` and `payload` may be edited."""

    id: int
    dataset: str
    key: str | None
    range: Range | None
    payload: Any


KEEP: Final = object()
"""A payload that is left as it was; None would take it away."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be otherwise in the event that takes a letter's place; a None key stays."""

    key: str | None = None
    payload: Any = KEEP
