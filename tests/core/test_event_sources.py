"""Sources emit once: whatever restarts, repeats or runs twice."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from headgate.core.clock import utc_now
from headgate.core.dag.deploy import deploy
from headgate.core.database import Database
from headgate.core.errors import Conflict, InvalidInput, NotFound
from headgate.core.services import Services
from headgate.core.sources.http import Sent, accept
from headgate.core.sources.objects import FolderWatch, announce
from headgate.core.sources.schedule import fire_due
from headgate.core.wake import Wake
from headgate.ports.object_store.local import LocalObjectStore

DAG = """
dag: t
datasets:
  t.texts: {}
  t.images: {}
  t.tick: {}
  t.hook: {partitioning: range}
sources:
  texts: {kind: object_created, dataset: t.texts, prefix: in/, suffix: .txt}
  images: {kind: object_created, dataset: t.images, prefix: in/images/}
  tick: {kind: schedule, dataset: t.tick, cron: "*/10 * * * *", catch_up: all, max_catch_up: 5}
  hook: {kind: http, dataset: t.hook}
"""


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    await database.open()
    async with database.connection() as conn:
        await deploy(
            conn, org_id=1, source=DAG, file="t.yaml", known_operators=None, principal="test"
        )
    yield database
    await database.close()


def services(database: Database, folder: Path, clock: Clock | None = None) -> Services:
    return Services(
        database=database,
        objects=LocalObjectStore(folder, base_url="http://localhost", secret=b"s" * 32),
        wake=Wake(database, me="test"),
        clock=clock or utc_now,
    )


async def emitted(database: Database, dataset: str) -> list[str | None]:
    async with database.connection() as conn:
        cursor = await conn.execute(
            "select e.key from core.event e join core.dataset d on d.id = e.dataset_id"
            " where d.name = %s order by e.id",
            [dataset],
        )
        return [row["key"] for row in await cursor.fetchall()]


async def test_a_put_is_announced_once_to_each_source_that_it_fits(
    database: Database, tmp_path: Path
) -> None:
    shared = services(database, tmp_path)
    text = await shared.objects.put("in/a.txt", b"a")
    both = await shared.objects.put("in/images/b.txt", b"b")
    other = await shared.objects.put("elsewhere/c.txt", b"c")
    for info in (text, both, other, text, both):
        await announce(shared, org_id=1, info=info)

    assert await emitted(database, "t.texts") == ["in/a.txt", "in/images/b.txt"]
    assert await emitted(database, "t.images") == ["in/images/b.txt"]


async def test_the_same_bytes_put_again_are_a_new_object(
    database: Database, tmp_path: Path
) -> None:
    shared = services(database, tmp_path)
    for _ in range(2):
        await announce(shared, org_id=1, info=await shared.objects.put("in/a.txt", b"a"))

    assert await emitted(database, "t.texts") == ["in/a.txt", "in/a.txt"]


async def test_two_who_announce_one_put_at_once_emit_one_event(
    database: Database, tmp_path: Path
) -> None:
    shared = services(database, tmp_path)
    info = await shared.objects.put("in/a.txt", b"a")
    await asyncio.gather(*(announce(shared, org_id=1, info=info) for _ in range(8)))

    assert await emitted(database, "t.texts") == ["in/a.txt"]


async def test_the_folder_watch_finds_what_was_dropped_and_leaves_what_was_put(
    database: Database, tmp_path: Path
) -> None:
    shared = services(database, tmp_path)
    await announce(shared, org_id=1, info=await shared.objects.put("in/put.txt", b"x"))
    dropped = tmp_path / "in" / "dropped.txt"
    dropped.write_bytes(b"y")
    long_ago = (utc_now() - timedelta(minutes=1)).timestamp()
    os.utime(dropped, (long_ago, long_ago))
    watch = FolderWatch(shared, every=1)
    found = [await watch.scan() for _ in range(3)]
    again = [await FolderWatch(shared, every=1).scan() for _ in range(2)]  # a restart

    assert found == [0, 1, 0]  # seen, seen again unchanged, known
    assert again == [0, 0]
    assert await emitted(database, "t.texts") == ["in/put.txt", "in/dropped.txt"]


async def test_a_file_that_still_grows_is_waited_for(database: Database, tmp_path: Path) -> None:
    shared = services(database, tmp_path)
    growing = tmp_path / "in" / "growing.txt"
    growing.parent.mkdir()
    watch = FolderWatch(shared, every=1)
    long_ago = (utc_now() - timedelta(minutes=1)).timestamp()
    for size in range(1, 4):
        growing.write_bytes(b"x" * size)
        os.utime(growing, (long_ago + size, long_ago + size))
        assert await watch.scan() == 0
    assert await watch.scan() == 1


async def test_a_schedule_fires_each_time_once(database: Database, tmp_path: Path) -> None:
    clock = Clock()
    shared = services(database, tmp_path, clock)
    assert await fire_due(shared) == 0  # its first fire time is ahead
    clock.now += timedelta(minutes=7, seconds=2)
    fired = [await fire_due(shared) for _ in range(3)]

    assert fired == [1, 0, 0]
    assert await emitted(database, "t.tick") == ["2026-11-20T12:10:00+00:00"]


async def test_missed_fires_are_caught_up_to_the_bound(database: Database, tmp_path: Path) -> None:
    clock = Clock()
    shared = services(database, tmp_path, clock)
    await fire_due(shared)
    clock.now += timedelta(hours=3)

    assert await fire_due(shared) == 5
    assert (await emitted(database, "t.tick"))[-1] == "2026-11-20T15:00:00+00:00"


async def test_several_processes_fire_a_schedule_once(database: Database, tmp_path: Path) -> None:
    clock = Clock()
    shared = services(database, tmp_path, clock)
    await fire_due(shared)
    clock.now += timedelta(minutes=8)

    assert sum(await asyncio.gather(*(fire_due(shared) for _ in range(6)))) == 1


async def test_an_http_source_takes_an_event_once_by_its_key(
    database: Database, tmp_path: Path
) -> None:
    shared = services(database, tmp_path)

    async def send(idempotency_key: str | None) -> tuple[int, bool]:
        event = Sent(range=(1, 5), payload={"n": 1}, idempotency_key=idempotency_key)
        (accepted,) = await accept(shared, org_id=1, dag="t", source="hook", events=[event])
        return accepted

    first, again, other = await send("k"), await send("k"), await send(None)

    assert first == (again[0], False)
    assert again[1] is True
    assert other[0] != first[0]


async def test_a_wrong_http_event_names_every_fault(database: Database, tmp_path: Path) -> None:
    shared = services(database, tmp_path)
    with pytest.raises(InvalidInput) as caught:
        event = Sent(key="a\n", payload="x" * 300_000)
        await accept(shared, org_id=1, dag="t", source="hook", events=[event])

    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"not_a_key", "missing", "key_character", "payload_size"}


async def test_an_unknown_or_switched_off_source_is_named(
    database: Database, tmp_path: Path
) -> None:
    shared = services(database, tmp_path)
    sent = [Sent(range=(1, 2))]
    with pytest.raises(NotFound, match="t/nope"):
        await accept(shared, org_id=1, dag="t", source="nope", events=sent)
    async with database.connection() as conn:
        await conn.execute("update core.source set enabled = false where name = 'hook'")
    with pytest.raises(Conflict, match="switched off"):
        await accept(shared, org_id=1, dag="t", source="hook", events=sent)
