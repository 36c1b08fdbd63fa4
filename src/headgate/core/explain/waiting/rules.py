"""Why a pending task does not run, in words. Each reason holds by itself: all of them must end."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from headgate.core.explain.figures import at_most_text, count_text, milliseconds_text, time_text
from headgate.core.explain.making.rules import no_dispatcher
from headgate.core.explain.reasons import Reason, Subject
from headgate.core.explain.waiting.model import MOST, Hold, LastEnd, Pending
from headgate.core.explain.waiting.pressure import hold_reason
from headgate.core.work.model import Outcome

_SHORT = timedelta(seconds=2)  # what is late by less is only about to happen


def waits(
    task: Pending,
    *,
    holds: Sequence[Hold] = (),
    stale: Sequence[Reason] = (),
    last_end: LastEnd | None = None,
) -> list[Reason]:
    """Return every reason why the task does not run; where nothing stops it, its place in line."""
    found = [
        *_of_the_job(task),
        *(_delay(task, last_end) if task.waiting else ()),
        *_of_the_key(task),
        *_of_the_limits(task),
        *map(hold_reason, holds),
        *(stale if _waits_for_inputs(task) else ()),
        *_of_the_workers(task),
    ]
    return [*found, *([] if task.waiting else [_place_in_line(task, alone=not found)])]


def _of_the_job(task: Pending) -> Iterator[Reason]:
    about = (Subject("job", task.job),)
    if task.removed_at is not None:
        yield Reason(
            "job_removed",
            f"The job {task.job} was removed, so nothing runs its tasks.",
            f"Deploy a DAG that has it again, or `headgate task cancel {task.task_id}`.",
            since=task.removed_at,
            about=about,
        )
    if task.paused:
        yield Reason("job_paused", f"The job {task.job} is paused.", "Resume the job.", about=about)


def _delay(task: Pending, last: LastEnd | None) -> Iterator[Reason]:
    if task.run_at <= task.now:
        yield Reason(
            "due",
            "It was to wait until now, and is about to be let go.",
            since=task.run_at,
        )
        if not task.led and task.run_at < task.now - _SHORT:
            yield no_dispatcher()
        return
    when = time_text(task.run_at, now=task.now)
    now = f"`headgate task retry {task.task_id}` runs it at once."
    if last is None or last.outcome not in {Outcome.RETRY, Outcome.SNOOZED}:
        yield _debounce(task, when, now)
        return
    said = _said(last)
    about = () if last.task_id == task.task_id else (Subject("task", str(last.task_id)),)
    if last.outcome == Outcome.RETRY:
        text = f"Attempt {last.attempt} failed{said}. It is tried again at {when}."
        code, do = "retry_backoff", f"Mend the cause, or wait. {now}"
    elif _code(last) == "inputs_changed":
        code, do = "inputs_changed", ""
        text = f"Its inputs changed while it ran, so nothing was published. It runs anew at {when}."
    else:
        code, do = "snoozed", now
        text = f"It put itself off{said}, until {when}."
    yield Reason(code, text, do, since=last.done_at, until=task.run_at, about=about)


def _debounce(task: Pending, when: str, now: str) -> Reason:
    if not task.debounce_ms:
        return Reason("not_before", f"It does not start before {when}.", now, until=task.run_at)
    quiet = milliseconds_text(task.debounce_ms)
    latest = task.created_at + timedelta(milliseconds=task.max_wait_ms)
    text = (
        f"It lets a burst end: it starts at {when} if nothing comes until then ({quiet} of quiet)"
    )
    return Reason(
        "debounce",
        f"{text}, and at {time_text(latest, now=task.now)} at the latest.",
        now,
        since=task.created_at,
        until=task.run_at,
        about=(Subject("job", task.job),),
    )


def _of_the_key(task: Pending) -> Iterator[Reason]:
    if task.key_task is None:
        return
    on = f" on {task.key_worker}" if task.key_worker else ", on a worker that is gone"
    what = {"b": "this job", "p": f"partition {task.ckey[1:]}", "k": f"key {task.ckey[1:]}"}
    kind = what.get(task.ckey[0], "the same event")
    text = f"Task {task.key_task} runs for {kind}{on}; one at a time, so that none is overtaken."
    if task.preempted:
        text += " It was asked to stop, because what it reads was invalidated."
    yield Reason(
        "key_running",
        text,
        since=task.key_since,
        about=(Subject("task", str(task.key_task)),),
    )


def _of_the_limits(task: Pending) -> Iterator[Reason]:
    if task.max_concurrency is not None and task.running >= task.max_concurrency:
        running = task.running_tasks or ()
        shown = ", ".join(map(str, running))
        more = task.running - len(running)
        yield Reason(
            "max_concurrency",
            f"{count_text(task.running, 'task')} of {task.job} may run at once, and so many do:"
            f" {shown}{f' and {more:,} more' if more else ''}."
            if task.running == task.max_concurrency
            else f"{task.running:,} tasks of {task.job} run, and {task.max_concurrency:,} may.",
            "Wait, or raise `scaling.max_concurrency` of the job.",
            about=tuple(Subject("task", str(one)) for one in running),
        )
    if task.rate_per_second is not None and task.tokens is not None and task.tokens < 1:
        until = task.now + timedelta(seconds=(1 - task.tokens) / task.rate_per_second)
        yield Reason(
            "rate",
            f"{task.job} may start {_rate(task.rate_per_second)}; the next one starts at"
            f" {time_text(until, now=task.now)}.",
            "Wait, or raise `rate` of the job.",
            until=until,
            about=(Subject("job", task.job),),
        )


def _rate(per_second: float) -> str:
    for seconds, unit in ((1, "second"), (60, "minute"), (3600, "hour")):
        if per_second * seconds >= 1:
            return f"{per_second * seconds:,.3g} tasks a {unit}"
    return f"{per_second * 86_400:,.3g} tasks a day"


def _waits_for_inputs(task: Pending) -> bool:
    return task.reads_stale and (task.hold_ends is None or task.hold_ends > task.now)


def _of_the_workers(task: Pending) -> Iterator[Reason]:
    if not task.workers:
        yield Reason(
            "no_worker",
            "No worker is alive.",
            "Start one: `headgate up`, or `headgate worker` beside a server.",
        )
    elif task.busy >= task.capacity:
        yield Reason(
            "workers_busy",
            f"Every slot is taken: {count_text(task.capacity, 'slot')} of"
            f" {count_text(task.workers, 'worker')}.",
            "Wait, or start another worker.",
        )


def _place_in_line(task: Pending, *, alone: bool) -> Reason:
    order = "priority, turn and age" if task.fair else "priority and age"
    if task.ahead:
        ahead = at_most_text(task.ahead, "task", most=MOST)
        text = f"{ahead[0].upper()}{ahead[1:]} of {task.job} come first, by {order}."
    elif alone:
        text = (
            f"It is the next one of {task.job}: a worker that has {task.operator} and a free"
            f" {task.runtime} slot takes it."
        )
    else:
        text = f"It is the next one of {task.job}."
    return Reason("in_line", text, since=task.created_at, about=(Subject("job", task.job),))


def _said(last: LastEnd) -> str:
    message = last.error and (last.error.get("message") or last.error.get("code"))
    return f" ({str(message).rstrip('.')})" if message else ""


def _code(last: LastEnd) -> str | None:
    return last.error.get("code") if last.error else None
