"""The table of bad days names tests that exist, and every test of a bad day is in it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "bad-days.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/\S+\.py)::(\w+)`", PAGE)))
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line]


def names_in(path: Path) -> set[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    body = ast.parse(path.read_text()).body
    return {n.name for n in body if isinstance(n, functions) and n.name.startswith("test_")}


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_the_table_names_exists(path: str, name: str) -> None:
    assert name in names_in(ROOT / path)


def test_every_row_names_a_test() -> None:
    assert [row for row in ROWS if "::" not in row and not row.endswith("| test |")] == []


def test_every_bad_day_is_in_the_table() -> None:
    files = [p for p in Path(__file__).parent.glob("test_bad_days_*.py") if p != Path(__file__)]
    written = {name for path in files for name in names_in(path)}

    assert written - {name for _, name in NAMED} == {"test_the_server_lives_on_through_all_of_it"}
