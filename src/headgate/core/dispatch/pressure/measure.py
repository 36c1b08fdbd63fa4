"""One round of backpressure: measure, decide, hold."""

from dataclasses import replace

from headgate.core.database import Connection
from headgate.core.dispatch.pressure import store
from headgate.core.dispatch.pressure.rules import is_closed, pressure
from headgate.core.dispatch.pressure.store import Valve

_NOTABLE = 0.05  # a smaller change of pressure is not worth a write


async def measure(conn: Connection, *, runtime_rows: int) -> tuple[int, int]:
    """Move the valves; return how many holds were lifted, and how many are new.

    At most `runtime_rows` tasks may wait for a runtime. `conn` is inside a transaction.
    """
    before = [*await store.edges(conn), *await store.runtimes(conn, limit=runtime_rows)]
    after = [_moved(valve) for valve in before]
    told = [new for old, new in zip(before, after, strict=True) if _differs(old, new)]
    if told:
        await store.set_valves(conn, valves=told)
    await store.drop_valves(conn, keep=[valve.subject for valve in after])
    return await store.set_holds(conn)


def _moved(valve: Valve) -> Valve:
    now, cause = pressure(valve.limits, valve.waiting)
    closed = is_closed(
        now, closed=valve.closed, reopen=valve.limits.reopen, seconds_since_move=valve.moved
    )
    return replace(valve, closed=closed, pressure=now, cause=cause)


def _differs(old: Valve, new: Valve) -> bool:
    return old.closed != new.closed or abs(old.pressure - new.pressure) > _NOTABLE
