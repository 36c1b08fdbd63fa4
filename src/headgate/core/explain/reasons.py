"""What an explanation is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SubjectKind = Literal["task", "job", "dataset", "dead_letter", "event", "backfill", "worker"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that an explanation names: its id, or the full name of a job or dataset."""

    kind: SubjectKind
    name: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that explains something. `code` is stable, `text` and `do` are for people.

    `since` when it holds, `until` when it is known to end. `do` is what to do about it, empty where
    there is nothing to do. `about` is what it waits for or comes from.
    """

    code: str
    text: str
    do: str = ""
    since: datetime | None = None
    until: datetime | None = None
    about: Sequence[Subject] = ()
