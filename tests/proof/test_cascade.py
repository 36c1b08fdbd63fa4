"""Rounds of change through flows with two ways: no output mixes, everything catches up."""

import re

import pytest

from headgate.core.dispatch import store as dispatch
from headgate.core.work import store as work
from proof.cascade import SHAPES, CascadeRound
from proof.conftest import Connect

_MIX = "no output mixes old and new inputs"
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
    "nothing waits, nothing is checked": (
        [
            (work, "claim", "not q.gated or", "true or"),
            (work, "complete", _CHECK, "false"),
        ],
        _MIX,
    ),
    "inputs are checked at the claim alone": ([(work, "complete", _CHECK, "false")], _MIX),
    "an update marks nothing": (
        [(dispatch, "route", "(c.gates or (ev.kind = 1 and c.replaces))", "ev.kind = 1")],
        _MIX,
    ),
    "a zombie is believed": (
        [(work, "complete", "join input i using (task_id, token)", "join input i using (task_id)")],
        "a stale token changes nothing",
    ),
    "a new start forgets what it covered": (
        [(work, "complete", "set rngs = t.rngs + excluded.rngs", "set rngs = t.rngs")],
        "every output follows its source",
    ),
    "staleness never ends": (
        [(dispatch, "sweep", "when b.rngs is null then '{}'", "when b.rngs is null then st.rngs"),
         (dispatch, "sweep", "st.rngs * coalesce(b.rngs, '{}')", "st.rngs")],
        "all work comes to an end",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BUGS)
async def test_a_bug_in_the_cascade_is_caught(
    name: str, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits, breaks = BUGS[name]
    for module, statement, old, new in edits:
        text, times = re.subn(re.escape(old), lambda _, new=new: new, module._SQL[statement])
        assert times == 1, f"{statement} says {old!r} {times} times"
        monkeypatch.setitem(module._SQL, statement, text)
    seen: set[str] = set()
    for seed in range(_ROUNDS):
        for shape in SHAPES.values():
            played = CascadeRound(connect, shape=shape, seed=seed, steps=300)
            await played.play()
            seen |= {text.partition(" (")[0] for text in played.violations}
            if breaks in seen:
                return
    pytest.fail(f"{_ROUNDS} rounds broke only {sorted(seen)}")
