"""Carrying out a running operation slice by slice, in any server that is there."""

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headgate.core.database import Connection
from headgate.core.operations import store as operations
from headgate.core.services import Services

Operation = dict[str, Any]
State = operations.State


@dataclass(frozen=True, slots=True)
class Step:
    """Where an operation is after a slice. `result` is what going on with it needs."""

    state: State
    done: int
    total: int
    message: str
    result: dict[str, Any]
    problems: Sequence[dict[str, Any]] = ()


async def carry(
    services: Services,
    *,
    due: Callable[[Connection], Awaitable[Operation | None]],
    step: Callable[[Connection, Operation, datetime], Awaitable[Step | float]],
) -> float:
    """Do the next slice of the operation that is `due` first; return the seconds to pause then.

    What the slice changes and the operation that tells of it change in one transaction, under a
    lock of the operation's row, which `due` takes. `step` returns the seconds until it is time, if
    it is not yet. Without an operation that this process could go on with, the pause is infinite.
    """
    async with services.database.transaction() as conn:
        operation = await due(conn)
        if operation is None:
            return math.inf
        done = await step(conn, operation, services.clock())
        if isinstance(done, float):
            return done
        await operations.advance(
            conn,
            id=operation["id"],
            org_id=operation["org_id"],
            state=done.state,
            done=done.done,
            total=done.total,
            message=done.message,
            result=done.result,
            problems=done.problems,
        )
    for topic in ("routed", "changed", "emitted"):
        services.wake.signal(topic)
    return 0.0
