"""Samples go after a week, by days, and those without a day as rows."""

from datetime import UTC, datetime, timedelta

from flow_samples import put, samples

from headgate.core.database import Connection, Database
from headgate.core.retention.partitions import drop_old_days
from headgate.core.retention.rows import drop_old_rows
from headgate.core.retention.rules import Keep

_LONG = timedelta(days=365)
_KEEP = Keep(events=_LONG, history=_LONG, logs=_LONG, dead_letters=_LONG, versions=_LONG)
_TODAY = datetime(2026, 3, 9, 12, tzinfo=UTC)


async def test_days_of_samples_older_than_a_week_go_whole(
    conn: Connection, database: Database
) -> None:
    await conn.execute("select core.ensure_partitions('2026-02-27', '2026-03-09')")
    for days in (0, 7, 8, 10):
        await put(conn, ago=days * 86_400)
    swept = await drop_old_days(database, keep=_KEEP, now=_TODAY)

    assert [day.name for day in swept.dropped] == [
        "sample_20260227",
        "sample_20260228",
        "sample_20260301",
    ]
    assert [(_TODAY - row["at"]).days for row in await samples(conn)] == [7, 0]


async def test_samples_without_a_day_go_as_rows(conn: Connection, database: Database) -> None:
    for days in (1, 8):
        await put(conn, ago=days * 86_400)

    gone = await drop_old_rows(database, keep=_KEEP, now=_TODAY)

    assert gone == {"samples without a day": 1}
    assert len(await samples(conn)) == 1
