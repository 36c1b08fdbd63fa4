"""A series has zeros where nothing was, no gaps, and the same sum as the samples."""

from datetime import UTC, datetime, timedelta

import pytest
from flow_pages import Watched
from flow_samples import CHAIN, NOW, put
from hypothesis import given
from hypothesis import strategies as st

from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.flow import store
from headgate.core.flow.model import Flow, HeldSpan
from headgate.core.flow.reading import flow_of
from headgate.core.flow.rules import EVERY, SETTLE, window
from proof.dags import hands_on

END = NOW - timedelta(seconds=12)


async def _flow(conn: Connection, *, minutes: int = 10, job: str | None = None) -> Flow:
    return await flow_of(conn, org_id=1, job=job, span=timedelta(minutes=minutes), now=NOW)


async def test_empty_spans_are_zeros_from_the_first_sample_on(conn: Connection) -> None:
    await put(conn, ago=100, waiting=7, running=2, succeeded=50)
    await put(conn, ago=20, waiting=1, failed=5, dead=2)
    flow = await _flow(conn)

    assert (flow.step_seconds, flow.until, flow.job) == (10, END, None)
    assert [(END - point.at).total_seconds() for point in flow.points] == list(range(110, 0, -10))
    first, *zeros, second, _, last = [
        (p.succeeded, p.failed, p.dead, p.waiting, p.running) for p in flow.points
    ]
    assert first == (5, 0, 0, 7, 2)
    assert second == (0, 0.5, 0.2, 1, 0)
    assert {*zeros, last} == {(0, 0, 0, 0, 0)}


async def test_before_the_first_sample_there_is_nothing(conn: Connection) -> None:
    assert (await _flow(conn)).points == []


async def test_neither_the_beat_of_the_samples_nor_a_long_rest_shows(conn: Connection) -> None:
    for n in range(60):
        await put(conn, ago=10.7 * n - 5, seconds=10.7, waiting=3, succeeded=107)
    await put(conn, ago=10.7 * 60 - 5, seconds=100, waiting=3, succeeded=1000)
    flow = await _flow(conn, minutes=11)

    assert len(flow.points) == 66
    assert {round(point.succeeded, 3) for point in flow.points} == {10.0}
    assert {point.waiting for point in flow.points} == {3}


async def test_held_is_the_share_of_the_jobs_with_work(conn: Connection) -> None:
    await put(conn, ago=10, jobs=4, held=1)
    await put(conn, ago=0, jobs=2, held=2)

    assert [point.held for point in (await _flow(conn)).points] == [0.25, 1.0]


async def test_a_job_has_its_own_series_and_an_unknown_one_none(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await put(conn, ago=30, waiting=9)
    await put(conn, ago=10, waiting=5)
    await put(conn, ago=10, job_id=hands.made.jobs["first"], waiting=4)
    await put(conn, ago=10, job_id=hands.made.jobs["second"], waiting=1)

    flow = await _flow(conn, job="d.first")
    assert flow.job == "d.first"
    assert [point.waiting for point in flow.points] == [0, 0, 4, 0]
    with pytest.raises(NotFound, match="no job"):
        await _flow(conn, job="d.other")


async def test_samples_in_a_row_are_one_held_span(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    job = hands.made.jobs["first"]
    for ago in (0, 10, 20, 60):
        await put(conn, ago=ago, job_id=job, held=1, reasons=["backpressure:b"])
    await put(conn, ago=10, job_id=hands.made.jobs["second"], held=1, reasons=["backpressure:c"])
    spans = await store.held_spans(
        conn, org_id=1, job_id=job, since=NOW - timedelta(hours=1), limit=10
    )

    def ago(seconds: float) -> datetime:
        return END - timedelta(seconds=seconds)

    assert spans == [
        HeldSpan("backpressure:b", ago(30), ago(0)),
        HeldSpan("backpressure:b", ago(70), ago(60)),
    ]


async def test_an_hour_is_read_without_the_week_before_it(conn: Connection) -> None:
    await conn.execute(
        "insert into core.sample select t.at, 1, job, 10, 1, 0, null, 1, 0, 1, 1, 0, 1, 10, 0, 0"
        "  from generate_series(%s::timestamptz - interval '3 days', %s, interval '10 seconds') t(at)"
        " cross join unnest(array[0, 7]) job",
        [END, END],
    )
    await conn.execute("analyze core.sample")
    watched = Watched(conn)
    flow = await _flow(watched.connection, minutes=60)

    assert {point.succeeded for point in flow.points} == {1.0}
    assert len(flow.points) == 180
    assert max(watched.pages.values()) < 60


@given(st.integers(1, 10_080), st.integers(1_700_000_000_000, 1_900_000_000_000))
def test_a_window_is_sampled_whole_in_few_even_steps(minutes: int, milliseconds: int) -> None:
    now = datetime.fromtimestamp(milliseconds / 1000, UTC)
    cut = window(now=now, span=timedelta(minutes=minutes))

    assert cut.until <= now - timedelta(seconds=EVERY + SETTLE)
    assert cut.until.timestamp() % cut.step.total_seconds() == 0
    steps = (cut.until - cut.since) / cut.step
    assert steps == int(steps)
    assert 1 <= steps <= 200
    assert steps * cut.step > timedelta(minutes=minutes) - cut.step
