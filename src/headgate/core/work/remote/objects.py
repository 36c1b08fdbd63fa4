"""The child half of the object store: each method asks the parent."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Literal

from headgate.core.work.remote.line import Line
from headgate.core.work.remote.requests import (
    Check,
    Delete,
    Get,
    GetRange,
    Head,
    ListPage,
    Put,
    Sign,
    Versions,
)
from headgate.ports.object_store import ObjectInfo


class RemoteObjects:
    """An `ObjectStore`; see the contract there. One object is at most what a frame carries."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def put(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str | None = None,
        if_absent: bool = False,
        if_match: str | None = None,
    ) -> ObjectInfo:
        info: ObjectInfo = await self._line.ask(
            Put(key, data, content_type, if_absent=if_absent, if_match=if_match)
        )
        return info

    async def get(self, key: str, *, version: str | None = None) -> bytes:
        data: bytes = await self._line.ask(Get(key, version))
        return data

    async def get_range(self, key: str, start: int, end: int) -> bytes:
        data: bytes = await self._line.ask(GetRange(key, start, end))
        return data

    async def head(self, key: str) -> ObjectInfo:
        info: ObjectInfo = await self._line.ask(Head(key))
        return info

    async def list(self, prefix: str = "", *, after: str = "") -> AsyncIterator[ObjectInfo]:
        while page := await self._line.ask(ListPage(prefix, after)):
            for info in page:
                yield info
            after = page[-1].key

    async def versions(self, key: str) -> Sequence[ObjectInfo]:
        infos: Sequence[ObjectInfo] = await self._line.ask(Versions(key))
        return infos

    async def delete(self, key: str) -> None:
        await self._line.ask(Delete(key))

    def sign(
        self, method: Literal["GET", "PUT"], key: str, *, now: datetime, lifetime: timedelta
    ) -> str:
        # The contract wants the answer now: the loop of another thread waits for it.
        with ThreadPoolExecutor(1) as thread:
            asked = thread.submit(asyncio.run, self._line.ask(Sign(method, key, now, lifetime)))
            url: str = asked.result()
        return url

    async def check(self) -> None:
        await self._line.ask(Check())
