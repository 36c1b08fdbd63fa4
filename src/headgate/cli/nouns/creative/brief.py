"""A brief on its way to the server: checked to be JSON, where its faults have a line."""

import json
import sys
from pathlib import Path

from headgate.cli.errors import CliError, Exit, Fault


def read_brief(path: str) -> bytes:
    """Return the brief in a file, or on standard input for `-`, as it is to be sent.

    Only its JSON is checked here, to name line and column; the server checks the rest.
    """
    name = "standard input" if path == "-" else path
    content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    try:
        text = content.decode("utf-8-sig")
        json.loads(text)
    except UnicodeDecodeError as error:
        raise _not_json(name, f"byte {error.start}", "is not UTF-8") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _not_json(name, place, error.msg) from error
    except RecursionError as error:
        raise _not_json(name, "", "is nested too deeply") from error
    return text.encode()


def _not_json(name: str, place: str, reason: str) -> CliError:
    return CliError(
        f"The brief in {name} is not JSON.",
        exit_code=Exit.REFUSED,
        fault="input",
        hint="mend it there, then run the command again.",
        faults=[Fault(place, reason)],
    )
