"""What workers are told to do, and what their work means for what is decided elsewhere."""

from datetime import timedelta
from typing import Any

from caller import Caller, app_over, order

from headgate.core.database import Database
from headgate.core.wake import Wake


async def do(database: Database, statement: str) -> list[dict[str, Any]]:
    async with database.connection() as conn:
        cursor = await conn.execute(statement)
        return await cursor.fetchall() if cursor.description else []


async def orders(caller: Caller) -> tuple[int, Any]:
    return await caller.send("/heartbeat", {"session": caller.opened["session"]})


async def test_a_task_whose_input_changed_is_to_start_anew(
    desk_database: Database, caller: Caller
) -> None:
    await order(desk_database, "errand.order")
    _, (task,) = await caller.claim()
    await do(desk_database, "update core.task_lease set preempted = true")
    _, told = await orders(caller)
    snoozed = {"results": [{"token": task["token"], "outcome": "snooze"}]}
    _, done = await caller.send("/complete", snoozed)

    assert (told["restart"], told["cancel"]) == ([task["token"]], [])
    assert done["results"][0]["became"] == "snoozed"


async def test_a_session_of_a_day_is_asked_to_end_before_its_token_does(
    desk_database: Database, caller: Caller
) -> None:
    told = []
    for hours in (0, 23.5, 24.5):
        server = app_over(desk_database, later=timedelta(hours=hours))
        told.append(await orders(Caller(server, opened=caller.opened)))

    assert [status for status, _ in told] == [200, 200, 403]
    assert [answer["drain"] for _, answer in told[:2]] == [False, True]
    assert "has expired" in told[2][1]["detail"]


async def test_a_success_over_http_is_not_taken_for_one_of_the_programs_before(
    desk_database: Database,
) -> None:
    job = await order(desk_database, "errand.order")
    await do(desk_database, f"update core.job set memo = true where id = {job}")
    await do(
        desk_database,
        "insert into core.memo (job_id, ckey, hash, task_id)"
        " select job_id, ckey, 'of before', 0 from core.task_pending",
    )
    caller = Caller(app_over(desk_database))
    await caller.begin()
    _, (task,) = await caller.claim()
    await caller.send("/complete", {"results": [{"token": task["token"], "outcome": "ok"}]})

    (memo,) = await do(desk_database, "select hash, task_id from core.memo")
    assert memo == {"hash": "", "task_id": task["task_id"]}


async def test_what_was_deployed_counts_at_once(desk_database: Database) -> None:
    wake = Wake(desk_database, me="test")
    caller = Caller(app_over(desk_database, wake=wake))
    await caller.begin()
    job = await order(desk_database, "errand.order")
    params = """'{"color": "blue"}'"""
    await do(desk_database, f"update core.job set params = {params} where id = {job}")
    wake.signal("deployed")
    _, (task,) = await caller.claim()

    assert task["params"] == {"color": "blue"}


async def test_what_was_invalidated_is_said_and_told_on(
    desk_database: Database, caller: Caller
) -> None:
    await order(desk_database, "errand.blocks", range_=(10, 20))
    await do(desk_database, "update core.task_pending set inval = '{[12,14)}'")
    spans = Caller(caller.app)
    await spans.begin("errand.span")
    _, (task,) = await spans.claim()
    await spans.send("/complete", {"results": [{"token": task["token"], "outcome": "ok"}]})
    told = await do(
        desk_database,
        f"select kind, rng::text from core.event where producer_task = {task['task_id']}"
        " order by lower(rng)",
    )

    assert (task["ranges"], task["invalidated"]) == ([[10, 20]], [[12, 14]])
    assert [(event["kind"], event["rng"]) for event in told] == [
        (0, "[10,12)"),
        (1, "[12,14)"),
        (0, "[14,20)"),
    ]
