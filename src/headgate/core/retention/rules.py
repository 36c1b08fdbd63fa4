"""How long things are kept, and when something that goes on for long is worth an alarm."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeVar

Table = Literal["event", "task_history", "task_log", "sample"]

TOLD = timedelta(days=1)
"""How long told changes and stored replies are kept: longer than anyone may ask for them again."""

SAMPLES = timedelta(days=7)
"""How long samples of the flow are kept: as far as people look back at a curve."""

DEAD_ROWS = 100_000
"""Fewer dead rows than this slow nothing down that matters."""
DEAD_ROWS_FOR = timedelta(minutes=5)
"""A live autovacuum has long been there."""
_IDLE_TRANSACTIONS = 10_000

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Keep:
    """For how long each kind of record stays; days of UTC go whole, so up to a day longer.

    Idempotency keys stay as long as events; ended operations, cancelled backfills and what is left
    of removed jobs as long as history; dead letters from their death or resolution on.
    `versions` is about replaced bytes of a store that keeps them in a folder of ours.
    """

    events: timedelta
    history: timedelta
    logs: timedelta
    dead_letters: timedelta
    versions: timedelta

    def first_days(self, now: datetime) -> dict[Table, date]:
        """Return the oldest day of each table that is kept, in UTC."""
        spans: dict[Table, timedelta] = {
            "event": self.events,
            "task_history": self.history,
            "task_log": self.logs,
            "sample": SAMPLES,
        }
        return {table: (now - span).astimezone(UTC).date() for table, span in spans.items()}


@dataclass(frozen=True, slots=True)
class Holder:
    """What keeps Postgres from removing dead rows: a session, a slot or a prepared transaction.

    `name` is a pid, a slot's name or a transaction's gid; `xids` how many transactions began since.
    `since` is None when Postgres does not know it: then `seen` counts from our own first look.
    """

    kind: Literal["session", "standby", "slot", "prepared"]
    name: str
    application: str
    state: str
    xmin: str
    xids: int
    since: datetime | None
    query_start: datetime | None

    @property
    def key(self) -> tuple[str, str, str]:
        """The same holder that still holds the same; one that moves on is another one."""
        return self.kind, self.name, self.xmin


@dataclass(frozen=True, slots=True)
class DeadRows:
    table: str
    dead: int
    live: int

    @property
    def too_many(self) -> bool:
        return self.dead > DEAD_ROWS and self.dead > self.live


def first_seen(
    before: Mapping[K, datetime], keys: Iterable[K], *, now: datetime
) -> dict[K, datetime]:
    """Return since when each of `keys` has been there without a break."""
    return {key: before.get(key, now) for key in keys}


def held_seconds(holder: Holder, *, seen: datetime, now: datetime) -> float:
    """Return for how long a holder has held vacuum back."""
    return max(0.0, (now - (holder.since or seen)).total_seconds())


def is_alarming(holder: Holder, *, seconds: float, after: timedelta) -> bool:
    """Tell whether a holder is worth waking somebody for.

    A slot of an idle system stands still, too, and harms nothing.
    """
    stands_still = holder.since is None and holder.xids < _IDLE_TRANSACTIONS
    return seconds > after.total_seconds() and not stands_still
