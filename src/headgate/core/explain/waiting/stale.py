"""Inputs that are being made anew, in words."""

from headgate.core.explain.figures import ranges_text, time_text
from headgate.core.explain.making.model import Making
from headgate.core.explain.making.rules import in_the_way, under_way
from headgate.core.explain.places import EVERYTHING, Place
from headgate.core.explain.reasons import Reason, Subject
from headgate.core.explain.waiting.model import Pending, StaleInput
from headgate.core.work.rules import parse_ranges


def place_of(stale: StaleInput) -> Place:
    """Return which part of the input is stale."""
    if stale.key:
        return Place(key=stale.key)
    ranges = parse_ranges(stale.rngs)
    return Place(ranges=tuple(ranges)) if ranges and stale.rngs != EVERYTHING else Place()


def stale_reason(task: Pending, stale: StaleInput, making: Making | None) -> Reason:
    """Return that the task waits for an input, for what makes that, and for what is in its way."""
    place = place_of(stale)
    where = (
        f" at key {stale.key}"
        if stale.key
        else f" in {ranges_text(place.ranges)}"
        if place.ranges
        else ""
    )
    text = f"It reads {stale.dataset}, which is stale{where}."
    dead = in_the_way(making) if making else []
    made = under_way(making) if making else []
    if dead:
        text += " " + " ".join(reason.text for reason in dead)
        do = " ".join(reason.do for reason in dead)
    elif made:
        text += " " + " ".join(reason.text for reason in made)
        do = ""
    else:
        text += " Nothing makes it yet: what that reads is stale, too."
        do = ""
    if task.hold_ends is not None:
        text += f" At {time_text(task.hold_ends, now=task.now)} it runs on what there is."
    return Reason(
        "stale_input",
        text,
        do or f"`headgate why dataset {stale.dataset}` shows what it waits for, up to the cause.",
        since=stale.since,
        until=task.hold_ends,
        about=(
            Subject("dataset", stale.dataset),
            *(one for reason in (*dead, *made) for one in reason.about if one.kind != "job"),
        ),
    )
