"""The graph with what happens in it now."""

import pytest
from chain_flow import CHAIN, run

from headgate.core.dag.deploy import deploy
from headgate.core.dag.layout.kept import Drawings
from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.jobs.graph.model import Graph, GraphNode
from headgate.core.jobs.graph.reading import graph_of, status_of
from headgate.core.work.model import Outcome
from proof.dags import hands_on

READER = """
dag: r
datasets: {r.made: {}}
jobs:
  read: {operator: proof.r, inputs: [bad], outputs: [r.made], execution_strategy: PerUpdate}
"""


def nodes(found: Graph) -> dict[str, GraphNode]:
    return {node.id: node for node in found.nodes}


async def test_a_dag_has_a_node_for_each_part_and_an_edge_for_each_reading(
    conn: Connection,
) -> None:
    await hands_on(conn, CHAIN)

    found = await graph_of(conn, Drawings(), org_id=1, dag="d")

    by_id = nodes(found)
    assert {node.kind for node in found.nodes} == {"source", "job", "dataset"}
    assert len(by_id) == 3 + 5 + 6
    edges = {(edge.from_id, edge.to_id): (edge.kind, edge.text) for edge in found.edges}
    assert edges["dataset:a", "job:d.make_b"] == ("input", "")
    assert edges["dataset:b", "job:d.window"] == ("shifted", "the output at n reads n - 2 to n + 1")
    assert edges["dataset:k", "job:d.all"][0] == "whole"
    assert edges["job:d.make_b", "dataset:b"] == ("output", "")
    assert edges["job:d.make_b", "dataset:bad"] == ("failures", "")
    assert by_id["source:d.heads"].layer < by_id["dataset:a"].layer < by_id["job:d.make_b"].layer
    assert (found.version, found.collapsed) == (1, [])
    assert found.text == "DAG d: 3 sources, 5 jobs, 6 datasets."


async def test_the_state_of_jobs_and_datasets_is_in_their_nodes(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await hands.emit("a", (0, 40))
    await hands.route()
    await run(hands, session, "make_b", Outcome.OK, Outcome.DEAD)
    await hands.claim(session, "make_b")
    event = NewEvent(dataset_id=hands.made.datasets["a"], range=(100, 101), kind="invalidate")
    await emit(conn, org_id=1, events=[event])
    await hands.route()

    status = await status_of(conn, org_id=1, dag="d")
    by_id = nodes(await graph_of(conn, Drawings(), org_id=1, dag="d"))

    job = by_id["job:d.make_b"].job
    assert job is not None
    assert (job.waiting, job.running, job.dead_letters, job.state) == (2, 1, 1, "running")
    assert (job.last_outcome, job.paused, job.held) == ("dead", False, False)
    assert job.text == "1 task running, 2 tasks waiting. Open: 1 dead letter."
    a, b = by_id["dataset:a"].dataset, by_id["dataset:b"].dataset
    assert a is not None
    assert b is not None
    assert (a.stale, b.stale, b.text) == (False, True, "Some of it is behind what it is made from.")
    assert a.last_event_at is not None
    assert b.last_event_at is None
    assert {one.job: one for one in status.jobs}["d.make_b"] == job
    assert {one.dataset: one for one in status.datasets}["b"] == b


async def test_dags_join_where_one_reads_what_another_makes(conn: Connection) -> None:
    await hands_on(conn, CHAIN)
    await hands_on(conn, READER)
    drawings = Drawings()

    whole = await graph_of(conn, drawings, org_id=1)
    alone = await graph_of(conn, drawings, org_id=1, dag="r")

    ends = {(edge.from_id, edge.to_id) for edge in whole.edges}
    assert {("job:d.make_b", "dataset:bad"), ("dataset:bad", "job:r.read")} <= ends
    assert nodes(alone)["dataset:bad"].dag == "d", "of the other DAG, and shown because it is read"
    assert nodes(alone).keys() == {"dataset:bad", "job:r.read", "dataset:r.made"}
    assert {one.dataset for one in (await status_of(conn, org_id=1, dag="r")).datasets} == {
        "bad",
        "r.made",
    }


async def test_a_deploy_is_in_the_next_graph(conn: Connection) -> None:
    await hands_on(
        conn, READER.replace("[bad]", "[r.given]").replace("{r.made", "{r.given: {}, r.made")
    )
    drawings = Drawings()
    before = await graph_of(conn, drawings, org_id=1, dag="r")
    again = await graph_of(conn, drawings, org_id=1, dag="r")

    await hands_on(conn, "dag: r\ndatasets: {r.given: {}}\n")
    after = await graph_of(conn, drawings, org_id=1, dag="r")

    assert before == again
    assert nodes(after).keys() == {"dataset:r.given"}
    assert after.version == 2


async def test_many_parts_are_one_node_a_dag_unless_opened(conn: Connection) -> None:
    for at in range(3):
        await deploy(
            conn,
            org_id=1,
            source=_wide(f"g{at}", reads=f", g{at - 1}.out7" if at else ""),
            file="f",
            known_operators=None,
            principal="test",
        )
    drawings = Drawings()

    closed = await graph_of(conn, drawings, org_id=1)
    opened = await graph_of(conn, drawings, org_id=1, opened=["g1"])

    assert closed.collapsed == ["g0", "g1", "g2"]
    first = nodes(closed)["dag:g0"].group
    assert first is not None
    assert (first.jobs, first.datasets, first.waiting) == (90, 180, 0)
    assert first.text == "90 jobs: 0 running, 0 waiting."
    assert [(edge.from_id, edge.to_id) for edge in closed.edges] == [
        ("dag:g0", "dag:g1"),
        ("dag:g1", "dag:g2"),
    ]
    assert closed.text.endswith("3 DAGs drawn as one box each; open those of interest.")
    assert opened.collapsed == ["g0", "g2"]
    assert len(opened.nodes) == 2 + 270
    assert ("dag:g0", "job:g1.j0") in {(edge.from_id, edge.to_id) for edge in opened.edges}
    assert nodes(opened)["job:g1.j5"].job is not None


async def test_a_dag_that_is_not_deployed_has_no_graph(conn: Connection) -> None:
    with pytest.raises(NotFound, match="There is no DAG x"):
        await graph_of(conn, Drawings(), org_id=1, dag="x")
    with pytest.raises(NotFound, match="There is no DAG x"):
        await status_of(conn, org_id=1, dag="x")
    assert (await graph_of(conn, Drawings(), org_id=1)).text == "All DAGs: nothing is deployed."


def _wide(dag: str, *, reads: str) -> str:
    """Return a DAG of 270 parts; its first job reads `reads` too."""
    datasets = "".join(f"  {dag}.in{at}: {{}}\n  {dag}.out{at}: {{}}\n" for at in range(90))
    jobs = "".join(
        f"  j{at}: {{operator: proof.x, inputs: [{dag}.in{at}{'' if at else reads}],"
        f" outputs: [{dag}.out{at}]}}\n"
        for at in range(90)
    )
    return f"dag: {dag}\ndatasets:\n{datasets}jobs:\n{jobs}"
