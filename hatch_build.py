"""Builds the console before a wheel or an sdist is packed; editable installs leave it to `make`."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConsoleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Without Node.js or a registry it warns: the rest works without a console."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        script = Path(self.root) / "console" / "build.py"
        if version == "editable" or not script.is_file():
            return
        done = subprocess.run([sys.executable, script], check=False)
        if done.returncode != 0:
            self.app.display_warning("this package has no console: the server will say so")
