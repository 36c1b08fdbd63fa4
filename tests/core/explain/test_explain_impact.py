"""What an invalidation would run again."""

from collections.abc import Sequence

import pytest
from explained import DIAMOND, make

from headgate.core.access import LOCAL
from headgate.core.clock import utc_now
from headgate.core.database import Connection, Database
from headgate.core.errors import InvalidInput
from headgate.core.explain.impact.model import Impact, Reached, Reader
from headgate.core.explain.impact.reading import impact_of, invalidate
from headgate.core.explain.impact.rules import impact
from headgate.core.explain.places import Place, Reading
from headgate.core.services import Services
from headgate.core.wake import Wake
from proof.by_hand import Hands
from proof.dags import hands_on, stale

_APPENDS = DIAMOND.replace(
    "outputs: [d], execution_strategy: Bulk",
    "outputs: [d], execution_strategy: Bulk, update_strategy: append",
)


async def _impact(
    hands: Hands, name: str, *, span: tuple[int, int] | None = None, key: str | None = None
) -> Impact:
    return await impact_of(hands.conn, org_id=1, name=name, key=key, range=span)


async def test_it_names_every_dataset_and_where_and_every_job_with_its_tasks(
    conn: Connection,
) -> None:
    hands = await hands_on(conn, DIAMOND)
    found = await _impact(hands, "a", span=(10, 50))

    assert {(d.dataset, d.where) for d in found.datasets} == {
        ("b", "[10, 50)"),
        ("c", "[10, 52)"),
        ("d", "[10, 52)"),
    }
    assert [(j.job, j.level, j.tasks, j.where) for j in found.jobs] == [
        ("d.make_b", 1, 1, "[10, 50)"),
        ("d.make_c", 1, 5, "[10, 52)"),
        ("d.make_d", 2, 1, "[10, 52)"),
    ]
    assert (found.tasks, found.tasks_known, found.complete) == (7, True, True)
    assert found.summary == (
        "3 datasets become stale; 7 tasks of 3 jobs run; no worker is alive to run them."
    )


async def test_what_it_says_becomes_stale_is_what_does(conn: Connection, database_url: str) -> None:
    hands = await hands_on(conn, DIAMOND)
    said = await _impact(hands, "a", span=(10, 50))
    database = Database(database_url, size=2)
    await database.open()
    services = Services(
        database=database,
        objects=None,  # type: ignore[arg-type]  # an invalidation has to do with no object
        wake=Wake(database, me="test"),
        clock=utc_now,
    )
    done = await invalidate(
        services, org_id=LOCAL.org_id, name="a", key=None, range=(10, 50), trace=None
    )
    await database.close()
    await hands.route()

    marked = await stale(hands)
    assert set(marked) == {d.dataset for d in said.datasets}
    assert {f"[{d.ranges[0][0]},{d.ranges[0][1]})" for d in said.datasets if d.ranges} == {
        text.strip("{}") for text in marked.values()
    }
    (event,) = await hands.events("a")
    assert (event["id"], event["kind"], event["producer_task"]) == (done.event_id, 1, None)
    tasks = [len(await hands.rows("task_pending", job)) for job in ("make_b", "make_c")]
    assert tasks == [1, 5]


async def test_a_job_that_appends_runs_and_ends_it(conn: Connection) -> None:
    hands = await hands_on(conn, _APPENDS)
    found = await _impact(hands, "a", span=(0, 10))

    assert {d.dataset for d in found.datasets} == {"b", "c"}
    assert [(j.job, j.replaces) for j in found.jobs][-1] == ("d.make_d", False)
    assert found.summary.endswith(
        "d.make_d only adds to what is there: the invalidation ends there."
    )


async def test_time_comes_from_what_tasks_took_of_late(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await hands.emit("a", (0, 5))
    await hands.route()
    await make(hands, session, "make_b", "b")
    await make(hands, session, "make_c", "c")
    await conn.execute("update core.task_history set leased_at = done_at - interval '2 seconds'")

    found = await _impact(hands, "a", span=(0, 30))
    by_job = {job.job: job for job in found.jobs}

    assert by_job["d.make_b"].seconds_each == pytest.approx(2)
    assert by_job["d.make_c"].tasks == 4
    assert by_job["d.make_c"].seconds == pytest.approx(2), "nine slots: all four side by side"
    assert by_job["d.make_d"].seconds is None
    assert not found.seconds_known
    assert found.seconds == pytest.approx(2)
    assert "in about 2 s of 9 slots (some jobs have not run of late)." in found.summary


async def test_a_dataset_that_nothing_reads_touches_nothing(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    found = await _impact(hands, "d", span=(0, 1))

    assert (found.datasets, found.jobs, found.tasks) == ([], [], 0)
    assert found.summary == "Nothing is made from d: no job would run."


async def test_a_part_must_be_named_to_be_invalidated(conn: Connection, database_url: str) -> None:
    await hands_on(conn, DIAMOND)
    database = Database(database_url, size=2)
    await database.open()
    services = Services(database, None, Wake(database, me="test"), utc_now)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        await invalidate(services, org_id=1, name="a", key=None, range=None)
    with pytest.raises(InvalidInput, match="1,000,000,000"):
        await invalidate(services, org_id=1, name="a", key=None, range=(0, 10**9 + 1))
    await database.close()


def _reader(
    job: str, dataset: str, outputs: Sequence[str] = (), *, strategy: int = 0, **more: object
) -> Reader:
    fields: dict[str, object] = {
        "job_id": hash(job) % 1000,
        "part_size": 10,
        "replaces": True,
        "max_concurrency": None,
        "rate_per_second": None,
        "paused": False,
        "reading": Reading(),
    }
    return Reader(
        job=job, dataset=dataset, outputs=outputs, strategy=strategy, **{**fields, **more}
    )  # type: ignore[arg-type]


def _of(place: Place, *readers: Reader, slots: int = 10, each: float = 1.0) -> Impact:
    outputs = {output for reader in readers for output in reader.outputs}
    return impact(
        "a",
        place,
        reached=[Reached(output, Reading()) for output in sorted(outputs)],
        readers=readers,
        medians={reader.job_id: each for reader in readers},
        slots=slots,
        complete=True,
    )


def test_levels_follow_one_another_and_jobs_of_one_run_side_by_side() -> None:
    found = _of(
        Place(ranges=((0, 100),)),
        _reader("x.one", "a", ["b"], strategy=1),
        _reader("x.two", "a", ["c"], strategy=2),
        _reader("x.three", "b", strategy=2),
        _reader("x.three", "c", strategy=2),
        slots=5,
    )

    assert [(j.job, j.level, j.tasks) for j in found.jobs] == [
        ("x.one", 1, 10),
        ("x.two", 1, 1),
        ("x.three", 2, 1),
    ]
    assert found.seconds == pytest.approx(11 / 5 + 1)


def test_limits_of_a_job_stretch_its_time() -> None:
    few = _reader("x.few", "a", strategy=1, max_concurrency=2)
    rated = _reader("x.rated", "a", strategy=1, rate_per_second=0.5)
    found = {j.job: j.seconds for j in _of(Place(ranges=((0, 100),)), few, rated).jobs}

    assert found == {"x.few": 5.0, "x.rated": 20.0}


@pytest.mark.parametrize(
    ("place", "tasks"),
    [
        (Place(ranges=((0, 10),)), 1),
        (Place(ranges=((9, 11),)), 2),
        (Place(ranges=((0, 3), (5, 8), (12, 13))), 2),
        (Place(ranges=((-1, 1),)), 2),
        (Place(key="x"), 1),
        (Place(key="x", below=True), None),
        (Place(), None),
    ],
)
def test_partitions_are_counted_where_they_can_be(place: Place, tasks: int | None) -> None:
    found = _of(place, _reader("x.job", "a", strategy=1))

    assert (found.jobs[0].tasks, found.tasks_known) == (tasks, tasks is not None)


def test_a_task_an_event_means_about_as_many_as_those_upstream() -> None:
    found = _of(
        Place(ranges=((0, 50),)),
        _reader("x.one", "a", ["b"], strategy=1),
        _reader("x.two", "b"),
    )

    assert [j.tasks for j in found.jobs] == [5, 5]
