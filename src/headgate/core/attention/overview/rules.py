"""DAGs in a word and a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from headgate.core.attention.overview.model import DagStanding, DagState
from headgate.core.explain.figures import count_text
from headgate.core.explain.standing.model import Standing
from headgate.core.work.model import Outcome


def outcome_name(outcome: int) -> Literal["succeeded", "dead", "cancelled"]:
    """Return the word for the outcome of a task that has ended."""
    if outcome in {Outcome.OK, Outcome.SKIPPED}:
        return "succeeded"
    return "dead" if outcome == Outcome.DEAD else "cancelled"


def dag_summary(name: str, version: int, jobs: Sequence[Standing]) -> DagStanding:
    """Return how a DAG is, by how its jobs stand."""
    found = DagStanding(
        name=name,
        version=version,
        state="idle",
        sentence="",
        jobs=len(jobs),
        jobs_paused=sum(job.paused for job in jobs),
        jobs_held=sum(job.held_since is not None for job in jobs),
        jobs_running=sum(job.running > 0 for job in jobs),
        jobs_waiting=sum(job.waiting > 0 for job in jobs),
        jobs_failing=sum(job.dead > 0 for job in jobs),
        running=sum(job.running for job in jobs),
    )
    told = list(_parts(found))
    if not told:
        return replace(found, sentence=f"{count_text(len(jobs), 'job')}, nothing to do.")
    return replace(found, state=told[0][0], sentence=f"{'; '.join(text for _, text in told)}.")


def _parts(dag: DagStanding) -> Iterator[tuple[DagState, str]]:
    of = f"of {count_text(dag.jobs, 'job')}"
    if dag.jobs_failing:
        has = "has" if dag.jobs_failing == 1 else "have"
        yield "failing", f"{dag.jobs_failing} {of} {has} dead letters"
    if dag.jobs_held:
        yield "held", f"{dag.jobs_held} {of} {_is(dag.jobs_held)} held by a full queue downstream"
    if dag.jobs_paused:
        yield "paused", f"{dag.jobs_paused} {of} {_is(dag.jobs_paused)} paused"
    if dag.jobs_running:
        run = "runs" if dag.running == 1 else "run"
        yield "working", f"{count_text(dag.running, 'task')} {run}"
    if dag.jobs_waiting:
        has = "has" if dag.jobs_waiting == 1 else "have"
        yield "waiting", f"{dag.jobs_waiting} {of} {has} tasks that wait"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
