"""The parts of a run of the proof, each a function of a plan that returns what it found.

model    every state of the protocol's model, and its rules left out one by one
chaos    random rounds against Postgres
cascade  rounds of change through flows whose ways meet again, also with deliberate bugs in the SQL
mutants  the rounds of chaos with deliberate bugs in the SQL
storm    processes and a Postgres that are killed, frozen and cut off at work
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to do. What random parts do follows from `seed` alone.

    `ends` is a time of `time.monotonic()` until which rounds go on, whatever `rounds` says.
    """

    seed: int
    rounds: int
    long: bool
    ends: float | None
    say: Callable[[str], None]
    """Prints a line of progress."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`counts` are added up over the parts; `faults` are what is wrong, to be shown to a person."""

    counts: Mapping[str, int]
    faults: list[str] = field(default_factory=list)


Part = Callable[[Plan], Finding]
