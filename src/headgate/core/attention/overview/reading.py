"""Looking up the DAGs of the overview."""

from itertools import groupby

from headgate.core.attention.overview import store
from headgate.core.attention.overview.model import DagStanding
from headgate.core.attention.overview.rules import dag_summary
from headgate.core.database import Connection
from headgate.core.explain.standing.store import standings

_DAGS = 200
_COUNTED = 100  # tasks of each job


async def dag_summaries(conn: Connection, *, org_id: int) -> list[DagStanding]:
    """Return how the first 200 DAGs are, by name."""
    found = await standings(conn, org_id=org_id, jobs=None, most=_COUNTED)
    jobs = {dag: list(of_dag) for dag, of_dag in groupby(found, key=lambda job: job.dag)}
    return [
        dag_summary(name, version, jobs.get(name, []))
        for name, version in await store.dags(conn, org_id=org_id, limit=_DAGS)
    ]
