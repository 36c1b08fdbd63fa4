"""The map in `core/__init__.py` names every stage and nothing else."""

from pathlib import Path

import headgate.core

CORE = Path(headgate.core.__file__).parent


def test_map_is_complete() -> None:
    mapped = {line.split()[0] for line in (headgate.core.__doc__ or "").splitlines()[2:] if line}
    stages = {
        p.name for p in CORE.iterdir() if p.is_dir() and p.name not in {"__pycache__", "migrations"}
    }

    assert mapped == stages
