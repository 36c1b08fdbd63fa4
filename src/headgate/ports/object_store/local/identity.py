"""Which bytes (etag) and which put (version) a file is.

A version is made of the file's own stat, so the put that wrote it and any later look at it agree
without a shared record, and a file that somebody drops or edits in place has one too. No two puts
share a version: their modification time is the clock's at the nanosecond, and while a file or its
kept copy lives its inode is taken. A file replaced from outside has another inode, one edited in
place another time. Moving a store to another disk gives every object a new version.
"""

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from headgate.ports.object_store.local import notes
from headgate.ports.object_store.local.folders import file_stat, opened_file
from headgate.ports.object_store.local.history import folder_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK_NS = 20_000_000  # file times of Linux advance in steps of up to 10 ms
_COARSE_NS = 2_000_000_000  # those of FAT and of some network file systems in 1 or 2 s
_SECOND_NS = 1_000_000_000
_LARGE = 4 << 20  # from this size on, reading a remembered etag beats hashing (1.2 GB/s)


def version_of(found: os.stat_result) -> str:
    """Return the version of the file with this stat."""
    return f"{found.st_mtime_ns:x}-{found.st_size:x}-{found.st_ino:x}"


def modified_of(found: os.stat_result) -> datetime:
    """Return the modification time, to the microsecond."""
    return _EPOCH + timedelta(microseconds=found.st_mtime_ns // 1000)


def etag_of(data: bytes) -> str:
    """Return the etag of these bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


class Etags:
    """The etags of files, each hashed once while its stat stays the same.

    The stat's change time takes part: unlike the modification time nobody can set it back.
    """

    def __init__(self, root: Path, *, now_ns: Callable[[], int], limit: int = 100_000) -> None:
        self._root = root
        self._now_ns = now_ns
        self._limit = limit
        self._known: dict[str, tuple[str, str]] = {}
        self._lock = threading.Lock()

    def of(self, key: str, parent: int, name: str) -> tuple[os.stat_result, str]:
        """Return stat and etag of the file `name`; `FileNotFoundError` if there is none.

        A file we may not read has an etag made of its stat: it can be listed, and whoever gets it
        learns what is wrong.
        """
        found = file_stat(parent, name)
        if found is None:
            raise FileNotFoundError(name)
        signature = _signature(found)
        known = self._known.get(key)
        if known and known[0] == signature:
            return found, known[1]
        if found.st_size >= _LARGE and (
            etag := notes.noted_etag(self._root, folder_of(key), signature)
        ):
            self._keep(key, signature, etag)
            return found, etag
        now_ns = self._now_ns()
        try:
            found, etag = hashed(parent, name)
        except PermissionError:
            return found, f"unread-{signature}"
        if _settled(found, now_ns):
            signature = _signature(found)
            self._keep(key, signature, etag)
            if found.st_size >= _LARGE:
                # A full or read-only disk costs the next process a hash, no more.
                with suppress(OSError):
                    notes.note_etag(self._root, folder_of(key), signature, etag)
        return found, etag

    def _keep(self, key: str, signature: str, etag: str) -> None:
        with self._lock:
            self._known.pop(key, None)
            while len(self._known) >= self._limit:
                del self._known[next(iter(self._known))]
            self._known[key] = (signature, etag)


def _signature(found: os.stat_result) -> str:
    return f"{version_of(found)}-{found.st_ctime_ns:x}"


def _settled(found: os.stat_result, now_ns: int) -> bool:
    """Tell whether a change after `now_ns`, when hashing began, must show in a later stat.

    File times advance in steps: two changes within one step look like one. So what changed within
    the last step is hashed again the next time.
    """
    whole_second = found.st_ctime_ns % _SECOND_NS == 0
    return now_ns - found.st_ctime_ns > (_COARSE_NS if whole_second else _TICK_NS)


def hashed(parent: int, name: str, *, tries: int = 3) -> tuple[os.stat_result, str]:
    """Return stat and etag of a file, read from its start; `FileNotFoundError` if there is none."""
    with opened_file(parent, name) as fd:
        before = os.fstat(fd)
        with open(fd, "rb", closefd=False) as file:
            digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16))
        after = os.fstat(fd)
    if _signature(before) != _signature(after) and tries > 1:
        # Somebody writes it in place while we read: once more, but not for ever.
        return hashed(parent, name, tries=tries - 1)
    return after, digest.hexdigest()
