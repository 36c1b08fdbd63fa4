"""`headgate task watch`: one task as it goes, until it ends."""

import time
from collections.abc import Callable

import click

from headgate.cli.client import Client
from headgate.cli.errors import CliError, Exit
from headgate.cli.nouns.failure import error_text
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Item, Output
from headgate.cli.output.values import plain

ENDED = frozenset({"succeeded", "dead", "cancelled", "replayed"})
_PAUSE = 0.5  # s between two looks
_MAX_HEIRS = 20


@click.command("watch", epilog=examples("headgate task watch 42 && headgate task show 42"))
@click.argument("task_id", metavar="ID", type=int)
@talks_to_server
def watch(*, client: Client, output: Output, task_id: int) -> None:
    """Print each change of a task until it has ended; fail if its work did.

    A task that was merged is followed to the one that carries on its work.
    """
    task = watch_to_end(client, output, task_id)
    if task["state"] in {"dead", "cancelled"}:
        raise CliError(
            f"Task {task['id']} is {task['state']}: {error_text(task) or 'no error was given'}",
            exit_code=Exit.FAILED,
            hint=f"`headgate why task {task['id']}` explains it.",
        )


def watch_to_end(
    client: Client, output: Output, task_id: int, *, sleep: Callable[[float], None] = time.sleep
) -> Item:
    """Print a line for each change, an object each with --json; return the task as it ended."""
    said = None
    heirs = 0
    while True:
        task: Item = client.get(f"/tasks/{task_id}")
        if (now := _line(task)) != said:
            said = now
            _print(output, task, now)
        if task["state"] == "merged" and task.get("folded_into") and heirs < _MAX_HEIRS:
            task_id, heirs = task["folded_into"], heirs + 1
            continue
        if task["state"] in ENDED or task["state"] == "merged":
            return task
        sleep(_PAUSE)


def _print(output: Output, task: Item, text: str) -> None:
    if output.as_json:
        output.json_line(task)
    else:
        output.line(text)
        output.flush()


def _line(task: Item) -> str:
    """Say what a task is doing; equal lines are no change."""
    parts = [str(task["id"]), task["job"], task["state"]]
    if task["attempt"] > 1:
        parts.append(f"attempt {task['attempt']}")
    if task["state"] == "running" and isinstance(task.get("progress"), dict):
        progress = task["progress"]
        parts.append(f"{progress.get('done')} of {progress.get('total')}")
        parts.append(plain(progress.get("message") or ""))
    if task["state"] == "running" and task.get("cancel_requested"):
        parts.append("asked to stop")
    if task["state"] == "merged" and task.get("folded_into"):
        parts.append(f"task {task['folded_into']} carries on")
    if task["state"] in {"waiting", "dead", "cancelled"} and (error := error_text(task)):
        parts.append(plain(error))
    return "\t".join(part for part in parts if part)
