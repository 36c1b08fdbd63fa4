"""A worker that nothing an operator does can stop, and that gives every slot back."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from headgate.core.app import TaskContext
from headgate.core.database import Connection, Database
from headgate.core.errors import InvalidInput, ProviderUnavailable
from headgate.core.work import store as work
from headgate.core.work.model import Outcome, Result
from proof.by_hand import Hands
from proof.deployment import Input, JobPlan, deploy
from proof.workers import Crew, until, working

_OUT = "d0.out"
_DATASETS = {"a": "range", "out": "key", "failed": "key"}


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="headgate")


async def _hands(conn: Connection, **plan: object) -> Hands:
    job = JobPlan("job", (Input("a"),), outputs=("out",), failures="failed", operator="proof.run",
                  **plan)  # type: ignore[arg-type]  # fmt: skip
    return Hands(conn, await deploy(conn, datasets=_DATASETS, jobs=[job]))


async def _emit(crew: Crew, hands: Hands, *ranges: tuple[int, int]) -> None:
    await hands.emit("a", *ranges)
    crew.nudge()


async def _history(hands: Hands) -> list[dict[str, Any]]:
    return sorted(await hands.rows("task_history", "job"), key=lambda row: row["done_at"])


async def _ended(hands: Hands, *outcomes: Outcome) -> None:
    """Wait until the job's attempts ended in this order."""

    async def so() -> bool:
        return [row["outcome"] for row in await _history(hands)] == list(outcomes)

    await until(so)


async def test_an_operator_that_fails_each_time_uses_its_attempts_and_is_told_of(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)

    async def run(ctx: TaskContext[Any]) -> None:
        raise ProviderUnavailable("throttled", hint="wait")

    async with working(database, {"run": run}) as crew:
        await _emit(crew, hands, (0, 1))
        await _ended(hands, Outcome.RETRY, Outcome.RETRY, Outcome.DEAD)
    (told,) = await hands.events("failed")
    assert told["payload"]["error"]["code"] == "provider_unavailable"
    assert crew.worker.counts == {"retry": 2, "dead": 1}


async def test_an_input_that_is_refused_is_not_tried_again(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)

    async def run(ctx: TaskContext[Any]) -> None:
        raise InvalidInput("no such product")

    async with working(database, {"run": run}) as crew:
        await _emit(crew, hands, (0, 1))
        await _ended(hands, Outcome.DEAD)


async def test_an_attempt_past_its_timeout_is_stopped_and_tried_again(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn, timeout_ms=150)
    attempts: list[int] = []

    async def run(ctx: TaskContext[Any]) -> None:
        attempts.append(ctx.task.attempt)
        if ctx.task.attempt == 1:
            await asyncio.sleep(60)

    async with working(database, {"run": run}) as crew:
        await _emit(crew, hands, (0, 1))
        await _ended(hands, Outcome.RETRY, Outcome.OK)
    assert (await _history(hands))[0]["error"]["code"] == "limit_exceeded"
    assert attempts == [1, 2]


async def test_an_attempt_past_its_deadline_that_its_worker_does_not_end_is_reaped(
    conn: Connection,
) -> None:
    hands = await _hands(conn, timeout_ms=1)
    await hands.emit("a", (0, 1))
    await hands.route()
    await hands.claim(await hands.session(), "job")
    await asyncio.sleep(0.01)
    assert await hands.reap() == [Outcome.LOST]


async def test_a_running_task_is_cancelled_within_a_heartbeat(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)
    started = asyncio.Event()

    async def run(ctx: TaskContext[Any]) -> None:
        started.set()
        await asyncio.sleep(60)

    async with working(database, {"run": run}, lease_seconds=0.3) as crew:
        await _emit(crew, hands, (0, 1))
        await started.wait()
        await conn.execute("update core.task_lease set cancel_requested = true")
        await _ended(hands, Outcome.CANCELLED)
        assert await hands.rows("task_pending", "job") == []


@pytest.mark.parametrize(
    "error",
    [
        ValueError("NUL \x00 and half a pair \ud800"),
        InvalidInput("\udfff", hint="\x00"),
        SystemExit(3),
        RecursionError("too deep"),
        asyncio.CancelledError("not by the worker"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_whatever_an_operator_raises_ends_its_attempt_and_nothing_else(
    database: Database, conn: Connection, error: BaseException
) -> None:
    hands = await _hands(conn, max_attempts=1)

    async def run(ctx: TaskContext[Any]) -> None:
        if ctx.task.ranges == [(0, 1)]:
            raise error

    async with working(database, {"run": run}, slots=2) as crew:
        await _emit(crew, hands, *((n, n + 1) for n in range(10)))
        await until(lambda: _count(crew, 10))
        assert crew.worker.counts == {"ok": 9, "dead": 1}
        assert not crew.works.done()


async def _count(crew: Crew, ended: int) -> bool:
    return sum(crew.worker.counts.values()) == ended


async def test_a_wait_of_a_thousand_years_is_one_of_a_few_weeks(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)

    class Throttled(ProviderUnavailable):
        retry_after = timedelta(days=365_000)

    async def run(ctx: TaskContext[Any]) -> None:
        raise Throttled("come back later")

    async with working(database, {"run": run}) as crew:
        await _emit(crew, hands, (0, 1))
        await _ended(hands, Outcome.RETRY)
        assert not crew.works.done()


async def test_what_the_database_refuses_to_hold_is_refused_at_the_call(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn, max_attempts=1)
    payloads: list[Any] = ["\x00", {"\ud800": 1}, [1, {"a": float("nan")}], float("inf")]

    async def run(ctx: TaskContext[Any]) -> None:
        ctx.emit(_OUT, key="k", payload=payloads[ctx.task.ranges[0][0]])

    async with working(database, {"run": run}) as crew:
        await _emit(crew, hands, *((n, n + 1) for n in range(len(payloads))))
        await until(lambda: _count(crew, len(payloads)))
    letters = await hands.rows("dead_letter", "job")
    assert {letter["error"]["code"] for letter in letters} == {"invalid_input"}


async def test_logs_and_progress_with_odd_text_are_kept(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)

    async def run(ctx: TaskContext[Any]) -> None:
        await ctx.progress(1, 2, "half \x00 \ud800")
        ctx.log("odd \x00 \udfff", number=float("nan"), text="\x00")

    async with working(database, {"run": run}) as crew:
        await _emit(crew, hands, (0, 1))
        await _ended(hands, Outcome.OK)
    await work.add_logs(conn, lines=crew.logs)
    cursor = await conn.execute("select message, fields from core.task_log")
    (line,) = await cursor.fetchall()
    assert line["message"] == "odd \ufffd ?"
    assert line["fields"] == {"number": "nan", "text": "\ufffd"}


async def test_a_result_that_the_database_refuses_fails_alone(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn, max_attempts=1)
    await conn.execute("alter table core.event add check (key <> 'poison') not valid")

    async def run(ctx: TaskContext[Any]) -> None:
        number = ctx.task.ranges[0][0]
        ctx.emit(_OUT, key="poison" if number == 7 else str(number))

    async with working(database, {"run": run}) as crew:
        await _emit(crew, hands, *((n, n + 1) for n in range(20)))
        await until(lambda: _count(crew, 20))
    (letter,) = await hands.rows("dead_letter", "job")
    assert (letter["error"]["code"], letter["attempts"]) == ("CheckViolation", 1)
    assert len(await hands.events("out")) == 19


async def test_a_task_that_comes_back_while_its_lost_attempt_still_runs_leaks_no_slot(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)
    go_on = asyncio.Event()
    starts: list[int] = []

    async def run(ctx: TaskContext[Any]) -> None:
        starts.append(ctx.task.token)
        if len(starts) <= 2:
            await go_on.wait()

    async with working(database, {"run": run}, slots=2) as crew:
        await _emit(crew, hands, (0, 1))
        await until(lambda: _started(starts, 1))
        (lease,) = await hands.rows("task_lease", "job")
        await work.complete(conn, results=[Result(lease["task_id"], lease["token"], Outcome.LOST)])
        crew.wake.signal("routed")
        await until(lambda: _started(starts, 2))
        go_on.set()
        await until(lambda: _count(crew, 2))
        assert crew.worker.counts == {"ok": 1, "stale": 1}
        await _emit(crew, hands, *((n, n + 1) for n in range(10)))
        await until(lambda: _count(crew, 12))  # both slots are there


async def _started(starts: list[int], count: int) -> bool:
    return len(starts) >= count


async def test_a_worker_adopts_what_was_leased_for_it_without_its_hearing_of_it(
    database: Database, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = await _hands(conn)
    lost: list[int] = []
    claim = work.claim_batch

    async def forgetful(conn: Connection, **values: Any) -> Any:
        leases = await claim(conn, **values)
        if leases and not lost:
            lost.extend(lease.token for lease in leases)
            await conn.close()  # the answer never arrives
            await conn.execute("select 1")
        return leases

    monkeypatch.setattr(work, "claim_batch", forgetful)

    async def run(ctx: TaskContext[Any]) -> None:
        pass

    async with working(database, {"run": run}) as crew:
        await _emit(crew, hands, (0, 1), (1, 2))
        await _ended(hands, Outcome.OK, Outcome.OK)
    assert lost
    assert {row["token"] for row in await _history(hands)} >= set(lost)


async def test_a_worker_that_stops_gives_back_what_it_runs_at_no_cost_to_the_task(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn, max_attempts=1)
    started = asyncio.Event()

    async def run(ctx: TaskContext[Any]) -> None:
        started.set()
        await asyncio.sleep(60)

    for _ in range(4):  # more often than a task may be lost or tried
        started.clear()
        async with working(database, {"run": run}) as crew:
            await _emit(crew, hands, (0, 1))
            await started.wait()
        assert await hands.rows("task_lease", "job") == []
        for row in await hands.rows("task_pending", "job"):
            assert (row["attempt"], row["losses"]) == (0, 0)
    assert await hands.rows("dead_letter", "job") == []


async def test_a_worker_that_was_taken_for_dead_starts_over(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)

    async def run(ctx: TaskContext[Any]) -> None:
        pass

    async with working(database, {"run": run}, lease_seconds=0.3) as crew:
        await conn.execute("delete from core.session")
        await asyncio.sleep(0.3)
        await _emit(crew, hands, (0, 1))
        await _ended(hands, Outcome.OK)
