"""Starting and ending a keeper, from the parent."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence

from headgate.ports.runtime.child.output import OutputLog
from headgate.ports.runtime.child.table import ProcessTable, read_process

_MAIN = "headgate.ports.runtime.child.main"
_POLL_SECONDS = 0.002
_KEPT_NAMES = frozenset(
    {"PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH"}
)
_KEPT_PREFIXES = ("LC_", "PYTHON", "VIPS_", "FONTCONFIG", "OMP_", "OPENBLAS_", "OPENCV_")


def child_environment(env: Mapping[str, str]) -> dict[str, str]:
    """Return what of `env` a child may see: where programs and files are, nothing that opens doors.

    Secrets reach a work through its doors or not at all.
    """
    return {
        name: value
        for name, value in env.items()
        if name in _KEPT_NAMES or name.startswith(_KEPT_PREFIXES)
    }


class Keeper:
    """The parent's hold on a keeper and, through it, on all processes below."""

    def __init__(
        self, process: asyncio.subprocess.Process, *, lifeline: int, output: OutputLog
    ) -> None:
        self.pid = process.pid
        self.output = output
        self._process = process
        self._lifeline: int | None = lifeline

    @property
    def returncode(self) -> int | None:
        """How the worker process ended, by `subprocess` convention; None while it lives."""
        return self._process.returncode

    async def wait_end(self, *, seconds: float) -> bool:
        """Return whether the keeper ended, by itself or not, within that time."""
        try:
            await asyncio.wait_for(self._process.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def end(self, *, worker: int, grace_seconds: float) -> None:
        """Return when the keeper and every process below it are dead."""
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None
        doomed = {worker}
        if not await self.wait_end(seconds=grace_seconds):
            doomed |= self._force(worker)
            await self.wait_end(seconds=grace_seconds)
        # Without its keeper's burial a killed process may need a moment more.
        for _ in range(round(grace_seconds / _POLL_SECONDS)):
            if not any(map(_lives, doomed)):
                break
            await asyncio.sleep(_POLL_SECONDS)
        await self.output.wait_end(seconds=grace_seconds)
        self.output.close()

    def _force(self, worker: int) -> set[int]:
        """Kill without the keeper's help, which a work can stop; return the killed."""
        tree = {process.pid for process in ProcessTable([self.pid]).trees()[self.pid]}
        for pid in (self.pid, *tree):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if worker:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker, signal.SIGKILL)
        return tree


def _lives(pid: int) -> bool:
    process = read_process(pid)
    return process is not None and not process.zombie


async def launch(preload: Sequence[str], *, env: Mapping[str, str]) -> tuple[Keeper, socket.socket]:
    """Start a keeper with its worker process; return it and our end of the frames' socket."""
    with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
        sock, their_sock = socket.socketpair()
        ours.enter_context(sock)
        theirs.enter_context(their_sock)
        lifeline = _pipe(reader=theirs, writer=ours)
        output = _pipe(reader=ours, writer=theirs)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", _MAIN, str(their_sock.fileno()), *preload,
            stdin=lifeline[0], stdout=output[1], stderr=output[1],
            pass_fds=(their_sock.fileno(),), env=dict(env), start_new_session=True,
        )  # fmt: skip
        ours.pop_all()
    return Keeper(process, lifeline=lifeline[1], output=OutputLog(output[0])), sock


def _pipe(*, reader: contextlib.ExitStack, writer: contextlib.ExitStack) -> tuple[int, int]:
    read, write = os.pipe()
    reader.callback(os.close, read)
    writer.callback(os.close, write)
    return read, write
