"""The statements of sinks, one function each. The caller owns the transaction."""

from collections.abc import Sequence

from psycopg import errors as pg

from headgate.core.database import Connection
from headgate.core.errors import HeadgateError
from headgate.core.sinks import statements
from headgate.core.sinks.model import (
    OWN_COLUMNS,
    TYPES,
    Difference,
    Existing,
    Table,
    schema_of,
)
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)
_KINDS = {postgres: kind for kind, postgres in TYPES.items()}


class TableUnfit(HeadgateError):
    """Rows cannot be written as long as their table is as it is."""

    code = "table_unfit"
    status = 409
    fault = "state"
    retry = True


async def buffered_dataset(conn: Connection, *, org_id: int, name: str) -> tuple[int, Table] | None:
    """Return a dataset's id and its table; None if the org has no such buffered dataset."""
    cursor = await conn.execute(_SQL["buffered_dataset"], {"org_id": org_id, "name": name})
    row = await cursor.fetchone()
    return None if row is None else (row["id"], Table(org_id, name, row["schema"]))


async def write_rows(
    conn: Connection, *, dataset_id: int, table: Table, task_id: int, token: int
) -> None:
    """Write the rows of the events of an attempt that was completed just now in this transaction.

    Raises `TableUnfit` if the table is locked, missing or not as it was deployed.
    """
    evs = await begin_writing(conn, task_id=task_id, token=token)
    await insert_rows(conn, dataset_id=dataset_id, table=table, evs=evs)
    await delete_replaced(conn, dataset_id=dataset_id, table=table, evs=evs)


async def begin_writing(conn: Connection, *, task_id: int, token: int) -> str:
    """Return the ids that the attempt covers, a multirange.

    The rest of the transaction waits for no lock for long, and plans by index.
    """
    cursor = await conn.execute(_SQL["begin_writing"], {"task_id": task_id, "token": token})
    row = await cursor.fetchone()
    if row is None:  # else its rows would be missing, and nobody would know
        raise HeadgateError(f"The history does not know what attempt {token} covered.")
    return str(row["evs"])


async def insert_rows(conn: Connection, *, dataset_id: int, table: Table, evs: str) -> int:
    """Add the rows of the events with these ids, but for those of events that are there; count."""
    try:
        cursor = await conn.execute(
            statements.insert_rows(table), {"dataset_id": dataset_id, "evs": evs}
        )
    except (pg.UndefinedTable, pg.UndefinedColumn, pg.DatatypeMismatch) as error:
        why = error.diag.message_primary
        raise TableUnfit(
            f"The table of {table.dataset} is not as it was deployed: {why}.",
            hint="Deploy its DAG again, which mends the table; then redrive.",
        ) from error
    except pg.LockNotAvailable as error:
        raise TableUnfit(
            f"Somebody keeps the table of {table.dataset} locked.",
            hint="Nothing to do if it ends soon: it is tried again. Else end that transaction.",
        ) from error
    return cursor.rowcount


async def delete_replaced(conn: Connection, *, dataset_id: int, table: Table, evs: str) -> int:
    """Delete rows that a later event of their place invalidated; count them.

    `evs` are the ids that were inserted just now: rows that the same task replaces are there, too.
    """
    cursor = await conn.execute(
        statements.delete_replaced(table), {"dataset_id": dataset_id, "evs": evs}
    )
    return cursor.rowcount


async def begin_altering(conn: Connection) -> None:
    """Make the rest of the transaction fail rather than wait for a lock for long."""
    await conn.execute(_SQL["begin_altering"])


async def lock_tables(conn: Connection) -> None:
    """Wait until no other deploy makes tables; holds to the end of the transaction."""
    await conn.execute(_SQL["lock_tables"])


async def tables(conn: Connection, *, org_id: int) -> dict[str, Existing]:
    """Return the org's tables by dataset, those of removed ones too; none of them as filled."""
    cursor = await conn.execute(_SQL["tables"], {"schema": schema_of(org_id)})
    return {
        row["dataset"]: Existing(
            {
                name: _KINDS.get(kind, kind)
                for name, kind in row["columns"].items()
                if name not in OWN_COLUMNS
            }
        )
        for row in await cursor.fetchall()
    }


async def filled_tables(conn: Connection, *, tables: Sequence[Table]) -> set[str]:
    """Return the datasets whose tables have rows; the tables exist."""
    if not tables:
        return set()
    cursor = await conn.execute(statements.filled_tables(tables))
    return {row["dataset"] for row in await cursor.fetchall()}


async def create_schema(conn: Connection, *, org_id: int) -> None:
    await conn.execute(statements.create_schema(org_id), prepare=False)


async def create_table(conn: Connection, *, table: Table) -> None:
    await conn.execute(statements.create_table(table), prepare=False)


async def alter_table(conn: Connection, *, table: Table, change: Difference) -> None:
    """Drop and add columns; what was in a dropped one is gone."""
    await conn.execute(statements.alter_table(table, change), prepare=False)


async def lock_table(conn: Connection, *, table: Table) -> None:
    """Keep everybody else from the table until the end of the transaction."""
    await conn.execute(statements.lock_table(table), prepare=False)
