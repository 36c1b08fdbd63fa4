"""The keeper: `python -m headgate.ports.runtime.child.main SOCKET [MODULE ...]`.

SOCKET is the number of an inherited descriptor; standard input is the lifeline. The modules are
imported before the first work. See the package for who is who.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import time

from headgate.ports.runtime.child.rlimits import no_core_files
from headgate.ports.runtime.child.table import ProcessTable

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_POLL_SECONDS = 0.001


def main(arguments: list[str]) -> None:
    frames, preload = int(arguments[0]), arguments[1:]
    no_core_files()
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    wake, wake_end = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(wake_end, False)
    signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _only_wake)
    keeper = os.getpid()
    worker = os.fork()
    if worker == 0:
        os.close(wake)
        os.close(wake_end)
        _become_worker(keeper, frames, preload)
    os.close(frames)
    _keep(worker, wake)


def _become_worker(keeper: int, frames: int, preload: list[str]) -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    # Safe here: this signal follows the thread that forked, and the keeper has only one.
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != keeper:
        os._exit(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)

    from headgate.ports.runtime.child.worker import serve

    serve(frames, preload)


def _keep(worker: int, wake: int) -> None:
    """Wait until the worker process or the parent ends; end everything, in the worker's way."""
    lifeline = sys.stdin.fileno()
    while True:
        ready, _, _ = select.select([lifeline, wake], [], [])
        asked = lifeline in ready
        if wake in ready:
            asked |= any(number != signal.SIGCHLD for number in os.read(wake, 4096))
        status = None if asked else _reap(worker)
        if asked or status is not None:
            _end_like(_kill_all(worker, status))


def _reap(worker: int) -> int | None:
    """Bury what has died; return the worker's status if it was among them."""
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == worker:
            return status
        if pid == 0:
            return None


def _kill_all(worker: int, status: int | None) -> int:
    """Kill until this process has no child; return the status of the worker.

    As the subreaper this process inherits the children of all it kills, so none can slip away.
    """
    with contextlib.suppress(ProcessLookupError):
        os.killpg(worker, signal.SIGKILL)
    if status is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)  # it may not have left our group yet
        _, status = os.waitpid(worker, 0)
    table = ProcessTable([os.getpid()])
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return status
        if pid == 0:
            for process in table.trees()[os.getpid()]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
            time.sleep(_POLL_SECONDS)


def _end_like(status: int) -> None:
    """End by the same signal or with the same code, which tells the parent how the worker ended."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status))


def _only_wake(number: int, frame: object) -> None:
    """Do nothing: the number arrives in the wakeup descriptor."""


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
