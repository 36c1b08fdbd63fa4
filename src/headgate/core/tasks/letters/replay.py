"""Editing the event of a dead letter, and letting it take the letter's place."""

from typing import Any

from headgate.core.access import Principal
from headgate.core.database import Connection
from headgate.core.errors import Conflict, InvalidInput
from headgate.core.events.rules import problems_of
from headgate.core.services import Services
from headgate.core.tasks import store as tasks
from headgate.core.tasks.letters import store
from headgate.core.tasks.letters.model import KEEP, CoveredEvent, Edit
from headgate.core.tasks.letters.rules import check_open, no_letter
from headgate.core.tasks.model import DeadLetter

_ELSEWHERE = "Send a corrected event to the source, and discard the dead letter."


async def covered_event(conn: Connection, *, org_id: int, letter_id: int) -> CoveredEvent | None:
    """Return the event of a letter that covers exactly one, or None; also when it is gone."""
    row = await store.covered_event(conn, org_id=org_id, id=letter_id)
    if row is None:
        return None
    return CoveredEvent(
        id=row["id"],
        dataset=row["dataset"],
        key=row["key"],
        range=_range(row),
        payload=row["payload"],
    )


async def edit_and_replay(services: Services, *, who: Principal, letter_id: int, edit: Edit) -> int:
    """Append the edited event, for the letter's job alone, in the letter's place; return its id.

    The letter becomes `replayed` in the same transaction. Raises `NotFound`, `Conflict` for a
    letter that is not open or for which one event cannot stand, and `InvalidInput` with every fault
    of the edited event.
    """
    async with services.database.transaction() as conn:
        state = await store.lock_letter(conn, org_id=who.org_id, id=letter_id)
        letter = await tasks.find_dead_letter(conn, org_id=who.org_id, id=letter_id)
        if state is None or letter is None:
            raise no_letter(letter_id)
        check_open(letter_id, state)
        event = _replaceable(
            letter, await store.covered_event(conn, org_id=who.org_id, id=letter_id)
        )
        if problems := problems_of(
            "",
            partitioning=event["partitioning"],
            key=event["key"] if edit.key is None else edit.key,
            range=_range(event),
            payload=event["payload"] if edit.payload is KEEP else edit.payload,
            columns=event["columns"],
        ):
            raise InvalidInput(
                f"The edited event does not fit {event['dataset']}.", problems=problems
            )
        event_id = await store.replay(
            conn, org_id=who.org_id, id=letter_id, edit=edit, actor=who.name
        )
    # After the commit: a router that wakes earlier would find nothing.
    services.wake.signal("emitted")
    services.wake.signal("changed")
    return event_id


def _replaceable(letter: DeadLetter, event: dict[str, Any] | None) -> dict[str, Any]:
    """Return the event that an edited one can stand for; raise `Conflict` if there is none."""
    if letter.events_covered != 1:
        raise Conflict(
            f"The dead letter covers {letter.events_covered:,} events: an edit of one would lose"
            " the others.",
            hint="Mend the cause and redrive it, or send corrected events and discard it.",
        )
    if event is None:
        raise Conflict("The event that the dead letter covers is no longer kept.", hint=_ELSEWHERE)
    if not event["deployed"] or not event["subscribed"]:
        raise Conflict(
            f"The job {letter.job} was removed, or no longer reads {event['dataset']}: nothing"
            " would handle the event.",
            hint="Deploy a DAG in which the job reads it.",
        )
    if not event["whole"]:
        raise Conflict(
            "The dead letter covers a part of its event's range; other tasks had the rest, and an"
            " edited event would give it to them again.",
            hint="Mend the cause and redrive it.",
        )
    return event


def _range(event: dict[str, Any]) -> tuple[int, int] | None:
    return None if event["low"] is None else (event["low"], event["high"])
