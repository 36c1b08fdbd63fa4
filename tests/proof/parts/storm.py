"""A storm over real processes and a Postgres of its own, and what is lost or doubled by it."""

import asyncio
import time
from collections import Counter

from proof import storm
from proof.parts import Finding, Plan

_SECONDS = 20.0


def play(plan: Plan) -> Finding:
    return asyncio.run(_play(plan))


async def _play(plan: Plan) -> Finding:
    """Play storms until the plan ends; if that is to be long, one storm that lasts until then."""
    counts: Counter[str] = Counter(storms=0, lost=0, doubled=0)
    faults: list[str] = []
    while not counts["storms"] or (plan.ends and time.monotonic() < plan.ends):
        seed, seconds = plan.seed + counts["storms"], _SECONDS
        if plan.long and plan.ends:
            seconds = max(seconds, plan.ends - time.monotonic())
        found = await storm.play(seed=seed, seconds=seconds, say=plan.say)
        told, attempts, epochs = (found.counts[name] for name in ("told", "attempts", "epochs"))
        plan.say(f"seed {seed}: {told} told, {attempts} attempts, {epochs} epochs")
        counts.update(storms=1, lost=found.counts["lost"], doubled=found.counts["doubled"])
        faults += [f"In the storm of seed {seed}: {text}" for text in found.broken]
    return Finding(counts, faults)
