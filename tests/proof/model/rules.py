"""The rules of the protocol. A rule that can be left out, and nothing shows, is not needed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """As they stand here: the product."""

    fence: bool = True
    """An answer counts only with the token of the lease."""
    merge: bool = True
    """What folds back joins the task that waits under its key already."""
    one_transaction: bool = True
    """Output and event become visible at once."""
    causal_order: bool = True
    """The router takes an event after those that its writer could have read."""

    gate: bool = True
    """A gated job is not claimed while an input is stale."""
    read_first: bool = True
    """A gated job's inputs are read before its answer is checked, not by what it writes then."""
    refuse_stale: bool = True
    """A gated job's answer is refused while an input is stale."""
    refuse_successor: bool = True
    """A gated job's answer is refused while the next task of the job waits."""
    refuse_unrouted: bool = True
    """A gated job's answer is refused while an event of an input is not routed."""
    refuse_far: bool = False
    """A gated job's answer is refused while an event of any ancestor is not routed."""

    mark_middle: bool = True
    """Stale is also what lies between the shared ancestor and a gated job's inputs."""
    mark_appended: bool = True
    """Stale is also what comes of the ancestor by way of jobs that append."""
    mark_both_kinds: bool = True
    """An invalidation marks all that an update marks, too."""

    sweep: bool = True
    """A dataset is not stale for ever."""
    sweep_sees_work: bool = True
    """A dataset stays stale while a task of its job waits or runs."""
    sweep_sees_dead: bool = True
    """A dataset stays stale while a dead letter of its job is open."""
    sweep_sees_unrouted: bool = True
    """A dataset stays stale while an event of an input of its job is not routed."""
    sweep_sees_inputs: bool = True
    """A dataset stays stale while an input of its job is stale."""
