"""The router, one transaction at a time: events become tasks and marks, and marks are swept."""

from collections.abc import Iterator

from proof.model.state import State, Step, Work, versions
from proof.model.world import World

UNMARKED = "I8: what is behind is marked stale until it is made anew"


def routes(world: World, state: State) -> Iterator[Step]:
    """Turn one event into tasks and marks; a batch is several of these with nothing between."""
    nearest = 1 if world.rules.causal_order else len(state.unrouted)
    for event in dict.fromkeys(state.unrouted[:nearest]):
        at = state.unrouted.index(event)
        pending = list(state.pending)
        for job in world.flow.readers[event.dataset]:
            pending[job] = Work(1, event.invalidates).joined(pending[job])
        routed = state._replace(
            unrouted=state.unrouted[:at] + state.unrouted[at + 1 :],
            pending=tuple(pending),
            stale=state.stale | world.marks[event],
        )
        yield world.counted(f"{world.event(event)} is routed", routed)


def sweeps(world: World, state: State) -> Iterator[Step]:
    """Forget that a dataset is stale, when nothing is under way any more that makes it anew."""
    for dataset in sorted(state.stale):
        if not _busy(world, state, dataset - world.flow.first_made):
            swept = state._replace(stale=state.stale - {dataset})
            broken = UNMARKED if _behind(world, state, dataset) else None
            yield Step(f"{world.flow.names[dataset]} is swept", swept, broken)


def _busy(world: World, state: State, job: int) -> bool:
    rules = world.rules
    read = world.flow.inputs[job]
    return bool(
        not rules.sweep
        or (rules.sweep_sees_work and (state.pending[job] or state.leases[job]))
        or (rules.sweep_sees_dead and state.dead[job])
        or (rules.sweep_sees_inputs and not state.stale.isdisjoint(read))
        or (rules.sweep_sees_unrouted and any(event.dataset in read for event in state.unrouted))
    )


def _behind(world: World, state: State, dataset: int) -> bool:
    """Whether it lacks a version that it must agree on, of which all events are routed."""
    coming = {event.dataset for event in state.unrouted}
    return any(
        (source, dataset) in world.agreeing
        and source not in coming
        and versions(state.contents[dataset], source) != versions(state.contents[source], source)
        for source in world.sources
    )
