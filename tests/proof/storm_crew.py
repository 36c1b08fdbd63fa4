"""The processes of a storm, each started again whenever it dies, and a Postgres that can be crashed."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

from headgate.ports.postgres.embedded import EmbeddedPostgres
from proof.worker_process import AWAY

_TESTS = Path(__file__).parents[1]
_PAUSE = 0.2  # seconds before a process is started again


class Member:
    """A worker process and whoever takes its place; `died` says when one died by itself, and of what."""

    def __init__(self, url: str, *, name: str, options: tuple[str, ...], folder: Path) -> None:
        self.name = name
        self.died: list[str] = []
        self._words = ("-m", "proof.worker_process", url, "--name", name, *options)
        self._log = folder / f"{name}.log"
        self._process: Process | None = None
        self._pause = _PAUSE
        self._leaving = False
        self._frozen = 0

    @property
    def frozen(self) -> bool:
        return self._frozen > 0

    async def keep(self) -> None:
        """Have the process run, whatever becomes of it, until `leave` or until cancelled."""
        path = os.pathsep.join([str(_TESTS), *sys.path])
        while not self._leaving:
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *self._words,
                    stdout=DEVNULL,
                    stderr=log,
                    env={**os.environ, "PYTHONPATH": path},
                )
            try:
                code = await self._process.wait()
            finally:
                self._send(self._process, signal.SIGKILL)
                await self._process.wait()
            as_asked = {0, -signal.SIGTERM} if self._leaving else set()
            if code not in {-signal.SIGKILL, AWAY, *as_asked}:
                said = self._log.read_text(errors="replace").strip().splitlines()[-1:]
                self.died.append(f"{self.name} ends with code {code}: {' '.join(said)}")
            await asyncio.sleep(self._pause)
            self._pause = _PAUSE

    def kill(self, *, pause: float) -> None:
        """Kill the process with -9; the next one starts after `pause` seconds."""
        self._pause = pause
        self._send(self._process, signal.SIGKILL)

    async def freeze(self, seconds: float) -> None:
        """Stop the process in whatever it does, and let it go on after `seconds`."""
        process = self._process
        self._frozen += 1
        self._send(process, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._frozen -= 1
            self._send(process, signal.SIGCONT)

    def leave(self) -> None:
        """Ask the process to stop in good order, for good."""
        self._leaving = True
        self._send(self._process, signal.SIGTERM)

    @staticmethod
    def _send(process: Process | None, what: signal.Signals) -> None:
        # Not by the process's own method: that may reap it, and asyncio would miss how it ended.
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, what)


async def crash(server: EmbeddedPostgres, *, away: float) -> None:
    """Stop Postgres with no checkpoint and no good-bye; start it again after `away` seconds."""
    stop = ("pg_ctl", "-D", server._data, "-m", "immediate", "-w", "-t", "30", "stop")
    await asyncio.to_thread(server._run, *stop)
    try:
        await asyncio.sleep(away)
    finally:
        await asyncio.to_thread(server.start)
