"""`headgate dlq list`, `groups` and `show`."""

from collections.abc import Callable
from typing import Any

import click

from headgate.cli.client import Client
from headgate.cli.nouns.failure import error_text
from headgate.cli.options import Command, examples, limit_option, say_if_more, talks_to_server
from headgate.cli.output import Column, Item, Output, Section
from headgate.cli.output.values import lines_of

STATES = ("open", "redriven", "replayed", "discarded", "superseded", "all")


def _outcome(letter: Item) -> str | None:
    """Say what became of a letter."""
    match letter["state"]:
        case "superseded":
            return "later work covered it"
        case "redriven":
            return f"task {letter['task_id']} went back to work"
        case "replayed":
            return f"event {letter['event_id']}, an edited one, took its place"
        case "discarded":
            return f"set aside; `headgate dlq reopen {letter['id']}` takes it back"
        case _:
            return None


def _of_event(name: str) -> Callable[[Item], Any]:
    return lambda letter: (letter.get("event") or {}).get(name)


def _of_error(name: str) -> Callable[[Item], Any]:
    return lambda letter: letter["error"].get(name)


_ROW = (
    Column("ID", "id", "number"),
    Column("TASK", "task_id", "number"),
    Column("JOB", "job", "name"),
    Column("STATE", "state", "name"),
    Column("PARTITION", "partition"),
    Column("TRIES", "attempts", "number"),
    Column("AGE", "died_at", "age"),
    Column("ERROR", error_text),
    Column("OUTCOME", _outcome),
)
_GROUP = (
    Column("JOB", "job", "name"),
    Column("LETTERS", "letters", "number"),
    Column("FIRST", "first_died_at", "age"),
    Column("LAST", "last_died_at", "age"),
    Column("NEWEST", "newest", "number"),
    Column("FINGERPRINT", "fingerprint", "name"),
    Column("ERROR", error_text),
)
_FIELDS = (
    Column("id", "id"),
    Column("state", "state"),
    Column("outcome", _outcome),
    Column("task", "task_id"),
    Column("job", "job"),
    Column("partition", "partition"),
    Column("ranges", "ranges"),
    Column("covers", "events_covered"),
    Column("attempts", "attempts"),
    Column("created", "created_at", "time"),
    Column("died", "died_at", "time"),
    Column("resolved", "resolved_at", "time"),
    Column("kept until", "expires_at", "time"),
    Column("fingerprint", "fingerprint"),
    Column("error", error_text),
    Column("code", _of_error("code")),
    Column("fault", _of_error("fault")),
    Column("what to do", _of_error("hint")),
    Column("event", _of_event("id")),
    Column("dataset", _of_event("dataset")),
    Column("key", _of_event("key")),
    Column("range", _of_event("range")),
    Column("payload", _of_event("payload")),
)
_FAULT = (Column("WHERE", "pointer"), Column("WHY", "message"))


def _which(command: Command) -> Command:
    """Give a list the options --job and --state."""
    job = click.option("--job", metavar="NAME", help="Only dead letters of this job.")
    state = click.option("--state", type=click.Choice(STATES), default="open", show_default=True)
    return job(state(command))


@click.command("list", epilog=examples("headgate dlq list --state superseded --json"))
@_which
@click.option("--fingerprint", metavar="TEXT", help="Only those that failed in this way.")
@limit_option(50)
@talks_to_server
def list_dead_letters(
    *, client: Client, output: Output, job: str | None, state: str, fingerprint: str, limit: int
) -> None:
    """List dead letters, the newest first."""
    letters = client.list(
        "/dead-letters", limit=limit, job=job, state=state, fingerprint=fingerprint
    )
    output.items(letters, _ROW, empty="There are no dead letters.")
    say_if_more(output, letters)


@click.command("groups", epilog=examples("headgate dlq groups --job creative.generate"))
@_which
@limit_option(50)
@talks_to_server
def groups(*, client: Client, output: Output, job: str | None, state: str, limit: int) -> None:
    """Group dead letters by job and the way they failed."""
    found = client.list("/dead-letters/groups", limit=limit, job=job, state=state)
    output.items(found, _GROUP, empty="There are no dead letters.")
    say_if_more(output, found)


@click.command("show", epilog=examples("headgate dlq show 7"))
@click.argument("letter_id", metavar="ID", type=int)
@talks_to_server
def show(*, client: Client, output: Output, letter_id: int) -> None:
    """Show one dead letter with its whole error and the event it is about."""
    letter = client.get(f"/dead-letters/{letter_id}")
    faults = letter["error"].get("problems") or []
    output.thing(letter, _FIELDS, [Section("problems", faults, _FAULT)])
    if output.on_terminal and not output.as_json:
        for line in lines_of(letter["error"].get("detail") or ""):
            output.line(line)
