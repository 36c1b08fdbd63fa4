"""What became of an event."""

import pytest
from explained import DIAMOND, one_job

from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.explain.event.model import EventWhy
from headgate.core.explain.event.reading import why_event
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on


async def _why(hands: Hands, event: int) -> EventWhy:
    return await why_event(hands.conn, org_id=1, event_id=event)


async def test_an_event_that_is_not_routed_tells_what_comes_before_it(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    ids = await hands.emit("a", "x", "y", "z")

    told = await _why(hands, ids[-1])

    assert not told.routed
    assert [reason.code for reason in told.waits] == ["not_routed", "no_dispatcher"]
    assert told.waits[0].text == "It is not a task yet: 2 events come before it."
    assert told.summary.endswith("from the source d.in: it is not routed yet.")


async def test_a_routed_event_names_its_tasks_wherever_they_are(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    (event,) = await hands.emit("a", (5, 25))
    await hands.route()
    (done,) = await hands.claim(session, "make_b")
    await hands.end(done, Outcome.OK)
    (running,) = await hands.claim(session, "make_c")

    told = await _why(hands, event)

    # c at n reads a from n-2 to n: what was 5 to 25 concerns 5 to 27, three partitions of ten.
    assert [(task.job, task.state, task.partition) for task in told.tasks] == [
        ("d.make_b", "succeeded", None),
        ("d.make_c", "running", "0"),
        ("d.make_c", "pending", "1"),
        ("d.make_c", "pending", "2"),
    ]
    assert told.tasks[1].id == running.task_id
    assert told.not_for == []


async def test_a_task_is_found_among_many_that_came_before_and_after(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    session = await hands.session()
    wanted = 0
    for batch in range(3):
        ids = await hands.emit("a", *(f"{batch}-{n}" for n in range(400)))
        wanted = ids[200] if batch == 1 else wanted
        await hands.route()
        await hands.end(await hands.claim(session, "job", 400), Outcome.OK)

    (task,) = (await _why(hands, wanted)).tasks

    assert task.evs == f"{{[{wanted},{wanted + 1})}}"


async def test_a_task_that_was_pending_long_before_the_event_is_found(conn: Connection) -> None:
    hands = await hands_on(conn, one_job("execution_strategy: PerPartition"))
    session = await hands.session()
    await hands.emit("a", "late")
    await hands.route()
    (waits,) = await hands.rows("task_pending", "job")
    await conn.execute("update core.task_pending set waiting = true, run_at = now()")
    for n in range(30):
        await hands.emit("a", f"k{n}")
    await hands.route()
    await hands.end(await hands.claim(session, "job", 30), Outcome.OK)
    (event,) = await hands.emit("a", "late")
    await hands.route()
    await hands.promote()
    await hands.end(await hands.claim(session, "job", 1), Outcome.OK)

    assert [task.id for task in (await _why(hands, event)).tasks] == [waits["id"]]


async def test_an_event_that_no_job_reads_says_so(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    (event,) = await hands.emit("d", (0, 1))
    await hands.route()

    told = await _why(hands, event)

    assert [reason.text for reason in told.not_for] == ["No job reads d."]
    assert told.tasks == []


async def test_a_replay_tells_which_jobs_it_is_not_for(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    event = NewEvent(
        dataset_id=hands.made.datasets["a"], range=(0, 1), only_job=hands.made.jobs["make_b"]
    )
    (id_,) = await emit(conn, org_id=1, events=[event])
    await hands.route()

    told = await _why(hands, id_)

    assert [reason.code for reason in told.not_for] == ["for_another_job"]
    assert "d.make_c got nothing of it" in told.not_for[0].text
    assert [task.job for task in told.tasks] == ["d.make_b"]


async def test_a_removed_job_and_one_without_a_task_are_told(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    await conn.execute("update core.job set removed_at = now() where name = 'make_c'")
    (event,) = await hands.emit("a", (0, 1))
    await hands.route()
    await conn.execute("delete from core.task_pending")

    told = await _why(hands, event)

    assert [reason.code for reason in told.not_for] == ["no_task_found", "job_removed"]


async def test_what_is_still_in_a_backfill_is_told(conn: Connection) -> None:
    job = "execution_strategy: PerPartition, partition_size: 10"
    hands = await hands_on(conn, one_job(job, partitioning="range"))
    (event,) = await hands.emit("a", (0, 50_000))
    await hands.route()
    await conn.execute("update core.job set paused = true")

    (reason,) = (await _why(hands, event)).waits

    assert reason.text.startswith("50,000 units of 50,000 are in backfill ")
    assert reason.text.endswith("d.job is paused.")
    assert reason.do == "Resume the job."


async def test_an_unknown_event_is_not_found(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    with pytest.raises(NotFound, match="no event 999"):
        await _why(hands, 999)
