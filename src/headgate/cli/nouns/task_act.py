"""`headgate task cancel` and `retry`: tasks named by id, or all that a filter finds."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from headgate.cli.client import Client
from headgate.cli.errors import CliError, Exit
from headgate.cli.nouns.creative.follow import follow
from headgate.cli.nouns.task_choice import filters_tasks
from headgate.cli.options import Command, confirm, examples, talks_to_server
from headgate.cli.output import Column, Item, Output

_BULK = "/tasks/bulk"
_PAST = {"cancel": "cancelled", "retry": "retried"}
_SAMPLE = (
    Column("ID", "id", "number"),
    Column("JOB", "job", "name"),
    Column("STATE", "state", "name"),
    Column("PARTITION", "partition"),
    Column("AGE", "created_at", "age"),
)


def _acts(command: Command) -> Command:
    """Give an act its arguments and options."""
    options: list[Callable[[Command], Command]] = [
        click.argument("task_ids", metavar="[ID]...", type=int, nargs=-1),
        filters_tasks,
        click.option("--all", "every", is_flag=True, help="All of them."),
        click.option("--dry-run", is_flag=True, help="Count them, change nothing."),
        click.option(
            "--rate", metavar="N", type=click.FloatRange(min=0.001), help="At most N a second."
        ),
        click.option("--yes", is_flag=True, help="Do not ask."),
        click.option("--wait", is_flag=True, help="Wait until it is done."),
        talks_to_server,
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command(
    "cancel",
    epilog=examples(
        "headgate task cancel 42",
        "headgate task cancel --job creative.compose --state pending --dry-run",
        "headgate task cancel --dag creative --yes --wait",
    ),
)
@_acts
def cancel(**given: Any) -> None:
    """End tasks that have not ended: those that run are asked to stop.

    Tasks that a filter finds are cancelled by and by, as an operation: `headgate operation show`
    tells how far it is, `headgate operation cancel` ends it.
    """
    _act("cancel", **given)


@click.command(
    "retry",
    epilog=examples(
        "headgate task retry 42",
        "headgate task retry --job creative.compose --dry-run",
        "headgate task retry --state dead --error-code timeout --rate 5 --yes --wait",
    ),
)
@_acts
def retry(**given: Any) -> None:
    """Run tasks that wait, are dead or have ended, now.

    Without --state a filter finds those that are dead or wait. They go back by and by, as an
    operation: `headgate operation show` tells how far it is, `headgate operation cancel` ends it.
    """
    _act("retry", **given)


def _act(
    verb: str,
    *,
    client: Client,
    output: Output,
    task_ids: Sequence[int],
    chosen: dict[str, Any],
    every: bool,
    rate: float | None,
    dry_run: bool,
    yes: bool,
    wait: bool,
) -> None:
    ids = sorted(set(task_ids))
    if sum((bool(ids), every, bool(chosen))) != 1:
        raise click.UsageError(
            "Name tasks by ID, or all of them by --all, or those that have something in common by"
            " --state, --job, --dag, --partition, --worker, --since, --until and --error-code."
        )
    if ids and not (dry_run or wait or rate):
        _act_on_each(client, output, ids, verb)
        return
    which = {"ids": ids} if ids else {"all": True} if every else chosen
    body: dict[str, Any] = {"action": verb, "filter": which}
    if dry_run or not (yes or ids):
        preview = client.post(_BULK, {**body, "dry_run": True})["preview"]
        if dry_run:
            _print_preview(output, preview, verb)
            return
        if not preview["matched"]:
            output.note("There are no such tasks.")
            return
        confirm(f"{verb.capitalize()} {_count(preview)}?", yes=yes)
    paced = {} if rate is None else {"rate_per_second": rate}
    started = client.post(_BULK, {**body, **paced, "dry_run": False})
    if wait:
        _follow(client, output, started["operation"], verb)
    elif output.as_json:
        output.json(started)
    else:
        output.line(started["operation"])
        output.note(f"It goes on by itself: see `headgate operation show {started['operation']}`.")


def _act_on_each(client: Client, output: Output, ids: Sequence[int], verb: str) -> None:
    """Act on tasks one by one; what is wrong with one is told, and does not keep others back."""
    wrong: list[CliError] = []
    for task_id in ids:
        try:
            task = client.post(f"/tasks/{task_id}/{verb}")
        except CliError as error:
            if error.exit_code not in {Exit.NOT_FOUND, Exit.REFUSED} or len(ids) == 1:
                raise
            output.note(f"Task {task_id}: {error.message}")
            wrong.append(error)
            continue
        if output.as_json:
            _print_json(output, task, one=len(ids) == 1)
        else:
            output.line("\t".join(str(task[name]) for name in ("id", "job", "state")))
    if wrong:
        raise CliError(
            f"{len(wrong)} of the {len(ids)} tasks could not be {_PAST[verb]}.",
            exit_code=wrong[0].exit_code,
        )


def _print_json(output: Output, task: Item, *, one: bool) -> None:
    """Print one task as one thing, and of several each on a line of its own."""
    if one:
        output.json(task)
    else:
        output.json_line(task)


def _print_preview(output: Output, preview: Item, verb: str) -> None:
    if output.as_json:
        output.json(preview)
        return
    output.line(f"{_count(preview)} would be {_PAST[verb]}.")
    for job, tasks in preview["by_job"].items():
        output.line(f"{job}\t{tasks}")
    if output.on_terminal and preview["sample"]:
        output.line()
        output.note("The oldest of them:")
        output.items(preview["sample"], _SAMPLE, empty="")


def _count(preview: Item) -> str:
    """Write how many tasks are meant."""
    if not preview["exact"]:
        return f"{preview['matched']:,} tasks or more"
    return "1 task" if preview["matched"] == 1 else f"{preview['matched']:,} tasks"


def _follow(client: Client, output: Output, operation_id: str, verb: str) -> None:
    ended = follow(client, client.get(f"/operations/{operation_id}"), title="Tasks")
    if output.as_json:
        output.json(ended)
    else:
        output.line(ended["message"])
    if ended["state"] != "succeeded" or ended["problems"]:
        raise CliError(
            f"Not all of the tasks were {_PAST[verb]}.",
            exit_code=Exit.FAILED,
            hint=f"`headgate operation show {operation_id}` tells why; the same command takes up"
            " what is left.",
        )
