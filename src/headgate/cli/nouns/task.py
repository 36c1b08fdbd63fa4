"""`headgate task`: what ran, runs and waits, and why."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from headgate.cli.client import Client
from headgate.cli.nouns.failure import error_text
from headgate.cli.nouns.task_act import cancel, retry
from headgate.cli.nouns.task_choice import filters_tasks, in_query
from headgate.cli.nouns.task_lineage import lineage
from headgate.cli.nouns.task_log import follow_log, print_log
from headgate.cli.nouns.task_watch import watch
from headgate.cli.options import examples, limit_option, say_if_more, talks_to_server
from headgate.cli.output import Column, Item, Output, Section


def _progress(task: Item) -> str | None:
    progress = task.get("progress")
    if not isinstance(progress, Mapping):
        return progress
    return (
        f"{progress.get('done')} of {progress.get('total')} {progress.get('message', '')}".rstrip()
    )


def _kin(name: str) -> Callable[[Item], str | None]:
    return lambda task: ", ".join(map(str, (task.get("kinship") or {}).get(name) or [])) or None


_ROW = (
    Column("ID", "id", "number"),
    Column("JOB", "job", "name"),
    Column("STATE", "state", "name"),
    Column("PARTITION", "partition"),
    Column("TRY", "attempt", "number"),
    Column("AGE", "created_at", "age"),
    Column("ERROR", error_text),
)
_FIELDS = (
    Column("id", "id"),
    Column("job", "job"),
    Column("state", "state"),
    Column("partition", "partition"),
    Column("ranges", "ranges"),
    Column("covers", "events_covered"),
    Column("attempt", "attempt"),
    Column("created", "created_at", "time"),
    Column("runs at", "run_at", "time"),
    Column("progress", _progress),
    Column("error", error_text),
    Column("worker", "worker"),
    Column("trace", "trace_id"),
    Column("dead letter", "dead_letter"),
    Column("folded into", "folded_into"),
    Column("carried on by", _kin("carried_on_by")),
    Column("came from", _kin("came_from")),
    Column("replayed by", "replayed_by"),
)
_ATTEMPT = (
    Column("TRY", "attempt", "number"),
    Column("OUTCOME", "outcome", "name"),
    Column("QUEUED", "queued_at", "time"),
    Column("STARTED", "started_at", "time"),
    Column("ENDED", "ended_at", "time"),
    Column("WORKER", "worker"),
    Column("ERROR", error_text),
)
_INPUT = (
    Column("EVENT", "id", "number"),
    Column("DATASET", "dataset", "name"),
    Column("KEY", "key"),
    Column("AT", "at", "time"),
    Column("BYTES", "payload_bytes", "number"),
)
_OUTPUT = (
    Column("EVENT", "id", "number"),
    Column("DATASET", "dataset", "name"),
    Column("KEY", "key"),
    Column("RANGE", "range"),
    Column("AT", "at", "time"),
    Column("TASKS", lambda event: ", ".join(map(str, event["tasks"] or [])) or None),
)


@click.group("task", epilog=examples("headgate task list --state dead"))
def task_command() -> None:
    """List, explain, follow, retry and cancel tasks."""


@task_command.command(
    "list",
    epilog=examples(
        "headgate task list --state running,waiting --job creative.compose",
        "headgate task list --dag creative --error-code timeout --since 2h",
    ),
)
@filters_tasks
@click.option("--oldest", is_flag=True, help="The oldest first.")
@limit_option(50)
@talks_to_server
def list_tasks(
    *, client: Client, output: Output, chosen: dict[str, Any], oldest: bool, limit: int
) -> None:
    """List tasks, the newest first."""
    order = "oldest" if oldest else None
    tasks = client.list("/tasks", limit=limit, **in_query(chosen), order=order)
    output.items(tasks, _ROW, empty="There are no such tasks.")
    say_if_more(output, tasks)


@task_command.command("show", epilog=examples("headgate task show 42"))
@click.argument("task_id", metavar="ID", type=int)
@talks_to_server
def show(*, client: Client, output: Output, task_id: int) -> None:
    """Explain one task: its state, attempts and inputs."""
    _print(output, client.get(f"/tasks/{task_id}"))


@task_command.command("logs", epilog=examples("headgate task logs 42 -f"))
@click.argument("task_id", metavar="ID", type=int)
@click.option("-f", "--follow", is_flag=True, help="Go on until the task has ended.")
@talks_to_server
def logs(*, client: Client, output: Output, task_id: int, follow: bool) -> None:
    """Print what a task logged, in all its attempts."""
    if follow:
        follow_log(client, output, task_id)
    else:
        print_log(client, output, task_id)


def _print(output: Output, task: dict[str, Any]) -> None:
    output.thing(
        task,
        _FIELDS,
        [
            Section("attempts", task.get("attempts") or [], _ATTEMPT),
            Section("inputs", task.get("inputs") or [], _INPUT),
            Section("outputs", task.get("outputs") or [], _OUTPUT),
        ],
    )


for command in (cancel, lineage, retry, watch):
    task_command.add_command(command)
