"""The table of invariants names each of them once, and tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "invariants.md"
UNTESTED = {"I18"}
"""What the page says has no test yet."""

_ROW = re.compile(r"^\| (I\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/\S+\.py)::(\w+)`")
_ROWS = {number: _TEST.findall(tests) for number, _, tests in _ROW.findall(PAGE.read_text())}


def test_every_invariant_has_its_row() -> None:
    assert list(_ROWS) == [f"I{number}" for number in range(1, 19)]
    assert len(_ROW.findall(PAGE.read_text())) == len(_ROWS)


def test_every_invariant_has_a_test_but_those_that_are_known_not_to() -> None:
    assert {number for number, tests in _ROWS.items() if not tests} == UNTESTED


@pytest.mark.parametrize(("path", "name"), sorted({t for tests in _ROWS.values() for t in tests}))
def test_a_test_that_the_table_names_exists(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text())
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert name in {node.name for node in tree.body if isinstance(node, functions)}
