"""The commands as a newcomer meets them, and how little each one loads."""

import click
import pytest
from command_line import CommandLine
from recorded_server import RecordedServer, page

from headgate.cli.catalog import SECTIONS, headgate

HEAVY = {"asyncio", "fastapi", "msgspec", "psycopg", "pydantic", "rich", "uvicorn", "yaml"}


def commands(group: click.Group, path: str = "headgate") -> list[tuple[str, click.Command]]:
    context = click.Context(group)
    found: list[tuple[str, click.Command]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append((f"{path} {name}", command))
        if isinstance(command, click.Group):
            found += commands(command, f"{path} {name}")
    return found


COMMANDS = commands(headgate)


def test_without_arguments_it_shows_the_commands_by_section_and_examples(
    alone: CommandLine,
) -> None:
    done = alone()

    assert (done.code, done.err) == (0, "")
    for title, entries in SECTIONS.items():
        assert f"{title}:" in done.out
        for entry in entries:
            assert entry.summary in done.out
    assert "headgate up" in done.out


def test_a_noun_without_a_verb_is_a_usage_error_that_shows_its_help(alone: CommandLine) -> None:
    done = alone("task")

    assert (done.code, done.out) == (2, "")
    assert "headgate task list" in done.err


def test_a_misspelled_command_suggests_the_right_one(alone: CommandLine) -> None:
    done = alone("objct")

    assert (done.code, done.out) == (2, "")
    assert "Did you mean 'object'?" in done.err


def test_it_tells_its_version(alone: CommandLine) -> None:
    assert alone("--version") == (0, "headgate 0.1.0\n", "")


@pytest.mark.parametrize("entry", [e for s in SECTIONS.values() for e in s], ids=lambda e: e.name)
def test_the_summary_in_the_overview_is_that_of_the_command(entry) -> None:
    command = headgate.get_command(click.Context(headgate), entry.name)

    assert command is not None
    assert (command.help or "").partition("\n")[0] == entry.summary


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_help_has_an_example_of_its_command(path: str, command: click.Command) -> None:
    assert path in (command.epilog or "")


def test_help_loads_nothing_heavy(alone: CommandLine) -> None:
    done = alone("--help", PYTHONPROFILEIMPORTTIME="1")

    assert not imported(done.err) & (HEAVY | {"http"})


def test_a_list_from_a_server_loads_nothing_heavy(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/tasks", page())

    done = headgate("task", "list", PYTHONPROFILEIMPORTTIME="1")

    assert done.code == 0
    assert not imported(done.err) & HEAVY


def imported(profile: str) -> set[str]:
    names = (line.rpartition("|")[2].strip() for line in profile.splitlines())
    return {name.partition(".")[0] for name in names}
