"""A process of its own that writes to a local object store: `<root> <what to do> [...]`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from headgate.ports.object_store import PutConflict
from headgate.ports.object_store.local import LocalObjectStore

SIZE = 300_000


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def rewrite(store: LocalObjectStore, first: str) -> None:
    """Replace one object for ever, each time all of one byte; meanwhile make and remove others."""
    for number in range(int(first), sys.maxsize):
        await store.put("a/whole", bytes([number % 256]) * SIZE)
        await store.put("a/new/short", b"x", if_absent=True, content_type="x/y")
        await store.delete("a/new/short")
        say(number)


async def claim(store: LocalObjectStore, name: str) -> None:
    """Try to be the one that makes each of 50 objects; print how many it made."""
    say("ready")
    sys.stdin.read()
    won = 0
    for number in range(50):
        try:
            await store.put(f"claims/{number}/by", name.encode(), if_absent=True)
            won += 1
        except PutConflict:
            continue
    say(won)


async def count(store: LocalObjectStore, times: str) -> None:
    """Add one to a counter so many times."""
    for _ in range(int(times)):
        while True:
            seen = await store.head("counter")
            number = int(await store.get("counter", version=seen.version))
            try:
                await store.put("counter", b"%d" % (number + 1), if_match=seen.etag)
                break
            except PutConflict:
                continue


WORK: dict[str, Callable[[LocalObjectStore, str], Awaitable[None]]] = {
    "rewrite": rewrite,
    "claim": claim,
    "count": count,
}


async def main() -> None:
    root, what, argument = sys.argv[1:]
    store = LocalObjectStore(Path(root), base_url="http://test", secret=b"k" * 32)
    await WORK[what](store, argument)


if __name__ == "__main__":
    asyncio.run(main())
