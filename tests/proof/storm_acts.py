"""What goes wrong in a storm, and when: a schedule that follows from a seed alone."""

import random
from dataclasses import dataclass
from enum import StrEnum

_EVERY = 0.4  # seconds from one act to the next, on average
_CRASH_EVERY = 20.0
_DEPOSE_EVERY = 8.0


class Kind(StrEnum):
    KILL = "kill -9"
    FREEZE = "freeze"
    DEPOSE = "freeze the leader"
    CUT = "cut a connection"
    CRASH = "crash Postgres"
    REPEAT = "complete again"


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """What happens `at` seconds after the storm began, and for how many seconds it `lasts`.

    `pick`, from 0 up to 1, chooses whom it hits among those that are there then.
    """

    at: float
    kind: Kind
    pick: float
    lasts: float

    def index(self, count: int) -> int:
        """Return which of `count` it hits."""
        return int(self.pick * count)


def schedule(seed: int, *, seconds: float, term: float, lease: float) -> list[Act]:
    """Return the acts of a storm in order: each kind at least once, the first crash early.

    `term` is that of leaders, `lease` that of workers, in seconds: who is frozen is frozen longer.
    """
    chance = random.Random(seed)
    lasts = {
        Kind.KILL: (0.0, 1.0),
        Kind.FREEZE: (lease + 0.3, lease + 1.5),
        Kind.DEPOSE: (term + 1.2, term + 2.0),
        Kind.CUT: (0.0, 0.0),
        Kind.CRASH: (0.0, 1.0),
        Kind.REPEAT: (1.0, 3.0),
    }
    crashes = max(1, int(seconds / _CRASH_EVERY))
    often = [Kind.KILL] * 4 + [Kind.CUT] * 3 + [Kind.FREEZE] * 2 + [Kind.REPEAT]
    kinds = [Kind.KILL, Kind.FREEZE, Kind.CUT, Kind.REPEAT]
    kinds += [chance.choice(often) for _ in range(int(seconds / _EVERY) - len(kinds))]
    times = [chance.uniform(0, seconds) for _ in kinds]
    # The follower is frozen, too, as soon as it leads: so the first one wakes to a router that has
    # work, and must not take it.
    deposed = [chance.uniform(0, seconds) for _ in range(max(1, int(seconds / _DEPOSE_EVERY)))]
    times += [at + later for at in deposed for later in (0.0, 0.1)]
    kinds += [Kind.DEPOSE] * 2 * len(deposed)
    # What died with a crash is given time to come back, and a short storm should not wait for it.
    times += [(n + chance.uniform(0.1, 0.2)) * seconds / crashes for n in range(crashes)]
    kinds += [Kind.CRASH] * crashes
    return sorted(
        Act(at, kind, chance.random(), chance.uniform(*lasts[kind]))
        for at, kind in zip(times, kinds, strict=True)
    )
