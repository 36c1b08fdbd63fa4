"""Operators that use, and misuse, every door."""

# ruff: noqa: ASYNC251 - blocking is the point

import asyncio
import ctypes
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from gauge_app import store
from gauge_app.model import Draft, Level, Reading
from headgate.core.app import operator
from headgate.core.errors import HeadgateError, InvalidInput, Problem, ProviderUnavailable
from headgate.core.work.remote import DoorRefused, RemoteError
from headgate.ports.object_store import BadKey, ObjectMissing, PutConflict


class Flooded(ProviderUnavailable):
    """An error that only this app has."""

    code = "flooded"

    def __init__(self, river: str) -> None:
        super().__init__(f"The {river} flows over.", hint="Wait.")
        self.river = river
        self.retry_after = timedelta(seconds=90)
        self.gate = object()


@operator
async def echo(ctx) -> None:
    """Tell back all that the context holds."""
    held = [ctx.task, list(ctx.events), ctx.now, ctx.resources.settings]
    seen = {"held": repr(held), "built": ctx.resources.number, "pid": os.getpid()}
    ctx.emit("gauge.out", key="echo", payload=seen)


@operator
async def measure(ctx) -> None:
    """Record, read and write readings, and emit."""
    at = datetime(2026, 8, 1, 12, 0, 0, 123456, tzinfo=UTC)
    first = Reading("north", at, Level(Decimal("1.250")), ("wet", "cold"))
    assert await ctx.record(store.add_reading, reading=first) == "north noted"
    assert await ctx.read(store.readings, gauge="north") == [first]
    for hour in (1, 2):
        later = Reading("south", at + timedelta(hours=hour), Level(Decimal(hour)))
        ctx.write(store.add_reading, reading=later)
        ctx.emit("gauge.out", key=f"south/{hour}", payload={"hour": hour})
    await ctx.emit_now("gauge.out", key="halfway", payload=[1, 2])
    await ctx.progress(1, 2, "half")


@operator
async def use_objects(ctx) -> None:
    """Use every method of the object store."""
    objects = ctx.objects
    put = await objects.put("a/one.txt", b"one", content_type="text/plain", if_absent=True)
    await objects.put("a/two.txt", b"two")
    assert await objects.head("a/one.txt") == put
    assert await objects.get("a/one.txt") == b"one"
    assert await objects.get_range("a/one.txt", 1, 3) == b"ne"
    await objects.put("a/one.txt", b"uno", if_match=put.etag)
    versions = await objects.versions("a/one.txt")
    assert await objects.get("a/one.txt", version=put.version) == b"one"
    assert [info.key async for info in objects.list("a/")] == ["a/one.txt", "a/two.txt"]
    assert [info.key async for info in objects.list("a/", after="a/one.txt")] == ["a/two.txt"]
    await objects.delete("a/two.txt")
    url = objects.sign("GET", "a/one.txt", now=ctx.now, lifetime=timedelta(minutes=1))
    await objects.check()
    ctx.emit("gauge.out", key="objects", payload={"url": url, "versions": len(versions)})


@operator
async def list_many(ctx) -> None:
    """Count objects, and stop early once."""
    async for info in ctx.objects.list("many/"):
        first = info.key
        break
    keys = [info.key async for info in ctx.objects.list("many/")]
    ctx.emit("gauge.out", key="many", payload={"first": first, "count": len(keys)})


@operator
async def catch_everything(ctx) -> None:
    """Meet errors of doors as the classes they have in process."""
    caught = []
    await ctx.objects.put("taken", b"")
    for asked in (
        ctx.objects.get("nothing"),
        ctx.objects.head("../etc/passwd"),
        ctx.objects.put("taken", b"", if_absent=True),
        ctx.read(store.broken),
        ctx.read(store.unwelcome),
        ctx.emit_now("gauge.unknown", key="x"),
    ):
        try:
            await asked
        except (ObjectMissing, BadKey, PutConflict, HeadgateError) as error:
            caught.append([type(error).__name__, str(error), error.retry])
    ctx.emit("gauge.out", key="caught", payload=caught)


@operator
async def ask_the_forbidden(ctx) -> None:
    """Hand functions to doors that are not the app's to use."""

    async def local(conn) -> None:
        raise AssertionError

    refused = 0
    for function in (local, store.not_async, store._private, store.system, asyncio.sleep, print):
        try:
            await ctx.read(function)
        except DoorRefused:
            refused += 1
    ctx.emit("gauge.out", key="refused", payload=refused)


@operator
async def hand_over_a_draft(ctx) -> None:
    """Write what does not travel."""
    ctx.write(store.add_reading, reading=Draft("x"))


@operator
async def refuse(ctx) -> None:
    """Raise an error of Headgate's with everything on it."""
    problem = Problem("/level", "too_high", "is higher than the dam")
    raise InvalidInput("The reading is wrong.", hint="Measure again.", problems=[problem])


@operator
async def flood(ctx) -> None:
    """Raise an error that only the app knows."""
    raise Flooded("Iller")


@operator
async def let_missing_pass(ctx) -> None:
    """Do not catch what a door raises."""
    await ctx.objects.get("nothing")


@operator
async def let_broken_pass(ctx) -> None:
    """Do not catch an error of the database."""
    ctx.write(store.add_reading, reading=None)
    await ctx.record(store.broken)


@operator
async def stumble(ctx) -> None:
    """Raise an error of Python's."""
    ctx.emit("gauge.out", key="never")
    return {}["gauge"]


@operator
async def read_too_much(ctx) -> None:
    """Ask for an object that is larger than what is carried."""
    await ctx.objects.get("huge")


@operator
async def crash(ctx) -> None:
    """Log, then die in native code."""
    ctx.log("about to crash")
    ctypes.string_at(0)


@operator
async def hoard(ctx) -> None:
    """Use memory without end."""
    hoarded = []
    while True:
        hoarded.append(b"x" * 1_000_000)


@operator
async def spin(ctx) -> None:
    """Use CPU time without end."""
    while True:
        pass


@operator
async def doze(ctx) -> None:
    """Sleep without end."""
    time.sleep(3600)


@operator
async def log_oddly(ctx) -> None:
    """Log a field that does not travel."""
    ctx.log("measured", level="warning", gauge="north", odd=object())


@operator
async def log_from_a_thread(ctx) -> None:
    """Log where there is no event loop."""
    await asyncio.to_thread(ctx.log, "from a thread", number=1)


@operator
async def emit_the_unknown(ctx) -> None:
    """Emit to a dataset that the job does not make."""
    ctx.emit("gauge.unknown", key="x")


@dataclass(frozen=True)
class Elsewhere:
    """Not of the model."""

    x: int


@operator
async def raise_remote(ctx) -> None:
    """See foreign errors as RemoteError."""
    try:
        await ctx.read(store.broken)
    except RemoteError as error:
        ctx.emit("gauge.out", key="remote", payload=[error.kind, str(error)])
