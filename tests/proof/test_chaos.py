"""Rounds of chaos with the statements as they are: no promise is broken."""

import pytest

from proof import invariants
from proof.chaos import JOBS, Round
from proof.connecting import Connect


@pytest.mark.parametrize("seed", range(5))
async def test_no_promise_is_broken_in_a_round_of_chaos(seed: int, connect: Connect) -> None:
    print("seed", seed)
    chaos = Round(connect, seed=seed, steps=800)
    await chaos.play()
    committed = [event for writer in chaos.writers for event in writer.committed]
    assert chaos.violations == []
    assert await invariants.violations(chaos.hands, JOBS, committed=committed) == []
    # The round was one: things did go wrong in it.
    outcomes = {
        row["outcome"]
        for job in chaos.hands.made.jobs
        for row in await chaos.hands.rows("task_history", job)
    }
    assert outcomes == {0, 1, 2, 3, 4, 5}
    assert len(committed) > 50
