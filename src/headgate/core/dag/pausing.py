"""Pausing and resuming a job: what runs ends, what waits stays."""

from headgate.core.access import Principal
from headgate.core.dag import store
from headgate.core.dag.store import JobState
from headgate.core.errors import NotFound
from headgate.core.services import Services


async def pause(services: Services, *, who: Principal, job: str, paused: bool) -> JobState:
    """Pause (or resume) a deployed job, `<dag>.<job>`; raises `NotFound`. Twice is as once."""
    dag, _, name = job.partition(".")
    async with services.database.transaction() as conn:
        await store.set_paused(conn, org_id=who.org_id, dag=dag, job=name, paused=paused)
        state = await store.job_state(conn, org_id=who.org_id, dag=dag, job=name)
    if state is None:
        raise NotFound(f"There is no job {job}.", hint="`headgate job list` lists the jobs.")
    services.wake.signal("routed")
    services.wake.signal("changed")
    return state
