"""SQL runs in `store.py`; transactions begin and end where the core says so."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "headgate"
ALLOWED = {
    "execute": {"store.py", "database.py", "migrate.py"},
    "executemany": {"store.py"},
    "commit": set(),
    "rollback": set(),
}


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda p: str(p.relative_to(SRC)))
def test_effects_stay_in_their_files(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            files = ALLOWED.get(node.func.attr)
            assert files is None or path.name in files, (
                f"{path}:{node.lineno}: .{node.func.attr}() belongs in {files or 'no file'}"
            )
