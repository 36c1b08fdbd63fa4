"""Metrics, the lag of dispatching, and the registry as people read it."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from task_field import Field, opened_field

from headgate.core.dispatch.store import backlog
from headgate.core.observe import store
from headgate.core.observe.metrics import (
    RequestFigures,
    counter,
    exposition,
    gauge,
    work_families,
)
from headgate.core.observe.store import Lag
from headgate.core.work.model import Outcome

_LINE = re.compile(r'[a-z_]+(\{([a-z_]+="([^"\\\n]|\\.)*",?)+\})? -?[0-9.e+-]+')


@pytest.fixture
async def field(database_url: str) -> AsyncIterator[Field]:
    async with opened_field(database_url) as opened:
        yield opened


async def test_an_event_that_nobody_routes_shows_as_lag(field: Field) -> None:
    conn = field.hands.conn
    assert await store.lag(conn, grace=30) == Lag(0.0, 0)

    await field.hands.emit("names", "a")
    await conn.execute("update core.event set at = at - interval '100 s'")

    assert (await store.lag(conn, grace=30)).routing_seconds == pytest.approx(100, abs=5)
    await field.hands.route()
    assert (await store.lag(conn, grace=30)).routing_seconds == 0


async def test_leases_of_a_dead_worker_count_after_a_grace(field: Field) -> None:
    await field.leased("a")
    await field.hands.die(field.session)

    assert (await store.lag(field.hands.conn, grace=30)).orphaned_leases == 0
    assert (await store.lag(field.hands.conn, grace=0)).orphaned_leases == 1


async def test_a_worker_is_listed_while_its_heartbeat_is_fresh(field: Field) -> None:
    (worker,) = await store.workers(field.hands.conn)
    assert (worker.worker, worker.capacity) == ("hand", 9)

    await field.hands.die(field.session)

    assert await store.workers(field.hands.conn) == []


async def test_the_figures_of_work_are_those_of_the_tables(field: Field) -> None:
    await field.ended("a", Outcome.DEAD)
    await field.ended("b", Outcome.RETRY)
    await field.leased("c")
    await field.pending("d", "e")

    rows = await backlog(field.hands.conn)
    now = datetime.now(UTC).timestamp()
    text = exposition(work_families(rows, workers=[], lag=Lag(0, 0), now=now))

    assert 'headgate_tasks{job="d0.job",state="pending"} 2\n' in text
    assert 'headgate_tasks{job="d0.job",state="waiting"} 1\n' in text
    assert 'headgate_tasks{job="d0.job",state="running"} 1\n' in text
    assert 'headgate_dead_letters_open{job="d0.job"} 1\n' in text


def test_every_line_is_one_that_prometheus_reads() -> None:
    text = exposition(
        [
            gauge("a", "What.", [({}, 1), ({"x": 'quote " slash \\ line\n'}, 0.25)]),
            counter("b_total", "Nothing.", []),
        ]
    )

    lines = text.splitlines()
    assert lines[:2] == ["# HELP a What.", "# TYPE a gauge"]
    assert all(_LINE.fullmatch(line) for line in lines[2:]), lines
    assert "b_total" not in text
    assert text.endswith("\n")


def test_a_histogram_is_cumulative_and_its_bounds_are_inclusive() -> None:
    figures = RequestFigures()
    for seconds in (0.005, 0.2, 99):
        figures.add(method="GET", route="/x", status=200, seconds=seconds)

    text = exposition(figures.families())

    labels = 'method="GET",route="/x"'
    assert f'headgate_http_requests_total{{{labels},status="200"}} 3' in text
    counts = [int(n) for n in re.findall(r'_bucket\{.*le="[^"]+"\} (\d+)', text)]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (1, 3)
    assert f"headgate_http_request_seconds_count{{{labels}}} 3" in text
    assert f"headgate_http_request_seconds_sum{{{labels}}} 99.205" in text
