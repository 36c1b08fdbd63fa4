"""What must be true of the tables when a storm is over, whatever happened in it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from headgate.core.database import Connection
from proof.storm_emitters import Told
from proof.storm_flow import BURST, NOTING, RATE

_SLACK = 0.25  # seconds by which a start may be noted later than its token was taken

_BROKEN = (
    # What is promised, and a query of what breaks it.
    (
        "a token ends once",
        """
        select token, count(*) from core.task_history where token is not null
         group by token having count(*) > 1
        """,
    ),
    (
        "what is written belongs to an attempt that was accepted",
        """
        select * from effect e
         where not exists (select from core.task_history h where h.token = e.token and h.outcome = 0)
        """,
    ),
    (
        "attempts of a key do not overlap",
        """
        select job_id, ckey, token, leased_at, before from (
            select h.*, max(done_at) over (partition by job_id, ckey order by token
                                           rows between unbounded preceding and 1 preceding) as before
              from core.task_history h where token is not null) attempt
         where leased_at < before
        """,
    ),
    (
        "no more leases than the limit",
        """
        select at, leases, most from (
            select at, j.max_concurrency as most,
                   sum(step) over (partition by h.job_id order by at, step) as leases
              from core.task_history h join core.job j on j.id = h.job_id
             cross join lateral (values (leased_at, 1), (done_at, -1)) held(at, step)
             where h.token is not null) moment
         where leases > most
        """,
    ),
    ("only the leader of an epoch routes in it", "select * from routed where leader <> router"),
    (
        "an epoch has one leader",
        "select epoch from routed group by epoch having count(distinct leader) > 1",
    ),
    ("no output mixes old and new inputs", "select * from mixed"),
    (
        "every output follows its source",
        """
        select made.dataset, a.point, v.number, a.number as source
          from (values ('b'), ('c'), ('d')) made(dataset)
          join value a on a.dataset = 'a'
          left join value v on v.dataset = made.dataset and v.point = a.point
         where v.number is distinct from a.number
        """,
    ),
)


async def verdict(conn: Connection, told: Told) -> tuple[Counter[str], list[str]]:
    """Return how many events are `lost` and `doubled`, by job and number, and what is broken."""
    noted = await _noted(conn)
    counts = Counter(lost=0, doubled=0)
    for job in NOTING:
        counts["lost"] += len(told.numbers - noted[job].keys())
        counts["doubled"] += sum(
            times - (number in told.numbers) for number, times in noted[job].items()
        )
    counts["doubled"] += len(told.repeated)
    broken = []
    for promise, query in _BROKEN:
        if rows := await _rows(conn, query):
            broken.append(f"{promise} ({len(rows)} times, as in {rows[0]})")
    return counts, [*broken, *await _too_fast(conn)]


async def left(conn: Connection) -> dict[str, int]:
    """Return what is not done yet, and by how much; nothing when the flow is at rest."""
    (row,) = await _rows(
        conn,
        "select (select count(*) from core.task_pending) as pending,"
        " (select count(*) from core.task_lease) as leased,"
        " (select count(*) from core.unrouted(1000)) as unrouted,"
        " (select count(*) from core.stale) as stale,"
        " (select count(*) from core.dead_letter where state = 'open') as dead",
    )
    return {what: count for what, count in row.items() if count}


async def _noted(conn: Connection) -> dict[str, Counter[int]]:
    """Return, by job, how often each number was noted."""
    rows = await _rows(
        conn,
        "select j.name as job, e.event, count(*) as times from effect e"
        " join (select distinct task_id, token, job_id from core.task_history) h using (token)"
        " join core.job j on j.id = h.job_id group by 1, 2",
    )
    noted: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        noted[row["job"]][row["event"]] = row["times"]
    return noted


async def _too_fast(conn: Connection) -> list[str]:
    rows = await _rows(
        conn,
        "select h.leased_at from core.task_history h join core.job j on j.id = h.job_id"
        " where j.name = 'rated' and h.leased_at is not null order by 1",
    )
    times = [row["leased_at"].timestamp() for row in rows]
    most = busiest(times, rate=RATE)
    allowed = BURST + RATE * _SLACK
    return [f"no more starts than the rate ({most:.0f} at once)"] if most > allowed else []


def busiest(times: Sequence[float], *, rate: float) -> float:
    """Return by how many the starts in any span of the ascending `times` exceed its share.

    That is what a bucket that fills with `rate` tokens a second must have held.
    """
    most = lowest = 0.0
    for count, at in enumerate(times):
        lowest = min(lowest, count - rate * (at - times[0]))
        most = max(most, count + 1 - rate * (at - times[0]) - lowest)
    return most


async def _rows(conn: Connection, query: str) -> list[dict[str, Any]]:
    return await (await conn.execute(query.encode())).fetchall()
