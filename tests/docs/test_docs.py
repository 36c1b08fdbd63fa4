"""What the docs show is true: each block of code, command, setting and link."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from headgate.apps.creative.brief import read_brief
from headgate.apps.creative.settings import BedrockModel, DraftModel
from headgate.cli.catalog import headgate
from headgate.config import LocalStore, S3Store, Settings
from headgate.core.dag.load import check_dag, load_dag
from headgate.core.dag.schema import Job

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("src/**/README.md"),
    ]
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^ {4}(?:\.venv/bin/)?(headgate .*?)(?: {2,}#.*)?$", re.MULTILINE)
INLINE = re.compile(r"`(headgate [a-z][^`]*)`")
MAKE = re.compile(r"\bmake ([a-z][a-z-]+)\b(?=[^a-z]|$)")
EXPORT = re.compile(r"\b(HEADGATE_[A-Z_]+)")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
NAMES = {"ID": "1", "KEY": "key", "FILE": "file", "BRIEF": "brief.json", "DIR": ".", "NAME": "x"}


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(language: str, *, having: str = "") -> list[object]:
    return [
        pytest.param(text, id=f"{ids(page)}-{n}")
        for page in PAGES
        for n, (kind, text) in enumerate(FENCE.findall(page.read_text()))
        if kind == language and having in text
    ]


def commands() -> Iterator[object]:
    for page in PAGES:
        text = page.read_text()
        for line in [*COMMAND.findall(text), *INLINE.findall(text)]:
            yield pytest.param(line, id=f"{ids(page)}: {line}")


@pytest.mark.parametrize("text", blocks("json"))
def test_a_brief_in_the_docs_is_a_good_brief(text: str) -> None:
    assert read_brief(text.encode()).products


@pytest.mark.parametrize("text", blocks("python"))
def test_python_in_the_docs_runs(text: str) -> None:
    ast.parse(text)
    exec(compile(text, "docs", "exec"), {"__name__": "docs"})  # noqa: S102 - our own docs


@pytest.mark.parametrize("text", blocks("yaml", having="dag: "))
def test_a_dag_in_the_docs_has_no_fault_and_no_warning(text: str) -> None:
    assert check_dag(text, file="docs").findings == ()


def test_every_field_of_a_job_is_shown_in_the_how_to() -> None:
    page = (ROOT / "docs" / "how-to" / "deploy-a-dag.md").read_text()
    shown = {
        field
        for kind, text in FENCE.findall(page)
        if kind == "yaml"
        for job in load_dag(text, file="docs").jobs.values()
        for field in job.model_fields_set
    }

    assert set(Job.model_fields) - shown == {
        "description",
        "update_strategy",
        "unique_key",
        "params",
    }


def test_there_is_no_block_that_nobody_runs() -> None:
    languages = {kind for page in PAGES for kind, _ in FENCE.findall(page.read_text())}

    assert languages <= {"", "json", "python", "yaml"}  # "": pictures and trees


@pytest.mark.parametrize("line", list(commands()))
def test_a_command_in_the_docs_is_one(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("brief.json", "autumn.json", "my-brief.json", "dag.yaml", "file", "key"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "pictures").mkdir()
    words = [NAMES.get(word, word) for word in line.split()[1:] if word != "--help"]
    command, context = find(words)

    assert command is not None, f"no such command: {line}"
    if not isinstance(command, click.Group):
        with command.make_context(context.info_name, context.args, parent=context.parent):
            pass  # closes the files that it has opened


def find(words: list[str]) -> tuple[click.Command | None, click.Context]:
    """Walk the groups that `words` name; the rest of the words are the command's own."""
    command: click.Command = headgate
    context = click.Context(command, info_name="headgate")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(context, words[0])
        if inner is None:
            return None, context
        context = click.Context(inner, info_name=words[0], parent=context)
        command, words = inner, words[1:]
    context.args = words
    return (None if isinstance(command, click.Group) and words else command), context


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_targets_of_make_exist(page: Path) -> None:
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for line in page.read_text().splitlines()
        if line.startswith("    ") or "`make" in line
        for target in MAKE.findall(line)
    }

    assert named <= made


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_lead_somewhere(page: Path) -> None:
    broken = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert broken == []


def variables(model: type[BaseModel], prefix: str) -> Iterator[str]:
    groups = {
        "object_store": (LocalStore, S3Store),
        "image_model": (DraftModel, BedrockModel),
    }
    for name, field in model.model_fields.items():
        inner = groups.get(name)
        if inner is None and isinstance(field.annotation, type):
            inner = (field.annotation,) if issubclass(field.annotation, BaseModel) else None
        if inner is None:
            yield f"{prefix}{name.upper()}"
        for group in inner or ():
            yield from variables(group, f"{prefix}{name.upper()}__")


def test_every_setting_is_in_the_reference_and_every_one_there_exists() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    named: set[str] = set()
    for cell in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE):
        first, *rest = re.findall(r"`([A-Z_]+)`", cell)
        named.add(first)
        head = first.rpartition("__")[0]
        named |= {f"{head}{tail}" if tail.startswith("__") else tail for tail in rest}

    assert named == set(variables(Settings, "HEADGATE_"))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_variables_in_the_docs_are_settings(page: Path) -> None:
    known = set(variables(Settings, "HEADGATE_")) | {"HEADGATE_TEST_DATA", "HEADGATE_"}
    found = {name.rstrip("_") or name for name in EXPORT.findall(page.read_text())}

    assert {n for n in found if not any(k.startswith(n) for k in known)} == set()


def test_the_makefile_parses() -> None:
    done = subprocess.run(["make", "-n", "-C", str(ROOT), "help"], capture_output=True, check=False)

    assert done.returncode == 0
    assert json.loads((ROOT / "docs/reference/dag.schema.json").read_text())
