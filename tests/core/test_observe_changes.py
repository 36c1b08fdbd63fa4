"""The change stream: late commits, positions, and when to look at everything again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.rows import dict_row

from headgate.core.clock import utc_now
from headgate.core.database import Connection, Database
from headgate.core.observe import store
from headgate.core.observe.changes import KEEP, Batch, follow
from headgate.core.observe.rules import Position, may_resume, parse_position
from headgate.core.retention.store import drop_changes
from headgate.core.services import Services
from headgate.core.wake import Wake

_AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    database = Database(database_url, size=4)
    await database.open()
    yield Services(
        database=database,
        objects=None,  # type: ignore[arg-type]  # changes have nothing to do with objects
        wake=Wake(database, me="test"),
        clock=utc_now,
    )
    await database.close()


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(
        database_url, autocommit=True, row_factory=dict_row
    ) as opened:
        yield opened


class _Watcher:
    """Reads the stream batch by batch."""

    def __init__(self, services: Services, *, resume_from: str | None = None) -> None:
        self._services = services
        self.stopping = asyncio.Event()
        self._batches = follow(
            services,
            org_id=1,
            topics=["task", "operation"],
            resume_from=resume_from,
            stopping=self.stopping,
        )

    async def next(self) -> Batch:
        self._services.wake.signal("changed")
        return await asyncio.wait_for(anext(self._batches), 10)

    async def subjects(self) -> list[str]:
        return [change.subject for change in (await self.next()).changes]

    async def close(self) -> None:
        await self._batches.aclose()  # type: ignore[attr-defined]  # it is a generator


async def _tell(conn: Connection, *subjects: str, topic: str = "task", org_id: int = 1) -> None:
    for subject in subjects:
        await conn.execute(
            "insert into core.change (org_id, topic, subject, data) values (%s, %s, %s, '{}')",
            [org_id, topic, subject],
        )


async def test_a_late_commit_is_told_late_and_not_left_out(
    services: Services, conn: Connection, database_url: str
) -> None:
    watcher = _Watcher(services)
    await watcher.next()
    async with await psycopg.AsyncConnection.connect(database_url) as slow:
        await slow.execute(
            "insert into core.change (org_id, topic, subject, data) values (1, 'task', 'slow', '{}')"
        )
        await _tell(conn, "quick")
        assert await watcher.subjects() == ["quick"]
        await slow.commit()

    assert await watcher.subjects() == ["slow"]
    await watcher.close()


async def test_who_resumes_across_a_late_commit_misses_nothing(
    services: Services, conn: Connection, database_url: str
) -> None:
    watcher = _Watcher(services)
    await watcher.next()
    async with await psycopg.AsyncConnection.connect(database_url) as slow:
        await slow.execute(
            "insert into core.change (org_id, topic, subject, data) values (1, 'task', 'slow', '{}')"
        )
        await _tell(conn, "quick")
        position = str((await watcher.next()).position)
        await watcher.close()
        await slow.commit()
    await _tell(conn, "later")

    again = _Watcher(services, resume_from=position)

    assert await again.subjects() == ["slow", "later"]
    await again.close()


async def test_other_topics_and_orgs_are_not_told(services: Services, conn: Connection) -> None:
    watcher = _Watcher(services)
    await watcher.next()
    await conn.execute("insert into core.org (id, slug, name) values (2, 'other', 'Other')")
    await _tell(conn, "dag", topic="dag")
    await _tell(conn, "theirs", org_id=2)
    await _tell(conn, "ours", topic="operation")

    assert await watcher.subjects() == ["ours"]
    await watcher.close()


async def test_too_much_at_once_means_look_at_everything_again(
    services: Services, conn: Connection
) -> None:
    watcher = _Watcher(services)
    await watcher.next()
    await conn.execute(
        "insert into core.change (org_id, topic, subject, data)"
        " select 1, 'task', g::text, '{}' from generate_series(1, 600) g"
    )

    batch = await watcher.next()

    assert (batch.reset, batch.changes) == (True, ())
    await _tell(conn, "after")
    assert await watcher.subjects() == ["after"]
    await watcher.close()


async def test_a_position_of_long_ago_cannot_be_resumed_from(services: Services) -> None:
    async with services.database.connection() as conn:
        now = await store.snapshot(conn)
    old = Position(now, services.clock() - KEEP)

    watcher = _Watcher(services, resume_from=str(old))

    assert (await watcher.next()).reset
    await watcher.close()


async def test_a_stream_ends_when_the_server_stops(services: Services) -> None:
    watcher = _Watcher(services)
    await watcher.next()

    watcher.stopping.set()

    with pytest.raises(StopAsyncIteration):
        await watcher.next()


async def test_old_changes_are_forgotten(conn: Connection) -> None:
    await _tell(conn, "old", "new")
    await conn.execute("update core.change set at = now() - interval '2 h' where subject = 'old'")

    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert await drop_changes(conn, before=hour_ago, limit=10) == 1

    cursor = await conn.execute("select subject from core.change")
    assert [row["subject"] for row in await cursor.fetchall()] == ["new"]


@st.composite
def _snapshots(draw: st.DrawFn) -> str:
    low = draw(st.integers(1, 2**40))
    between = sorted(draw(st.sets(st.integers(low, low + 5000), max_size=150)))
    high = max([low, *(x + 1 for x in between)])
    return f"{low}:{high}:{','.join(map(str, between))}"


@given(_snapshots())
def test_a_position_is_read_back_as_it_was_written(snapshot: str) -> None:
    assert parse_position(str(Position(snapshot, _AT))) == Position(snapshot, _AT)


@given(st.text())
def test_any_text_is_a_position_or_none(text: str) -> None:
    found = parse_position(text)
    assert found is None or parse_position(str(found)) == found


@pytest.mark.parametrize(
    "snapshot", ["0:1:", "5:4:", "5:9:4", "5:9:9", "5:9:7,6", "5:9:6,6", "1:9223372036854775808:"]
)
def test_what_postgres_would_not_take_is_no_position(snapshot: str) -> None:
    assert parse_position(f"1795184139238.{snapshot}") is None


def test_a_snapshot_with_very_many_open_transactions_is_shortened_to_one_that_sees_less() -> None:
    open_ = ",".join(str(n) for n in range(10, 1000))

    found = parse_position(str(Position(f"10:1000:{open_}", _AT)))

    assert found == Position("10:10:", _AT)


def test_a_position_from_the_future_or_too_long_ago_cannot_be_resumed_from() -> None:
    position = Position("1:1:", _AT)
    keep = timedelta(hours=1)

    assert may_resume(position, now=_AT + timedelta(minutes=59), keep=keep)
    assert not may_resume(position, now=_AT + timedelta(hours=1), keep=keep)
    assert not may_resume(position, now=_AT - timedelta(hours=1), keep=keep)
