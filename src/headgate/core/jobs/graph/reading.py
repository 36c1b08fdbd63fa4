"""Reading the graph: where everything is, which is kept, and what it does now, which is not."""

from collections.abc import Mapping, Sequence

from headgate.core.dag import store as registry
from headgate.core.dag.layout.collapse import collapse
from headgate.core.dag.layout.drawing import draw
from headgate.core.dag.layout.kept import Drawings
from headgate.core.dag.layout.model import Box, Drawing, Part, Sketch
from headgate.core.dag.layout.sketch import sketch
from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.jobs.graph import store
from headgate.core.jobs.graph.model import (
    DagLive,
    DatasetLive,
    Graph,
    GraphEdge,
    GraphNode,
    GraphStatus,
    JobLive,
)
from headgate.core.jobs.graph.rules import dag_live, dataset_live, graph_text, job_live


async def graph_of(
    conn: Connection,
    drawings: Drawings,
    *,
    org_id: int,
    dag: str | None = None,
    opened: Sequence[str] = (),
) -> Graph:
    """Return the graph of one DAG, or of all; raise `NotFound` for a DAG that is not deployed.

    A graph of more than 800 parts has one node for each DAG that is not `opened`.
    """
    versions = await store.versions(conn, org_id=org_id)
    if dag is not None and dag not in versions:
        raise no_dag(dag)
    whole, drawing = await _drawn(
        conn, drawings, org_id=org_id, dag=dag, opened=opened, versions=versions
    )
    closed = [box.part.dag for box in drawing.boxes if box.part.kind == "dag"]
    shown = {box.part.dag for box in drawing.boxes} - set(closed)
    jobs = await store.live_jobs(
        conn, org_id=org_id, dag=dag, opened=sorted(shown) if closed else None
    )
    names = [part.label for part in whole.parts if part.kind == "dataset"]
    datasets = await store.live_datasets(
        conn,
        org_id=org_id,
        names=None if dag is None else names,
        opened=sorted(shown) if closed else None,
    )
    now = _Now(whole, jobs, datasets)
    return Graph(
        dag=dag,
        version=None if dag is None else versions[dag],
        width=drawing.width,
        height=drawing.height,
        nodes=[now.node(box) for box in drawing.boxes],
        edges=[
            GraphEdge(one.link.from_id, one.link.to_id, one.link.kind, one.link.text, one.points)
            for one in drawing.lines
        ],
        collapsed=closed,
        text=graph_text(whole, dag=dag, collapsed=len(closed)),
    )


async def status_of(conn: Connection, *, org_id: int, dag: str) -> GraphStatus:
    """Return what the jobs and datasets of a DAG are now, with what it reads; raise `NotFound`."""
    names = await store.names_around(conn, org_id=org_id, dag=dag)
    if names is None:
        raise no_dag(dag)
    jobs = await store.live_jobs(conn, org_id=org_id, dag=dag)
    datasets = await store.live_datasets(conn, org_id=org_id, names=names)
    return GraphStatus([job_live(row) for row in jobs], [dataset_live(row) for row in datasets])


def no_dag(dag: str) -> NotFound:
    return NotFound(f"There is no DAG {dag}.", hint="`headgate dag list` lists them.")


async def _drawn(
    conn: Connection,
    drawings: Drawings,
    *,
    org_id: int,
    dag: str | None,
    opened: Sequence[str],
    versions: Mapping[str, int],
) -> tuple[Sketch, Drawing]:
    # Of all versions, because a DAG's datasets may be another's: any deploy may change it.
    key = (org_id, dag, tuple(sorted(opened)), tuple(versions.items()))
    if (kept := drawings.find(key)) is not None:
        return kept
    flows = await registry.registered_flows(conn, org_id=org_id)
    homes = await registry.registered_datasets(conn, org_id=org_id)

    def make() -> tuple[Sketch, Drawing]:
        whole = sketch(flows, {name: one.dag for name, one in homes.items()}, dag=dag)
        return whole, draw(whole if dag else collapse(whole, opened=opened))

    return await drawings.add(key, make)


class _Now:
    """What everything is now, by its id in the graph, and of which DAG it is."""

    def __init__(
        self, whole: Sketch, jobs: Sequence[store.Row], datasets: Sequence[store.Row]
    ) -> None:
        self._jobs = {f"job:{row['job']}": job_live(row) for row in jobs}
        self._datasets = {f"dataset:{row['dataset']}": dataset_live(row) for row in datasets}
        self._parts: dict[str, list[Part]] = {}
        self._jobs_of: dict[str, list[JobLive]] = {}
        self._datasets_of: dict[str, list[DatasetLive]] = {}
        for part in whole.parts:
            self._parts.setdefault(part.dag, []).append(part)
        for row, job in zip(jobs, self._jobs.values(), strict=True):
            self._jobs_of.setdefault(row["dag"], []).append(job)
        for row, dataset in zip(datasets, self._datasets.values(), strict=True):
            self._datasets_of.setdefault(row["dag"], []).append(dataset)

    def node(self, box: Box) -> GraphNode:
        part = box.part
        return GraphNode(
            id=part.id,
            kind=part.kind,
            label=part.label,
            dag=part.dag,
            layer=box.layer,
            x=box.x,
            y=box.y,
            width=box.width,
            height=box.height,
            job=self._jobs.get(part.id),
            dataset=self._datasets.get(part.id),
            group=self._group(part.dag) if part.kind == "dag" else None,
        )

    def _group(self, dag: str) -> DagLive:
        return dag_live(
            dag,
            parts=self._parts.get(dag, ()),
            jobs=self._jobs_of.get(dag, ()),
            datasets=self._datasets_of.get(dag, ()),
        )
