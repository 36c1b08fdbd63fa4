"""Tables in line with the schemas of their datasets."""

from collections.abc import Sequence

from psycopg import errors as pg

from headgate.core.database import Connection
from headgate.core.errors import Conflict
from headgate.core.sinks import store
from headgate.core.sinks.model import Existing, Table, difference


async def existing_tables(conn: Connection, *, org_id: int) -> dict[str, Existing]:
    """Return the org's tables by dataset, those of removed ones too, and whether they have rows."""
    found = await store.tables(conn, org_id=org_id)
    filled = await store.filled_tables(conn, tables=[Table(org_id, name, {}) for name in found])
    return {name: Existing(table.columns, name in filled) for name, table in found.items()}


async def align_tables(conn: Connection, *, org_id: int, wanted: Sequence[Table]) -> None:
    """Create the tables that are missing, and add and drop columns of the others.

    Raises `Conflict` if that would lose rows that came after the plan was checked, or if somebody
    keeps a table locked.
    """
    if not wanted:
        return
    await store.lock_tables(conn)
    await store.begin_altering(conn)
    existing = await store.tables(conn, org_id=org_id)
    await store.create_schema(conn, org_id=org_id)
    for table in wanted:
        if table.dataset not in existing:
            await store.create_table(conn, table=table)
        else:
            await _alter(conn, table, existing[table.dataset])


async def _alter(conn: Connection, table: Table, existing: Existing) -> None:
    change = difference(existing.columns, table.columns)
    if not change.drop and not change.add:
        return
    try:
        if change.drop:
            await store.lock_table(conn, table=table)
            if await store.filled_tables(conn, tables=[table]):
                raise Conflict(
                    f"Rows came into the table of {table.dataset} while it was to be changed.",
                    hint="Deploy again: the plan now says what would be lost.",
                )
        await store.alter_table(conn, table=table, change=change)
    except pg.LockNotAvailable as error:
        raise Conflict(
            f"The table of {table.dataset} is in use, and its columns cannot be changed meanwhile.",
            hint="Try again; if it stays so, end the transaction that reads the table.",
        ) from error
