"""Forward-only SQL migrations: each file once, in order, under one lock.

A package with migrations has a `migrations` folder of `NNNN_name.sql` files and owns the schema of
its own name. An applied file never changes: its checksum is kept, and a database that is ahead of
this code, or differs from it, is refused at start rather than at the first odd query.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import psycopg

from headgate.core.database import MINIMUM_VERSION, Connection, unavailable
from headgate.core.errors import HeadgateError

_LOCK = 0x48454144  # "HEAD": every process that migrates takes this advisory lock


class WrongDatabase(HeadgateError):
    """The database is of a kind or version that this code cannot work with."""

    code = "wrong_database"
    fault = "state"


@dataclass(frozen=True, slots=True)
class Migration:
    owner: str
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_of(owner: str, package: str) -> list[Migration]:
    """Return the migrations that `package` ships, in order; empty when it has none."""
    folder = files(package) / "migrations"
    if not folder.is_dir():
        return []
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [
        Migration(owner, n.removesuffix(".sql"), (folder / n).read_text(encoding="utf-8"))
        for n in names
    ]


async def _prepare(conn: Connection, owners: Sequence[str]) -> None:
    await conn.execute("create schema if not exists core")
    await conn.execute(
        "create table if not exists core.migration (owner text not null, name text not null,"
        " checksum text not null, applied_at timestamptz not null default now(),"
        " primary key (owner, name))"
    )
    for owner in owners:
        await conn.execute(
            psycopg.sql.SQL("create schema if not exists {}").format(psycopg.sql.Identifier(owner))
        )


def _mismatch(known: dict[tuple[str, str], Migration], applied: dict[tuple[str, str], str]) -> str:
    owners = {owner for owner, _ in known}
    for (owner, name), checksum in sorted(applied.items()):
        if owner not in owners:
            continue  # an app that is not installed here; its tables stay as they are
        if (owner, name) not in known:
            return f"it has migration {owner}/{name}, which this version does not know"
        if known[owner, name].checksum != checksum:
            return f"its migration {owner}/{name} differs from the one that this version ships"
    return ""


async def migrate(url: str, migrations: Sequence[Migration]) -> list[str]:
    """Bring the database at `url` up to date; return the names of what was applied now.

    Raises `WrongDatabase` if the server is older than the minimum, or its schema is ahead of or
    different from `migrations`; `DatabaseUnavailable` if it cannot be reached. Nothing is applied
    in part: each file is one transaction.
    """
    known = {(m.owner, m.name): m for m in migrations}
    try:
        async with await psycopg.AsyncConnection.connect(
            url, autocommit=True, connect_timeout=10, row_factory=psycopg.rows.dict_row
        ) as conn:
            if conn.info.server_version < MINIMUM_VERSION * 10000:
                raise WrongDatabase(
                    f"Postgres {conn.info.server_version // 10000} is too old:"
                    f" Headgate needs {MINIMUM_VERSION} or newer.",
                    hint="Point HEADGATE_DATABASE_URL at a newer server, or unset it to use the"
                    " bundled one.",
                )
            return await _apply(conn, known)
    except psycopg.Error as error:
        if reachable := unavailable(error):
            raise reachable from error
        raise


async def _apply(conn: Connection, known: dict[tuple[str, str], Migration]) -> list[str]:
    done: list[str] = []
    await conn.execute("select pg_advisory_lock(%s)", [_LOCK])
    try:
        await _prepare(conn, sorted({owner for owner, _ in known}))
        cursor = await conn.execute("select owner, name, checksum from core.migration")
        applied = {(r["owner"], r["name"]): r["checksum"] for r in await cursor.fetchall()}
        if why := _mismatch(known, applied):
            raise WrongDatabase(
                f"This database was made by another version of Headgate: {why}.",
                hint="Run the version that made it, or a newer one, or use another database.",
            )
        for key, migration in known.items():
            if key in applied:
                continue
            async with conn.transaction():
                await conn.execute(migration.sql.encode())
                await conn.execute(
                    "insert into core.migration (owner, name, checksum) values (%s, %s, %s)",
                    [migration.owner, migration.name, migration.checksum],
                )
            done.append(f"{migration.owner}/{migration.name}")
    finally:
        await conn.execute("select pg_advisory_unlock(%s)", [_LOCK])
    return done
