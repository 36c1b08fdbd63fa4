"""Finding tasks: one, some, and what belongs to one."""

from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.tasks import store
from headgate.core.tasks.listing.model import NEWEST, TaskFilter
from headgate.core.tasks.listing.store import jobs_of_dag
from headgate.core.tasks.listing.walk import list_matching
from headgate.core.tasks.model import InputEvent, Kinship, Task, TaskState
from headgate.core.tasks.rules import task_of
from headgate.core.work.model import spans_of

__all__ = [
    "NEWEST",
    "find_task",
    "input_events",
    "kinship",
    "list_tasks",
    "resolve_job",
    "resolve_jobs",
]

_MAX_INPUTS = 50
_MAX_KIN = 20
_FOLDED = 1000  # rows of the history that are looked through for who was folded into a task


async def resolve_job(conn: Connection, *, org_id: int, job: str | None) -> int | None:
    """Return the id of a job by name, None for None; raise `NotFound` for an unknown one."""
    if job is None:
        return None
    found = await store.job_id(conn, org_id=org_id, job=job)
    if found is None:
        raise NotFound(
            f"There is no job {job}.",
            hint="A job's name is <dag>.<job>; `headgate status` lists them.",
        )
    return found


async def find_task(conn: Connection, *, org_id: int, task_id: int) -> Task:
    """Return one task as it is now, or raise `NotFound`."""
    rows = await store.describe_tasks(conn, org_id=org_id, ids=[task_id])
    if not rows:
        raise NotFound(
            f"There is no task {task_id}.",
            hint="History is kept for a while only; the task may have been long ago.",
        )
    return task_of(rows[0])


async def list_tasks(
    conn: Connection,
    *,
    org_id: int,
    state: TaskState | None = None,
    job: str | None = None,
    before: int = NEWEST,
    limit: int,
) -> list[Task]:
    """Return up to `limit` tasks below the id `before`, newest first, however far away they are."""
    job_id = await resolve_job(conn, org_id=org_id, job=job)
    wanted = TaskFilter(
        states=() if state is None else (state,), jobs=None if job_id is None else [job_id]
    )
    found: list[Task] = []
    after: int | None = before
    while after is not None and len(found) < limit:
        part = await list_matching(
            conn, org_id=org_id, wanted=wanted, after=after, limit=limit - len(found)
        )
        found += part.tasks
        after = part.resume
    return found


async def resolve_jobs(
    conn: Connection, *, org_id: int, job: str | None, dag: str | None
) -> list[int] | None:
    """Return the ids of a job's or a DAG's jobs, None without either; raise `NotFound`."""
    one = await resolve_job(conn, org_id=org_id, job=job)
    if dag is None:
        return None if one is None else [one]
    found = await jobs_of_dag(conn, org_id=org_id, dag=dag)
    if not found:
        raise NotFound(f"There is no DAG {dag}.", hint="`headgate dag list` shows them.")
    return found if one is None else [job_id for job_id in found if job_id == one]


async def input_events(conn: Connection, *, org_id: int, task_id: int) -> list[InputEvent]:
    """Return the first events that a task covers."""
    rows = await store.describe_tasks(conn, org_id=org_id, ids=[task_id])
    spans = [
        span
        for row in rows
        for span in spans_of(row["job_id"], row["evs"], bulk=row["ckey"] == "b")
    ]
    return await store.inputs(conn, org_id=org_id, spans=spans, limit=_MAX_INPUTS)


async def kinship(conn: Connection, *, org_id: int, task_id: int) -> Kinship:
    """Return with whom a task shares its work."""
    return Kinship(
        carried_on_by=await store.heirs(conn, org_id=org_id, task_id=task_id, limit=_MAX_KIN),
        came_from=await store.folded_here(
            conn, org_id=org_id, task_id=task_id, window=_FOLDED, limit=_MAX_KIN
        ),
    )
