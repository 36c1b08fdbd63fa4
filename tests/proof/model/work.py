"""Workers, and what happens to them: claims, faults and answers."""

from collections.abc import Iterator

from proof.model.state import NOT_READ, Attempt, Event, Lease, State, Step, Work, put, union
from proof.model.world import World

LATE = "I4: an event is covered by an attempt that was claimed after it"
FOREIGN = "I6: an answer without the lease changes nothing"
MIXED = "I8: no output mixes versions of its inputs"


def claims(world: World, state: State) -> Iterator[Step]:
    for job, work in enumerate(state.pending):
        read = world.flow.inputs[job]
        if work is None or state.leases[job] is not None:
            continue
        if world.rules.gate and world.flow.gated[job] and not state.stale.isdisjoint(read):
            continue
        used = {attempt.token for attempt in state.running if attempt.job == job}
        token = min(set(range(len(used) + 1)) - used)
        attempt = Attempt(job, token, (NOT_READ,) * len(read))
        leased = state._replace(
            pending=put(state.pending, job, None),
            leases=put(state.leases, job, Lease(token, work)),
            running=tuple(sorted((*state.running, attempt))),
        )
        yield world.counted(f"{world.job(job)} is claimed", leased)


def ends(world: World, state: State) -> Iterator[Step]:
    """How attempts end without success, and how the dead come back.

    A failure with attempts left is a loss of which nothing is heard again, so it is not told apart.
    """
    for attempt in state.running:
        job, name = attempt.job, world.job(attempt.job)
        lease, waiting = state.leases[job], state.pending[job]
        if lease is None or lease.token != attempt.token or attempt.passed:
            continue
        folded = _folded(world, state, job, lease.work)
        if world.flow.jobs[job].cancels and waiting is not None and waiting.invalidates:
            said = f"{name} is stopped, its input is invalid"
            yield world.counted(said, _without(folded, attempt))
        if state.faults:
            left = state.faults - 1
            lost = folded._replace(faults=left)
            yield world.counted(f"the lease of {name} runs out", lost, forced=True)
            dead = put(state.dead, job, lease.work.joined(state.dead[job]))
            leases = put(state.leases, job, None)
            buried = _without(state, attempt)._replace(dead=dead, leases=leases, faults=left)
            yield world.counted(f"{name} fails for good", buried, forced=True)
    for job, work in enumerate(state.dead):
        if work is not None:
            pending = put(state.pending, job, work.joined(state.pending[job]))
            again = state._replace(pending=pending, dead=put(state.dead, job, None))
            yield world.counted(f"{world.job(job)} is redriven", again)


def answers(world: World, state: State) -> Iterator[Step]:
    """An answer with a lease is accepted or refused; the attempt of another answer goes unheard.

    A gated job's answer passes the checks first and is committed later, as a statement sees the
    moment at which it began. Meanwhile it holds a lock on its lease.
    """
    for attempt in dict.fromkeys(state.running):
        job, name = attempt.job, world.job(attempt.job)
        lease, gone = state.leases[job], _without(state, attempt)
        held = lease is not None and lease.token == attempt.token
        if lease is None or (world.rules.fence and not held):
            yield world.counted(f"{name} answers too late", gone)
        elif attempt.passed or not world.flow.gated[job]:
            yield from _accepted(world, state, gone, attempt)
            if state.faults:
                running = tuple(sorted((*gone.running, attempt._replace(passed=False))))
                kept = gone._replace(running=running, faults=state.faults - 1)
                for step in _accepted(world, state, kept, attempt):
                    yield step._replace(said=f"{step.said}, and will answer again", forced=True)
        elif _refused(world, state, job):
            folded = _folded(world, gone, job, lease.work)
            yield world.counted(f"{name} answers, and is refused", folded)
        else:
            reads = _seen(world, state, attempt) if world.rules.read_first else attempt.reads
            passed = attempt._replace(reads=reads, passed=True)
            running = tuple(sorted((*gone.running, passed)))
            yield world.counted(f"{name} answers, and passes", state._replace(running=running))


def _refused(world: World, state: State, job: int) -> bool:
    """Whether a gated job's inputs changed since it was claimed, or are about to."""
    rules = world.rules
    read, made = world.flow.inputs[job], world.made[job]
    told = [event.dataset for event in state.unrouted]
    return bool(
        (rules.refuse_successor and state.pending[job])
        or (rules.refuse_stale and not state.stale.isdisjoint(read))
        or (rules.refuse_unrouted and any(dataset in read for dataset in told))
        or (rules.refuse_far and any(made in world.reached[dataset] for dataset in told))
    )


def _accepted(world: World, state: State, rest: State, attempt: Attempt) -> Iterator[Step]:
    """Publish the output and tell of it. Earlier dead letters of the job are superseded."""
    job = attempt.job
    lease, dead = state.leases[job], state.dead[job]
    if lease is None:
        return
    seen = _seen(world, state, attempt)
    done = rest._replace(
        leases=put(rest.leases, job, None),
        dead=put(rest.dead, job, None),
        owed=put(rest.owed, job, rest.owed[job] - lease.work.joined(dead).n),
    )
    event = Event(world.made[job], lease.work.invalidates and world.flow.jobs[job].replace)
    broken = _breaks(world, state, attempt, seen)
    inputs = " and ".join(
        f"{world.flow.names[dataset]} of {world.content(content)}"
        for dataset, content in zip(world.flow.inputs[job], seen, strict=True)
    )
    for said, after in world.published(done, world.made[job], union(seen)):
        if world.rules.one_transaction:
            told = world.emitted(after, event)
        else:
            told = after._replace(untold=tuple(sorted((*after.untold, event))))
        yield world.counted(f"{said}{world.event(event)} is made from {inputs}", told, broken)


def _breaks(world: World, state: State, attempt: Attempt, seen: tuple[int, ...]) -> str | None:
    job = attempt.job
    lease = state.leases[job]
    if world.flow.gated[job] and world.mixed(seen):
        return MIXED
    if state.pending[job] is None:
        coming = {event.dataset for event in (*state.unrouted, *state.untold)}
        for dataset, content in zip(world.flow.inputs[job], seen, strict=True):
            if content != state.contents[dataset] and dataset not in coming:
                return LATE
    return None if lease is not None and lease.token == attempt.token else FOREIGN


def _seen(world: World, state: State, attempt: Attempt) -> tuple[int, ...]:
    """Return what the operator read; what it had not read until now, it reads now."""
    return tuple(
        state.contents[dataset] if content == NOT_READ else content
        for dataset, content in zip(world.flow.inputs[attempt.job], attempt.reads, strict=True)
    )


def _folded(world: World, state: State, job: int, work: Work) -> State:
    """Give a leased task back, at no cost to it."""
    waiting = state.pending[job]
    if waiting is None or world.rules.merge:
        waiting = work.joined(waiting)
    pending = put(state.pending, job, waiting)
    return state._replace(pending=pending, leases=put(state.leases, job, None))


def _without(state: State, attempt: Attempt) -> State:
    running = list(state.running)
    running.remove(attempt)
    return state._replace(running=tuple(running))
