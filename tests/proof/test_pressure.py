"""Backpressure: the valve is the claim. Who feeds a full queue waits, sources never, all drains."""

import random
from collections import Counter

from headgate.core.database import Connection
from headgate.core.dispatch.pressure.measure import measure
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on

_CHAIN = """
dag: d
datasets: {a: {partitioning: range}, b: {partitioning: range}, c: {partitioning: range}}
sources: {in: {kind: http, dataset: a}}
jobs:
  first: {operator: proof.f, inputs: [a], outputs: [b], update_strategy: append}
  second:
    operator: proof.s
    inputs: [{dataset: b, backlog: {rows: 10, reopen: 0.3}}]
    outputs: [c]
    update_strategy: append
  third:
    operator: proof.t
    inputs: [{dataset: c, backlog: {rows: 5, units: 40}}]
    update_strategy: append
"""


async def _measure(hands: Hands, *, runtime_rows: int = 10**6) -> set[tuple[str, str]]:
    """Measure, after any dwell; return (job, reason) of all holds."""
    await hands.conn.execute("update core.valve set changed_at = changed_at - interval '2 seconds'")
    async with hands.conn.transaction():
        await measure(hands.conn, runtime_rows=runtime_rows)
    cursor = await hands.conn.execute("select job_id, reason from core.hold")
    return {(hands.made.name_of(row["job_id"]), row["reason"]) for row in await cursor.fetchall()}


async def _work(hands: Hands, session: int, job: str, count: int, makes: str | None = None) -> int:
    leases = await hands.claim(session, job, count)
    await hands.end(leases, Outcome.OK)
    if makes and leases:
        await hands.emit(makes, *(span for lease in leases for span in lease.ranges))
    await hands.route()
    return len(leases)


async def test_a_full_queue_holds_who_feeds_it_until_it_has_drained(conn: Connection) -> None:
    hands = await hands_on(conn, _CHAIN)
    session = await hands.session()
    await hands.emit("a", *((n, n + 1) for n in range(50)))
    await hands.route()
    assert await _measure(hands) == set()
    await _work(hands, session, "first", 10, "b")

    assert await _measure(hands) == {("first", "backpressure:b")}
    assert await hands.claim(session, "first", 5) == []
    await _work(hands, session, "second", 6)
    assert await _measure(hands) == {("first", "backpressure:b")}, "4 of 10 is above 0.3"
    await _work(hands, session, "second", 1)
    assert await _measure(hands) == set()
    assert await _work(hands, session, "first", 5, "b") == 5


async def test_pressure_goes_upstream_and_the_reason_names_each_edge(conn: Connection) -> None:
    hands = await hands_on(conn, _CHAIN)
    session = await hands.session()
    await hands.emit("a", *((n, n + 1) for n in range(50)))
    await hands.route()
    await _work(hands, session, "first", 20, "b")
    await _work(hands, session, "second", 5, "c")

    assert await _measure(hands) == {("first", "backpressure:b"), ("second", "backpressure:c")}
    await hands.emit("a", (1000, 1001))
    assert await hands.route() == 1, "a source is never held"


async def test_units_count_where_a_coalesced_queue_is_one_row(conn: Connection) -> None:
    hands = await hands_on(conn, _CHAIN)
    await hands.emit("c", (0, 39))
    await hands.route()
    assert await _measure(hands) == set()
    await hands.emit("c", (100, 101))
    await hands.route()
    assert await _measure(hands) == {("second", "backpressure:c")}


async def test_a_full_runtime_holds_who_feeds_it_from_elsewhere(conn: Connection) -> None:
    heavy = _CHAIN.replace("operator: proof.t", "runtime: child_process, operator: proof.t")
    heavy = _CHAIN.replace(
        "    operator: proof.t\n", "    operator: proof.t\n    runtime: child_process\n"
    )
    hands = await hands_on(conn, heavy)
    await hands.emit("c", *((n, n + 1) for n in range(4)))
    await hands.route()

    assert await _measure(hands, runtime_rows=5) == set()
    assert await _measure(hands, runtime_rows=4) == {
        ("second", "backpressure:runtime:child_process")
    }


async def test_a_queue_that_waits_for_an_input_holds_nobody(conn: Connection) -> None:
    """The input may be made by those it would hold: that would be a deadlock."""
    hands = await hands_on(
        conn,
        """
dag: d
datasets:
  a: {partitioning: range}
  b: {partitioning: range}
  c: {partitioning: range}
sources: {in: {kind: http, dataset: a}}
jobs:
  make_b: {operator: proof.b, inputs: [a], outputs: [b]}
  make_c: {operator: proof.c, inputs: [a], outputs: [c]}
  join: {operator: proof.d, inputs: [{dataset: b, backlog: {rows: 2}}, c]}
""",
    )
    session = await hands.session()
    await hands.emit("a", *((n, n + 1) for n in range(9)))
    await hands.route()
    await _work(hands, session, "make_b", 4, "b")

    assert await hands.claim(session, "join", 9) == [], "c is stale"
    assert await _measure(hands) == set()


async def test_whatever_the_limits_everything_drains_and_nothing_is_lost(conn: Connection) -> None:
    for seed in range(6):
        chance = random.Random(seed)
        limits = {name: chance.randint(1, 12) for name in ("b", "c")}
        dag = (
            _CHAIN.replace("rows: 10, reopen: 0.3", f"rows: {limits['b']}")
            .replace("rows: 5, units: 40", f"rows: {limits['c']}")
            .replace("dag: d", f"dag: d{seed}")
        )
        for name in "abc":
            dag = dag.replace(f"{name}: {{partitioning", f"{name}{seed}: {{partitioning")
            dag = dag.replace(f"dataset: {name}", f"dataset: {name}{seed}")
            dag = dag.replace(f"[{name}]", f"[{name}{seed}]")
        hands = await hands_on(conn, dag)
        session = await hands.session()
        await hands.emit(f"a{seed}", *((n, n + 1) for n in range(60)))
        await hands.route()
        done: Counter[str] = Counter()
        makes = {"first": f"b{seed}", "second": f"c{seed}", "third": None}
        for _ in range(400):
            await _measure(hands)
            job = chance.choice(list(makes))
            done[job] += await _work(hands, session, job, chance.randint(1, 8), makes[job])
            waiting = len(await hands.rows("task_pending", "third"))
            assert waiting <= limits["c"] + 8, "what was under way when the valve closed"
            if done["third"] == 60:
                break
        assert done == Counter(first=60, second=60, third=60)
