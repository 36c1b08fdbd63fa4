"""Which server a command talks to, and why there is none."""

import json
import os
from pathlib import Path
from typing import NamedTuple

from headgate.cli.errors import CliError, Exit
from headgate.environment import ClientEnvironment

HOME_NAME = ".headgate"
START_ONE = "start a server with `headgate up`, or name one with --server URL."


class Server(NamedTuple):
    """Where a server is. `origin` says how it was found, `pid` whose process it is if known."""

    url: str
    origin: str
    pid: int | None = None


def find_home(given: Path | None, environment: ClientEnvironment, *, folder: Path) -> Path:
    """Return the data folder: the one named, else the nearest `.headgate` from `folder` upwards.

    Where there is none yet, it is the one that a server started in `folder` would make.
    """
    if given is not None:
        return given
    if environment.home is not None:
        return Path(environment.home)
    for candidate in (folder, *folder.parents):
        if (candidate / HOME_NAME).is_dir():
            return candidate / HOME_NAME
    return folder / HOME_NAME


def find_server(
    url: str | None, *, home: Path | None, environment: ClientEnvironment, folder: Path
) -> Server:
    """Return the server named by a flag or the environment, else the one that runs on the home.

    Raises `CliError` when there is none, or when the one on record has ended.
    """
    if url is not None:
        return Server(_checked(url, "--server"), "--server")
    if environment.server is not None and home is None:
        return Server(_checked(environment.server, "HEADGATE_SERVER"), "HEADGATE_SERVER")
    place = find_home(home, environment, folder=folder)
    server = read_server(place)
    if server is None:
        raise CliError(
            f"No Headgate server runs on {place}.", exit_code=Exit.UNREACHABLE, hint=START_ONE
        )
    # Before the first request: another server may have taken over the port of one that was killed.
    if server.pid is not None and not is_alive(server.pid):
        raise stale(server)
    return server


def read_server(home: Path) -> Server | None:
    """Return what a server wrote of itself in its data folder, or None."""
    path = home / "server.json"
    try:
        found = json.loads(path.read_bytes())
        return Server(str(found["url"]), str(path), int(found["pid"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CliError(
            f"{path} cannot be read: {error.strerror}.",
            exit_code=Exit.UNREACHABLE,
            hint="run as the user who started the server, or name it with --server URL.",
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CliError(
            f"{path} is not what a server writes.",
            exit_code=Exit.UNREACHABLE,
            hint=f"delete it, then {START_ONE}",
        ) from error


def is_alive(pid: int) -> bool:
    """Tell whether a process of this machine runs, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def stale(server: Server) -> CliError:
    """Return the error for a server that is on record but gone."""
    return CliError(
        f"The server at {server.url} has ended: {server.origin} is left over from process"
        f" {server.pid}.",
        exit_code=Exit.UNREACHABLE,
        hint=START_ONE,
    )


def _checked(url: str, name: str) -> str:
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"http", "https"} or not rest.strip("/"):
        raise CliError(
            f"{name} is {url!r}, which is no server's address.",
            exit_code=Exit.USAGE,
            hint="write it like http://localhost:8400.",
        )
    return url.rstrip("/")
