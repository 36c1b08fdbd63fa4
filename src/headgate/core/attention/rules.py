"""What needs a person, in words; and in which order."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from headgate.core.attention.model import (
    AttentionItem,
    AttentionTarget,
    Crew,
    HeldJob,
    LetterGroup,
    PausedJob,
    StuckDataset,
    UnstartedJob,
)
from headgate.core.explain.figures import count_text, span_text
from headgate.core.explain.reasons import Reason
from headgate.core.observe.store import Lag
from headgate.core.sinks.model import OPERATOR

MOST = 1000
"""Tasks and dead letters are counted up to so many."""
BEHIND = 15.0  # seconds that an event may wait to be routed while a dispatcher lives
_SEVERITIES = ("critical", "warning", "notice")
_LATEST = datetime.max.replace(tzinfo=UTC)


def in_order(items: Iterable[AttentionItem]) -> list[AttentionItem]:
    """Return the items, most urgent first, of equal ones the oldest first."""
    return sorted(items, key=lambda i: (_SEVERITIES.index(i.severity), i.since or _LATEST, i.title))


def of_dispatch(lag: Lag) -> Iterator[AttentionItem]:
    """Yield that no dispatcher is at work, judged by what is left lying."""
    start = "Start one: `headgate up` or `headgate dispatcher`."
    if lag.routing_seconds > BEHIND:
        yield AttentionItem(
            code="not_routing",
            severity="critical",
            title="Events are not routed",
            sentence=(
                f"An event has waited {lag.routing_seconds:.0f} s to become tasks, so no dispatcher"
                f" is at work, or it cannot keep up. {start}"
            ),
            since=None,
            count=1,
            target=AttentionTarget("system", "dispatcher"),
            command="headgate doctor",
        )
    if lag.orphaned_leases:
        count = lag.orphaned_leases
        yield AttentionItem(
            code="leases_orphaned",
            severity="critical",
            title=f"{count_text(count, 'task')} of dead workers",
            sentence=(
                f"{count_text(count, 'task')} ran on workers that are gone, and no dispatcher has"
                f" taken {'it' if count == 1 else 'them'} back. {start}"
            ),
            since=None,
            count=count,
            target=AttentionTarget("system", "dispatcher"),
            command="headgate doctor",
        )


def of_workers(crew: Crew, unstarted: Iterable[UnstartedJob]) -> Iterator[AttentionItem]:
    """Yield that nobody does the work, or nobody can do that of some jobs."""
    if crew.work_since is not None and not crew.slots:
        last = crew.last_seen_at
        seen = f" The last one was heard of until {last:%Y-%m-%d %H:%M} UTC." if last else ""
        yield AttentionItem(
            code="no_workers",
            severity="critical",
            title="No worker is alive",
            sentence=(
                f"Tasks wait, and no worker is there to run them.{seen} Start one: `headgate up` or"
                " `headgate worker`."
            ),
            since=crew.work_since,
            count=1,
            target=AttentionTarget("workers", ""),
            command="headgate worker",
        )
        return
    for job in unstarted:
        ready = f"{_counted(job.ready, 'task')} of {job.job} {_is(job.ready)} ready"
        yield AttentionItem(
            code="not_started",
            severity="warning",
            title=f"Nothing runs {job.job}",
            sentence=(
                f"{ready}, and workers with free slots do not take {_it(job.ready)}: none of them"
                f" has the runtime {job.runtime} with the operator {job.operator}. Start a worker"
                " that does."
            ),
            since=job.oldest_at,
            count=job.ready,
            target=AttentionTarget("job", job.job),
            command=f"headgate task list --job {job.job} --state pending",
        )


def of_letters(groups: Iterable[LetterGroup]) -> Iterator[AttentionItem]:
    """Yield dead letters by their error; those of a sink are rows that a table lacks."""
    for group in groups:
        sink = group.operator == OPERATOR
        letters = _counted(group.letters, "dead letter")
        said = str(group.error.get("message") or "it failed for good").rstrip(".")
        hint = str(group.error.get("hint") or "").strip()
        lost = " The rows that they cover are missing in the table." if sink else ""
        yield AttentionItem(
            code="sink_failing" if sink else "dead_letters",
            severity="warning",
            title=f"{letters} of {group.job}",
            sentence=(
                f"{said}.{f' {hint}' if hint else ''}{lost} When the cause is mended, redrive"
                f" {_it(group.letters)}; or discard {_it(group.letters)}."
            ),
            since=group.since,
            count=group.letters,
            target=AttentionTarget("dead_letters", group.fingerprint),
            command=f"headgate dlq list --job {group.job} --fingerprint {group.fingerprint}",
        )


def of_datasets(stuck: Iterable[StuckDataset], *, now: datetime) -> Iterator[AttentionItem]:
    """Yield stale datasets that nothing makes anew."""
    for one in stuck:
        if one.job is None:
            why = "no job makes it any more. Deploy a DAG that does, or remove it"
        elif one.paused:
            why = f"{one.job}, which makes it, is paused. Resume that job"
        else:
            letters = _counted(one.dead, "dead letter")
            why = f"all that is left of {one.job} is {letters}. Redrive or discard {_it(one.dead)}"
        yield AttentionItem(
            code="stale_dataset",
            severity="warning",
            title=f"{one.dataset} stays stale",
            sentence=f"{one.dataset} is stale for {span_text(now - one.since)}, and {why}.",
            since=one.since,
            count=1,
            target=AttentionTarget("dataset", one.dataset),
            command=f"headgate why dataset {one.dataset}",
        )


def of_held(job: HeldJob, reasons: Iterable[Reason]) -> AttentionItem:
    """Return that a job is held, with why and what drains it."""
    said = " ".join(f"{reason.text} {reason.do}".strip() for reason in reasons)
    return AttentionItem(
        code="queue_held",
        severity="notice",
        title=f"{job.job} is held",
        sentence=said or "A queue downstream is full; it goes on when that has drained.",
        since=job.since,
        count=job.waiting,
        target=AttentionTarget("job", job.job),
        command=f"headgate task list --job {job.job}",
    )


def of_paused(jobs: Iterable[PausedJob]) -> Iterator[AttentionItem]:
    """Yield paused jobs with tasks that wait, and with backfills."""
    for job in jobs:
        mend = f"Somebody paused it: `headgate job resume {job.job}` lets it go on."
        if job.waiting:
            tasks = _counted(job.waiting, "task")
            yield AttentionItem(
                code="job_paused",
                severity="notice",
                title=f"{job.job} is paused",
                sentence=f"{tasks} {_wait(job.waiting)} while {job.job} is paused. {mend}",
                since=job.oldest_at,
                count=job.waiting,
                target=AttentionTarget("job", job.job),
                command=f"headgate job resume {job.job}",
            )
        if job.units:
            units = count_text(job.units, "unit")
            yield AttentionItem(
                code="backfill_paused",
                severity="notice",
                title=f"A backfill of {job.job} is paused",
                sentence=f"{units} of a backfill are left, and {job.job} is paused. {mend}",
                since=job.backfill_since,
                count=job.units,
                target=AttentionTarget("job", job.job),
                command=f"headgate backfill list --job {job.job}",
            )


def of_database(warnings: Iterable[str]) -> Iterator[AttentionItem]:
    """Yield what retention and the watch over vacuum warn of."""
    for text in warnings:
        yield AttentionItem(
            code="database",
            severity="notice",
            title="The database needs a look",
            sentence=text,
            since=None,
            count=1,
            target=AttentionTarget("system", "database"),
            command="headgate doctor",
        )


def _counted(number: int, noun: str) -> str:
    return f"{count_text(number, noun)}{' or more' if number >= MOST else ''}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _it(number: int) -> str:
    return "it" if number == 1 else "them"


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"
