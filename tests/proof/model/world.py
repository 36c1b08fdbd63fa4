"""A flow under rules: the tables, checks and words that all actions share."""

from collections.abc import Iterator, Sequence
from itertools import product

from proof.model.flow import Flow
from proof.model.rules import Rules
from proof.model.state import BITS, NOT_READ, Event, State, Step, put, union, versions

LOST = "I1: each committed event is somewhere, once"


class World:
    """`jobs` and `sources` are numbers; job `j` makes the dataset `made[j]`."""

    def __init__(self, flow: Flow, rules: Rules) -> None:
        self.flow = flow
        self.rules = rules
        self.sources = range(flow.first_made)
        self.jobs = range(len(flow.jobs))
        self.made = [flow.first_made + job for job in self.jobs]
        self.reached = [flow.reached(dataset) for dataset in range(len(flow.names))]
        self.agreeing = flow.agreeing(middle=True, appended=True)
        self.marks = self._marks()

    def _marks(self) -> dict[Event, frozenset[int]]:
        """Return what routing an event makes stale."""
        rules = self.rules
        pairs = self.flow.agreeing(middle=rules.mark_middle, appended=rules.mark_appended)
        marks = {}
        for dataset in range(len(self.flow.names)):
            agree = frozenset(end for start, end in pairs if start == dataset)
            replaced = self.flow.reached(dataset, replacing=True)
            marks[Event(dataset, invalidates=False)] = agree
            marks[Event(dataset, invalidates=True)] = (
                replaced | agree if rules.mark_both_kinds else replaced
            )
        return marks

    def start(self) -> State:
        """Return the state in which all is made from versions 0, and nothing is under way."""
        contents = [1 << BITS * source for source in self.sources]
        for read in self.flow.inputs:
            contents.append(union(contents[dataset] for dataset in read))
        none = (None,) * len(self.jobs)
        owed = (0,) * len(self.jobs)
        faults = self.flow.faults
        return State(tuple(contents), (), none, none, none, owed, (), frozenset(), (), faults)

    def settled(self, state: State) -> bool:
        """Whether nothing is under way, and everything is made from the latest versions."""
        if any((*state.pending, *state.leases, *state.dead)):
            return False
        if state.unrouted or state.untold or state.stale:
            return False
        return all(
            state.contents[self.made[job]] == union(state.contents[dataset] for dataset in read)
            for job, read in enumerate(self.flow.inputs)
        )

    def mixed(self, contents: Sequence[int]) -> bool:
        """Whether two of the contents know different versions of a source."""
        return any(
            len({versions(content, source) for content in contents} - {0}) > 1
            for source in self.sources
        )

    def published(self, state: State, dataset: int, content: int) -> Iterator[tuple[str, State]]:
        """Let a dataset change, and decide which running attempts had read what was there.

        A read matters by the version that it saw, so it needs no step of its own.
        """
        old = state.contents[dataset]
        changed = state._replace(contents=put(state.contents, dataset, content))
        reads = [
            (number, place)
            for number, attempt in enumerate(state.running)
            for place, read in enumerate(self.flow.inputs[attempt.job])
            if read == dataset and attempt.reads[place] == NOT_READ and old != content
        ]
        for choice in product((False, True), repeat=len(reads)):
            running, said = list(state.running), ""
            for (number, place), chosen in zip(reads, choice, strict=True):
                if chosen:
                    attempt = running[number]
                    running[number] = attempt._replace(reads=put(attempt.reads, place, old))
                    said += f"{self.job(attempt.job)} has read {self.flow.names[dataset]}; "
            yield said, changed._replace(running=tuple(sorted(running)))

    def emitted(self, state: State, event: Event, *, before: int = 0) -> State:
        """Put an event into the log, before the last few of those that wait to be routed."""
        at = len(state.unrouted) - before
        unrouted = (*state.unrouted[:at], event, *state.unrouted[at:])
        owed = list(state.owed)
        for job in self.flow.readers[event.dataset]:
            owed[job] += 1
        if not self.rules.causal_order:
            unrouted = tuple(sorted(unrouted))
        return state._replace(unrouted=unrouted, owed=tuple(owed))

    def counted(
        self, said: str, state: State, broken: str | None = None, *, forced: bool = False
    ) -> Step:
        """Make a step of which no event may get lost or double."""
        told = [event.dataset for event in state.unrouted]
        for job, owed in enumerate(state.owed):
            lease = state.leases[job]
            held = (state.pending[job], lease and lease.work, state.dead[job])
            coming = sum(dataset in self.flow.inputs[job] for dataset in told)
            if owed != coming + sum(work.n for work in held if work):
                broken = broken or LOST
        return Step(said, state, broken, forced)

    def job(self, job: int) -> str:
        return self.flow.names[self.made[job]]

    def event(self, event: Event) -> str:
        return self.flow.names[event.dataset] + ("!" if event.invalidates else "")

    def content(self, content: int) -> str:
        known = ((s, versions(content, s)) for s in self.sources)
        return " ".join(
            self.flow.names[source] + "+".join(str(v) for v in range(BITS) if bits >> v & 1)
            for source, bits in known
            if bits
        )

    def described(self, state: State) -> str:
        """Say what matters of a state to whoever looks for the fault in it."""
        names, of_jobs = self.flow.names, self.flow.names[len(self.sources) :]
        words = [
            f"{name} of {self.content(content)}"
            for name, content in zip(names, state.contents, strict=True)
        ]
        for way, held in (
            ("waits", state.pending),
            ("runs", state.leases),
            ("is dead", state.dead),
        ):
            words += [f"{name} {way}" for name, work in zip(of_jobs, held, strict=True) if work]
        words += [f"{names[dataset]} is stale" for dataset in sorted(state.stale)]
        words += [f"{self.event(event)} is not routed" for event in state.unrouted]
        return ", ".join(words)
