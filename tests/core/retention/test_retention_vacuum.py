"""Who keeps dead rows from being removed is named, with what to do about it."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from foreign_numbers import burn_to, next_xid

from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.migrate import migrate
from headgate.core.observe.metrics import exposition
from headgate.core.retention.rules import DeadRows, Holder, is_alarming
from headgate.core.retention.vacuum import VacuumWatch
from headgate.installed import migrations

_numbers = itertools.count()
_ALARM = timedelta(minutes=10)


@pytest.fixture
async def database(other_server: str) -> AsyncIterator[Database]:
    """A database on the server that allows slots and prepared transactions."""
    name = f"vacuum_{next(_numbers)}"
    async with await psycopg.AsyncConnection.connect(other_server, autocommit=True) as conn:
        await conn.execute(f"create database {name}")
    url = other_server.replace("/postgres?", f"/{name}?")
    await migrate(url, migrations())
    opened = Database(url, size=2)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def watch(database: Database) -> VacuumWatch:
    return VacuumWatch(database, alarm_after=_ALARM)


def later(minutes: float) -> datetime:
    return utc_now() + timedelta(minutes=minutes)


async def test_an_open_transaction_is_named_until_it_ends(
    database: Database, watch: VacuumWatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with await psycopg.AsyncConnection.connect(
        database.url, application_name="a report"
    ) as forgotten:
        await forgotten.execute("create table left_open (id int)")
        await watch.look(now=later(9))
        assert watch.warnings == ()
        await watch.look(now=later(25))
        await watch.look(now=later(26))
        (warning,) = watch.warnings
        pid = forgotten.info.backend_pid
        assert warning.startswith(
            f"A transaction is open for 26 min: pid {pid}, 'a report', idle in transaction"
        )
        assert f"select pg_terminate_backend({pid});" in warning
        assert "1560" in exposition(watch.families()).partition("session")[2][:12]
        await forgotten.rollback()
    await watch.look(now=later(27))

    assert watch.warnings == ()
    messages = [record.message for record in caplog.records if "headgate" in record.name]
    assert len(messages) == 2  # once when it begins, once when it is over
    assert messages[1] == "nothing holds vacuum back any more"


async def test_a_prepared_transaction_is_named_with_the_way_to_end_it(
    database: Database, watch: VacuumWatch
) -> None:
    async with database.connection() as conn:
        await conn.execute("begin")
        await conn.execute("create table two_phases (id int)")
        await conn.execute("prepare transaction 'it''s left'")
        await watch.look(now=later(11))
        (warning,) = watch.warnings
        assert "rollback prepared 'it''s left';" in warning
        await conn.execute("rollback prepared 'it''s left'")
    await watch.look(now=later(12))
    assert watch.warnings == ()


async def test_a_slot_that_stands_still_while_the_system_works_is_named(
    database: Database, watch: VacuumWatch
) -> None:
    async with database.connection() as conn:
        await conn.execute("select pg_create_logical_replication_slot('gone', 'pgoutput')")
        await watch.look(now=later(0))
        await watch.look(now=later(30))
        assert watch.warnings == ()  # nothing happened that it could hold back
        await asyncio.to_thread(burn_to, database.url, next_xid(database.url) + 10_001)
        await watch.look(now=later(31))
        (warning,) = watch.warnings
        assert (
            "The inactive replication slot 'gone' (pgoutput) has stood still for 31 min" in warning
        )
        assert "select pg_drop_replication_slot('gone');" in warning
        await conn.execute("select pg_drop_replication_slot('gone')")
    await watch.look(now=later(32))
    assert watch.warnings == ()


async def test_a_table_full_of_dead_rows_is_named_when_that_lasts(
    database: Database, watch: VacuumWatch
) -> None:
    async with database.connection() as conn:
        await conn.execute("alter table core.fair_turn set (autovacuum_enabled = false)")
        await conn.execute("alter table core.fair_turn drop constraint fair_turn_job_id_fkey")
        await conn.execute(
            "insert into core.fair_turn select 1, n::text, n from generate_series(1, 100001) n"
        )
        await conn.execute("delete from core.fair_turn")
        await conn.execute("select pg_stat_force_next_flush()")
        await conn.execute("select 1")
        await watch.look(now=later(0))
        assert watch.warnings == ()
        await watch.look(now=later(6))
        (warning,) = watch.warnings
        assert "core.fair_turn has 100,001 dead rows and 0 live ones" in warning
        assert 'headgate_dead_rows{table="fair_turn"} 100001' in exposition(watch.families())
        await conn.execute("vacuum core.fair_turn")
        await watch.look(now=later(7))
    assert watch.warnings == ()


def test_dead_rows_are_too_many_only_beside_few_live_ones() -> None:
    assert DeadRows("a", dead=200_000, live=1000).too_many
    assert not DeadRows("a", dead=200_000, live=1_000_000).too_many
    assert not DeadRows("a", dead=90_000, live=0).too_many


def test_a_transaction_alarms_by_its_age_alone_and_a_slot_by_what_it_holds_as_well() -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    session = Holder("session", "1", "psql", "idle", "700", 1, began, began)
    slot = Holder("slot", "s", "pgoutput", "inactive", "700", 1, None, None)

    assert is_alarming(session, seconds=601, after=_ALARM)
    assert not is_alarming(session, seconds=599, after=_ALARM)
    assert not is_alarming(slot, seconds=601, after=_ALARM)
