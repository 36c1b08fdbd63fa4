"""Looking up what is under way at a place."""

from headgate.core.database import Connection
from headgate.core.explain.making import store
from headgate.core.explain.making.model import Making
from headgate.core.explain.making.rules import keys_of
from headgate.core.explain.places import Place

_FEW = 5


async def making_of(
    conn: Connection, *, job_id: int, job: str, strategy: int, part_size: int, place: Place
) -> Making:
    """Return what the producer of a dataset has in hand at `place`."""
    ckeys = keys_of(place, strategy=strategy, part_size=part_size)
    events, more, led = await store.backlog_of(conn, job_id=job_id, place=place)
    return Making(
        job=job,
        work=await store.work_on(conn, job_id=job_id, ckeys=ckeys, place=place, limit=_FEW),
        backfills=await store.backfills_on(conn, job_id=job_id, rngs=place.multirange, limit=_FEW),
        letters=await store.letters_on(conn, job_id=job_id, ckeys=ckeys, place=place, limit=_FEW),
        events=events,
        beyond=more and ckeys is None,
        led=led,
    )
