"""Tasks whose course a test decides, by the payload of an event and by objects in the store."""

import asyncio
from typing import Any

from headgate.core.app import TaskContext, operator
from headgate.core.errors import InvalidInput, Problem, ProviderUnavailable
from headgate.ports.object_store import ObjectMissing


async def _is_there(ctx: TaskContext[Any], key: str) -> bool:
    try:
        await ctx.objects.head(key)
    except ObjectMissing:
        return False
    return True


@operator
async def act(ctx: TaskContext[Any]) -> None:
    """Do what the first event says: succeed, wait for an object, refuse until one is there, fail."""
    order = ctx.events[0].payload if ctx.events else None
    order = order if isinstance(order, dict) else {}
    ctx.log("started", order=order.get("do", "succeed"))
    match order.get("do"):
        case "wait":
            await ctx.progress(1, 2, "waiting")
            while not await _is_there(ctx, order["until"]):
                await asyncio.sleep(0.02)
        case "refuse":
            if not await _is_there(ctx, order["unless"]):
                raise InvalidInput(
                    "This <b>cannot</b> be done.",
                    hint="Mend it.",
                    problems=[Problem("/do", "refused", "must not be <i>refuse</i>")],
                )
        case "fail":
            raise ProviderUnavailable("The provider is away.")
        case "log":
            for number in range(order["lines"]):
                ctx.log(f"line {number}", number=number)
    if ctx.events and ctx.events[0].key:
        ctx.emit("tiny.out", key=ctx.events[0].key)
