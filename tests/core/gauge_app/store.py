"""The statements of the gauge app."""

from os import system  # noqa: F401 - not defined here, so no door opens to it

from gauge_app.model import Level, Reading, Unit


async def add_reading(conn, *, reading: Reading) -> str:
    await conn.execute(
        "insert into gauge values (%s, %s, %s, %s)",
        [reading.gauge, reading.at, reading.level.value, list(reading.tags)],
    )
    return f"{reading.gauge} noted"


async def readings(conn, *, gauge: str) -> list[Reading]:
    cursor = await conn.execute("select * from gauge where name = %s order by at", [gauge])
    return [
        Reading(row["name"], row["at"], Level(row["level"], Unit.METER), tuple(row["tags"]))
        for row in await cursor.fetchall()
    ]


async def rows(conn) -> list[dict]:
    cursor = await conn.execute("select * from gauge order by name, at")
    return await cursor.fetchall()


async def broken(conn) -> None:
    await conn.execute("select secret_column from gauge")


async def unwelcome(conn) -> object:
    return object()


def not_async(conn) -> None:
    raise AssertionError


async def _private(conn) -> None:
    raise AssertionError
