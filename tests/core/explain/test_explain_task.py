"""Why a task came to be, why it ran again, and how it ended."""

import json

import pytest
from explained import DIAMOND, causes, ends, invalidate, make, one_job, pending, why

from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.explain.task.reading import why_task
from headgate.core.tasks.letters import store as letters
from headgate.core.tasks.letters.model import LetterFilter
from headgate.core.tasks.store import run_again
from headgate.core.work.model import Lease, Outcome, Result
from headgate.core.work.store import complete
from proof.by_hand import Hands
from proof.dags import carve, hands_on, sweep


async def _claimed(hands: Hands, session: int, key: str = "x") -> Lease:
    await hands.emit("a", key)
    await hands.route()
    (lease,) = await hands.claim(session, "job")
    return lease


async def _redrive(conn: Connection, letter: int) -> int:
    (moved,) = await letters.redrive(
        conn, org_id=1, chosen=LetterFilter(ids=[letter]), after=letter - 1, last=letter, limit=1
    )
    return moved.task_id


async def test_it_names_the_source_of_its_events(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    lease = await _claimed(hands, await hands.session())
    told = await why(hands, lease.task_id)
    (event,) = told.events

    assert [reason.text for reason in told.causes] == [
        f"Event {event.id}, an update of a at key x, from the source d.in."
    ]
    assert told.summary == "Attempt 1 runs on hand."
    assert told.waits == []


async def test_it_names_the_task_that_emitted_its_events(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 20))
    made = await make(hands, session, "make_b", "b")
    await hands.route()

    told = await causes(hands, await pending(hands, "make_d"))

    assert told["invalidate"].endswith(
        f"an invalidation of b in [10, 20), emitted by task {made.task_id} of d.make_b."
    )


async def test_an_invalidation_that_no_task_emitted_is_a_person_s(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    await invalidate(conn, hands, "a", (10, 20))

    told = await causes(hands, await pending(hands, "make_b"))

    assert told["invalidate"].endswith("in [10, 20), from a person or another program.")


async def test_coalesced_events_are_counted_and_the_first_ones_named(conn: Connection) -> None:
    hands = await hands_on(conn, one_job("execution_strategy: PerPartition"))
    ids = await hands.emit("a", *["x"] * 7)
    await hands.route()

    told = await why(hands, await pending(hands))
    by_code = {reason.code: reason.text for reason in told.causes}

    assert by_code["coalesced"].startswith("One task covers 7 events, which came within ")
    assert "for key x" in by_code["coalesced"]
    assert by_code["more_events"] == "2 more events of the same kinds."
    assert [event.id for event in told.events] == ids


async def test_a_carved_task_names_the_event_that_was_too_big(conn: Connection) -> None:
    job = "execution_strategy: PerPartition, partition_size: 10, scaling: {max_concurrency: 1}"
    hands = await hands_on(conn, one_job(job, partitioning="range"))
    (event,) = await hands.emit("a", (0, 20_000))
    await hands.route()
    await carve(hands)
    task = (await hands.rows("task_pending", "job"))[0]["id"]

    told = await causes(hands, task)

    assert told["backfill"].startswith(f"Event {event} covers 2,000 partitions: ")


@pytest.mark.parametrize(
    ("column", "code"), [("cancel_requested", "cancelling"), ("preempted", "preempted")]
)
async def test_a_running_task_that_is_to_stop_says_so(
    conn: Connection, column: str, code: str
) -> None:
    hands = await hands_on(conn, one_job())
    lease = await _claimed(hands, await hands.session())
    await conn.execute(f"update core.task_lease set {column} = true".encode())

    told = (await why(hands, lease.task_id)).ends

    assert [reason.code for reason in told] == ["running", code]
    assert told[0].until == lease.deadline_at


async def test_each_retry_is_told_with_its_error(conn: Connection) -> None:
    hands = await hands_on(conn, one_job("retry: {attempts: 3, backoff: 0s}"))
    session = await hands.session()
    lease = await _claimed(hands, session)
    await hands.end(lease, Outcome.RETRY)
    await hands.promote()
    (lease,) = await hands.claim(session, "job")
    await hands.end(lease, Outcome.OK)

    assert (await causes(hands, lease.task_id))["retry"] == (
        "Attempt 1 failed: it broke; it was put back for another."
    )
    told = (await ends(hands, lease.task_id))["succeeded"]
    assert told.startswith("It succeeded in attempt 2 on hand after ")


async def test_a_dead_task_tells_its_error_and_its_letter(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    lease = await _claimed(hands, await hands.session())
    await hands.end(lease, Outcome.DEAD)
    (letter,) = await hands.rows("dead_letter", "job")

    told = await why(hands, lease.task_id)

    assert [reason.code for reason in told.ends] == ["dead", "dead_letter"]
    assert told.summary == "It failed for good in attempt 1 on hand: it broke"
    assert f"headgate dlq redrive {letter['id']}" in told.ends[1].do


async def test_a_redriven_task_and_one_that_was_run_again_say_so(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    session = await hands.session()
    dead = await _claimed(hands, session)
    await hands.end(dead, Outcome.DEAD)
    (letter,) = await hands.rows("dead_letter", "job")
    assert await _redrive(conn, letter["id"]) == dead.task_id
    done = await _claimed(hands, session, "y")
    await hands.end(done, Outcome.OK)
    await run_again(conn, org_id=1, task_id=done.task_id)

    redriven = (await causes(hands, dead.task_id))["redriven"]
    again = (await causes(hands, done.task_id))["run_again"]

    assert redriven == "It was redriven from the dead letters by a person."
    assert again == "It was put back to run again by a person."


async def test_a_merged_task_and_the_one_that_carries_on_name_each_other(conn: Connection) -> None:
    hands = await hands_on(conn, one_job("execution_strategy: PerPartition"))
    first = await _claimed(hands, await hands.session())
    await hands.emit("a", "x")
    await hands.route()
    second = await pending(hands)
    await hands.end(first, Outcome.RETRY)

    merged = await why(hands, first.task_id)
    carried = await why(hands, second)

    assert merged.state == "merged"
    assert merged.summary.startswith(f"Attempt 1 failed (it broke). Task {second} was pending")
    folded = [one for one in carried.causes if one.code == "folded"]
    assert [one.about[0].name for one in folded] == [str(first.task_id)]
    assert [one.code for one in carried.waits] == ["retry_backoff", "in_line"][:1]
    assert "it broke" in carried.waits[0].text


async def test_a_superseded_letter_names_the_task_that_covered_it(conn: Connection) -> None:
    hands = await hands_on(conn, one_job("execution_strategy: PerPartition"))
    session = await hands.session()
    dead = await _claimed(hands, session)
    await hands.end(dead, Outcome.DEAD)
    later = await _claimed(hands, session)
    await hands.end(later, Outcome.OK)

    told = (await ends(hands, dead.task_id))["superseded"]

    assert f"superseded: task {later.task_id} covered all of it" in told


async def test_a_task_that_repeats_another_names_it(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    lease = await _claimed(hands, await hands.session())
    why_not = "Not run: task 7 was made of the same inputs by the same code."
    said = {"code": "memo", "message": why_not, "task_id": 7}
    await complete(conn, results=[Result(lease.task_id, lease.token, Outcome.SKIPPED, said)])

    told = await why(hands, lease.task_id)

    assert told.summary == why_not
    assert [(one.kind, one.name) for one in told.ends[0].about] == [("task", "7")]


async def test_a_cancelled_task_tells_by_whom(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    lease = await _claimed(hands, await hands.session())
    error = {"code": "cancelled", "message": "Cancelled by ann before it started."}
    await complete(conn, results=[Result(lease.task_id, lease.token, Outcome.CANCELLED, error)])

    assert (await ends(hands, lease.task_id))["cancelled"] == error["message"]


async def test_an_output_that_was_not_published_waits_to_be_made_anew(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 20))
    for job, output in (("make_b", "b"), ("make_c", "c"), ("make_c", "c")):
        await make(hands, session, job, output)
    await hands.route()
    await sweep(hands)
    (lease,) = await hands.claim(session, "make_d")
    await invalidate(conn, hands, "a", (10, 20))
    assert await hands.end(lease, Outcome.OK) == [Outcome.SNOOZED]

    told = await causes(hands, lease.task_id)

    assert "was changed while it ran" in told["inputs_changed"]


async def test_events_that_are_gone_are_still_counted(conn: Connection) -> None:
    hands = await hands_on(conn, one_job("execution_strategy: PerPartition"))
    await hands.emit("a", "x", "x")
    await hands.route()
    await conn.execute("delete from core.event")

    told = await causes(hands, await pending(hands))

    assert told["events_gone"] == "The 2 events that it covers are no longer kept."


async def test_an_unknown_task_is_not_found_and_so_is_another_org_s(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    lease = await _claimed(hands, await hands.session())
    for org, task in ((1, 999), (2, lease.task_id)):
        with pytest.raises(NotFound, match="There is no task"):
            await why_task(conn, org_id=org, task_id=task)


async def test_errors_of_any_shape_are_told(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    lease = await _claimed(hands, await hands.session())
    await hands.end(lease, Outcome.DEAD)
    for error in ({}, {"code": "bare"}, {"message": "100% {x} %s"}):
        await conn.execute("update core.task_history set error = %s", [json.dumps(error)])
        assert (await ends(hands, lease.task_id))["dead"].startswith("It failed for good")
