"""A flow over ranges and keys, and services around a database of the test's own."""

import contextlib
from collections.abc import AsyncIterator

from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.services import Services
from headgate.core.wake import Wake
from headgate.core.work.model import Outcome
from proof.by_hand import Hands

CHAIN = """
dag: d
datasets:
  a: {partitioning: range, unit: block}
  b: {partitioning: range, unit: block}
  c: {partitioning: range, unit: block}
  bad: {}
  k: {}
  t: {}
sources:
  heads: {kind: http, dataset: a}
  names: {kind: http, dataset: k}
  clock: {kind: schedule, dataset: t, cron: "0 3 * * *"}
jobs:
  make_b:
    operator: proof.b
    inputs: [a]
    outputs: [b]
    failures: bad
    execution_strategy: PerPartition
    partition_size: 10
    retry: {attempts: 1}
  window:
    operator: proof.c
    inputs: [{dataset: b, window: [-2, 1]}]
    outputs: [c]
    execution_strategy: PerPartition
    partition_size: 10
  keyed: {operator: proof.k, inputs: [k], execution_strategy: PerPartition, retry: {attempts: 1}}
  each: {operator: proof.e, inputs: [k], execution_strategy: PerUpdate}
  all: {operator: proof.all, inputs: [{dataset: k, whole: true}, t], execution_strategy: Bulk}
"""


@contextlib.asynccontextmanager
async def services_over(database_url: str) -> AsyncIterator[Services]:
    """Open services without an object store: nothing about jobs has to do with objects."""
    database = Database(database_url, size=4)
    await database.open()
    yield Services(
        database=database,
        objects=None,  # type: ignore[arg-type]
        wake=Wake(database, me="test"),
        clock=utc_now,
    )
    await database.close()


async def run(hands: Hands, session: int, job: str, *outcomes: Outcome) -> list[int]:
    """End the next tasks of a job, one with each outcome; return their ids."""
    leases = await hands.claim(session, job, quota=len(outcomes))
    for lease, outcome in zip(leases, outcomes, strict=True):
        await hands.end(lease, outcome)
    return [lease.task_id for lease in leases]
