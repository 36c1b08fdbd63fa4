"""Rounds of change through flows whose ways meet again, and the deliberate bugs that they catch."""

import asyncio
import time

from proof.cascade import SHAPES, CascadeRound
from proof.parts import Finding, Plan
from proof.server import Fresh, serving
from proof.test_cascade import BUGS, first_to_catch

_STEPS = 500
_ROUNDS = 12


def play(plan: Plan) -> Finding:
    return asyncio.run(_play(plan))


async def _play(plan: Plan) -> Finding:
    async with serving() as fresh:
        rounds, broken = await _rounds(plan, fresh)
        missed = await _bugs(plan, fresh)
    counts = {"rounds": rounds, "mutants": len(BUGS), "caught": len(BUGS) - len(missed)}
    return Finding(counts, broken + missed)


async def _rounds(plan: Plan, fresh: Fresh) -> tuple[int, list[str]]:
    """Play each shape in turn, and at least once; return how many rounds, and what was broken."""
    shapes = list(SHAPES.items())
    rounds, faults = 0, []
    while rounds < max(plan.rounds, len(shapes)) or (plan.ends and time.monotonic() < plan.ends):
        name, shape = shapes[rounds % len(shapes)]
        seed = plan.seed + rounds // len(shapes)
        async with fresh() as connect:
            played = CascadeRound(connect, shape=shape, seed=seed, steps=_STEPS)
            await played.play()
        rounds += 1
        plan.say(f"seed {seed}, {name}: {played.published} made, {len(played.violations)} broken")
        faults += [f"In {name} of seed {seed}: {text}" for text in played.violations]
    return rounds, faults


async def _bugs(plan: Plan, fresh: Fresh) -> list[str]:
    faults = []
    seeds = range(plan.seed, plan.seed + _ROUNDS * (4 if plan.long else 1))
    for name, bug in BUGS.items():
        async with fresh() as connect:
            seed, seen = await first_to_catch(connect, bug, seeds=seeds)
        plan.say(f"{name}: {'not caught' if seed is None else f'caught by seed {seed}'}")
        if seed is None:
            faults.append(
                f"{len(seeds)} seeds from {plan.seed} do not catch that {name}:"
                f" they broke {sorted(seen) or 'nothing'}, not {bug.breaks!r}"
            )
    return faults
