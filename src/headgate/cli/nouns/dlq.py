"""`headgate dlq`: work that failed for good, and bringing it back."""

from typing import Any

import click

from headgate.cli.client import Client
from headgate.cli.errors import CliError, Exit
from headgate.cli.nouns.task import error_text
from headgate.cli.options import confirm, examples, limit_option, say_if_more, talks_to_server
from headgate.cli.output import Column, Output, Section
from headgate.cli.output.values import lines_of

STATES = ("open", "redriven", "discarded", "superseded", "all")

_ROW = (
    Column("ID", "id", "number"),
    Column("TASK", "task_id", "number"),
    Column("JOB", "job", "name"),
    Column("STATE", "state", "name"),
    Column("PARTITION", "partition"),
    Column("TRIES", "attempts", "number"),
    Column("AGE", "died_at", "age"),
    Column("ERROR", error_text),
)
_FIELDS = (
    Column("id", "id"),
    Column("state", "state"),
    Column("task", "task_id"),
    Column("job", "job"),
    Column("partition", "partition"),
    Column("ranges", "ranges"),
    Column("covers", "events_covered"),
    Column("attempts", "attempts"),
    Column("created", "created_at", "time"),
    Column("died", "died_at", "time"),
    Column("resolved", "resolved_at", "time"),
    Column("error", error_text),
    Column("code", lambda letter: letter["error"].get("code")),
    Column("fault", lambda letter: letter["error"].get("fault")),
    Column("what to do", lambda letter: letter["error"].get("hint")),
)
_FAULT = (Column("WHERE", "pointer"), Column("WHY", "message"))


@click.group("dlq", epilog=examples("headgate dlq list --job creative.generate"))
def dlq_command() -> None:
    """List dead letters and redrive them."""


@dlq_command.command("list", epilog=examples("headgate dlq list --state all --json"))
@click.option("--job", metavar="NAME", help="Only dead letters of this job.")
@click.option("--state", type=click.Choice(STATES), default="open", show_default=True)
@limit_option(50)
@talks_to_server
def list_dead_letters(
    *, client: Client, output: Output, job: str | None, state: str, limit: int
) -> None:
    """List dead letters, the newest first."""
    letters = client.list("/dead-letters", limit=limit, job=job, state=state)
    output.items(letters, _ROW, empty="There are no dead letters.")
    say_if_more(output, letters)


@dlq_command.command("show", epilog=examples("headgate dlq show 7"))
@click.argument("letter_id", metavar="ID", type=int)
@talks_to_server
def show(*, client: Client, output: Output, letter_id: int) -> None:
    """Show one dead letter with its whole error."""
    letter = client.get(f"/dead-letters/{letter_id}")
    faults = letter["error"].get("problems") or []
    output.thing(letter, _FIELDS, [Section("problems", faults, _FAULT)])
    if output.on_terminal and not output.as_json:
        for line in lines_of(letter["error"].get("detail") or ""):
            output.line(line)


@dlq_command.command(
    "redrive",
    epilog=examples(
        "headgate dlq redrive 7 8 9",
        "headgate dlq redrive --job creative.generate --dry-run",
    ),
)
@click.argument("letter_ids", metavar="[ID]...", type=int, nargs=-1)
@click.option("--job", metavar="NAME", help="All open dead letters of this job.")
@click.option("--all", "every", is_flag=True, help="All open dead letters.")
@click.option("--dry-run", is_flag=True, help="Count them, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@talks_to_server
def redrive(
    *,
    client: Client,
    output: Output,
    letter_ids: tuple[int, ...],
    job: str | None,
    every: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Run the work of dead letters again."""
    chosen = _chosen(letter_ids, job, every)
    if dry_run or not (letter_ids or yes):
        count = client.post("/dead-letters/redrive", {**chosen, "dry_run": True})
        if dry_run:
            _print(output, count)
            return
        confirm(f"Redrive {_letters(count['matched'])}?", yes=yes)
    result = client.post("/dead-letters/redrive", {**chosen, "dry_run": False})
    _print(output, result)
    wanted = len(set(letter_ids))
    if result["matched"] < wanted:
        raise CliError(
            f"{wanted - result['matched']} of the {_letters(wanted)} named are not open.",
            exit_code=Exit.NOT_FOUND,
            hint="`headgate dlq list --state all` shows what became of them.",
        )


def _chosen(letter_ids: tuple[int, ...], job: str | None, every: bool) -> dict[str, Any]:
    if sum((bool(letter_ids), job is not None, every)) != 1:
        raise click.UsageError(
            "Name dead letters by ID, or by --job NAME, or all of them by --all."
        )
    if letter_ids:
        return {"ids": sorted(set(letter_ids))}
    return {"job": job} if job is not None else {"all": True}


def _print(output: Output, result: dict[str, Any]) -> None:
    if output.as_json:
        output.json(result)
    elif result["dry_run"]:
        output.line(f"{_letters(result['matched'])} would be redriven.")
    else:
        output.line(f"{_letters(result['redriven'])} redriven.")


def _letters(count: int) -> str:
    return "1 dead letter" if count == 1 else f"{count} dead letters"
