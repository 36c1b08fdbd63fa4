"""One operator that does what the payload of its event says."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from headgate.core.app import TaskContext, operator

_STEP = 0.02

Order = Mapping[str, Any]


async def _succeed(ctx: TaskContext[Any], order: Order) -> None:
    pass


async def _never_return(ctx: TaskContext[Any], order: Order) -> None:
    await asyncio.Event().wait()


async def _block(ctx: TaskContext[Any], order: Order) -> None:
    time.sleep(order["seconds"])  # noqa: ASYNC251 - the very fault


async def _hold(ctx: TaskContext[Any], order: Order) -> None:
    """Make the file `began`, and go on when somebody makes the file `until`."""
    await asyncio.to_thread(Path(order["began"]).touch)
    while not await asyncio.to_thread(Path(order["until"]).exists):
        await asyncio.sleep(_STEP)


async def _fork(ctx: TaskContext[Any], order: Order) -> None:
    """Start a process, and one that tries to get away; then wait for ever."""
    children = [
        await asyncio.create_subprocess_exec("sleep", "600"),
        await asyncio.create_subprocess_exec("sleep", "600", start_new_session=True),
    ]
    pids = " ".join(str(child.pid) for child in children)
    await asyncio.to_thread(Path(order["pids"]).write_text, pids)
    await asyncio.Event().wait()


async def _leak(ctx: TaskContext[Any], order: Order) -> None:
    kept = []
    while True:
        kept.append(bytearray(8 << 20))
        await asyncio.sleep(_STEP)  # so that the watch has looks at it


async def _die(ctx: TaskContext[Any], order: Order) -> None:
    os._exit(9)


async def _emit(ctx: TaskContext[Any], order: Order) -> None:
    ctx.emit(order["dataset"], key="k", payload="x" * order.get("bytes", 1))


async def _emit_many(ctx: TaskContext[Any], order: Order) -> None:
    for number in range(order["count"]):
        ctx.emit("bad.done", key=f"{order['count']}/{number}")


_ACTS: Mapping[str, Callable[[TaskContext[Any], Order], Awaitable[None]]] = {
    "succeed": _succeed,
    "never_return": _never_return,
    "block": _block,
    "hold": _hold,
    "fork": _fork,
    "leak": _leak,
    "die": _die,
    "emit": _emit,
    "emit_many": _emit_many,
}


@operator
async def act(ctx: TaskContext[Any]) -> None:
    """Behave as told."""
    order = ctx.events[0].payload or {}
    await _ACTS[order.get("do", "succeed")](ctx, order)
