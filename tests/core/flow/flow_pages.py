"""How many pages statements touch: the same on a busy machine, unlike milliseconds."""

from typing import Any, LiteralString, cast

from headgate.core.database import Connection


class Watched:
    """A connection that takes note of how many pages each statement touched."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.pages: dict[str, int] = {}

    @property
    def connection(self) -> Connection:
        """Itself, for those who want a connection."""
        return cast("Connection", self)

    async def execute(self, statement: LiteralString, values: Any = None) -> Any:
        async with self._conn.transaction(force_rollback=True):
            cursor = await self._conn.execute(
                f"explain (analyze, buffers, format json) {statement}".encode(), values
            )
            row = await cursor.fetchone()
        assert row is not None
        first = " ".join(statement.split())[:100]
        self.pages[first] = max(self.pages.get(first, 0), _most_pages(row["QUERY PLAN"][0]["Plan"]))
        return await self._conn.execute(statement, values)


def _most_pages(node: dict[str, Any]) -> int:
    here = int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])
    return max([here, *map(_most_pages, node.get("Plans", ()))])
