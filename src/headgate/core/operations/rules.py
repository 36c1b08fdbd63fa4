"""Decisions about operations: which of them can be cancelled."""

from headgate.core.errors import Conflict

CANCELLABLE = frozenset({"redrive", "task_act"})
"""The kinds whose carriers look at `cancel_requested`."""


def can_cancel(*, kind: str, state: str) -> bool:
    """Tell whether an operation of this kind, in this state, can be cancelled."""
    return state == "running" and kind in CANCELLABLE


def check_cancel(*, kind: str, state: str) -> None:
    """Raise `Conflict` if an operation of this kind, in this state, cannot be cancelled."""
    if state != "running":
        raise Conflict(f"The operation has ended: it is {state}.")
    if kind not in CANCELLABLE:
        raise Conflict(
            f"A {kind} cannot be cancelled as a whole.",
            hint="Cancel its tasks: `headgate task list` names them.",
        )
