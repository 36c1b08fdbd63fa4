"""Operators in child processes, on real doors: Postgres, the local object store, a leased task."""

import os
import pickle
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import gauge_app
import msgspec
import pytest

from headgate.core.app import Event
from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.errors import (
    HeadgateError,
    InvalidInput,
    LimitExceeded,
    Problem,
    ProviderUnavailable,
    TooLarge,
)
from headgate.core.wake import Wake
from headgate.core.work.context import LeaseLost, LocalContext, Surroundings
from headgate.core.work.model import Job, Lease, Output
from headgate.core.work.remote import (
    ChildCrashed,
    DoorRefused,
    RemoteError,
    run_operator_remotely,
)
from headgate.core.work.remote.doors import Doors
from headgate.core.work.remote.requests import Answer, Described, Finished, Get, Read, Record, Write
from headgate.core.work.remote.values import NotCarried, Values
from headgate.ports.object_store import ObjectMissing
from headgate.ports.object_store.local import LocalObjectStore
from headgate.ports.runtime import Limits
from headgate.ports.runtime.child_process import ChildProcessRuntime

AT = datetime(2026, 8, 1, 12, 30, 15, 123456, tzinfo=UTC)
EVENTS = [
    Event(7, "gauge.in", "update", "a/b", None, {"level": 1.5, "tags": ["x", None]}, AT),
    Event(8, "gauge.in", "invalidate", None, (3, 9), None, AT + timedelta(seconds=1)),
]
VALUES = Values("gauge_app")
GENEROUS = Limits(memory_mb=300, cpu_seconds=30, wall_seconds=60)

Run = Callable[..., Awaitable[None]]


@pytest.fixture
def objects(tmp_path: Path) -> LocalObjectStore:
    return LocalObjectStore(tmp_path / "objects", base_url="http://here", secret=b"s" * 32)


@pytest.fixture
async def runtime() -> AsyncIterator[ChildProcessRuntime]:
    made = ChildProcessRuntime(env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)})
    yield made
    await made.close()


@pytest.fixture
def lines() -> list[Any]:
    """What the task logs: (org, task, attempt, time, level, message, fields)."""
    return []


def context_over(
    database: Database, *, objects: LocalObjectStore, lines: list[Any]
) -> LocalContext:
    """Return the doors of one leased task, as a worker makes them."""
    return LocalContext(
        lease=Lease(
            task_id=41,
            token=5,
            job_id=1,
            ckey="kpart",
            attempt=2,
            rngs="{[3,9)}",
            inval="{}",
            evs="{[7,9)}",
            n=2,
            heavy=True,
            leased_at=AT,
            deadline_at=AT + timedelta(minutes=5),
            deployment_id=1,
        ),
        job=Job(
            id=1,
            org_id=1,
            name="gauge.measure",
            operator="gauge.measure",
            priority=0,
            max_concurrency=None,
            timeout_ms=300_000,
            runtime="child_process",
            limits={},
            params={"depth": [1, 2, 3]},
            outputs={"gauge.out": Output(1, "gauge.out", "key")},
            strategy=1,
        ),
        events=EVENTS,
        trace="00-abc-def-01",
        resources=None,
        around=Surroundings(
            database=database,
            objects=objects,
            wake=Wake(database, me="test"),
            clock=utc_now,
            add_log=lines.append,
        ),
    )


@pytest.fixture
def context(objects: LocalObjectStore, lines: list[Any]) -> LocalContext:
    """A task whose database is not needed."""
    return context_over(Database(""), objects=objects, lines=lines)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database where the task of `leased` is leased, and the gauge app has its table."""
    opened = Database(database_url, size=4)
    await opened.open()
    async with opened.connection() as conn:
        await conn.execute(
            "create table gauge (name text, at timestamptz, level numeric, tags text[])"
        )
        await conn.execute("insert into core.dag (org_id, name) values (1, 'gauge')")
        await conn.execute(
            "insert into core.dataset (org_id, dag_id, name, partitioning)"
            " values (1, 1, 'gauge.out', 'key')"
        )
        await conn.execute(
            "insert into core.task_lease (task_id, token, org_id, job_id, ckey, session_id,"
            " attempt, losses, rngs, inval, evs, n, heavy, priority, created_at, deadline_at)"
            " values (41, 5, 1, 1, 'kpart', 1, 2, 0, '{[3,9)}', '{}', '{[7,9)}', 2, true, 0,"
            " now(), now() + interval '5 minutes')"
        )
    yield opened
    await opened.close()


@pytest.fixture
def leased(database: Database, objects: LocalObjectStore, lines: list[Any]) -> LocalContext:
    """A task with its database."""
    return context_over(database, objects=objects, lines=lines)


@pytest.fixture
def run(runtime: ChildProcessRuntime, context: LocalContext) -> Run:
    """Run an operator of the gauge app in a child, on `context` unless told otherwise."""

    async def run_it(
        name: str,
        *,
        on: LocalContext = context,
        limits: Limits = GENEROUS,
        settings: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        await run_operator_remotely(
            runtime,
            operator=next(op for op in gauge_app.app.operators if op.name == name),
            app_module="gauge_app",
            settings=settings,
            context=on,
            limits=limits,
        )

    return run_it


def emitted(context: LocalContext) -> dict[str, Any]:
    return {event.key: event.payload for event in context.emitted}


# The context.


async def test_the_operator_sees_its_task_events_time_and_settings(run, context) -> None:
    settings = {"gates": [1, 2], "river": "Iller"}
    await run("echo", settings=settings)

    seen = emitted(context)["echo"]
    assert seen["held"] == repr([context.task, EVENTS, context.now, settings])
    assert seen["pid"] != os.getpid()


async def test_resources_are_built_once_in_a_child_until_the_settings_change(run, context) -> None:
    built = []
    for settings in ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 2}):
        await run("echo", settings=settings)
        built.append(context.emitted[-1].payload["built"])

    assert built == [1, 1, 2]


async def test_records_take_effect_now_and_writes_with_the_completion(
    run, leased, database
) -> None:
    await run("measure", on=leased)

    async with database.connection() as conn:
        names = await (await conn.execute("select name from gauge")).fetchall()
        assert [row["name"] for row in names] == ["north"]
        for write in leased.writes:
            await write(conn)
        cursor = await conn.execute("select level from gauge where name = 'south' order by at")
        assert [row["level"] for row in await cursor.fetchall()] == [1, 2]
        told = await (await conn.execute("select key, payload from core.event")).fetchall()
        held = await (await conn.execute("select progress from core.task_lease")).fetchone()
    assert told == [{"key": "halfway", "payload": [1, 2]}]
    assert held == {"progress": {"done": 1, "total": 2, "message": "half"}}
    assert emitted(leased) == {"south/1": {"hour": 1}, "south/2": {"hour": 2}}


async def test_log_lines_keep_level_and_fields(run, lines) -> None:
    await run("log_oddly")
    await run("log_from_a_thread")

    [measured, threaded] = [line[4:] for line in lines]
    assert measured[:2] == ("warning", "measured")
    assert '"gauge": "north", "odd": "<object object' in measured[2]
    assert threaded == ("info", "from a thread", '{"number": 1}')


async def test_a_line_logged_right_before_a_crash_arrives(run, lines) -> None:
    with pytest.raises(ChildCrashed):
        await run("crash")

    assert [line[5] for line in lines] == ["about to crash"]


async def test_the_object_store_works_as_in_process(run, context, objects) -> None:
    await run("use_objects")

    assert emitted(context)["objects"] == {
        "url": objects.sign("GET", "a/one.txt", now=context.now, lifetime=timedelta(minutes=1)),
        "versions": 2,
    }
    assert await objects.get("a/one.txt") == b"uno"


async def test_a_listing_longer_than_a_page_is_complete(run, context, objects) -> None:
    folder = objects.root / "many"
    folder.mkdir()
    for n in range(1003):
        (folder / f"{n:04}").touch()

    await run("list_many")

    assert emitted(context)["many"] == {"first": "many/0000", "count": 1003}


async def test_an_object_too_large_to_carry_is_refused_for_good(run, objects) -> None:
    with (objects.root / "huge").open("wb") as sparse:
        sparse.truncate(257 * 1024 * 1024)

    with pytest.raises(TooLarge, match="get_range") as caught:
        await run("read_too_much", limits=Limits())
    assert not caught.value.retry


# Errors.


async def test_errors_of_doors_arrive_as_the_classes_they_have_in_process(run, leased) -> None:
    await run("catch_everything", on=leased)

    names = [name for name, *_ in emitted(leased)["caught"]]
    assert names == [
        "ObjectMissing",
        "BadKey",
        "PutConflict",
        "RemoteError",
        "NotCarried",
        "InvalidInput",
    ]


async def test_foreign_errors_of_doors_do_not_tell_the_child_what_they_say(run, leased) -> None:
    await run("raise_remote", on=leased)

    kind, message = emitted(leased)["remote"]
    assert kind == "psycopg.errors.UndefinedColumn"
    assert "secret_column" not in message


async def test_an_error_arrives_with_everything_on_it(run) -> None:
    with pytest.raises(InvalidInput) as caught:
        await run("refuse")

    error = caught.value
    assert (error.message, error.hint) == ("The reading is wrong.", "Measure again.")
    assert error.problems == (Problem("/level", "too_high", "is higher than the dam"),)
    assert (error.code, error.status, error.fault, error.retry) == (
        "invalid_input",
        422,
        "input",
        False,
    )
    assert "in refuse" in "".join(error.__notes__)


async def test_an_error_of_the_app_alone_arrives_as_its_nearest_known_class(run) -> None:
    with pytest.raises(ProviderUnavailable, match="The Iller flows over") as caught:
        await run("flood")

    assert type(caught.value) is ProviderUnavailable
    assert (caught.value.code, caught.value.retry) == ("flooded", True)
    assert vars(caught.value)["retry_after"] == timedelta(seconds=90)
    assert vars(caught.value)["river"] == "Iller"


async def test_an_error_of_a_door_that_passes_through_the_child_stays_itself(
    run, leased, database
) -> None:
    with pytest.raises(ObjectMissing):
        await run("let_missing_pass")
    with pytest.raises(Exception, match='column "secret_column" does not exist') as caught:
        await run("let_broken_pass", on=leased)
    assert type(caught.value).__name__ == "UndefinedColumn"

    async with database.connection() as conn:
        await conn.execute("delete from core.task_lease")
    with pytest.raises(LeaseLost):
        await run("measure", on=leased)


async def test_any_other_error_is_remote_and_tried_again(run, context) -> None:
    with pytest.raises(RemoteError, match="gauge") as caught:
        await run("stumble")

    error = caught.value
    assert (error.kind, error.code, error.retry) == ("builtins.KeyError", "KeyError", True)
    assert "in stumble" in error.traceback
    assert context.emitted == []


async def test_emitting_to_an_unknown_dataset_is_refused(run) -> None:
    with pytest.raises(InvalidInput, match=r"gauge\.unknown"):
        await run("emit_the_unknown")


async def test_a_value_that_does_not_travel_is_named(run) -> None:
    with pytest.raises(NotCarried, match=r"gauge_app\.model\.Draft"):
        await run("hand_over_a_draft")


@pytest.mark.parametrize(
    ("name", "limits", "said", "setting"),
    [
        ("hoard", Limits(memory_mb=100), "memory limit of 100 MiB", "`memory_mb` under `limits:`"),
        ("spin", Limits(cpu_seconds=0.2), "CPU time limit of 0.2 s", "`cpu` under `limits:`"),
        ("doze", Limits(wall_seconds=0.3), "timeout of 0.3 s", "`timeout`"),
    ],
)
async def test_a_limit_says_which_it_was_and_where_to_raise_it(
    run, name, limits, said, setting
) -> None:
    with pytest.raises(LimitExceeded, match=f"gauge.measure went over its {said}") as caught:
        await run(name, limits=limits)

    assert setting in caught.value.hint
    assert caught.value.retry


async def test_a_crash_names_its_signal_and_its_place(run) -> None:
    with pytest.raises(ChildCrashed, match="SIGSEGV") as caught:
        await run("crash")

    assert caught.value.retry
    assert "in crash" in caught.value.hint


# What a child cannot do.


async def test_only_public_functions_of_the_store_pass_the_doors(run, context) -> None:
    await run("ask_the_forbidden")

    assert emitted(context)["refused"] == 6


@pytest.fixture
def hostile(context: LocalContext) -> Callable[[Any], Awaitable[Answer]]:
    """Send a request as a child that runs code of its own may."""
    doors = Doors(context, package="gauge_app")

    async def ask(request: Any) -> Answer:
        payload = request if isinstance(request, bytes) else msgspec.msgpack.encode(request)
        return msgspec.msgpack.decode(await doors("anything", payload), type=Answer)

    return ask


@pytest.mark.parametrize(
    "function",
    [
        "os:system",
        "gauge_app.store:system",
        "gauge_app.store:_private",
        "gauge_app.store:not_async",
        "gauge_app.store:rows.__globals__",
        "gauge_app.store:__import__",
        "gauge_app.store.",
        "gauge_app.store..x:y",
        "gauge_app.storehouse:open",
        "gauge_app.operators:echo",
        "headgate.core.work.store:complete",
        "",
    ],
)
async def test_a_forged_function_is_refused(hostile, function) -> None:
    packed = VALUES.pack({})

    for request in (Read(function, packed), Record(function, packed)):
        answer = await hostile(request)
        assert answer.error is not None
        assert answer.error.code == "door_refused"


async def test_a_forged_completion_is_refused(context) -> None:
    doors = Doors(context, package="gauge_app")
    forged = Finished([Write("os:system", VALUES.pack({"command": "true"}))])

    with pytest.raises(DoorRefused):
        doors.finish(msgspec.msgpack.encode(forged))


class Exploit:
    def __reduce__(self):
        return os.system, ("true",)


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"\xc1",
        b"[" * 10_000,
        b"\x91" * 100_000,
        pickle.dumps(Exploit()),
        {"type": "Get", "key": 7, "version": None},
        {"type": "Get", "key": ["a"], "version": None},
        {"type": "Sign", "method": "DELETE", "key": "a", "now": AT, "lifetime": 1.0},
        {"type": "Log", "message": "x", "level": "fatal", "packed": b""},
        {"type": "Log", "message": "x", "level": "info", "packed": b"\x90"},
        Read("gauge_app.store:rows", b"\xc1"),
        Read("gauge_app.store:rows", Values("").pack({"conn": 1})),
        Read("gauge_app.store:rows", Values("").pack([1])),
        Get("../../secret", None),
    ],
    ids=range(14),
)
async def test_a_forged_request_is_an_error_and_nothing_else(hostile, request_) -> None:
    assert (await hostile(request_)).error is not None


@pytest.mark.parametrize("kinds", [[], ["os.error"], ["headgate.core.errors.Fault"], ["headgate."]])
def test_a_forged_error_is_an_error_of_ours_at_most(context, kinds) -> None:
    doors = Doors(context, package="gauge_app")
    attributes = {"add_note": 1, "args": (), "not a name": 1, "retry_after": timedelta(seconds=1)}
    forged = Described(
        kinds,
        "x",
        "y",
        500,
        "input",
        retry=False,
        hint="",
        problems=[],
        packed=VALUES.pack(attributes),
    )

    error = doors.error_from(forged)

    assert type(error) is HeadgateError
    assert (error.message, error.code, error.fault) == ("x", "y", "input")
    assert set(vars(error)) & set(attributes) == {"retry_after"}
