"""Rounds of chaos, each in a database of its own, and what is lost or doubled by its tables."""

import asyncio
import time
from collections import Counter

from headgate.core.work.model import Outcome
from proof import invariants
from proof.chaos import JOBS, Round
from proof.parts import Finding, Plan
from proof.server import Connect, serving

_STEPS = 800
_FINAL = [Outcome.OK, Outcome.DEAD, Outcome.CANCELLED]


def play(plan: Plan) -> Finding:
    return asyncio.run(_play(plan))


async def _play(plan: Plan) -> Finding:
    counts: Counter[str] = Counter(rounds=0, lost=0, doubled=0)
    faults: list[str] = []
    async with serving() as fresh:
        while counts["rounds"] < plan.rounds or (plan.ends and time.monotonic() < plan.ends):
            seed = plan.seed + counts["rounds"]
            async with fresh() as connect:
                found, broken = await play_round(connect, seed)
            counts += Counter(rounds=1) + found
            plan.say(f"seed {seed}: {found['lost']} lost, {found['doubled']} doubled")
            faults += [f"In the round of seed {seed}: {text}" for text in broken]
    return Finding({name: counts[name] for name in ("rounds", "lost", "doubled")}, faults)


async def play_round(connect: Connect, seed: int) -> tuple[Counter[str], list[str]]:
    """Return how many events are `lost` and `doubled`, and which promises are broken."""
    chaos = Round(connect, seed=seed, steps=_STEPS)
    await chaos.play()
    committed = [event for writer in chaos.writers for event in writer.committed]
    broken = await invariants.violations(chaos.hands, JOBS, committed=committed)
    return await _tally(connect, committed), [*chaos.violations, *broken]


async def _tally(connect: Connect, committed: list[int]) -> Counter[str]:
    """Count by a second and simpler way than the invariants: SQL over the events and the history.

    Lost: (event, job) that no final attempt covers, and events that are not in the log. Doubled:
    (event, job, key) that several final attempts cover. An attempt's own count of its events may
    differ from those that it names: that counts, too.
    """
    conn = await connect()
    cursor = await conn.execute(
        """
        with final as (
            select h.job_id, h.ckey, h.n - count(*) as more, h.evs
              from core.task_history h, unnest(h.evs) r
              join core.event e on e.id >= lower(r) and e.id < upper(r)
              join core.subscription s on s.dataset_id = e.dataset_id
             where h.outcome = any (%(final)s::smallint[]) and s.job_id = h.job_id
             group by h.token, h.job_id, h.ckey, h.n, h.evs
        ), often as (
            select job_id, e.id, count(*) - 1 as more
              from final join core.event e on evs @> e.id
              join core.subscription s using (job_id, dataset_id) group by job_id, ckey, e.id
        ), wrong as (select more from final union all select more from often)
        select (select sum(greatest(more, 0)) from wrong)::int as doubled,
               (select sum(greatest(-more, 0)) from wrong)::int
               + (select count(*) from core.event e join core.subscription s using (dataset_id)
                   where (s.job_id, e.id) not in (select job_id, id from often))::int
               + (select count(*) from unnest(%(committed)s::bigint[]) as c(id)
                   where c.id not in (select id from core.event))::int as lost
        """,
        {"final": _FINAL, "committed": committed},
    )
    row = await cursor.fetchone()
    assert row is not None
    return Counter(lost=row["lost"], doubled=row["doubled"])
