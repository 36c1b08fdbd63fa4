"""Limits that the kernel enforces in the worker process itself, whatever becomes of the parent.

They are coarse on purpose: the parent's watch is exact. CPU time is rounded up to whole seconds.
Memory is bounded as address space, which NumPy, OpenCV and libvips reserve far more of than they
use, so that the bound only stops a bomb which outgrows the watch between two of its looks.
macOS refuses the bound on address space.
"""

import contextlib
import math
import os
import resource
import time
from pathlib import Path

_HEADROOM = 4  # times the memory limit
# Thread pools reserve by cores: NumPy, OpenCV and libvips together 800 MB on two of them.
_LEAST_HEADROOM = (os.cpu_count() or 1) * 512 * 1024 * 1024
_STATM = Path("/proc/self/statm")


def limit_process(*, cpu_seconds: float | None, memory_bytes: int | None) -> None:
    """Allow this process that much more CPU time and memory than it has used up to now."""
    cpu = None if cpu_seconds is None else math.ceil(time.process_time() + cpu_seconds)
    _set_soft(resource.RLIMIT_CPU, cpu)
    space = None
    if memory_bytes is not None and _STATM.exists():
        mapped = int(_STATM.read_bytes().split()[0]) * resource.getpagesize()
        space = mapped + max(_HEADROOM * memory_bytes, _LEAST_HEADROOM)
    _set_soft(resource.RLIMIT_AS, space)


def no_core_files() -> None:
    """Have a crash leave no image of its memory on disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _set_soft(kind: int, soft: int | None) -> None:
    _, hard = resource.getrlimit(kind)
    if soft is None or (hard != resource.RLIM_INFINITY and soft > hard):
        soft = hard
    with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
        resource.setrlimit(kind, (soft, hard))
