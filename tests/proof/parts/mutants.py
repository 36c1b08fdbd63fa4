"""Every deliberate bug in the SQL, each until a round of chaos catches it."""

import asyncio

from proof.parts import Finding, Plan
from proof.server import serving
from proof.test_mutants import MUTANTS, first_to_catch

_ROUNDS = 12


def hunt(plan: Plan) -> Finding:
    return asyncio.run(_hunt(plan))


async def _hunt(plan: Plan) -> Finding:
    faults = []
    seeds = range(plan.seed, plan.seed + _ROUNDS * (4 if plan.long else 1))
    async with serving() as fresh:
        for name, mutant in MUTANTS.items():
            async with fresh() as connect:
                seed, seen = await first_to_catch(connect, mutant, seeds=seeds)
            plan.say(f"{name}: {'not caught' if seed is None else f'caught by seed {seed}'}")
            if seed is None:
                faults.append(
                    f"{len(seeds)} rounds from seed {plan.seed} do not catch that {name}:"
                    f" they broke {sorted(seen) or 'nothing'}, not {mutant.breaks!r}"
                )
    return Finding({"mutants": len(MUTANTS), "caught": len(MUTANTS) - len(faults)}, faults)
