"""Writers of a storm: they commit late, roll back, and say things until an answer reaches them."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import psycopg

from headgate.core.database import Connection, Database
from headgate.core.errors import DatabaseUnavailable
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.wake import Wake
from proof.storm_flow import POINTS, set_numbers

_AGAIN = 0.05


@dataclass
class Told:
    """What was said, by all the writers of a storm.

    `numbers` are committed for certain, each in one event; `taken_back` are those of transactions
    that were rolled back; `repeated` are numbers that were said again and, wrongly, counted.
    """

    numbers: set[int] = field(default_factory=set)
    taken_back: set[int] = field(default_factory=set)
    repeated: list[int] = field(default_factory=list)
    changes: int = 0
    _next: int = 0

    def some(self, count: int) -> list[int]:
        """Return numbers that nobody has had."""
        self._next += count
        return list(range(self._next - count, self._next))


class Teller:
    """Emits to `numbers` (`tell`) and changes points of `a` (`change`) until told to stop.

    Tellers change different points, by `residue` of `tellers`: they never wait for each other.
    """

    def __init__(
        self,
        database: Database,
        wake: Wake,
        *,
        datasets: dict[str, int],
        told: Told,
        seed: int,
        residue: int,
        tellers: int,
    ) -> None:
        self._database = database
        self._wake = wake
        self._datasets = datasets
        self._told = told
        self._chance = random.Random(f"{seed} {residue}")
        self._points = range(residue, POINTS, tellers)
        self._residue = residue

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self._chance.choice([self._tell, self._tell, self._change])()
            self._wake.signal("emitted")
            await asyncio.sleep(self._chance.uniform(0, 0.08))

    async def _tell(self) -> None:
        numbers = self._told.some(self._chance.randint(1, 4))
        late = self._lateness()
        if self._chance.random() < 0.15:
            self._told.taken_back.update(numbers)
            # The driver lets its Rollback out when the connection is gone.
            with contextlib.suppress(DatabaseUnavailable, psycopg.Rollback):
                await self._emit_numbers(numbers, late=late, commit=False)
            return
        await _until_certain(lambda: self._emit_numbers(numbers, late=late))
        self._told.numbers.update(numbers)
        if self._chance.random() < 0.15:
            again = await _until_certain(lambda: self._emit_numbers(numbers, late=0))
            self._told.repeated += numbers if again else []

    async def _emit_numbers(
        self, numbers: list[int], *, late: float, commit: bool = True
    ) -> list[int]:
        events = [
            NewEvent(self._datasets["numbers"], range=(n, n + 1), idem_key=str(n)) for n in numbers
        ]
        async with self._database.connection() as conn, conn.transaction():
            ids = await _emit_late(conn, events, late=late)
            if not commit:
                raise psycopg.Rollback
        return ids

    async def _change(self) -> None:
        """Write a new number of a point, and tell of it in the same transaction."""
        self._told.changes += 1
        number, late = self._told.changes, self._lateness()
        point = self._chance.choice(self._points)
        kind = self._chance.choice(["update", "invalidate"])
        event = NewEvent(
            self._datasets["a"], range=(point, point + 1), kind=kind, idem_key=f"a {number}"
        )

        async def write() -> None:
            async with self._database.transaction() as conn:
                await set_numbers(conn, dataset="a", numbers={point: number})
                await _emit_late(conn, [event], late=late)

        await _until_certain(write)

    def _lateness(self) -> float:
        return self._chance.choice([0.0, 0.0, self._chance.uniform(0, 0.15)])


async def _emit_late(conn: Connection, events: list[NewEvent], *, late: float) -> list[int]:
    ids = await emit(conn, org_id=1, events=events, scope="storm")
    await asyncio.sleep(late)
    return ids


async def _until_certain(say: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Say it until the commit is answered: what was cut off may have been committed or not."""
    while True:
        try:
            return await say()
        except DatabaseUnavailable:
            await asyncio.sleep(_AGAIN)
