"""Objects as plain files in a folder."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal, TypeVar

from headgate.ports.object_store import ObjectInfo, ObjectMissing
from headgate.ports.object_store.local import history, scratch
from headgate.ports.object_store.local.failures import explained
from headgate.ports.object_store.local.folders import names_in, opened
from headgate.ports.object_store.local.identity import Etags
from headgate.ports.object_store.local.listing import keys_in_order
from headgate.ports.object_store.local.reading import Reader
from headgate.ports.object_store.local.signing import Signer
from headgate.ports.object_store.local.writing import Condition, Writer
from headgate.ports.object_store.naming.keys import check_key

_BATCH = 64
_BATCH_BYTES = 64 << 20  # a batch of files to hash ends here, so the first ones are not kept back

T = TypeVar("T")


class LocalObjectStore:
    """Objects as plain files under `root`, each at its key.

    People and programs may drop files anywhere below `root`, edit and remove them: they are
    objects like those that were put. The store's own things (old versions, temporary files, locks)
    are in `root/.headgate`, which no key reaches and no listing shows. Symbolic links, pipes and
    the like are no objects: reads do not see them and puts refuse to go through them, so nothing
    outside `root` can be read or written.

    Several processes may share `root`. Needs hard links and `flock`: Linux or macOS. Limits that an
    S3 bucket does not have: a key cannot be object and folder at once (`a` and `a/b`: `BadKey`),
    and on macOS keys that differ only by case are one.

    `get(key, version=...)` and `versions` reach the last `keep_versions` objects that a put
    replaced or a delete removed; what others overwrite or remove from outside is not kept.
    """

    def __init__(
        self,
        root: Path,
        *,
        base_url: str,
        secret: bytes,
        keep_versions: int = 10,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        """Create `root` if need be and remove what killed writers left; `StoreUnavailable`.

        `base_url` is where our web server answers `/objects/...`, `secret` (16 bytes or more)
        signs URLs to it, `now_ns` (Unix time) stamps new files.
        """
        self.root = root.absolute()
        self._signer = Signer(base_url=base_url, secret=secret)
        etags = Etags(self.root, now_ns=now_ns)
        self._reader = Reader(self.root, etags)
        self._writer = Writer(self.root, etags, keep_versions=keep_versions, now_ns=now_ns)
        with explained(self.root, "start"):
            self.root.mkdir(parents=True, exist_ok=True)
            scratch.sweep(self.root)

    async def put(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str | None = None,
        if_absent: bool = False,
        if_match: str | None = None,
    ) -> ObjectInfo:
        """Store `data` on disk (synced); see the contract."""
        check_key(key)
        if if_absent and if_match is not None:
            raise ValueError("if_absent and if_match exclude each other")
        only = Condition(absent=if_absent, match=if_match)
        return await self._do(
            f"store {key!r}",
            lambda: self._writer.put(key, data, content_type=content_type, only=only),
        )

    async def get(self, key: str, *, version: str | None = None) -> bytes:
        check_key(key)
        return await self._do(f"read {key!r}", lambda: self._reader.read(key, version))

    async def get_range(self, key: str, start: int, end: int) -> bytes:
        check_key(key)
        return await self._do(f"read {key!r}", lambda: self._reader.read_range(key, start, end))

    async def head(self, key: str) -> ObjectInfo:
        check_key(key)
        return await self._do(f"look at {key!r}", lambda: self._reader.head(key))

    async def list(self, prefix: str = "", *, after: str = "") -> AsyncIterator[ObjectInfo]:
        keys = keys_in_order(self.root, prefix, after)
        more = True
        while more:
            infos, more = await self._do("list its objects", lambda: self._next_batch(keys))
            for info in infos:
                yield info

    async def versions(self, key: str) -> Sequence[ObjectInfo]:
        check_key(key)
        return await self._do(f"look at {key!r}", lambda: self._reader.versions(key))

    async def delete(self, key: str) -> None:
        check_key(key)
        await self._do(f"delete {key!r}", lambda: self._writer.delete(key))

    def sign(
        self, method: Literal["GET", "PUT"], key: str, *, now: datetime, lifetime: timedelta
    ) -> str:
        check_key(key)
        if lifetime <= timedelta(0):
            raise ValueError("a signed URL needs a lifetime above zero")
        return self._signer.url(method, key, now=now, lifetime=lifetime)

    def verify(self, method: str, key: str, expires: int, signature: str, *, now: datetime) -> None:
        """Raise `BadSignature` unless `sign` made this and `now` is before its end.

        The arguments are what a URL of `sign` holds, `key` its path after `/objects/`, unquoted.
        """
        self._signer.verify(method, key, expires, signature, now=now)

    async def check(self) -> None:
        await self._do("be read and written", self._probe)

    async def expire_versions(self, *, before: datetime) -> int:
        """Forget the old versions that were replaced or removed before then; return how many.

        Deleting frees no space until this or `keep_versions` drops the old bytes. (On S3 a
        lifecycle rule of the bucket does it.) Also removes what killed writers left.
        """
        before_ns = int(before.timestamp() * 1_000_000) * 1000

        def expire() -> int:
            scratch.sweep(self.root)
            return history.expire(self.root, before_ns=before_ns)

        return await self._do("drop old versions", expire)

    async def _do(self, doing: str, work: Callable[[], T]) -> T:
        def run() -> T:
            with explained(self.root, doing):
                return work()

        return await asyncio.to_thread(run)

    def _next_batch(self, keys: Iterator[str]) -> tuple[Sequence[ObjectInfo], bool]:
        """Describe the next keys; also tell whether there may be more."""
        infos = []
        size = count = 0
        for key in islice(keys, _BATCH):
            count += 1
            try:
                infos.append(self._reader.head(key))
            except ObjectMissing:
                continue  # removed while we walk, or no plain file
            size += infos[-1].size
            if size >= _BATCH_BYTES:
                return infos, True
        return infos, count == _BATCH

    def _probe(self) -> None:
        with (
            opened(self.root, ()) as folder,
            scratch.written(self.root, b"check") as probe,
        ):
            names_in(folder)
            linked = f"{probe.name}.link"
            probe.link(probe.folder, linked)
            os.unlink(linked, dir_fd=probe.folder)
