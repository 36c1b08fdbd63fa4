"""What a failed system call means to a person: which folder, what is wrong, what to do."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headgate.ports.object_store import StoreUnavailable

_CAUSES = {
    errno.ENOSPC: ("its disk is full", "Free some space or move the folder to a larger disk."),
    errno.EDQUOT: ("the disk quota is used up", "Delete files there or have the quota raised."),
    errno.EROFS: ("it is mounted read-only", "Mount it writable."),
    errno.EFBIG: (
        "the file would be larger than its file system or this process may write",
        "Raise the limit (`ulimit -f`) or use another file system.",
    ),
    errno.EIO: ("its disk failed to read or write", "Check the disk (`dmesg`)."),
    errno.EMFILE: ("this process has too many open files", "Raise `ulimit -n`."),
    errno.ENFILE: ("the machine has too many open files", "Close programs or raise the limit."),
    errno.EXDEV: (
        "a folder inside it is on another file system, so no file can be moved there whole",
        "Mount the whole object folder, not folders inside it.",
    ),
    errno.EOPNOTSUPP: (
        "its file system lacks hard links or locks",
        "Use a local file system such as ext4, XFS, Btrfs, APFS.",
    ),
}
_DENIED = frozenset({errno.EACCES, errno.EPERM})


class NotAFolder(Exception):
    """Something else is where a folder must be; the text says what and where."""


@contextmanager
def explained(root: Path, doing: str) -> Iterator[None]:
    """Turn the block's system errors into `StoreUnavailable`; `doing` completes "cannot"."""
    try:
        yield
    except (OSError, NotAFolder) as error:
        why, advice = _cause(error)
        raise StoreUnavailable(
            f"The object store in {root} cannot {doing}: {why}. {advice}"
        ) from error


def gone(root: Path) -> StoreUnavailable:
    """Return the error for a root folder that is not there (any more)."""
    return StoreUnavailable(
        f"The object store's folder {root} is gone. Was it moved, or is its disk not mounted? "
        "Nothing was written. Put it back, or restart to begin with an empty one."
    )


def _cause(error: OSError | NotAFolder) -> tuple[str, str]:
    if isinstance(error, NotAFolder):
        return str(error), "Remove it, so that the store can make a folder there."
    if error.errno in _DENIED:
        what = f" to {error.filename!r}" if isinstance(error.filename, str) else ""
        return (
            f"this process (user id {os.geteuid()}) has no permission{what}",
            "Give it read and write access to the folder and all in it.",
        )
    known = _CAUSES.get(error.errno or 0)
    return known or (error.strerror or str(error), "Look at the folder, then try again.")
