"""The protocol's rules, in every order of events that small flows allow."""

import pytest

from proof.model.explore import explore
from proof.model.flows import UPDATES, USUAL, flow
from proof.model.left_out import LEFT_OUT, SPARE
from proof.model.rules import Rules
from proof.model.work import MIXED

_SOME = {
    "a triangle": flow("a triangle", commits=2, faults=1),
    "a diamond": flow("a diamond", commits=2, kinds=UPDATES),
    "a diamond with a long side": flow("a diamond with a long side", commits=1, faults=1),
    "a diamond with a side that appends": flow(
        "a diamond with a side that appends", commits=1, faults=1
    ),
    "a diamond with a side of two sources": flow("a diamond with a side of two sources", commits=1),
    "a diamond under a diamond": flow("a diamond under a diamond", commits=1, faults=1),
}


@pytest.mark.parametrize("name", USUAL)
def test_no_order_of_events_breaks_a_promise(name: str) -> None:
    found = explore(USUAL[name])
    assert found.broken is None, str(found)
    assert found.states > 1_000  # the flow was one


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_rule_that_is_left_out_is_missed(name: str) -> None:
    without = LEFT_OUT[name]
    found = explore(without.flow, without.rules, forgive=without.forgive)
    print(found)
    assert found.broken == without.breaks
    assert explore(without.flow).broken is None  # it is the rule, not the flow


@pytest.mark.parametrize("name", _SOME)
@pytest.mark.parametrize("spare", SPARE)
def test_a_rule_is_spare_beside_another(spare: str, name: str) -> None:
    found = explore(_SOME[name], SPARE[spare])
    assert found.broken is None, str(found)


def test_a_fault_is_told_by_the_shortest_way_to_it() -> None:
    found = explore(flow("a triangle", commits=1), Rules(gate=False, refuse_stale=False))
    assert found.broken == MIXED
    assert found.trace == (
        "A is committed",
        "A is routed",
        "D is claimed",
        "D answers, and passes",
        "D is made from A of A1 and B of A0",
    )
    assert str(found).endswith("\n   5. D is made from A of A1 and B of A0")
