"""`headgate job show`."""

from collections.abc import Iterator

import click

from headgate.cli.client import Client
from headgate.cli.nouns.durations import seconds_text
from headgate.cli.nouns.failure import error_text
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Column, Item, Output, Section


def _size(job: Item) -> int | None:
    ranged = job["partitioning"] == "range" and job["spec"]["strategy"] == "PerPartition"
    return job["spec"]["partition_size"] if ranged else None


def _rate(spec: Item) -> str | None:
    rate = spec["rate_per_second"]
    return None if rate is None else f"{rate:g} a second, {spec['rate_burst']} at once"


def _debounce(spec: Item) -> str | None:
    if spec["debounce_quiet_seconds"] is None:
        return None
    quiet = seconds_text(spec["debounce_quiet_seconds"])
    return f"{quiet} of quiet, {seconds_text(spec['debounce_max_wait_seconds'])} at most"


def _took(timing: Item) -> str | None:
    if timing["p50_seconds"] is None:
        return None
    return (
        f"{seconds_text(timing['p50_seconds'])} (p95 {seconds_text(timing['p95_seconds'])}),"
        f" {timing['failed']} of the last {timing['attempts']} attempts failed"
    )


def _reads(given: Item) -> str:
    if given["whole"]:
        return "all of it for anything"
    if given["segments"] is not None:
        return f"by the first {given['segments']} segments of its key"
    if given["first"] or given["last"]:
        return f"for n, {given['first']:+} to {given['last']:+}"
    return "what it names"


def _backlog(given: Item) -> Iterator[str]:
    for field in ("rows", "units", "bytes"):
        if given[f"max_{field}"] is not None:
            yield f"{given[f'max_{field}']} {field}"
    if given["max_age_seconds"] is not None:
        yield str(seconds_text(given["max_age_seconds"]))


_FIELDS = (
    Column("job", "job"),
    Column("version", "version"),
    Column("now", "text"),
    Column("strategy", lambda job: job["spec"]["strategy"]),
    Column("on a change", lambda job: job["spec"]["update_strategy"]),
    Column("operator", lambda job: job["spec"]["operator"]),
    Column("description", lambda job: job["spec"]["description"]),
    Column("runtime", lambda job: job["spec"]["runtime"]),
    Column("limits", lambda job: job["spec"]["limits"] or None),
    Column("writes", lambda job: job["spec"]["outputs"]),
    Column("failures", lambda job: job["spec"]["failures"]),
    Column("partition size", _size),
    Column("at once", lambda job: job["spec"]["max_concurrency"]),
    Column("rate", lambda job: _rate(job["spec"])),
    Column("debounce", lambda job: _debounce(job["spec"])),
    Column("attempts", lambda job: job["spec"]["max_attempts"]),
    Column("timeout", lambda job: seconds_text(job["spec"]["timeout_seconds"])),
    Column("priority", lambda job: job["spec"]["priority"] or None),
    Column("memo", lambda job: "yes" if job["spec"]["memo"] else None),
    Column("params", lambda job: job["spec"]["params"] or None),
    Column("took", lambda job: _took(job["timing"])),
)
_INPUT = (
    Column("DATASET", "dataset", "name"),
    Column("READS", _reads),
    Column("BACKLOG", lambda given: ", ".join(_backlog(given))),
)
_SCHEDULE = (
    Column("SOURCE", "source", "name"),
    Column("CRON", "cron", "name"),
    Column("ZONE", "time_zone", "name"),
    Column("NEXT", "next_at", "time"),
)
_HOLD = (Column("WHY", "text"), Column("WHAT TO DO", "do"), Column("SINCE", "since", "time"))
_BACKFILL = (
    Column("ID", "id", "number"),
    Column("LEFT", "remaining", "number"),
    Column("OF", "total", "number"),
    Column("AGE", "created_at", "age"),
)
_TASK = (
    Column("ID", "id", "number"),
    Column("STATE", "state", "name"),
    Column("PARTITION", "partition"),
    Column("AGE", "created_at", "age"),
    Column("ERROR", error_text),
)


@click.command("show", epilog=examples("headgate job show creative.generate"))
@click.argument("job", metavar="NAME")
@talks_to_server
def show(*, client: Client, output: Output, job: str) -> None:
    """Show what the DAG says of a job, what it does now, and how it did of late."""
    found = client.get(f"/jobs/{job}")
    output.thing(
        found,
        _FIELDS,
        [
            Section("reads", found["spec"]["inputs"], _INPUT),
            Section("schedules", found["spec"]["schedules"], _SCHEDULE),
            Section("held", found["holds"], _HOLD),
            Section("backfills", found["backfills"], _BACKFILL),
            Section("tasks", found["recent_tasks"], _TASK),
        ],
    )
