"""Whether this is the right Python, and the settings are right."""

import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from headgate.cli.about.doctor.finding import Finding

if TYPE_CHECKING:
    from headgate.config import Settings

_PYTHON = (3, 11)


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """Check the interpreter's version."""
    shown = f"{platform.python_implementation()} {'.'.join(map(str, version))} at {sys.executable}"
    if version >= _PYTHON:
        return Finding("python", "ok", shown)
    return Finding("python", "fail", shown, "install Headgate with Python 3.11 or newer.")


def check_settings(home: Path) -> tuple["Settings | None", Finding]:
    """Read the settings as a server would; None when they are wrong."""
    from headgate.config import load_settings
    from headgate.core.errors import InvalidInput

    try:
        return load_settings(home=home), Finding("settings", "ok", f"the data folder is {home}")
    except InvalidInput as error:
        faults = "; ".join(f"{p.pointer}: {p.message}" for p in error.problems)
        return None, Finding("settings", "fail", faults, "correct or unset these variables.")
