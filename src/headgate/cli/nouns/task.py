"""`headgate task`: what ran, runs and waits, and why."""

from collections.abc import Mapping
from typing import Any

import click

from headgate.cli.client import Client
from headgate.cli.nouns.failure import error_text
from headgate.cli.nouns.task_lineage import lineage
from headgate.cli.nouns.task_log import follow_log, print_log
from headgate.cli.options import examples, limit_option, say_if_more, talks_to_server
from headgate.cli.output import Column, Item, Output, Section

STATES = (
    "pending",
    "waiting",
    "running",
    "succeeded",
    "dead",
    "cancelled",
    "merged",
    "replayed",
)


def _progress(task: Item) -> str | None:
    progress = task.get("progress")
    if not isinstance(progress, Mapping):
        return progress
    return (
        f"{progress.get('done')} of {progress.get('total')} {progress.get('message', '')}".rstrip()
    )


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
    Column("dead letter", "dead_letter"),
    Column("folded into", "folded_into"),
    Column("replayed by", "replayed_by"),
)
_ATTEMPT = (
    Column("TRY", "attempt", "number"),
    Column("OUTCOME", "outcome", "name"),
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
)


@click.group("task", epilog=examples("headgate task list --state dead"))
def task_command() -> None:
    """List, explain, follow, retry and cancel tasks."""


@task_command.command(
    "list", epilog=examples("headgate task list --state running --job creative.compose")
)
@click.option("--state", type=click.Choice(STATES), help="Only tasks in this state.")
@click.option("--job", metavar="NAME", help="Only tasks of this job.")
@limit_option(50)
@talks_to_server
def list_tasks(
    *, client: Client, output: Output, state: str | None, job: str | None, limit: int
) -> None:
    """List tasks, the newest first."""
    tasks = client.list("/tasks", limit=limit, state=state, job=job)
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


@task_command.command("retry", epilog=examples("headgate task retry 42"))
@click.argument("task_id", metavar="ID", type=int)
@talks_to_server
def retry(*, client: Client, output: Output, task_id: int) -> None:
    """Run a task that waits, is dead or has ended, now."""
    _act(client, output, task_id, "retry")


@task_command.command("cancel", epilog=examples("headgate task cancel 42"))
@click.argument("task_id", metavar="ID", type=int)
@talks_to_server
def cancel(*, client: Client, output: Output, task_id: int) -> None:
    """End a task that has not ended: one that runs is asked to stop."""
    _act(client, output, task_id, "cancel")


def _act(client: Client, output: Output, task_id: int, verb: str) -> None:
    task = client.post(f"/tasks/{task_id}/{verb}")
    if output.as_json:
        output.json(task)
    else:
        output.line("\t".join(str(task[name]) for name in ("id", "job", "state")))


def _print(output: Output, task: dict[str, Any]) -> None:
    output.thing(
        task,
        _FIELDS,
        [
            Section("attempts", task.get("attempts") or [], _ATTEMPT),
            Section("inputs", task.get("inputs") or [], _INPUT),
        ],
    )


task_command.add_command(lineage)
