"""What gets into the log: commits of sources, and events that are not one with their output."""

from collections.abc import Iterator

from proof.model.state import BITS, Event, State, Step
from proof.model.world import LOST, World


def commits(world: World, state: State) -> Iterator[Step]:
    """A source commits data and event. Its transaction may have begun before others' events."""
    for source, most in enumerate(world.flow.sources.values()):
        version = state.contents[source].bit_length() - BITS * source
        if version > most:
            continue
        content = 1 << BITS * source + version
        for read, after in world.published(state, source, content):
            for invalidates in world.flow.kinds:
                event = Event(source, invalidates)
                said = f"{read}{world.event(event)} is committed"
                for before in range(len(state.unrouted) + 1 if world.rules.causal_order else 1):
                    late = f", older than the last {before} events" if before else ""
                    told = world.emitted(after, event, before=before)
                    yield world.counted(said + late, told, forced=True)


def tells(world: World, state: State) -> Iterator[Step]:
    """The event of an output, where the two are not one transaction."""
    for event in dict.fromkeys(state.untold):
        rest = list(state.untold)
        rest.remove(event)
        quiet = state._replace(untold=tuple(rest))
        said = f"the event {world.event(event)} is"
        yield world.counted(f"{said} written", world.emitted(quiet, event))
        if state.faults and world.flow.readers[event.dataset]:
            lost = quiet._replace(faults=state.faults - 1)
            yield Step(f"{said} lost in a crash", lost, LOST, forced=True)
