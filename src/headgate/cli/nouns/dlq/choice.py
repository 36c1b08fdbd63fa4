"""Which dead letters an act is about: by id, by what they have in common, or all."""

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

import click

from headgate.cli.client import Client
from headgate.cli.errors import CliError, Exit
from headgate.cli.nouns.moment import moment
from headgate.cli.options import Command, confirm
from headgate.cli.output import Column, Item, Output

_GROUP = (
    Column("JOB", "job", "name"),
    Column("LETTERS", "letters", "number"),
    Column("TASKS", "tasks", "number"),
    Column("MERGED", "merged", "number"),
    Column("FINGERPRINT", "fingerprint", "name"),
)


class Choice(NamedTuple):
    """The dead letters that somebody chose, as the API is told of them."""

    ids: Sequence[int]
    body: dict[str, Any]


def chooses_letters(command: Command) -> Command:
    """Give an act `choice`, `dry_run` and `yes`, by arguments and options."""

    @click.argument("letter_ids", metavar="[ID]...", type=int, nargs=-1)
    @click.option("--job", metavar="NAME", help="Dead letters of this job.")
    @click.option("--fingerprint", metavar="TEXT", help="Those that failed in this way.")
    @click.option("--died-after", metavar="TIME", callback=moment, help="A time, or an age: 2h.")
    @click.option("--died-before", metavar="TIME", callback=moment, help="A time, or an age: 7d.")
    @click.option("--all", "every", is_flag=True, help="All of them.")
    @click.option("--dry-run", is_flag=True, help="Count them, change nothing.")
    @click.option("--yes", is_flag=True, help="Do not ask.")
    @functools.wraps(command)
    def run(*, letter_ids: tuple[int, ...], every: bool, **given: Any) -> None:
        names = ("job", "fingerprint", "died_after", "died_before")
        shared = {name: given.pop(name) for name in names}
        narrowed = {name: value for name, value in shared.items() if value is not None}
        if sum((bool(letter_ids), every, bool(narrowed))) != 1:
            raise click.UsageError(
                "Name dead letters by ID, or all of them by --all, or those that have something in"
                " common by --job, --fingerprint, --died-after and --died-before."
            )
        ids = sorted(set(letter_ids))
        body = {"ids": ids} if ids else {"all": True} if every else narrowed
        command(choice=Choice(ids, body), **given)

    return run


def counted_first(
    client: Client,
    output: Output,
    path: str,
    choice: Choice,
    *,
    verb: str,
    dry_run: bool,
    yes: bool,
) -> bool:
    """Count what is meant if it has to be; return whether the act is to go on.

    Letters named by id are acted on unasked. `verb` is the act's.
    """
    if not dry_run and (choice.ids or yes):
        return True
    counted = client.post(path, {**choice.body, "dry_run": True})
    if dry_run:
        _print_preview(output, counted, verb)
        return False
    confirm(f"{verb.capitalize()} {letters(counted['matched'])}?", yes=yes)
    return True


def check_all_were_there(choice: Choice, *, matched: int, wanted_state: str) -> None:
    """End the command with an error if some of the letters named were in another state."""
    missing = len(choice.ids) - matched
    if missing > 0:
        raise CliError(
            f"{missing} of the {letters(len(choice.ids))} named"
            f" {'is' if missing == 1 else 'are'} not {wanted_state}.",
            exit_code=Exit.NOT_FOUND,
            hint="`headgate dlq list --state all` shows what became of them.",
        )


def letters(count: int) -> str:
    """Write a number of dead letters."""
    return "1 dead letter" if count == 1 else f"{count} dead letters"


def past(verb: str) -> str:
    return {"redrive": "redriven", "discard": "discarded", "reopen": "reopened"}[verb]


def _print_preview(output: Output, counted: Item, verb: str) -> None:
    if output.as_json:
        output.json(counted)
        return
    output.line(f"{letters(counted['matched'])} would be {past(verb)}.")
    preview = counted["preview"]
    total = preview["total"]
    if verb == "redrive" and total["merged"]:
        output.note(
            f"They make {total['tasks']} tasks; {total['merged']} of those wait already, and take"
            " the work of the letters in."
        )
    if output.on_terminal:
        output.items(preview["groups"], _GROUP, empty="")
