"""What is under way, in words."""

from collections.abc import Sequence

from headgate.core.explain.figures import count_text
from headgate.core.explain.making.model import Making
from headgate.core.explain.places import Place
from headgate.core.explain.reasons import Reason, Subject

_PER_UPDATE, _PER_PARTITION, _BULK = range(3)
_MOST_KEYS = 100


def keys_of(place: Place, *, strategy: int, part_size: int) -> Sequence[str] | None:
    """Return the coalescing keys of a job's tasks that concern a place of its output.

    None where they cannot be told: those tasks are found by their ranges.
    """
    if strategy == _BULK:
        return ["b"]
    if strategy == _PER_UPDATE:
        return None
    if place.key is not None:
        # A task of the key '' is of events that had none.
        return None if place.below else [f"k{place.key}", "k"]
    if place.ranges is None:
        return None
    cut = [(low // part_size, (high - 1) // part_size) for low, high in place.ranges]
    if sum(last - first + 1 for first, last in cut) > _MOST_KEYS:
        return None
    return [f"p{p}" for first, last in cut for p in range(first, last + 1)]


def under_way(making: Making) -> list[Reason]:
    """Return what will make the place anew, what runs first."""
    found = []
    for work in making.running:
        on = f" on {work.worker}" if work.worker else ", on a worker that is gone"
        found.append(
            Reason(
                "running",
                f"Task {work.task_id} of {making.job} makes it{on}.",
                since=work.leased_at,
                about=_subjects(making, task=work.task_id),
            )
        )
    found += [
        Reason(
            "pending",
            f"Task {work.task_id} of {making.job} will make it.",
            f"`headgate why task {work.task_id}` says what it waits for.",
            about=_subjects(making, task=work.task_id),
        )
        for work in making.pending
    ]
    found += [
        Reason(
            "backfill",
            f"Backfill {rest.id} of {making.job} has {count_text(rest.units, 'unit')} of it left,"
            f" of {rest.total:,}.",
            since=rest.created_at,
            about=(Subject("backfill", str(rest.id)), Subject("job", making.job)),
        )
        for rest in making.backfills
        if rest.cancelled_at is None
    ]
    if making.events:
        found.append(_on_its_way(making))
    if making.beyond:
        found.append(
            Reason(
                "more_pending",
                f"{making.job} has more pending tasks than were looked at: some may be of it, too.",
                about=(Subject("job", making.job),),
            )
        )
    return found


def in_the_way(making: Making) -> list[Reason]:
    """Return what will not go on by itself."""
    found = [
        Reason(
            "dead_letter",
            f"Dead letter {letter.id} of {making.job} covers it: {letter.message or letter.code}",
            f"Mend the cause, then `headgate dlq redrive {letter.id}`; or discard it.",
            since=letter.died_at,
            about=(
                Subject("dead_letter", str(letter.id)),
                Subject("task", str(letter.task_id)),
                Subject("job", making.job),
            ),
        )
        for letter in making.letters
    ]
    found += [
        Reason(
            "backfill_cancelled",
            f"Backfill {rest.id} of {making.job} was cancelled with"
            f" {count_text(rest.units, 'unit')} of it left.",
            f"`headgate backfill resume {rest.id}` goes on with it.",
            since=rest.cancelled_at,
            about=(Subject("backfill", str(rest.id)), Subject("job", making.job)),
        )
        for rest in making.backfills
        if rest.cancelled_at is not None
    ]
    if making.events and not making.led:
        found.append(no_dispatcher())
    return found


def no_dispatcher() -> Reason:
    return Reason(
        "no_dispatcher",
        "No Dispatcher leads, so nothing becomes a task, comes due or is taken back.",
        "Start one: `headgate up`, or `headgate dispatcher` beside a server.",
    )


def _on_its_way(making: Making) -> Reason:
    many = count_text(making.events, "event")
    verb = "is" if making.events == 1 else "are"
    return Reason(
        "not_routed",
        f"{many} for {making.job} {verb} not a task yet.",
        about=(Subject("job", making.job),),
    )


def _subjects(making: Making, *, task: int) -> tuple[Subject, Subject]:
    return Subject("task", str(task)), Subject("job", making.job)
