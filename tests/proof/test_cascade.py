"""Rounds of change through flows with two ways: no output mixes, everything catches up."""

from collections.abc import Iterable

import pytest

from headgate.core.dispatch import store as dispatch
from headgate.core.work import store as work
from proof.cascade import NO_MIX, SHAPES, CascadeRound
from proof.connecting import Connect
from proof.test_mutants import Mutant, mutated

_ROUNDS = 6


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(3))
async def test_no_output_mixes_old_and_new_inputs(shape: str, seed: int, connect: Connect) -> None:
    print("seed", seed)
    played = CascadeRound(connect, shape=SHAPES[shape], seed=seed, steps=500)
    await played.play()
    assert played.violations == []
    assert played.published > 0


_CHECK = "core.is_outdated(gone.job_id, gone.ckey, gone.rngs, gone.seen)"
BUGS = {
    "nothing waits, nothing is checked": Mutant(
        (
            (work, "claim", "not q.gated or", "true or"),
            (work, "complete", _CHECK, "false"),
        ),
        NO_MIX,
    ),
    "inputs are checked at the claim alone": Mutant(
        ((work, "complete", _CHECK, "false"),),
        NO_MIX,
    ),
    "an update marks nothing": Mutant(
        ((dispatch, "route", "(c.gates or (ev.kind = 1 and c.replaces))", "ev.kind = 1"),),
        NO_MIX,
    ),
    "a zombie is believed": Mutant(
        (
            (
                work,
                "complete",
                "join input i using (task_id, token)",
                "join input i using (task_id)",
            ),
        ),
        "a stale token changes nothing",
    ),
    "a new start forgets what it covered": Mutant(
        ((work, "complete", "set rngs = t.rngs + excluded.rngs", "set rngs = t.rngs"),),
        "every output follows its source",
    ),
    "staleness never ends": Mutant(
        (
            (
                dispatch,
                "sweep",
                "when b.rngs is null then '{}'",
                "when b.rngs is null then st.rngs",
            ),
            (dispatch, "sweep", "st.rngs * coalesce(b.rngs, '{}')", "st.rngs"),
        ),
        "all work comes to an end",
    ),
    "what was given up is not stale": Mutant(
        ((dispatch, "sweep", "where state = 'open' and job_id in", "where false and job_id in"),),
        NO_MIX,
    ),
}


async def first_to_catch(
    connect: Connect, bug: Mutant, *, seeds: Iterable[int]
) -> tuple[int | None, set[str]]:
    """Play rounds of every shape until one breaks the promise that the bug attacks.

    Return the seed of that round, and every promise that was broken up to it.
    """
    seen: set[str] = set()
    with mutated(bug):
        for seed in seeds:
            for shape in SHAPES.values():
                played = CascadeRound(connect, shape=shape, seed=seed, steps=300)
                await played.play()
                seen |= {text.partition(" (")[0] for text in played.violations}
                if bug.breaks in seen:
                    return seed, seen
    return None, seen


@pytest.mark.parametrize("name", BUGS)
async def test_a_bug_in_the_cascade_is_caught(name: str, connect: Connect) -> None:
    seed, seen = await first_to_catch(connect, BUGS[name], seeds=range(_ROUNDS))
    assert seed is not None, f"{_ROUNDS} rounds broke only {sorted(seen)}"
