"""What the core must do, said a second time: sets of integers in memory instead of SQL.

Ranges are sets of points and covered events are sets of ids, so nothing here shares an idea with
multiranges, upserts or snapshots. Single-threaded: what commits first is routed first.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from headgate.core.work.model import POISON_LOSSES, Outcome
from proof.deployment import Input, JobPlan

EVERYWHERE = frozenset({10**18})  # an unbounded range, as what a text key invalidates
Slot = tuple[str, str]
"""A job's name and a coalescing key."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event that was committed."""

    id: int
    dataset: str
    invalidates: bool
    points: frozenset[int]
    key: str | None
    heavy: bool


@dataclass(frozen=True, slots=True)
class Work:
    """A pending task or a lease: what it covers and what it went through."""

    points: frozenset[int]
    inval: frozenset[int]
    events: frozenset[int]
    n: int
    heavy: bool
    attempt: int = 0
    losses: int = 0
    waiting: bool = False

    def joined(self, other: "Work") -> "Work":
        return Work(
            self.points | other.points,
            EVERYWHERE if EVERYWHERE in (self.inval, other.inval) else self.inval | other.inval,
            self.events | other.events,
            self.n + other.n,
            self.heavy or other.heavy,
            max(self.attempt, other.attempt),
            max(self.losses, other.losses),
            self.waiting or other.waiting,
        )


@dataclass(slots=True)
class Ledger:
    plans: dict[str, JobPlan]
    unrouted: list[Told] = field(default_factory=list)
    window: int | None = None
    pending: dict[Slot, Work] = field(default_factory=dict)
    leased: dict[Slot, Work] = field(default_factory=dict)
    ended: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    """How many events each job's successes, deaths and cancellations covered."""
    known: dict[int, Told] = field(default_factory=dict)
    hits: Counter[str] = field(default_factory=Counter)

    def emit(self, event: Told) -> None:
        self.unrouted.append(event)
        self.known[event.id] = event

    def route(self, limit: int) -> tuple[int, int]:
        """Return how many events a batch routes, and into how many tasks."""
        if self.window is None:
            self.window = len(self.unrouted)
        taken, self.unrouted = (
            self.unrouted[: min(limit, self.window)],
            self.unrouted[min(limit, self.window) :],
        )
        self.window = self.window - limit if len(taken) == limit else None
        touched: set[Slot] = set()
        for event in taken:
            for plan in self.plans.values():
                for read in plan.inputs:
                    if read.dataset == event.dataset:
                        touched |= self._hit(plan, read, event)
        return len(taken), len(touched)

    def _hit(self, plan: JobPlan, read: Input, event: Told) -> set[Slot]:
        points = _moved(event.points, read)
        parts: dict[str, frozenset[int]] = {}
        if plan.strategy == "PerUpdate":
            parts[f"u{event.id}"] = points
        elif plan.strategy == "Bulk":
            parts["b"] = points
        elif event.key is not None or not event.points:
            parts["k" + "/".join((event.key or "").split("/")[: read.segments])] = points
        else:
            for number in {point // plan.part_size for point in points}:
                parts[f"p{number}"] = frozenset(p for p in points if p // plan.part_size == number)
        for ckey, part in parts.items():
            invalid = (part or EVERYWHERE) if event.invalidates else frozenset()
            work = Work(part, invalid, frozenset({event.id}), 1, event.heavy)
            self._merge((plan.name, ckey), work)
            self.hits[plan.name] += 1
        return {(plan.name, ckey) for ckey in parts}

    def _merge(self, slot: Slot, work: Work) -> None:
        before = self.pending.get(slot)
        self.pending[slot] = work if before is None else before.joined(work)

    def claimable(self, job: str, quota: int) -> tuple[set[Slot], int]:
        """Return the slots that a claim may take, and how many it must take."""
        free = {
            slot
            for slot, work in self.pending.items()
            if slot[0] == job and not work.waiting and slot not in self.leased
        }
        cap = self.plans[job].max_concurrency
        running = sum(1 for name, _ in self.leased if name == job)
        room = quota if cap is None else max(0, min(quota, cap - running))
        return free, min(room, len(free))

    def claim(self, slot: Slot) -> Work:
        work = self.pending.pop(slot)
        self.leased[slot] = replace(work, attempt=work.attempt + 1, waiting=False)
        return self.leased[slot]

    def complete(self, slot: Slot, said: Outcome) -> tuple[Outcome, list[str]]:
        """Return what a result becomes, and the keys of the failure events that it emits."""
        work = self.leased.pop(slot)
        plan = self.plans[slot[0]]
        outcome = said
        if (said is Outcome.RETRY and work.attempt >= plan.max_attempts) or (
            said is Outcome.LOST and work.losses + 1 >= POISON_LOSSES
        ):
            outcome = Outcome.DEAD
        if outcome is Outcome.RETRY:
            self._merge(slot, replace(work, losses=0, waiting=True))
        elif outcome is Outcome.LOST:
            self._merge(slot, replace(work, attempt=work.attempt - 1, losses=work.losses + 1))
        elif outcome is Outcome.SNOOZED:
            self._merge(slot, replace(work, attempt=work.attempt - 1, waiting=True))
        else:
            self.ended[slot[0], outcome] += work.n
        if outcome not in {Outcome.DEAD, Outcome.CANCELLED} or plan.failures is None:
            return outcome, []
        return outcome, [self.known[event].key or slot[1] for event in work.events]

    def promote(self) -> None:
        """Let every delayed task go; the plans' backoff is zero."""
        self.pending = {s: replace(w, waiting=False) for s, w in self.pending.items()}

    def accounted(self, job: str) -> int:
        """Return how many hits of a job are somewhere: ended, running or waiting to run."""
        held = (*self.pending.items(), *self.leased.items())
        ended = sum(n for (name, _), n in self.ended.items() if name == job)
        return ended + sum(work.n for (name, _), work in held if name == job)


def _moved(points: frozenset[int], read: Input) -> frozenset[int]:
    return frozenset(
        point + shift for point in points for shift in range(read.lo_off, read.hi_off + 1)
    )
