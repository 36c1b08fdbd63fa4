"""Looking up what an invalidation would touch, and invalidating."""

from headgate.core.app import Range
from headgate.core.database import Connection
from headgate.core.errors import InvalidInput, Problem
from headgate.core.events.model import NewEvent
from headgate.core.events.rules import problems_of
from headgate.core.events.store import emit
from headgate.core.explain.dataset.reading import find_dataset
from headgate.core.explain.dataset.rules import named_place
from headgate.core.explain.impact import store
from headgate.core.explain.impact.model import Impact, Invalidated
from headgate.core.explain.impact.rules import impact
from headgate.core.services import Services

_DATASETS = 1000
_READERS = 5000


async def impact_of(
    conn: Connection,
    *,
    org_id: int,
    name: str,
    key: str | None,
    range: Range | None,  # noqa: A002 - the field's name in the contract
) -> Impact:
    """Return what an invalidation of a dataset would touch, at `key`, in `range`, or of all of it.

    Raises `NotFound`, and `InvalidInput` for a part that the dataset cannot have.
    """
    dataset = await find_dataset(conn, org_id=org_id, name=name)
    place = named_place(dataset, key=key, range=range)
    reached = await store.downstream(conn, dataset_id=dataset.id, limit=_DATASETS + 1)
    names = [name, *(one.dataset for one in reached)]
    readers = await store.readers(conn, org_id=org_id, datasets=names, limit=_READERS + 1)
    return impact(
        name,
        place,
        reached=reached[:_DATASETS],
        readers=readers[:_READERS],
        medians=await store.medians(conn, jobs=sorted({one.job_id for one in readers})),
        slots=await store.slots(conn),
        complete=len(reached) <= _DATASETS and len(readers) <= _READERS,
    )


async def invalidate(
    services: Services,
    *,
    org_id: int,
    name: str,
    key: str | None,
    range: Range | None,  # noqa: A002 - the field's name in the contract
    trace: str | None = None,
) -> Invalidated:
    """Say that what a dataset holds there is no longer right: what is made from it is made anew.

    The dataset itself is not: that its producer does when an input of it is invalidated. Raises
    `NotFound`, and `InvalidInput` with every fault of the event.
    """
    async with services.database.transaction() as conn:
        found = await impact_of(conn, org_id=org_id, name=name, key=key, range=range)
        dataset = await find_dataset(conn, org_id=org_id, name=name)
        problems = problems_of(
            "", partitioning=dataset.partitioning, key=key, range=range, payload=None
        )
        if key is None and range is None and dataset.partitioning == "key":
            problems.append(Problem("/key", "missing", "say which `key` is no longer right"))
        if problems:
            raise InvalidInput(f"{name} has no such part.", problems=problems)
        event = NewEvent(
            dataset_id=dataset.id, key=key, range=range, kind="invalidate", trace=trace
        )
        (event_id,) = await emit(conn, org_id=org_id, events=[event])
    # After the commit: a router that wakes earlier would find nothing.
    services.wake.signal("emitted")
    return Invalidated(event_id, found)
