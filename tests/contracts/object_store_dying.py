"""Dies at every step of a write: `<root>`. Each step is tried in a forked child of its own.

A step is a change of a folder that Python's audit events show before it happens. After each death
the parent looks at what is left and writes on. Prints how many steps had a death.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path

from headgate.ports.object_store import ObjectInfo, ObjectMissing
from headgate.ports.object_store.local import LocalObjectStore

KEY = "folder/key.bin"
OLD = b"old" * 1000
NEW = b"new" * 1000

CHANGES = {"os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.utime"}

Write = Callable[[LocalObjectStore, ObjectInfo | None], Awaitable[object]]


def store_in(root: Path) -> LocalObjectStore:
    return LocalObjectStore(root, base_url="http://test", secret=b"k" * 32, keep_versions=2)


async def prepared(root: Path, *, present: bool) -> ObjectInfo | None:
    """Bring the key into its first state; this is also a write after the last child's death."""
    store = store_in(root)
    await store.put(KEY, OLD, content_type="x/old")
    await store.put(KEY, OLD, content_type="x/old")
    if present:
        return await store.head(KEY)
    await store.delete(KEY)
    return None


def die_at(step: int, root: Path, write: Write, old: ObjectInfo | None) -> bool:
    """Run `write` in a child that dies at this step; tell whether it lived long enough."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    store = store_in(root)
    steps = count(1)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        creates = event == "open" and int(str(arguments[2])) & os.O_CREAT
        if (event in CHANGES or creates) and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    async def run() -> None:
        await asyncio.to_thread(int)  # the thread starts before the steps count
        sys.addaudithook(hook)
        await write(store, old)

    asyncio.run(run())
    os._exit(0)


async def look(root: Path, old: ObjectInfo | None, *, may_lack: bool) -> None:
    """Assert that all that is left is whole: the old state or the new one."""
    store = store_in(root)
    assert not list((root / ".headgate/tmp").iterdir())
    infos = [info async for info in store.list()]
    assert [info.key for info in infos] in ([], [KEY])
    try:
        now = await store.head(KEY)
    except ObjectMissing:
        assert may_lack
        assert not infos
    else:
        assert infos == [now]
        data = await store.get(KEY)
        assert (data, now.content_type) in ((OLD, "x/old"), (NEW, "x/new"))
        assert data == NEW or now == old
    versions = await store.versions(KEY)
    assert len({info.version for info in versions}) == len(versions)
    assert old is None or old in versions
    for info in versions:
        expected = OLD if info.content_type == "x/old" else NEW
        assert await store.get(KEY, version=info.version) == expected


async def replace(store: LocalObjectStore, _: ObjectInfo | None) -> None:
    await store.put(KEY, NEW, content_type="x/new")


async def replace_matching(store: LocalObjectStore, old: ObjectInfo | None) -> None:
    assert old
    await store.put(KEY, NEW, content_type="x/new", if_match=old.etag)


async def make(store: LocalObjectStore, _: ObjectInfo | None) -> None:
    await store.put(KEY, NEW, content_type="x/new", if_absent=True)


async def delete(store: LocalObjectStore, _: ObjectInfo | None) -> None:
    await store.delete(KEY)


WRITES: tuple[tuple[Write, bool], ...] = (
    (replace, True),
    (replace_matching, True),
    (replace, False),
    (make, False),
    (delete, True),
)


def main() -> None:
    root = Path(sys.argv[1])
    deaths = 0
    for write, present in WRITES:
        for step in count(1):
            old = asyncio.run(prepared(root, present=present))
            died = die_at(step, root, write, old)
            asyncio.run(look(root, old, may_lack=not present or write is delete))
            if not died:
                break
            deaths += 1
    sys.stdout.write(f"{deaths}\n")


if __name__ == "__main__":
    main()
