"""Decisions about tasks: what state one is in, and what may be done with it."""

from collections.abc import Mapping
from typing import Any, Literal

from headgate.core.errors import Conflict
from headgate.core.tasks.model import AttemptOutcome, Task, TaskState
from headgate.core.work.rules import parse_ranges

Retry = Literal["run_now", "redrive", "run_again"]
"""What `redrive` means for a task whose dead letter is kept no longer is to run it again."""

# In the order of `work.model.Outcome`.
_ENDED: dict[int, TaskState] = {0: "succeeded", 3: "dead", 4: "cancelled", 6: "succeeded"}
_OUTCOMES: tuple[AttemptOutcome, ...] = (
    "succeeded",
    "retried",
    "lost",
    "dead",
    "cancelled",
    "snoozed",
    "skipped",
)


def state_of(
    *, leased: bool, pending: bool, waiting: bool, outcome: int | None, replayed: bool = False
) -> TaskState:
    """Return the state of a task from where it is, and from its last history row if nowhere else.

    A last row that is no end says that the task went back to pending; if it is not there, it is
    because it was merged into the pending task of its key, or because the row says that the task
    was `replayed`.
    """
    if leased:
        return "running"
    if pending:
        return "waiting" if waiting else "pending"
    if replayed:
        return "replayed"
    return "merged" if outcome is None else _ENDED.get(outcome, "merged")


def outcome_name(outcome: int | None) -> AttemptOutcome:
    """Return the word for an outcome of the history; None is an attempt that still runs."""
    return "running" if outcome is None else _OUTCOMES[outcome]


def partition_of(ckey: str) -> str | None:
    """Return the partition in a coalescing key: `p7` and `k7` are partition 7, others have none."""
    return ckey[1:] if ckey[0] in "pk" else None


def task_of(row: Mapping[str, Any]) -> Task:
    """Return a task from a row of `store.describe_tasks`."""
    leased, pending, outcome = row["leased"], row["pending"], row["outcome"]
    state = state_of(
        leased=leased,
        pending=pending,
        waiting=row["waiting"],
        outcome=outcome,
        replayed=row["replayed_by"] is not None,
    )
    return Task(
        id=row["id"],
        job=row["job"],
        state=state,
        partition=partition_of(row["ckey"]),
        ranges=parse_ranges(row["rngs"]),
        events_covered=row["n"],
        attempt=row["attempt"],
        created_at=row["created_at"],
        run_at=row["run_at"],
        started_at=row["started_at"],
        ended_at=None if leased or pending else row["done_at"],
        cancel_requested=row["cancel_requested"],
        progress=row["progress"],
        error=None if state == "succeeded" else row["error"],
        dead_letter=row["dead_letter"],
        folded_into=row["folded_into"] if state == "merged" else None,
        replayed_by=row["replayed_by"] if state == "replayed" else None,
        worker=row["worker"],
    )


def retry_of(state: TaskState) -> Retry:
    """Return how to retry a task in this state; raise `Conflict` if that makes no sense."""
    match state:
        case "waiting":
            return "run_now"
        case "dead":
            return "redrive"
        case "succeeded" | "cancelled":
            return "run_again"
        case "pending" | "running":
            raise Conflict(
                f"The task is {state}: there is nothing to retry.",
                hint="Cancel it first if it should start anew.",
            )
        case "merged":
            raise Conflict(
                "The task was merged into another one that carries on its work.",
                hint="Retry the task named in `folded_into`.",
            )
        case "replayed":
            raise _replayed()


def cancelled_by(name: str) -> dict[str, Any]:
    """Return the error of a task that somebody cancelled before it started."""
    return {
        "code": "cancelled",
        "message": f"Cancelled by {name} before it started.",
        "fault": "state",
        "retry": False,
    }


def no_cancel(state: TaskState) -> Conflict:
    """Return the error for cancelling a task that has ended."""
    if state == "merged":
        return Conflict(
            "The task was merged into another one that carries on its work.",
            hint="Cancel the task named in `folded_into`.",
        )
    if state == "replayed":
        return _replayed()
    return Conflict(f"The task has {state} already." if state != "dead" else "The task is dead.")


def _replayed() -> Conflict:
    return Conflict(
        "An edited event took the place of the one that this task covered.",
        hint="Look for the task of the event named in `replayed_by`.",
    )
