"""One warm child: runs works one at a time and turns every end into the right error."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from typing import Self

from headgate.ports.runtime import (
    Call,
    LimitHit,
    Limits,
    RuntimeFailure,
    TooMuchToCarry,
    Work,
    WorkCrashed,
    WorkRaised,
)
from headgate.ports.runtime.child.conversation import Conversation, Gone, MemoryRefused
from headgate.ports.runtime.child.frames import Start
from headgate.ports.runtime.child.launch import Keeper, launch
from headgate.ports.runtime.child.table import read_process
from headgate.ports.runtime.child.watch import MEBIBYTE, LimitWatch, cpu_hit

_START_SECONDS = 60.0
_LEAK_BYTES = 256 * MEBIBYTE  # of a work without a memory limit


class ChildProcess:
    """A keeper, its worker process, and the conversation with it.

    After any end but a result or `WorkRaised` the child is dead when `run` returns or raises.
    """

    def __init__(
        self, keeper: Keeper, talk: Conversation, *, watch: LimitWatch, grace_seconds: float
    ) -> None:
        self.runs = 0
        self._keeper = keeper
        self._talk = talk
        self._watch = watch
        self._grace = grace_seconds
        self._worker = 0
        self._settled_bytes = 0
        self._sound = True
        self._verdict: RuntimeFailure | None = None
        self._ending: asyncio.Task[None] | None = None
        watch.table.add(keeper.pid)

    @classmethod
    async def start(
        cls,
        *,
        preload: Sequence[str],
        env: Mapping[str, str],
        watch: LimitWatch,
        grace_seconds: float,
    ) -> Self:
        """Return a child that is ready for work; `WorkCrashed` if it does not get that far."""
        try:
            keeper, sock = await launch(preload, env=env)
        except OSError as error:
            raise WorkCrashed(f"A child process could not be started: {error}.") from error
        try:
            talk = await Conversation.over(sock)
        except BaseException:
            sock.close()
            await keeper.end(worker=0, grace_seconds=grace_seconds)
            raise
        child = cls(keeper, talk, watch=watch, grace_seconds=grace_seconds)
        try:
            async with asyncio.timeout(_START_SECONDS):
                child._worker = keeper.output.pid = (await talk.wait_ready()).pid
        except (Gone, TimeoutError) as error:
            await child.end()
            raise WorkCrashed(
                "A child process did not get ready for work; its output says why.",
                output=keeper.output.tail(),
            ) from error
        except asyncio.CancelledError:
            await child.end()
            raise
        return child

    @property
    def reusable(self) -> bool:
        return self._sound and self._ending is None and not self._talk.closed

    async def run(self, work: Work, doors: Call) -> bytes:
        self.runs += 1
        self._keeper.output.begin()
        alarm = self._wall_alarm(work.limits.wall_seconds)
        try:
            return await self._converse(work, doors)
        except (MemoryRefused, Gone):
            await self.end()
            raise self._explanation(work.limits) from None
        except (WorkRaised, TooMuchToCarry):
            raise
        except BaseException:
            await self.end()
            raise
        finally:
            if alarm is not None:
                alarm.cancel()
            await self._talk.settle()
            if self._ending is None:
                self._sound = self._is_as_before(work.limits)

    def stop(self, verdict: RuntimeFailure | None) -> asyncio.Task[None]:
        """Kill everything now; the running work, if any, ends with `verdict`."""
        if self._ending is None:
            self._verdict = verdict
            self._talk.cancel_asks()
            self._ending = asyncio.create_task(self._end())
        return self._ending

    async def end(self) -> None:
        """Kill everything; return when it is dead, also if cancelled meanwhile."""
        await _to_the_end(self.stop(None))

    async def _end(self) -> None:
        await self._keeper.end(worker=self._worker, grace_seconds=self._grace)
        self._talk.hang_up()
        self._watch.table.remove(self._keeper.pid)

    async def _converse(self, work: Work, doors: Call) -> bytes:
        limits = work.limits
        memory = None if limits.memory_mb is None else limits.memory_mb * MEBIBYTE
        start = Start(self.runs, work.entry, work.payload, limits.cpu_seconds, memory)
        try:
            with self._watch.over(
                self._keeper.pid, worker=self._worker, limits=limits, breach=self.stop
            ):
                return await self._talk.hold(start, doors)
        except MemoryRefused:
            self.stop(
                LimitHit("memory", f"The work needs more memory than {limits.memory_mb} MiB.")
            )
            raise
        except Gone:
            # The worker process may have closed its socket and live on.
            if self._ending is None and not await self._keeper.wait_end(seconds=self._grace):
                self.stop(WorkCrashed("The process closed its connection and went on."))
            raise

    def _wall_alarm(self, seconds: float | None) -> asyncio.TimerHandle | None:
        if seconds is None:
            return None
        hit = LimitHit("wall", f"The work ran for longer than {seconds:g} seconds.")
        return asyncio.get_running_loop().call_later(seconds, self.stop, hit)

    def _explanation(self, limits: Limits) -> RuntimeFailure:
        """Say how the dead process ended."""
        if isinstance(self._verdict, LimitHit):
            return self._verdict
        code = self._keeper.returncode
        if code == -signal.SIGXCPU and limits.cpu_seconds is not None:
            return cpu_hit(limits.cpu_seconds)
        if self._verdict is not None:
            message = str(self._verdict)
        elif code is None:
            message = "The process cannot be killed."
        elif code < 0:
            message = f"The process was killed by {_signal_name(-code)}."
        else:
            message = f"The process ended by itself, with code {code}."
        return WorkCrashed(message, output=self._keeper.output.tail())

    def _is_as_before(self, limits: Limits) -> bool:
        """Return whether the next work would find the child as this one did.

        Processes that outlive their work, and memory that grows from work to work, would be
        charged to a later work. The first work of a child may grow: it imports.
        """
        tree = self._watch.table.trees()[self._keeper.pid]
        if any(process.pid != self._worker and not process.zombie for process in tree):
            return False
        worker = read_process(self._worker)
        used = worker.memory_bytes if worker is not None else 0
        if self.runs == 1:
            self._settled_bytes = used
        allowed = _LEAK_BYTES if limits.memory_mb is None else limits.memory_mb * MEBIBYTE // 4
        return used - self._settled_bytes <= allowed


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"


async def _to_the_end(task: asyncio.Task[None]) -> None:
    """Wait for the task whatever happens; raise a cancellation that came meanwhile after it."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
