"""Writers that hold transactions open, commit late, roll back, and say things twice."""

import contextlib
import random
from dataclasses import dataclass, field

from headgate.core.database import Connection
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit

_KEYS = ("a/1", "a/2", "b/1", "c")


@dataclass
class Writer:
    """A connection that takes one step of its transaction at a time.

    `ranges` and `keys` are datasets that it emits to. What it emits with an idempotency key, it may
    emit again later, as after a lost answer.
    """

    conn: Connection
    ranges: int
    keys: int | None = None
    idempotent: bool = False
    open: bool = False
    emitted: list[int] = field(default_factory=list)
    committed: list[int] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    """What was said again and, wrongly, counted."""
    _said: set[str] = field(default_factory=set)
    _saying: set[str] = field(default_factory=set)

    async def step(self, chance: random.Random) -> None:
        if not self.open:
            await self.begin()
            if chance.random() < 0.3:  # a transaction can be far older than its events
                await self.conn.execute("select pg_current_xact_id()")
                return
        roll = chance.random()
        if roll < 0.5:
            events = [self._event(chance) for _ in range(chance.randint(1, 4))]
            self.emitted += await self._emit(events)
            self._saying |= {event.idem_key for event in events if event.idem_key}
        elif roll < 0.6:
            with contextlib.suppress(InterruptedError):
                async with self.conn.transaction():  # a savepoint, that is rolled back
                    await self._emit([self._event(chance) for _ in range(2)])
                    raise InterruptedError
        else:
            await self.end(commit=roll < 0.9)

    async def begin(self) -> None:
        await self.conn.execute("begin")
        self.open = True

    async def end(self, *, commit: bool) -> None:
        if self.open:
            await self.conn.execute("commit" if commit else "rollback")
            self.committed += self.emitted if commit else []
            self._said |= self._saying if commit else set()
        self.emitted, self._saying, self.open = [], set(), False

    async def emit(self, *ranges: tuple[int, int]) -> None:
        events = [NewEvent(self.ranges, range=r) for r in ranges]
        self.emitted += await emit(self.conn, org_id=1, events=events)

    async def _emit(self, events: list[NewEvent]) -> list[int]:
        ids = await emit(self.conn, org_id=1, events=events, scope="proof")
        keys = [event.idem_key for event in events if event.idem_key]
        fresh = set(keys) - self._said - self._saying
        if len(ids) != len(events) - len(keys) + len(fresh):
            self.repeated += keys
        return ids

    def _event(self, chance: random.Random) -> NewEvent:
        # Keys of its own, or writers of one process would wait for each other's transactions.
        said = f"{id(self)} {chance.randint(0, 30)}" if self.idempotent else None
        if self.keys is not None and chance.random() < 0.4:
            return NewEvent(self.keys, key=chance.choice(_KEYS), idem_key=said)
        low = chance.randint(-20, 20)
        kind = chance.choice(["update", "update", "invalidate"])
        return NewEvent(self.ranges, range=(low, low + chance.randint(1, 6)), kind=kind,
                        idem_key=said)  # fmt: skip
