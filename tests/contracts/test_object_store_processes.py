"""A folder that several processes write at once, and that some die in."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import object_store_dying
import object_store_writer
import pytest

import headgate
from headgate.ports.object_store import ObjectMissing
from headgate.ports.object_store.local import LocalObjectStore

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(headgate.__file__).parents[1])}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "objects"


def store_in(root: Path) -> LocalObjectStore:
    return LocalObjectStore(root, base_url="http://test", secret=b"k" * 32)


def started(root: Path, what: str, argument: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, object_store_writer.__file__, str(root), what, argument],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


async def test_a_writer_killed_at_any_moment_leaves_only_whole_objects(root: Path):
    strays = 0
    for attempt in range(8):
        with started(root, "rewrite", str(attempt * 20)) as writer:
            assert writer.stdout
            writer.stdout.readline()
            await asyncio.sleep(0.003 * attempt)
            writer.kill()
        strays += len(list((root / ".headgate/tmp").iterdir()))
        store = store_in(root)
        assert list((root / ".headgate/tmp").iterdir()) == []
        whole = await store.get("a/whole")
        assert whole == whole[:1] * object_store_writer.SIZE
        for info in await store.versions("a/whole"):
            old = await store.get("a/whole", version=info.version)
            assert old == old[:1] * object_store_writer.SIZE
        async for info in store.list():
            assert len(await store.get(info.key)) == info.size
        await store.put("a/whole", whole, if_match=(await store.head("a/whole")).etag)
        await store.delete("a/new/short")
    assert strays, "no kill hit a put: the test proves nothing, change its timing"


def test_a_writer_that_dies_at_any_step_leaves_the_old_state_or_the_new(root: Path):
    run = subprocess.run(
        [sys.executable, object_store_dying.__file__, str(root)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 30, "too few steps were seen to have tried them all"


async def test_only_one_of_eight_processes_makes_a_new_object(root: Path):
    claimers = [started(root, "claim", str(number)) for number in range(8)]
    for claimer in claimers:
        assert claimer.stdout
        assert claimer.stdout.readline() == "ready\n"
    for claimer in claimers:
        assert claimer.stdin
        claimer.stdin.close()
    won = []
    for claimer in claimers:
        with claimer:
            assert claimer.stdout
            won.append(int(claimer.stdout.read()))
    assert sum(won) == 50
    store = store_in(root)
    makers = [int(await store.get(info.key)) async for info in store.list("claims/")]
    assert [makers.count(number) for number in range(8)] == won
    assert sum(1 for made in won if made) > 1, "one process did it all: there was no race"


async def test_a_counter_that_four_processes_raise_loses_nothing(root: Path):
    store = store_in(root)
    await store.put("counter", b"0")
    counters = [started(root, "count", "25") for _ in range(4)]
    for counter in counters:
        with counter:
            assert counter.wait() == 0
    assert await store.get("counter") == b"100"


async def test_listings_and_starts_go_on_while_another_process_writes_and_deletes(root: Path):
    store = store_in(root)
    await store.put("z/last", b"x")
    with started(root, "rewrite", "0") as writer:
        assert writer.stdout
        writer.stdout.readline()
        try:
            for _ in range(50):
                keys = [info.key async for info in store_in(root).list()]
                assert set(keys) - {"a/new/short"} == {"a/whole", "z/last"}
            assert writer.poll() is None, "a start swept away what the writer was writing"
        finally:
            writer.kill()


async def test_threads_that_make_and_remove_neighbors_do_not_disturb_each_other(root: Path):
    store = store_in(root)

    async def come_and_go(name: str) -> None:
        for _ in range(20):
            await store.put(f"deep/er/{name}", b"x")
            await store.delete(f"deep/er/{name}")

    await asyncio.gather(*(come_and_go(name) for name in "abcdef"))
    with pytest.raises(ObjectMissing):
        await store.get("deep/er/a")
    assert not (root / "deep").exists()
