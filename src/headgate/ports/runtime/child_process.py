"""Warm child processes with limits: a crash in native code is a failed work, not a dead worker.

On Linux every limit holds for the work with all of its subprocesses. On macOS the memory limit is
not enforced, CPU time is counted in whole seconds for the process itself, and a subprocess that
leaves its process group outlives its work.

The limits guard against accidents and runaway work. The children run as the same user as the
parent and can do on this machine what that user can.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Mapping, Sequence

from headgate.ports.runtime import Call, Work, WorkCrashed
from headgate.ports.runtime.child.launch import child_environment
from headgate.ports.runtime.child.process import ChildProcess
from headgate.ports.runtime.child.watch import LimitWatch


class ChildProcessRuntime:
    """Up to `size` children, each started when first needed and then kept for the next work.

    A child is replaced after `recycle_after` works, after any end but a result or an error of the
    work itself, and after a work that left processes or much memory behind. Its environment is what
    `child_environment` lets through of `env`, its interpreter the parent's; `preload` names modules
    to import at its start. `grace_seconds` is how long a child may take to die before it is killed
    without its keeper's help.
    """

    def __init__(
        self,
        *,
        env: Mapping[str, str],
        size: int = 1,
        preload: Sequence[str] = (),
        recycle_after: int = 200,
        grace_seconds: float = 1.0,
    ) -> None:
        self._env = child_environment(env)
        self._preload = tuple(preload)
        self._recycle_after = recycle_after
        self._grace = grace_seconds
        self._size = size
        self._places = asyncio.Semaphore(size)
        self._watch = LimitWatch()
        self._idle: deque[asyncio.Future[ChildProcess]] = deque()
        self._starting: set[asyncio.Task[ChildProcess]] = set()
        self._busy: set[ChildProcess] = set()
        self._retiring: set[asyncio.Task[None]] = set()
        self._closed = False

    async def run(self, work: Work, doors: Call) -> bytes:
        async with self._places:
            child = await self._take()
            self._busy.add(child)
            try:
                return await child.run(work, doors)
            finally:
                self._busy.discard(child)
                self._put_back(child)

    async def close(self) -> None:
        self._closed = True
        for child in self._busy:
            child.stop(WorkCrashed("The runtime was closed."))
        for starting in self._starting:
            starting.cancel()
        # Who holds every place knows that no work runs; those that waited have been refused.
        async with contextlib.AsyncExitStack() as places:
            for _ in range(self._size):
                await places.enter_async_context(self._places)
        while self._idle:
            for started in await asyncio.gather(self._idle.pop(), return_exceptions=True):
                if isinstance(started, ChildProcess):
                    self._retire(started)
        await asyncio.gather(*self._retiring)

    async def _take(self) -> ChildProcess:
        """Return a living child: the last one used, else a new one."""
        while not self._closed:
            kept = bool(self._idle)
            place = self._idle.pop() if kept else self._start()
            try:
                child = await asyncio.shield(place)
            except WorkCrashed:
                if kept:
                    continue  # a replacement did not start; a start now says why, should it fail
                raise
            except asyncio.CancelledError:
                if not place.cancelled():
                    self._idle.append(place)
                elif not _being_cancelled():
                    break  # `close` cancelled the start, nobody cancelled us
                raise
            if child.reusable:
                return child
            self._retire(child)
        raise WorkCrashed("The runtime is closed.")

    def _put_back(self, child: ChildProcess) -> None:
        if child.reusable and child.runs < self._recycle_after:
            place = asyncio.get_running_loop().create_future()
            place.set_result(child)
            self._idle.append(place)
            return
        self._retire(child)
        if not self._closed:
            self._idle.appendleft(self._start())

    def _start(self) -> asyncio.Task[ChildProcess]:
        task = asyncio.create_task(
            ChildProcess.start(
                preload=self._preload, env=self._env, watch=self._watch, grace_seconds=self._grace
            )
        )
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)
        return task

    def _retire(self, child: ChildProcess) -> None:
        task = asyncio.create_task(child.end())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
