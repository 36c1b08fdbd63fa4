"""Locks between processes (and threads): one of 256 lock files for each key."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headgate.ports.object_store.local.folders import opened
from headgate.ports.object_store.naming.keys import HIDDEN


@contextmanager
def locked(root: Path, stripe: str) -> Iterator[None]:
    """Hold the lock file `stripe` alone. The kernel frees it when its holder dies."""
    with opened(root, (HIDDEN, "locks"), make=True) as folder:
        fd = os.open(
            stripe, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666, dir_fd=folder
        )
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        # Unlocked by name, not only by closing: a child forked meanwhile shares the descriptor.
        fcntl.flock(fd, fcntl.LOCK_UN)
        os.close(fd)
