"""The data folder: one server at a time, and where others find it."""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headgate.core.errors import Conflict, HeadgateError


class HomeUnusable(HeadgateError):
    """The data folder cannot be created or written."""

    code = "home_unusable"
    fault = "state"


class Home:
    """Paths and small files of one data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._server = self.path / "server.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Own the folder as its only server; `Conflict` names the one that does already.

        The kernel drops the lock with its process, so one killed with -9 leaves nothing stale.
        """
        self._make()
        with (self.path / "server.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                known = self.read_server() or {}
                where = f" at {known['url']} (process {known['pid']})" if known else ""
                raise Conflict(
                    f"Headgate runs already on {self.path}{where}.",
                    hint="Use that one, stop it, or start another with --home and --port.",
                ) from error
            try:
                yield
            finally:
                self._server.unlink(missing_ok=True)

    def read_server(self) -> dict[str, Any] | None:
        """Return what the running server wrote of itself, or None."""
        try:
            found = json.loads(self._server.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return found if isinstance(found, dict) else None

    def write_server(self, *, url: str, database_url: str, started_at: str) -> None:
        """Say where this server is; for the command line and for separate workers."""
        text = json.dumps(
            {"url": url, "pid": os.getpid(), "database_url": database_url, "started_at": started_at}
        )
        fresh = self._server.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self._server)

    def secret(self) -> bytes:
        """Return the key of this folder's signed URLs, made at the first call."""
        path = self.path / "secret.key"
        self._make()
        with contextlib.suppress(FileExistsError):
            path.touch(mode=0o600, exist_ok=False)
            path.write_bytes(secrets.token_bytes(32))
        return path.read_bytes()

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            probe = self.path / ".writable"
            probe.write_bytes(b"x")
            probe.unlink()
        except OSError as error:
            raise HomeUnusable(
                f"The data folder {self.path} cannot be used: {error.strerror}.",
                hint="Free some space, mend its permissions, or choose another with --home.",
            ) from error
