"""Flows to explain, and explanations by what a test looks at."""

from headgate.core.database import Connection
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.explain.task.model import TaskWhy
from headgate.core.explain.task.reading import why_task
from headgate.core.work.model import Lease, Outcome
from proof.by_hand import Hands

ONE_JOB = """
dag: d
datasets: {{a: {{partitioning: {partitioning}}}}}
sources: {{in: {{kind: http, dataset: a}}}}
jobs:
  job: {{operator: proof.j, inputs: [a], {job}}}
"""

DIAMOND = """
dag: d
datasets:
  a: {partitioning: range}
  b: {partitioning: range}
  c: {partitioning: range}
  d: {partitioning: range}
sources: {in: {kind: http, dataset: a}}
jobs:
  make_b: {operator: proof.b, inputs: [a], outputs: [b], execution_strategy: Bulk}
  make_c:
    operator: proof.c
    inputs: [{dataset: a, window: [-2, 0]}]
    outputs: [c]
    execution_strategy: PerPartition
    partition_size: 10
  make_d: {operator: proof.d, inputs: [b, c], outputs: [d], execution_strategy: Bulk}
"""


def one_job(job: str = "execution_strategy: PerUpdate", *, partitioning: str = "key") -> str:
    """Return a DAG with the job `d.job`, which reads `a`."""
    return ONE_JOB.format(job=job, partitioning=partitioning)


async def pending(hands: Hands, job: str = "job") -> int:
    """Return the id of the job's one pending task."""
    (row,) = await hands.rows("task_pending", job)
    return int(row["id"])


async def why(hands: Hands, task_id: int) -> TaskWhy:
    return await why_task(hands.conn, org_id=1, task_id=task_id)


async def waits(hands: Hands, task_id: int) -> dict[str, str]:
    """Return why a task does not run: texts by code."""
    return {reason.code: reason.text for reason in (await why(hands, task_id)).waits}


async def causes(hands: Hands, task_id: int) -> dict[str, str]:
    """Return why a task came to be: texts by code, the last one of each."""
    return {reason.code: reason.text for reason in (await why(hands, task_id)).causes}


async def ends(hands: Hands, task_id: int) -> dict[str, str]:
    return {reason.code: reason.text for reason in (await why(hands, task_id)).ends}


async def invalidate(conn: Connection, hands: Hands, dataset: str, *spans: tuple[int, int]) -> None:
    """Invalidate ranges of a dataset and route them."""
    id_ = hands.made.datasets[dataset]
    events = [NewEvent(dataset_id=id_, range=span, kind="invalidate") for span in spans]
    await emit(conn, org_id=1, events=events)
    await hands.route()


async def make(hands: Hands, session: int, job: str, output: str) -> Lease:
    """Run the first pending task of a job, and tell of its output as a worker does."""
    (lease,) = await hands.claim(session, job)
    async with hands.conn.transaction():
        assert await hands.end(lease, Outcome.OK) == [Outcome.OK]
        kind = "invalidate" if lease.invalidated else "update"
        events = [
            NewEvent(dataset_id=hands.made.datasets[output], range=span, kind=kind)
            for span in lease.ranges
        ]
        await emit(hands.conn, org_id=1, events=events, producer_task=lease.task_id)
    return lease
