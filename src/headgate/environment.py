"""The little of the environment that the command line needs, read without loading `config`.

A command that only talks to a server must start at once, and `config` costs the import of pydantic.
The two agree on the names: `HEADGATE_SERVER` and `HEADGATE_HOME` are settings there too.
"""

import os
import sys
from collections.abc import Mapping
from typing import NamedTuple

COMPLETION_VARIABLE = "_HEADGATE_COMPLETE"
"""Set by the completion script of a shell; its value is click's business."""


class ClientEnvironment(NamedTuple):
    """Where to look for a server, and what kind of place the terminal is.

    `has_display` tells whether a window can open. Empty variables count as unset.
    """

    server: str | None
    home: str | None
    no_color: bool
    has_display: bool
    completion: str | None


def client_environment(environ: Mapping[str, str] | None = None) -> ClientEnvironment:
    """Read the variables; `environ` stands for the process's own in tests."""
    given = os.environ if environ is None else environ
    return ClientEnvironment(
        server=given.get("HEADGATE_SERVER") or None,
        home=given.get("HEADGATE_HOME") or None,
        no_color=bool(given.get("NO_COLOR")) or given.get("TERM") == "dumb",
        has_display=sys.platform == "darwin"
        or bool(given.get("DISPLAY") or given.get("WAYLAND_DISPLAY")),
        completion=given.get(COMPLETION_VARIABLE) or None,
    )
