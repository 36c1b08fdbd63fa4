"""The contract of `ports/runtime`, with real processes."""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from headgate.ports.runtime import (
    LimitHit,
    Limits,
    Runtime,
    TooMuchToCarry,
    Work,
    WorkCrashed,
    WorkRaised,
)
from headgate.ports.runtime.child_process import ChildProcessRuntime

Make = Callable[..., Runtime]
HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(HERE), "DATABASE_PASSWORD": "hunter2"}
GENEROUS = Limits(memory_mb=200, cpu_seconds=20, wall_seconds=30)

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and a subreaper")


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Make runtimes that are closed with the test."""
    made: list[Runtime] = []

    def child_process(**options) -> Runtime:
        made.append(ChildProcessRuntime(env=ENVIRONMENT, **options))
        return made[-1]

    yield child_process
    for runtime in made:
        await runtime.close()


@pytest.fixture
def runtime(make: Make) -> Runtime:
    return make()


class Doors:
    """Doors that note who called and answer what they were told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bytes]] = []
        self.called = asyncio.Event()
        self.busy = 0
        self.busiest = 0

    async def __call__(self, door: str, payload: bytes) -> bytes:
        self.calls.append((door, payload))
        self.called.set()
        match door:
            case "slow":
                self.busy += 1
                self.busiest = max(self.busy, self.busiest)
                await asyncio.sleep(0.01)
                self.busy -= 1
            case "stall":
                time.sleep(0.1)  # noqa: ASYNC251 - the loop stands still
            case "broken":
                raise KeyError("no such thing")
            case "half":
                raise ValueError("\ud800")
            case "hanging":
                await asyncio.sleep(3600)
        return payload

    def payload_of(self, door: str) -> bytes:
        return next(payload for name, payload in self.calls if name == door)


@pytest.fixture
def doors() -> Doors:
    return Doors()


def work(name: str, payload: bytes = b"", limits: Limits = GENEROUS) -> Work:
    return Work(f"works:{name}", payload, limits)


def alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


async def dies(pid: int) -> bool:
    """Whether the process ends within five seconds."""
    for _ in range(500):
        if not alive(pid):
            return True
        await asyncio.sleep(0.01)
    return False


async def pid_of(runtime: Runtime, doors: Doors) -> int:
    return int(await runtime.run(work("pid"), doors))


# Results, errors and calls.


async def test_a_work_returns_what_its_entry_point_returns(runtime, doors) -> None:
    assert await runtime.run(work("echo", b"hello"), doors) == b"hello"
    assert await runtime.run(work("echo", b""), doors) == b""


async def test_works_run_in_another_process_that_stays_warm(runtime, doors) -> None:
    first = await pid_of(runtime, doors)

    assert first != os.getpid()
    assert await pid_of(runtime, doors) == first


async def test_an_error_arrives_with_class_message_traceback_and_description(
    runtime, doors
) -> None:
    with pytest.raises(WorkRaised, match=r"^no luck$") as caught:
        await runtime.run(work("fail", b"no luck"), doors)

    assert caught.value.kind == "builtins.LookupError"
    assert 'works.py", line' in caught.value.detail
    assert caught.value.error == b"described: no luck"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("not_bytes", "builtins.TypeError"),
        ("no_such_function", "builtins.AttributeError"),
        ("leave", "builtins.SystemExit"),
        ("half_a_character", "builtins.ValueError"),
        ("absurd_without_limit", "builtins.MemoryError"),
        ("unspeakable", "works.unspeakable.<locals>.Mute"),
    ],
)
async def test_a_work_that_cannot_succeed_is_an_error_of_the_work(
    runtime, doors, name, kind
) -> None:
    child = await pid_of(runtime, doors)

    with pytest.raises(WorkRaised) as caught:
        await runtime.run(work(name, limits=Limits()), doors)

    assert caught.value.kind == kind
    assert await pid_of(runtime, doors) == child


async def test_a_work_asks_its_doors(runtime, doors) -> None:
    assert await runtime.run(work("knock", b"front"), doors) == b"knock"
    assert doors.calls == [("front", b"knock")]


async def test_what_a_door_raises_is_raised_in_the_work(runtime, doors) -> None:
    with pytest.raises(WorkRaised, match="no such thing") as caught:
        await runtime.run(work("knock", b"broken"), doors)
    assert caught.value.kind == "headgate.ports.runtime.DoorRaised"

    with pytest.raises(WorkRaised, match="ud800"):
        await runtime.run(work("knock", b"half"), doors)


async def test_a_hundred_calls_at_once_each_get_their_own_answer(runtime, doors) -> None:
    answers = await runtime.run(work("knock_at_once"), doors)

    assert answers == b",".join(str(n).encode() for n in range(100))
    assert 1 < doors.busiest <= 64


async def test_a_thread_of_the_work_may_call_while_the_work_blocks(runtime, doors) -> None:
    assert await runtime.run(work("knock_from_a_thread", b"hi"), doors) == b"hi"


async def test_a_call_is_heard_even_if_the_work_dies_right_after_it(runtime, doors) -> None:
    with pytest.raises(WorkCrashed, match="code 3"):
        await runtime.run(work("shout", b"last words"), doors)

    assert doors.calls == [("heard", b"last words")]


async def test_a_call_is_heard_even_if_the_work_fails_right_after_it(runtime, doors) -> None:
    with pytest.raises(WorkRaised):
        await runtime.run(work("tell_and_fail", b"last words"), doors)

    assert doors.payload_of("heard") == b"last words"


async def test_nothing_of_a_work_goes_on_during_the_next_one(runtime, doors) -> None:
    await runtime.run(work("leave_a_task"), doors)

    assert await runtime.run(work("look_at_the_task"), doors) == b"cancelled"


async def test_fifty_megabytes_travel_in_every_direction(runtime, doors) -> None:
    image = os.urandom(50_000_000)

    assert await runtime.run(work("echo", image, Limits()), doors) == image
    assert await runtime.run(work("knock_from_a_thread", image, Limits()), doors) == image


async def test_what_is_too_large_to_carry_is_refused_at_either_side(runtime, doors) -> None:
    with pytest.raises(TooMuchToCarry, match="object store"):
        await runtime.run(work("echo", bytes(257 * 1024 * 1024)), doors)
    with pytest.raises(WorkRaised, match="object store"):
        await runtime.run(work("too_large", limits=Limits()), doors)

    assert await runtime.run(work("echo", b"small"), doors) == b"small"


# Deaths.


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("segfault", "killed by SIGSEGV"),
        ("abort", "killed by SIGABRT"),
        ("kill_itself", "killed by SIGKILL"),
        ("exit_silently", "ended by itself, with code 0"),
        ("close_everything", "ended by itself, with code 70"),
        ("hang_up", "closed its connection|code 70"),
        ("talk_nonsense", "closed its connection"),
        ("promise_too_much", "closed its connection"),
        pytest.param("kill_the_keeper", "killed by SIGKILL", marks=linux),
    ],
)
async def test_a_death_is_a_crash_and_the_next_work_runs(make, doors, name, message) -> None:
    runtime = make(grace_seconds=0.2)
    child = await pid_of(runtime, doors)

    with pytest.raises(WorkCrashed, match=message):
        await runtime.run(work(name, limits=Limits(wall_seconds=20)), doors)

    assert await dies(child)
    assert await runtime.run(work("echo", b"next"), doors) == b"next"


async def test_a_crash_in_native_code_says_where_it_was(runtime, doors) -> None:
    with pytest.raises(WorkCrashed) as caught:
        await runtime.run(work("segfault"), doors)

    assert "in segfault" in caught.value.output


async def test_a_child_that_dies_between_works_is_replaced_without_a_fuss(runtime, doors) -> None:
    child = await pid_of(runtime, doors)
    os.kill(child, signal.SIGKILL)
    assert await dies(child)
    await asyncio.sleep(0.05)

    assert await runtime.run(work("echo", b"next"), doors) == b"next"


# Limits.


@pytest.mark.parametrize(
    ("name", "limit", "limits"),
    [
        ("spin", "cpu", Limits(cpu_seconds=0.2, wall_seconds=20)),
        ("spin_in_a_subprocess", "cpu", Limits(cpu_seconds=0.2, wall_seconds=20)),
        ("spin_in_short_subprocesses", "cpu", Limits(cpu_seconds=0.3, wall_seconds=20)),
        ("spin_in_short_daemons", "cpu", Limits(cpu_seconds=0.4, wall_seconds=20)),
        ("sleep_for_ever", "wall", Limits(wall_seconds=0.1)),
        ("hold_the_interpreter", "wall", Limits(wall_seconds=0.1)),
        ("block_for_ever", "wall", Limits(wall_seconds=0.1)),
        ("ignore_sigterm", "wall", Limits(wall_seconds=0.1)),
        ("refuse_to_be_cancelled", "wall", Limits(wall_seconds=0.1)),
        ("stop_itself", "wall", Limits(wall_seconds=0.1)),
        ("stop_the_keeper", "wall", Limits(wall_seconds=0.1)),
        ("allocate_at_once", "memory", Limits(memory_mb=100, wall_seconds=20)),
        ("reserve_much", "memory", Limits(memory_mb=100, wall_seconds=20)),
        ("allocate_fast", "memory", Limits(memory_mb=100, wall_seconds=20)),
        ("allocate_slowly", "memory", Limits(memory_mb=60, wall_seconds=20)),
        ("allocate_in_a_subprocess", "memory", Limits(memory_mb=100, wall_seconds=20)),
    ],
)
@linux
async def test_a_limit_ends_the_work_and_the_next_one_runs(
    make, doors, name, limit, limits
) -> None:
    runtime = make(grace_seconds=0.3)
    child = await pid_of(runtime, doors)
    started = time.monotonic()

    with pytest.raises(LimitHit) as caught:
        await runtime.run(work(name, limits=limits), doors)

    assert caught.value.limit == limit
    assert limit != "wall" or time.monotonic() - started < 10
    assert not alive(child)
    assert await runtime.run(work("echo", b"next"), doors) == b"next"


async def test_cpu_time_is_limited_by_the_kernel_too(runtime, doors) -> None:
    await runtime.run(work("use_cpu", b"0.1"), doors)
    limited = await runtime.run(work("cpu_limit", limits=Limits(cpu_seconds=5)), doors)
    free = await runtime.run(work("cpu_limit", limits=Limits()), doors)

    soft, hard = json.loads(limited)
    assert 5 < soft <= 7
    assert json.loads(free) == [hard, hard]


async def test_each_work_has_all_of_its_limit(runtime, doors) -> None:
    limits = Limits(cpu_seconds=0.5)

    pids = [await runtime.run(work("use_cpu", b"0.2", limits), doors) for _ in range(4)]

    assert len(set(pids)) == 1


@linux
async def test_memory_that_forks_share_is_counted_once(runtime, doors) -> None:
    limits = Limits(memory_mb=250)

    assert await runtime.run(work("share_by_fork", limits=limits), doors) == b"150000000"


@linux
async def test_a_child_whose_memory_grows_from_work_to_work_is_replaced(runtime, doors) -> None:
    limits = Limits(memory_mb=160)

    pids = [await runtime.run(work("remember", b"15", limits), doors) for _ in range(12)]

    assert 3 <= len(set(pids)) <= 4


# What works leave behind.


@pytest.mark.parametrize("name", ["daemonize_and_return", "daemonize_and_raise"])
@linux
async def test_a_daemon_dies_soon_after_the_work_that_left_it(runtime, doors, name) -> None:
    try:
        child = int(await runtime.run(work(name), doors))
    except WorkRaised:
        child = None

    assert await dies(int(doors.payload_of("daemon")))
    assert await pid_of(runtime, doors) != child


@linux
async def test_a_daemon_dies_with_the_work_that_crashed(runtime, doors) -> None:
    with pytest.raises(WorkCrashed):
        await runtime.run(work("daemonize_and_exit"), doors)

    assert not alive(int(doors.payload_of("daemon")))


@linux
async def test_a_daemon_dies_also_when_the_keeper_is_stopped(make, doors) -> None:
    runtime = make(grace_seconds=0.1)
    running = asyncio.create_task(runtime.run(work("stop_the_keeper"), doors))
    await doors.called.wait()
    await asyncio.sleep(0.1)

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert not alive(int(doors.payload_of("daemon")))


async def test_the_twin_of_a_fork_does_not_answer(runtime, doors) -> None:
    child = await pid_of(runtime, doors)

    assert int(await runtime.run(work("fork_and_return_twice"), doors)) == child
    assert await runtime.run(work("echo", b"next"), doors) == b"next"


async def test_what_a_work_prints_is_logged_within_bounds(runtime, doors, caplog) -> None:
    with caplog.at_level(logging.INFO, logger="headgate.ports.runtime"):
        assert await runtime.run(work("print_much"), doors) == b"printed"
        await runtime.close()

    records = [r for r in caplog.records if r.name.startswith("headgate.ports.runtime")]
    lines = [record.getMessage() for record in records]
    assert lines[0] == "first \\x1b[31m line"
    assert "more lines were printed" in lines[-1]
    assert len(lines) <= 1002
    assert max(map(len, lines)) <= 4096


@pytest.mark.parametrize("name", ["daemonize_and_sleep", "block_for_ever", "hold_the_interpreter"])
@linux
def test_no_child_outlives_a_parent_that_is_killed(tmp_path: Path, name: str) -> None:
    found, parent = os.pipe()
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "parent_to_kill", str(parent), f"works:{name}"],
        {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, sys.path)])},
        file_actions=[(os.POSIX_SPAWN_DUP2, parent, parent)],
    )
    os.close(parent)
    with os.fdopen(found) as lines:
        pids = []
        for line in lines:
            if line.startswith("ready"):
                break
            pids.append(int(line))
        assert pids
        assert all(map(alive, pids))

        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    assert all(asyncio.run(dies(child)) for child in pids)


# The pool.


async def test_twenty_works_at_once_share_two_children(make, doors) -> None:
    runtime = make(size=2)
    names = [str(n).encode() for n in range(20)]

    pids = await asyncio.gather(*(runtime.run(work("nap", name), doors) for name in names))

    assert len(set(pids)) == 2
    assert sorted(payload for _, payload in doors.calls) == sorted(names)


async def test_works_that_wait_start_in_the_order_of_their_calls(runtime, doors) -> None:
    names = [str(n).encode() for n in range(10)]

    await asyncio.gather(*(runtime.run(work("nap", name), doors) for name in names))

    assert [payload for _, payload in doors.calls] == names


@pytest.mark.parametrize("name", ["sleep_for_ever", "block_for_ever"])
async def test_a_cancelled_work_is_dead_when_the_cancellation_returns(runtime, doors, name) -> None:
    running = asyncio.create_task(runtime.run(work(name), doors))
    await doors.called.wait()

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert not alive(int(doors.payload_of("started")))
    assert await runtime.run(work("echo", b"next"), doors) == b"next"


async def test_a_work_that_is_cancelled_while_it_waits_never_starts(runtime, doors) -> None:
    first = asyncio.create_task(runtime.run(work("nap", b"first"), doors))
    second = asyncio.create_task(runtime.run(work("nap", b"second"), doors))
    await doors.called.wait()

    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second

    await first
    assert [payload for _, payload in doors.calls] == [b"first"]


async def test_a_start_that_is_cancelled_serves_the_next_work(runtime, doors) -> None:
    running = asyncio.create_task(runtime.run(work("nap"), doors))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert await runtime.run(work("echo", b"next"), doors) == b"next"


async def test_a_door_that_hangs_is_cancelled_with_its_work(runtime, doors) -> None:
    with pytest.raises(LimitHit):
        await runtime.run(work("knock", b"hanging", Limits(wall_seconds=0.1)), doors)


async def test_a_child_retires_after_so_many_works(make, doors) -> None:
    runtime = make(recycle_after=3)

    pids = [await pid_of(runtime, doors) for _ in range(7)]

    assert len(set(pids)) == 3
    assert len(set(pids[:3])) == len(set(pids[3:6])) == 1


async def test_a_child_sees_no_secret_and_no_heavy_module(runtime, doors) -> None:
    seen = json.loads(await runtime.run(work("environment"), doors))
    loaded = json.loads(await runtime.run(work("modules"), doors))

    assert "DATABASE_PASSWORD" not in seen
    assert seen["PATH"] == os.environ["PATH"]
    assert not {"fastapi", "psycopg", "pydantic", "numpy", "headgate.core"} & set(loaded)


async def test_modules_are_imported_before_the_first_work(make, doors) -> None:
    runtime = make(preload=["wave"])

    assert "wave" in json.loads(await runtime.run(work("modules"), doors))


async def test_a_child_that_cannot_start_says_why(make, doors) -> None:
    runtime = make(preload=["no_such_module_at_all"])

    for _ in range(2):
        with pytest.raises(WorkCrashed) as caught:
            await runtime.run(work("echo"), doors)
        assert "No module named 'no_such_module_at_all'" in caught.value.output


async def test_closing_ends_running_and_waiting_works(make, doors) -> None:
    runtime = make()
    works = [asyncio.create_task(runtime.run(work("sleep_for_ever"), doors)) for _ in range(3)]
    await doors.called.wait()

    await asyncio.gather(runtime.close(), runtime.close())
    await runtime.close()

    ended = await asyncio.gather(*works, return_exceptions=True)
    assert [type(end) for end in ended] == [WorkCrashed] * 3
    assert not alive(int(doors.payload_of("started")))
    with pytest.raises(WorkCrashed, match="closed"):
        await runtime.run(work("echo"), doors)


async def test_closing_ends_a_child_that_is_starting(make, doors) -> None:
    runtime = make(preload=["slow_to_import"])
    running = asyncio.create_task(runtime.run(work("echo"), doors))
    await asyncio.sleep(0.1)

    await runtime.close()

    with pytest.raises(WorkCrashed, match="closed"):
        await running
