"""Completion scripts that shells can read, and what they complete."""

import subprocess

import pytest
from command_line import CommandLine


def test_bash_can_read_its_script(alone: CommandLine) -> None:
    done = alone("completion", "bash")

    assert (done.code, done.err) == (0, "")
    checked = subprocess.run(
        ["bash", "-n"], input=done.out, text=True, capture_output=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "_HEADGATE_COMPLETE=bash_complete" in done.out


@pytest.mark.parametrize(
    ("shell", "mark"), [("zsh", "#compdef headgate"), ("fish", "complete --no-files --command")]
)
def test_other_shells_have_theirs(alone: CommandLine, shell: str, mark: str) -> None:
    assert mark in alone("completion", shell).out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_person_is_told_how_to_install_it(alone: CommandLine, shell: str) -> None:
    assert (
        f"To install it: headgate completion {shell} >"
        in alone.on_terminal("completion", shell).out
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("headgate ta", {"task"}),
        ("headgate task re", {"retry"}),
        ("headgate dlq redrive --dr", {"--dry-run"}),
        ("headgate task list --state wa", {"waiting"}),
    ],
)
def test_commands_options_and_choices_are_completed(
    alone: CommandLine, words: str, expected: set[str]
) -> None:
    done = alone(
        _HEADGATE_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split()) - 1),
    )

    assert done.code == 0
    assert {line.partition(",")[2] for line in done.out.splitlines()} == expected
