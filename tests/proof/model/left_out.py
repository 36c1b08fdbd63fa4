"""Rules left out, one or two at a time, and the promise that is broken then.

`SPARE` are rules that each other make unnecessary: without any of a pair nothing is broken.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from proof.model.explore import STUCK
from proof.model.flow import Flow
from proof.model.flows import BOTH, UPDATES, flow
from proof.model.router import UNMARKED
from proof.model.rules import Rules
from proof.model.work import FOREIGN, LATE, MIXED
from proof.model.world import LOST


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What `rules` break in `flow`. That a mark is missing is forgiven: what follows is shown."""

    rules: Rules
    flow: Flow
    breaks: str
    forgive: frozenset[str] = frozenset({UNMARKED})


_TRIANGLE = flow("a triangle", commits=2, faults=1)
_LONG_SIDE = flow("a diamond with a long side", commits=1, faults=1, kinds=UPDATES)
_APPENDS = flow("a diamond with a side that appends", commits=1, kinds=BOTH)
_TWO_SOURCES = flow("a diamond with a side of two sources", commits=1)

LEFT_OUT: Mapping[str, LeftOut] = {
    "any token will do": LeftOut(Rules(fence=False), _TRIANGLE, FOREIGN),
    "any token will do, and what comes of it": LeftOut(
        Rules(fence=False), _TRIANGLE, LATE, frozenset({FOREIGN, UNMARKED})
    ),
    "what folds back forgets what waits": LeftOut(Rules(merge=False), _TRIANGLE, LOST),
    "an event follows its output": LeftOut(Rules(one_transaction=False), _TRIANGLE, LOST),
    "gated jobs do not wait": LeftOut(
        Rules(gate=False, refuse_stale=False, refuse_successor=False, refuse_unrouted=False),
        _TRIANGLE,
        MIXED,
    ),
    "answers are not checked": LeftOut(
        Rules(refuse_stale=False, refuse_successor=False, refuse_unrouted=False), _TRIANGLE, MIXED
    ),
    "stale inputs stop neither a claim nor an answer": LeftOut(
        Rules(gate=False, refuse_stale=False), _TRIANGLE, MIXED
    ),
    "answers are checked before the inputs are read": LeftOut(
        Rules(read_first=False), _TRIANGLE, MIXED
    ),
    "answers are not checked for a successor": LeftOut(
        Rules(refuse_successor=False), _TRIANGLE, MIXED
    ),
    "answers are not checked for unrouted events": LeftOut(
        Rules(refuse_unrouted=False), _TRIANGLE, MIXED
    ),
    "only a gated job's inputs are marked, not what lies before them": LeftOut(
        Rules(mark_middle=False), _LONG_SIDE, MIXED
    ),
    "marks end at a job that appends": LeftOut(Rules(mark_appended=False), _APPENDS, MIXED),
    "an invalidation marks only what is made anew": LeftOut(
        Rules(mark_both_kinds=False), _APPENDS, MIXED
    ),
    "nothing is swept": LeftOut(Rules(sweep=False), _TRIANGLE, STUCK),
    "the sweep does not see work": LeftOut(Rules(sweep_sees_work=False), _TRIANGLE, MIXED),
    "the sweep does not see dead letters": LeftOut(Rules(sweep_sees_dead=False), _TRIANGLE, MIXED),
    "the sweep does not see unrouted events": LeftOut(
        Rules(sweep_sees_unrouted=False), _LONG_SIDE, MIXED
    ),
    "the sweep does not see stale inputs": LeftOut(
        Rules(sweep_sees_inputs=False), _LONG_SIDE, MIXED
    ),
    "the sweep forgets at once": LeftOut(
        Rules(sweep_sees_work=False), _TRIANGLE, UNMARKED, frozenset()
    ),
    "events are routed in any order": LeftOut(Rules(causal_order=False), _TWO_SOURCES, MIXED),
}

SPARE: Mapping[str, Rules] = {
    "the gate, as stale inputs are looked for at the end": Rules(gate=False),
    "the look for stale inputs at the end, as there is the gate": Rules(refuse_stale=False),
    "causal order, if the end looks for unrouted events of all ancestors": Rules(
        causal_order=False, refuse_far=True
    ),
}
