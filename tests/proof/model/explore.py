"""Every state that can be reached, breadth first: the first fault that is found is a shortest."""

import gc
from array import array
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from proof.model.flow import Flow
from proof.model.log import commits, tells
from proof.model.router import routes, sweeps
from proof.model.rules import Rules
from proof.model.state import State, Step
from proof.model.work import answers, claims, ends
from proof.model.world import World

STUCK = "I9: all comes to rest, with nothing stale and everything up to date"
ACTIONS = (commits, tells, routes, sweeps, claims, ends, answers)


@dataclass(frozen=True, slots=True)
class Found:
    """`states` were looked at. `broken` is a promise that is not kept, `trace` shortest to it."""

    states: int
    broken: str | None = None
    trace: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.broken is None:
            return f"{self.states:,} states, and every promise is kept"
        steps = (f"{number:4}. {said}" for number, said in enumerate(self.trace, 1))
        return "\n".join([f"broken in state {self.states:,}: {self.broken}", *steps])


def explore(flow: Flow, rules: Rules | None = None, *, forgive: Container[str] = ()) -> Found:
    """Look at all states of a flow, up to the first broken promise that is not forgiven."""
    with _no_garbage():
        return _Search(World(flow, rules or Rules()), forgive).run()


class _Search:
    def __init__(self, world: World, forgive: Container[str]) -> None:
        self._world = world
        self._forgive = forgive
        self._states = [world.start()]
        self._number = {self._states[0]: 0}
        self._before = array("L", [0])
        self._after = array("L")  # of each state in turn: where it leads without force;
        self._last = array("L")  # and where its part ends there

    def run(self) -> Found:
        for number, state in enumerate(self._states):  # which grow meanwhile
            for step in self._steps(state):
                if step.broken is not None and step.broken not in self._forgive:
                    trace = (*self._trace(number), step.said)
                    return Found(len(self._states), step.broken, trace)
                after = self._number.setdefault(step.state, len(self._states))
                if after == len(self._states):
                    self._states.append(step.state)
                    self._before.append(number)
                if not step.forced:
                    self._after.append(after)
            self._last.append(len(self._after))
        stuck = self._first_stuck()
        if stuck is None or STUCK in self._forgive:
            return Found(len(self._states))
        end = self._world.described(self._states[stuck])
        return Found(len(self._states), STUCK, (*self._trace(stuck), f"no rest from here: {end}"))

    def _steps(self, state: State) -> Iterator[Step]:
        for action in ACTIONS:
            yield from action(self._world, state)

    def _first_stuck(self) -> int | None:
        """Return the first state from which no way leads to a settled one without force."""
        rests = bytearray(self._world.settled(state) for state in self._states)
        more = True
        while more:
            more = False
            for number in range(len(rests) - 1, -1, -1):  # most steps lead to a later state
                first = self._last[number - 1] if number else 0
                if not rests[number] and any(
                    rests[after] for after in self._after[first : self._last[number]]
                ):
                    rests[number] = more = True
        stuck = rests.find(0)
        return None if stuck < 0 else stuck

    def _trace(self, number: int) -> tuple[str, ...]:
        said = []
        while number:
            before, state = self._before[number], self._states[number]
            said.append(next(s.said for s in self._steps(self._states[before]) if s.state == state))
            number = before
        return tuple(reversed(said))


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Millions of tuples and not one cycle: to look for some would take half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
