"""Looking up why a dataset is as fresh as it is, and walking up to the causes."""

from headgate.core.app import Range
from headgate.core.database import Connection
from headgate.core.explain.dataset import store
from headgate.core.explain.dataset.model import Dataset, DatasetWhy, Freshness
from headgate.core.explain.dataset.rules import (
    end_of_chain,
    freshness,
    named_place,
    no_dataset,
    summary_text,
)
from headgate.core.explain.making.model import Making
from headgate.core.explain.making.reading import making_of
from headgate.core.explain.places import Place, place_text, read_from
from headgate.core.explain.reasons import Reason
from headgate.core.explain.waiting.reading import waits_of

_DEPTH = 12
_MOST_NODES = 40
_STALE = 100
_CAUSES = 10
_SAID_OTHERWISE = {"in_line", "stale_input"}  # no cause; shown as the dataset one deeper


async def find_dataset(conn: Connection, *, org_id: int, name: str) -> Dataset:
    """Return a deployed dataset, or raise `NotFound`."""
    found = await store.find_dataset(conn, org_id=org_id, name=name)
    if found is None:
        raise no_dataset(name)
    return found


async def why_dataset(
    conn: Connection,
    *,
    org_id: int,
    name: str,
    key: str | None = None,
    range: Range | None = None,  # noqa: A002 - the field's name in the contract
) -> DatasetWhy:
    """Explain a dataset, or its part at `key` or in `range`.

    Raises `NotFound`, and `InvalidInput` for a part that the dataset cannot have. The chain
    upstream ends at 40 datasets or 12 hops.
    """
    dataset = await find_dataset(conn, org_id=org_id, name=name)
    place = named_place(dataset, key=key, range=range)
    walk = _Walk(conn, org_id)
    await walk.up(dataset, place, depth=0)
    first = walk.chain[0]
    causes = []
    if first.since is not None:
        causes = await store.stale_causes(
            conn, dataset_id=dataset.id, place=place, since=first.since, limit=_CAUSES
        )
    return DatasetWhy(
        dataset=name,
        where=place_text(place),
        fresh=first.fresh,
        since=first.since,
        summary=summary_text(walk.chain, caused=bool(causes)),
        caused_by=causes,
        chain=walk.chain,
        complete=walk.complete,
    )


class _Walk:
    """Upstream from one dataset, depth first, each dataset once."""

    def __init__(self, conn: Connection, org_id: int) -> None:
        self._conn = conn
        self._org_id = org_id
        self._seen: set[str] = set()
        self.chain: list[Freshness] = []
        self.complete = True

    async def up(self, dataset: Dataset, place: Place, *, depth: int) -> None:
        self._seen.add(dataset.name)
        stale = await store.stale_places(
            self._conn, dataset_id=dataset.id, place=place, limit=_STALE
        )
        making = await self._making(dataset, place)
        waits = await self._waits(making)
        upstream = await self._stale_inputs(dataset, place) if stale else []
        if stale and not upstream and not waits and not (making and _has_work(making)):
            waits = end_of_chain(making)
        self.chain.append(
            freshness(dataset, depth=depth, place=place, stale=stale, making=making, waits=waits)
        )
        for given, where in upstream:
            if given.name in self._seen:
                continue
            if depth + 1 > _DEPTH or len(self.chain) >= _MOST_NODES:
                self.complete = False
                return
            await self.up(given, where, depth=depth + 1)

    async def _making(self, dataset: Dataset, place: Place) -> Making | None:
        if dataset.job_id is None or dataset.job is None:
            return None
        return await making_of(
            self._conn,
            job_id=dataset.job_id,
            job=dataset.job,
            strategy=dataset.strategy,
            part_size=dataset.part_size,
            place=place,
        )

    async def _waits(self, making: Making | None) -> list[Reason]:
        """Return why the first pending task of the producer does not run, but for its inputs."""
        if making is None or not making.pending:
            return []
        first = making.pending[0].task_id
        found = await waits_of(self._conn, org_id=self._org_id, task_id=first)
        return [reason for reason in found if reason.code not in _SAID_OTHERWISE]

    async def _stale_inputs(self, dataset: Dataset, place: Place) -> list[tuple[Dataset, Place]]:
        found = []
        for given in await store.readings(self._conn, job_id=dataset.job_id or 0):
            upstream = await store.find_dataset(self._conn, org_id=self._org_id, name=given.dataset)
            if upstream is None:  # it was removed, and its reader with it soon
                continue
            alike = given.partitioning == dataset.partitioning
            where = read_from(place, given.reading) if alike else Place()
            if await store.stale_places(self._conn, dataset_id=upstream.id, place=where, limit=1):
                found.append((upstream, where))
        return found


def _has_work(making: Making) -> bool:
    return bool(making.work or making.backfills or making.events or making.letters or making.beyond)
