"""Every SQL statement is valid, named, and used exactly once."""

import re
from pathlib import Path

import psycopg
import pytest

from headgate.core.sql import load_queries

SRC = Path(__file__).parents[2] / "src"
FILES = sorted(SRC.rglob("queries.sql"))
STATEMENTS = [
    pytest.param(path, name, id=f"{path.parent.relative_to(SRC / 'headgate')}.{name}")
    for path in FILES
    for name in load_queries(".".join(path.parent.relative_to(SRC).parts))
]


def positional(statement: str) -> str:
    """Rewrite %(name)s placeholders as $1, $2, ... so that PREPARE accepts them."""
    order: dict[str, int] = {}
    return re.sub(
        r"%\((\w+)\)s", lambda m: f"${order.setdefault(m[1], len(order) + 1)}", statement
    ).replace("%%", "%")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.parent.relative_to(SRC / "headgate")))
def test_postgres_accepts_every_statement(postgres_url: str, database_url: str, path: Path) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        for name, text in load_queries(".".join(path.parent.relative_to(SRC).parts)).items():
            try:
                conn.execute(f"PREPARE {name}_ AS {positional(text)}".encode())
            except psycopg.Error as error:
                pytest.fail(f"{path.parent.name}.{name}: {error}")


@pytest.mark.parametrize(("path", "name"), STATEMENTS)
def test_statement_is_used_once_by_the_function_of_its_name(path: Path, name: str) -> None:
    store = (path.parent / "store.py").read_text()

    assert store.count(f'_SQL["{name}"]') == 1, f'{path.parent}/store.py: _SQL["{name}"]'
    assert f"def {name}(" in store


def test_each_advisory_lock_has_a_number_of_its_own() -> None:
    """Two locks of one number wait for each other, and one of them may be held for ever."""
    takers: dict[str, list[str]] = {}
    for path in FILES:
        for name, text in load_queries(".".join(path.parent.relative_to(SRC).parts)).items():
            for number in re.findall(r"advisory(?:_xact)?_lock\((\d+)", text):
                takers.setdefault(number, []).append(f"{path.parent.name}.{name}")

    assert takers
    assert {number: names for number, names in takers.items() if len(names) > 1} == {}
