"""A small flow: sources and jobs, and what a change of one dataset reaches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Job:
    """Makes the dataset of its own name.

    `replace`: it makes its output anew, and passes invalidations on; else it appends.
    `cancels`: an invalidation stops a running attempt.
    """

    name: str
    inputs: str
    replace: bool = True
    cancels: bool = False


@dataclass(frozen=True)
class Flow:
    """Datasets have one letter each, a job's inputs are a string of them, in order of the flow.

    `sources` says how often each may commit, `faults` how often something may go wrong. `kinds` are
    those of the sources' events: whether one invalidates.
    """

    sources: Mapping[str, int]
    jobs: tuple[Job, ...]
    faults: int = 0
    kinds: tuple[bool, ...] = (False, True)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Datasets by index: the sources, then what the jobs make, in order."""
        return (*self.sources, *(job.name for job in self.jobs))

    @cached_property
    def first_made(self) -> int:
        """The index of the first dataset that a job makes: of job 0."""
        return len(self.sources)

    @cached_property
    def inputs(self) -> tuple[tuple[int, ...], ...]:
        """The datasets that each job reads."""
        return tuple(tuple(map(self.names.index, job.inputs)) for job in self.jobs)

    @cached_property
    def readers(self) -> tuple[tuple[int, ...], ...]:
        """The jobs that read each dataset."""
        return tuple(
            tuple(j for j, read in enumerate(self.inputs) if dataset in read)
            for dataset in range(len(self.names))
        )

    def reached(self, start: int, *, replacing: bool = False) -> frozenset[int]:
        """Return every dataset downstream of one; `replacing`: by way of replace jobs only."""
        found: set[int] = set()
        ahead = [start]
        while ahead:
            for job in self.readers[ahead.pop()]:
                made = self.first_made + job
                if made not in found and (self.jobs[job].replace or not replacing):
                    found.add(made)
                    ahead.append(made)
        return frozenset(found)

    @cached_property
    def gated(self) -> tuple[bool, ...]:
        """Whether each job replaces, and reads one ancestor on more than one way."""
        return tuple(any(True for _ in self._shared(job)) for job in range(len(self.jobs)))

    def agreeing(self, *, middle: bool, appended: bool) -> frozenset[tuple[int, int]]:
        """Return pairs (ancestor, dataset): a change of the one makes the other not agree.

        `middle`: with the datasets on the way to a gated job's inputs. `appended`: by way of jobs
        that append, too. The product has both; without them something is missed.
        """
        pairs = set()
        for job in range(len(self.jobs)):
            for ancestor, given in self._shared(job):
                below = self.reached(ancestor, replacing=not appended)
                between = {x for x in below if given in self.reached(x)} if middle else set()
                pairs |= {(ancestor, x) for x in between | ({given} & below)}
        return frozenset(pairs)

    def _shared(self, job: int) -> Iterator[tuple[int, int]]:
        """Yield (ancestor, input) of a replace job where another input comes of it, too."""
        read = self.inputs[job]
        for ancestor in range(len(self.names)):
            ways = [x for x in read if x == ancestor or x in self.reached(ancestor)]
            if self.jobs[job].replace and len(ways) > 1:
                yield from ((ancestor, given) for given in ways)
