"""What jobs, datasets and DAGs are now, in a word and in a sentence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from headgate.core.dag.layout.model import Part, Sketch
from headgate.core.explain.figures import at_most_text, count_text
from headgate.core.jobs.graph.model import (
    MOST_COUNTED,
    DagLive,
    DatasetLive,
    JobLive,
    JobStateNow,
)
from headgate.core.tasks.rules import outcome_name


def job_live(row: Mapping[str, Any]) -> JobLive:
    """Return a job as its row of `live_jobs` says."""
    return JobLive(
        job=row["job"],
        state=state_now(row),
        text=job_text(row),
        waiting=row["waiting"],
        running=row["running"],
        dead_letters=row["dead_letters"],
        paused=row["paused"],
        held=row["held"],
        last_outcome=None if row["outcome"] is None else outcome_name(row["outcome"]),
        last_at=row["done_at"],
    )


def state_now(row: Mapping[str, Any]) -> JobStateNow:
    """Return what a job is now; the row has `paused`, `held`, `running` and `waiting`."""
    if row["paused"]:
        return "paused"
    if row["held"]:
        return "held"
    if row["running"]:
        return "running"
    return "waiting" if row["waiting"] else "idle"


def dataset_live(row: Mapping[str, Any]) -> DatasetLive:
    """Return a dataset as its row of `live_datasets` says."""
    stale = row["stale_since"] is not None
    return DatasetLive(
        dataset=row["dataset"],
        stale=stale,
        text="Some of it is behind what it is made from." if stale else "Up to date.",
        stale_since=row["stale_since"],
        last_event_at=row["last_event_at"],
    )


def dag_live(
    dag: str,
    *,
    parts: Iterable[Part],
    jobs: Sequence[JobLive],
    datasets: Sequence[DatasetLive],
) -> DagLive:
    """Add up what a DAG is now from its parts, jobs and datasets."""
    kinds = Counter(part.kind for part in parts)
    found = {
        "waiting": sum(job.waiting for job in jobs),
        "running": sum(job.running for job in jobs),
        "dead_letters": sum(job.dead_letters for job in jobs),
        "paused_jobs": sum(job.paused for job in jobs),
        "held_jobs": sum(job.held for job in jobs),
        "stale_datasets": sum(dataset.stale for dataset in datasets),
    }
    said = [
        f"{found['running']:,} running",
        f"{found['waiting']:,} waiting",
        *([count_text(found["dead_letters"], "dead letter")] if found["dead_letters"] else []),
        *([f"{count_text(found['paused_jobs'], 'job')} paused"] if found["paused_jobs"] else []),
        *([f"{count_text(found['held_jobs'], 'job')} held"] if found["held_jobs"] else []),
        *([f"{found['stale_datasets']:,} stale"] if found["stale_datasets"] else []),
    ]
    return DagLive(
        dag=dag,
        text=f"{count_text(kinds['job'], 'job')}: {', '.join(said)}.",
        jobs=kinds["job"],
        datasets=kinds["dataset"],
        sources=kinds["source"],
        **found,
    )


def graph_text(whole: Sketch, *, dag: str | None, collapsed: int) -> str:
    """Say in a sentence what the graph shows."""
    kinds = Counter(part.kind for part in whole.parts)
    parts = ", ".join(
        count_text(kinds[kind], kind) for kind in ("source", "job", "dataset") if kinds[kind]
    )
    text = f"{f'DAG {dag}' if dag else 'All DAGs'}: {parts or 'nothing is deployed'}."
    if collapsed:
        text += f" {count_text(collapsed, 'DAG')} drawn as one box each; open those of interest."
    return text


def job_text(row: Mapping[str, Any]) -> str:
    """Say in a sentence what a job does now; the row has the counts too."""
    waiting = f"{at_most_text(row['waiting'], 'task', most=MOST_COUNTED - 1)} waiting"
    texts: dict[JobStateNow, str] = {
        "paused": f"Paused: {waiting} until somebody resumes it.",
        "held": f"Held by backpressure: {waiting} until what it makes is taken.",
        "running": f"{count_text(row['running'], 'task')} running, {waiting}.",
        "waiting": f"None running, {waiting}.",
        "idle": "Nothing to do.",
    }
    text = texts[state_now(row)]
    if row["dead_letters"]:
        text += f" Open: {at_most_text(row['dead_letters'], 'dead letter', most=MOST_COUNTED - 1)}."
    return text
