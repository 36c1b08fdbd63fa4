"""Rows of the registry as people see them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from headgate.core.dag.rows import STRATEGIES
from headgate.core.dag.schema import Strategy
from headgate.core.errors import NotFound
from headgate.core.jobs.graph.rules import state_now
from headgate.core.jobs.model import AttemptMark, JobInput, JobSchedule, JobSpec, JobSummary
from headgate.core.tasks.rules import outcome_name

Row = Mapping[str, Any]
Partitioning = Literal["key", "range", "event", "all"]
"""What tells the tasks of a job apart: a text key, a range, an event each; `all`: nothing does."""


def no_job(job: str) -> NotFound:
    return NotFound(
        f"There is no job {job}.",
        hint="A job's name is <dag>.<job>; `headgate job list` lists them.",
    )


def partitioning_of(job: Row, inputs: Sequence[Row]) -> Partitioning:
    """Return how the work of a job is told apart, from its strategy and from what it reads."""
    if any(given["partitioning"] == "range" for given in inputs):
        return "range"
    return ("event", "key", "all")[job["strategy"]]


def summary_of(row: Row) -> JobSummary:
    """Return a job in a list, from its row of `list_jobs`."""
    marks = zip(row["outcomes"] or (), row["seconds"] or (), strict=True)
    return JobSummary(
        job=row["job"],
        dag=row["dag"],
        operator=row["operator"],
        strategy=_strategy(row),
        state=state_now(row),
        paused=row["paused"],
        held=row["held"],
        waiting=row["waiting"],
        running=row["running"],
        dead_letters=row["dead_letters"],
        recent=[AttemptMark(outcome_name(outcome), seconds) for outcome, seconds in marks][::-1],
        p50_seconds=row["p50_seconds"],
        p95_seconds=row["p95_seconds"],
    )


def spec_of(row: Row, *, inputs: Sequence[Row], schedules: Sequence[Row]) -> JobSpec:
    """Return what the DAG says of a job, from its row of `find_job`."""
    debounced = row["debounce_ms"] > 0
    return JobSpec(
        description=row["description"],
        operator=row["operator"],
        strategy=_strategy(row),
        update_strategy=row["update_strategy"],
        unique_key=row["unique_key"],
        partition_size=row["part_size"],
        inputs=[_input(given) for given in inputs],
        outputs=row["outputs"],
        failures=row["failures"],
        runtime=row["runtime"],
        limits=row["limits"],
        params=row["params"],
        priority=row["priority"],
        scaling_mode=row["scaling_mode"],
        max_concurrency=row["max_concurrency"],
        timeout_seconds=row["timeout_ms"] / 1000,
        max_attempts=row["max_attempts"],
        backoff_seconds=row["backoff_ms"] / 1000,
        max_backoff_seconds=row["max_backoff_ms"] / 1000,
        rate_per_second=row["rate_per_second"],
        rate_burst=row["rate_burst"],
        debounce_quiet_seconds=row["debounce_ms"] / 1000 if debounced else None,
        debounce_max_wait_seconds=row["max_wait_ms"] / 1000 if debounced else None,
        fair_segments=row["fair_segments"],
        waits_for_inputs=row["waits_for_inputs"],
        max_hold_seconds=None if row["max_hold_ms"] is None else row["max_hold_ms"] / 1000,
        cancel_on_invalidate=row["cancel_on_invalidate"],
        memo=row["memo"],
        schedules=[JobSchedule(**schedule) for schedule in schedules],
    )


def _strategy(row: Row) -> Strategy:
    return cast("Strategy", STRATEGIES[row["strategy"]])


def _input(row: Row) -> JobInput:
    return JobInput(
        dataset=row["dataset"],
        partitioning=row["partitioning"],
        # A subscription says what an input concerns; people think of what an output is made from.
        first=-row["hi"],
        last=-row["lo"],
        segments=row["segments"],
        whole=row["whole"],
        max_rows=row["max_rows"],
        max_units=row["max_units"],
        max_bytes=row["max_bytes"],
        max_age_seconds=None if row["max_age_ms"] is None else row["max_age_ms"] / 1000,
        reopen=row["reopen"],
    )
