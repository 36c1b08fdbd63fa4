"""Objects in a bucket of Amazon S3, or of a service that speaks its protocol."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

import obstore
from obstore.exceptions import GenericError
from obstore.store import S3Store

from headgate.ports.object_store import ObjectInfo, ObjectMissing, PutConflict
from headgate.ports.object_store.naming.content_types import content_type_of
from headgate.ports.object_store.naming.keys import HIDDEN, check_key, is_key
from headgate.ports.object_store.s3.failures import code_of, explained
from headgate.ports.object_store.s3.identity import TOKEN, id_in, info_of, real_id, version_of

if TYPE_CHECKING:
    from obstore import GetOptions, GetResult, ListStream, ObjectMeta, PutMode
    from obstore.store import ClientConfig, RetryConfig, S3Config

_CLIENT: "ClientConfig" = {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(minutes=5)}
_RETRIES: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(minutes=1)}
_LONGEST_LIFE = timedelta(days=7)  # the limit of AWS Signature Version 4
_LONGEST_PREFIX = 123  # bytes: S3 keys end at 1024, ours at 900, and a slash comes between
_PAGE = 64
_CHECK = f"{HIDDEN}/check"


class S3ObjectStore:
    """Objects in `bucket`, under `prefix/` if given.

    Without keys the credentials come from AWS's own places: `AWS_*` of the environment, web
    identity (EKS), the container (ECS) or the instance (EC2); profile files are not read. Plain
    HTTP needs `allow_http=True`. The service must know conditional puts (`If-None-Match: *` and
    `If-Match`) and list in key order, as S3's general-purpose buckets do.

    Versions: switch on the bucket's versioning, or old versions cannot be read. Without it each of
    our puts still has a version of its own (in the object's metadata); what others put is told
    apart by its etag and its time in seconds. `versions` returns the newest one only, as the
    library underneath cannot list the rest. Old versions and abandoned parts of uploads go by
    lifecycle rules of the bucket.

    Costs: a put is two requests; a listing one for each 1,000 keys and one for each object, since
    S3 lists neither versions nor content types. To `head` a missing bucket looks like a missing
    object; `check` tells them apart. `sign` takes the time from the machine, not from `now`.
    """

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        region: str | None = None,
        endpoint: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
        session_token: str | None = None,
        allow_http: bool = False,
        token: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        """Connect to nothing yet; `ValueError` if the arguments contradict each other.

        `token` returns a text that names one put, never the same twice.
        """
        if endpoint and endpoint.lower().startswith("http:") and not allow_http:
            raise ValueError(f"{endpoint} is not encrypted: use https, or set allow_http")
        if (access_key is None) != (secret_key is None):
            raise ValueError("access_key and secret_key go together")
        prefix = prefix.strip("/")
        if prefix and not (is_key(prefix) and len(prefix.encode()) <= _LONGEST_PREFIX):
            raise ValueError(f"{prefix!r} is no valid prefix of {_LONGEST_PREFIX} bytes at most")
        config: S3Config = {"disable_bulk_delete": True}  # not every service has it
        if region:
            config["region"] = region
        if endpoint:
            config["endpoint"] = endpoint
        if access_key and secret_key:
            config["access_key_id"] = access_key
            config["secret_access_key"] = secret_key
        if session_token:
            config["session_token"] = session_token
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=config,
            client_options={**_CLIENT, "allow_http": allow_http},
            retry_config=_RETRIES,
        )
        self._place = f"bucket {bucket!r} at {endpoint or 'AWS'}"
        self._token = token

    async def put(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str | None = None,
        if_absent: bool = False,
        if_match: str | None = None,
    ) -> ObjectInfo:
        """Store `data`; see the contract. `ObjectMissing` if another writer removed it at once."""
        check_key(key)
        if if_absent and if_match is not None:
            raise ValueError("if_absent and if_match exclude each other")
        mode: PutMode = "create" if if_absent else "overwrite"
        if if_match is not None:
            mode = {"e_tag": if_match}
        token = self._token()
        attributes = {"Content-Type": content_type or content_type_of(key), TOKEN: token}
        try:
            with self._explained(f"store {key!r}", key=key):
                done = await obstore.put_async(
                    self._store, key, data, attributes=attributes, mode=mode
                )
        except PutConflict:
            # Perhaps it was our own put: its answer got lost and the library sent it again.
            with suppress(ObjectMissing):
                found = await self._look(key)
                if found.attributes.get(TOKEN) == token:
                    return info_of(key, found)
            raise
        found = await self._look(key, version_id=real_id(done["version"]))
        if found.attributes.get(TOKEN) == token:
            return info_of(key, found)
        # No versioning, and another writer replaced it since: his time is as near as we get.
        return replace(
            info_of(key, found),
            size=len(data),
            etag=done["e_tag"] or "",
            version=f"put-{token}",
            content_type=attributes["Content-Type"],
        )

    async def get(self, key: str, *, version: str | None = None) -> bytes:
        check_key(key)
        options: GetOptions = {}
        if version_id := id_in(version):
            options["version"] = version_id
        with self._explained(f"read {key!r}", key=key, version=version):
            found = await obstore.get_async(self._store, key, options=options)
            if version is not None and version != version_of(found):
                raise ObjectMissing(f"{key!r} has no version {version!r}, or no longer.")
            return (await found.bytes_async()).to_bytes()

    async def get_range(self, key: str, start: int, end: int) -> bytes:
        check_key(key)
        start = max(start, 0)
        if start >= end:
            await self.head(key)
            return b""
        with self._explained(f"read {key!r}", key=key):
            try:
                found = await obstore.get_range_async(self._store, key, start=start, end=end)
            except GenericError as error:
                if code_of(error) == "InvalidRange":
                    return b""  # the object ends before `start`
                raise
            return found.to_bytes()

    async def head(self, key: str) -> ObjectInfo:
        check_key(key)
        return info_of(key, await self._look(key))

    async def list(self, prefix: str = "", *, after: str = "") -> AsyncIterator[ObjectInfo]:
        folder = prefix.rpartition("/")[0]
        if folder and not is_key(folder):
            return
        # The library lists folders only, so what a longer prefix excludes is skipped by an offset,
        # which is exclusive: the object named like the prefix itself is looked at first.
        if is_key(prefix) and prefix > after and (info := await self._info(prefix)):
            yield info
        offset = max(prefix, after).rstrip("/")
        pages = obstore.list(
            self._store,
            folder or None,
            offset=offset if is_key(offset) else None,
            chunk_size=_PAGE,
        )
        while page := await self._next(pages):
            keys = [each["path"] for each in page]
            wanted = [k for k in keys if k.startswith(prefix) and k > after and k != prefix]
            infos = await asyncio.gather(*(self._info(key) for key in wanted if is_key(key)))
            for info in infos:
                if info:
                    yield info
            if keys[-1] > prefix and not keys[-1].startswith(prefix):
                return

    async def versions(self, key: str) -> Sequence[ObjectInfo]:
        try:
            return [await self.head(key)]
        except ObjectMissing:
            return []

    async def delete(self, key: str) -> None:
        check_key(key)
        with suppress(ObjectMissing), self._explained(f"delete {key!r}", key=key):
            await obstore.delete_async(self._store, key)

    def sign(
        self, method: Literal["GET", "PUT"], key: str, *, now: datetime, lifetime: timedelta
    ) -> str:
        check_key(key)
        if not timedelta(0) < lifetime <= _LONGEST_LIFE:
            raise ValueError("a signed URL lives above zero and at most seven days")
        with self._explained(f"sign a link to {key!r}", key=key):
            return obstore.sign(self._store, method, key, lifetime)

    async def check(self) -> None:
        # Conditional, so that asking often stores nothing new.
        with suppress(PutConflict), self._explained("be written", key=_CHECK):
            await obstore.put_async(self._store, _CHECK, b"check", mode="create")
        with self._explained("be read", key=_CHECK):
            await obstore.get_async(self._store, _CHECK)
            await obstore.list(self._store, HIDDEN).collect_async()

    async def _next(self, pages: "ListStream[Sequence[ObjectMeta]]") -> "Sequence[ObjectMeta]":
        with self._explained("list its objects"):
            try:
                return await pages.__anext__()
            except StopAsyncIteration:
                return ()

    async def _info(self, key: str) -> ObjectInfo | None:
        try:
            return info_of(key, await self._look(key))
        except ObjectMissing:
            return None

    async def _look(self, key: str, *, version_id: str | None = None) -> "GetResult":
        options: GetOptions = {"head": True}
        if version_id:
            options["version"] = version_id
        with self._explained(f"look at {key!r}", key=key, version=version_id):
            return await obstore.get_async(self._store, key, options=options)

    def _explained(
        self, doing: str, *, key: str = "", version: str | None = None
    ) -> AbstractContextManager[None]:
        return explained(self._place, doing, key=key, version=version or "")
