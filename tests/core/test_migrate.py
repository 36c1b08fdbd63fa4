"""Migrations go forward, once each, and a database of another version is refused at start."""

import asyncio

import psycopg
import pytest

from headgate.core.errors import DatabaseUnavailable
from headgate.core.migrate import Migration, WrongDatabase, migrate
from headgate.installed import migrations

EXTRA = Migration("shop", "0001_shop", "create table shop.item (id int primary key);")


async def test_a_second_run_applies_nothing(database_url: str) -> None:
    assert await migrate(database_url, migrations()) == []


async def test_a_new_one_is_applied_once_by_many_at_once(database_url: str) -> None:
    known = [*migrations(), EXTRA]
    applied = await asyncio.gather(*(migrate(database_url, known) for _ in range(4)))

    assert sorted(applied) == [[], [], [], ["shop/0001_shop"]]


async def test_one_that_fails_leaves_nothing_behind(database_url: str) -> None:
    broken = Migration("shop", "0001_shop", "create table shop.item (id int); select 1/0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        await migrate(database_url, [*migrations(), broken])

    assert await migrate(database_url, [*migrations(), EXTRA]) == ["shop/0001_shop"]


async def test_a_database_that_is_ahead_is_refused(database_url: str) -> None:
    newer = Migration("core", "9999_later", "select 1")
    await migrate(database_url, [*migrations(), newer])

    with pytest.raises(WrongDatabase, match="9999_later"):
        await migrate(database_url, migrations())


async def test_a_migration_that_was_edited_is_refused(database_url: str) -> None:
    first, *rest = migrations()
    edited = Migration(first.owner, first.name, first.sql + " ")

    with pytest.raises(WrongDatabase, match="differs"):
        await migrate(database_url, [edited, *rest])


async def test_an_app_that_is_not_installed_keeps_its_tables(database_url: str) -> None:
    await migrate(database_url, [*migrations(), EXTRA])

    assert await migrate(database_url, migrations()) == []


async def test_a_server_that_is_not_there_is_told_in_words() -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        await migrate("postgresql://localhost:1/none", migrations())
