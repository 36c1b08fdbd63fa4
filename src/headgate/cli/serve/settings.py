"""The settings of a command that runs Headgate, its flags over the environment."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from headgate.cli.find_server import find_home
from headgate.environment import client_environment

if TYPE_CHECKING:
    from headgate.config import Settings


def settings_for(home: Path | None, **flags: Any) -> "Settings":
    """Return the settings; `InvalidInput` names every one that is wrong."""
    from headgate.config import load_settings

    place = find_home(home, client_environment(), folder=Path.cwd())
    return load_settings(home=place, **flags)
