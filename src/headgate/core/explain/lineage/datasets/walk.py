"""Walking the deployed graph from one dataset, up and down."""

from collections.abc import Iterable, Sequence

from headgate.core.database import Connection
from headgate.core.explain.dataset.reading import find_dataset
from headgate.core.explain.lineage.datasets import store
from headgate.core.explain.lineage.datasets.model import (
    MOST_NODES,
    DatasetLineage,
    LineageEdge,
    LineageNode,
    Link,
)
from headgate.core.explain.standing.store import standings

_LINKS = 5000  # of one step
_COUNTED = 1000

Maker = tuple[str, int]
"""`job` or `source`, and its id."""


async def dataset_lineage(
    conn: Connection, *, org_id: int, name: str, up: int, down: int
) -> DatasetLineage:
    """Return what is `up` and `down` so many jobs away from a dataset; raise `NotFound`."""
    dataset = await find_dataset(conn, org_id=org_id, name=name)
    walk = _Walk(conn, org_id, dataset.id)
    await walk.go(steps=down, sign=1)
    await walk.go(steps=up, sign=-1)
    nodes = sorted(await walk.nodes(), key=lambda node: (node.layer, node.name))
    ids = {node.id for node in nodes}
    return DatasetLineage(
        dataset=name,
        nodes=nodes,
        edges=[edge for edge in walk.edges if edge.source in ids and edge.target in ids],
        complete=walk.complete,
    )


class _Walk:
    """Takes each dataset, job and source once, at the layer where it is met first."""

    def __init__(self, conn: Connection, org_id: int, start: int) -> None:
        self._conn = conn
        self._org_id = org_id
        self._start = start
        self._datasets: dict[int, int] = {start: 0}
        self._makers: dict[Maker, tuple[str, int]] = {}
        self.edges: dict[LineageEdge, None] = {}  # an ordered set
        self.complete = True

    async def go(self, *, steps: int, sign: int) -> None:
        """Walk down (`sign` 1) or up (-1); one step is a job and what is behind it."""
        front = [self._start]
        for step in range(steps + 1):
            links = await self._links(front, sign)
            if step == steps or not links:
                # Makers or readers behind the last datasets are what was not asked for.
                self.complete &= not links
                return
            front = self._take(links, layer=sign * (2 * step + 1), sign=sign)

    async def _links(self, datasets: Sequence[int], sign: int) -> list[Link]:
        if not datasets:
            return []
        look = store.links_below if sign > 0 else store.links_above
        found = await look(self._conn, org_id=self._org_id, datasets=datasets, limit=_LINKS + 1)
        if len(found) > _LINKS:
            self.complete = False
        return found[:_LINKS]

    def _take(self, links: Iterable[Link], *, layer: int, sign: int) -> list[int]:
        behind: dict[int, None] = {}
        for link in links:
            maker = (link.kind, link.job_id)
            next_one = link.makes if sign > 0 else link.reads
            is_new = maker not in self._makers
            if is_new and self._size() >= MOST_NODES:
                self.complete = False
                continue
            self._makers.setdefault(maker, (link.maker, layer))
            if next_one is not None and next_one not in self._datasets:
                if self._size() >= MOST_NODES:
                    self.complete = False
                else:
                    self._datasets[next_one] = layer + sign
                    behind[next_one] = None
            node = _maker_id(maker)
            if link.reads is not None:
                self.edges[LineageEdge(_dataset_id(link.reads), node)] = None
            if link.makes is not None:
                self.edges[LineageEdge(node, _dataset_id(link.makes))] = None
        return list(behind)

    def _size(self) -> int:
        return len(self._datasets) + len(self._makers)

    async def nodes(self) -> list[LineageNode]:
        """Return what was met, as it is now."""
        found = [
            LineageNode(
                id=_dataset_id(one.id),
                kind="dataset",
                name=one.name,
                dag=one.dag,
                layer=self._datasets[one.id],
                state="fresh" if one.stale_since is None else "stale",
                since=one.stale_since,
                running=0,
                waiting=0,
                dead=0,
            )
            for one in await store.dataset_status(
                self._conn, org_id=self._org_id, datasets=list(self._datasets)
            )
        ]
        jobs = [id_ for kind, id_ in self._makers if kind == "job"]
        for job in await standings(self._conn, org_id=self._org_id, jobs=jobs, most=_COUNTED):
            maker = ("job", job.job_id)
            found.append(
                LineageNode(
                    id=_maker_id(maker),
                    kind="job",
                    name=job.job,
                    dag=job.dag,
                    layer=self._makers[maker][1],
                    state=job.state,
                    since=job.held_since,
                    running=job.running,
                    waiting=job.waiting,
                    dead=job.dead,
                )
            )
        return [*found, *self._sources()]

    def _sources(self) -> list[LineageNode]:
        return [
            LineageNode(
                id=_maker_id(maker),
                kind="source",
                name=name,
                dag=name.partition(".")[0],
                layer=layer,
                state="source",
                since=None,
                running=0,
                waiting=0,
                dead=0,
            )
            for maker, (name, layer) in self._makers.items()
            if maker[0] == "source"
        ]


def _dataset_id(id_: int) -> str:
    return f"dataset:{id_}"


def _maker_id(maker: Maker) -> str:
    return f"{maker[0]}:{maker[1]}"
