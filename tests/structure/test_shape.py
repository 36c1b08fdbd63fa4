"""Every application has the same shape, and no file outgrows its reader."""

import ast
from pathlib import Path

import pytest
import yaml

from headgate.core.app import App
from headgate.installed import APPS

SRC = Path(__file__).parents[2] / "src" / "headgate"
APP = {"README.md", "__init__.py", "dag.yaml", "model.py", "rules.py", "operators.py", "store.py",
       "queries.sql", "routes.py"}  # fmt: skip
VAGUE = {"utils", "util", "helpers", "common", "misc", "manager", "base"}
PYTHON = sorted(SRC.rglob("*.py"))


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_app_has_the_files_that_every_app_has(app: App) -> None:
    folder = SRC / "apps" / app.name

    assert {p.name for p in folder.iterdir()} >= APP


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_dag_and_operators_name_each_other(app: App) -> None:
    dag = yaml.safe_load((SRC / "apps" / app.name / "dag.yaml").read_text())

    assert {job["operator"] for job in dag["jobs"].values()} == {
        f"{app.name}.{op.name}" for op in app.operators
    }


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: str(p.relative_to(SRC)))
def test_file_is_readable_in_one_sitting(path: Path) -> None:
    text = path.read_text()

    assert len(text.splitlines()) <= 400, "one duty a file: split it"
    assert path.stem not in VAGUE, "name a file for its one duty"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno
            assert lines < 80, f"{node.name} has {lines} lines"


def test_every_port_has_a_contract_test() -> None:
    ports = {p.name for p in (SRC / "ports").iterdir() if (p / "__init__.py").exists()}
    ports |= {p.name for p in SRC.glob("apps/*/ports/*") if (p / "__init__.py").exists()}
    contracts = {
        p.stem.removeprefix("test_")
        for p in (SRC.parents[1] / "tests" / "contracts").glob("test_*.py")
    }

    assert ports <= contracts
