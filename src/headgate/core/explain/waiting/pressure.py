"""A job that is held by backpressure, in words, with the figures of the valve."""

from headgate.core.explain.figures import count_text, milliseconds_text, size_text
from headgate.core.explain.reasons import Reason, Subject
from headgate.core.explain.waiting.model import Hold


def hold_reason(hold: Hold) -> Reason:
    """Return why the job gets nothing, and at which figure it goes on."""
    if hold.dataset is not None and hold.reader is not None:
        return Reason(
            hold.reason,
            f"Too much of {hold.dataset} waits for {hold.reader}: {_figures(hold)}.{_drains(hold)}",
            _advice(hold),
            since=hold.since,
            about=(Subject("dataset", hold.dataset), Subject("job", hold.reader)),
        )
    rows = (hold.measured or {}).get("rows", 0)
    what = f"the runtime {hold.runtime}" if hold.runtime else hold.reason.partition(":")[2]
    return Reason(
        hold.reason,
        f"Too much waits for {what}: {count_text(rows, 'task')}. It goes on when half are done.",
        "Add workers with that runtime, or look at what makes its tasks slow.",
        since=hold.since,
    )


def _figures(hold: Hold) -> str:
    measured = hold.measured or {}
    limits = (
        ("rows", "rows", hold.max_rows, lambda n: count_text(n, "task")),
        ("units", "units", hold.max_units, lambda n: count_text(n, "unit")),
        ("bytes", "bytes", hold.max_bytes, size_text),
        ("age", "age_ms", hold.max_age_ms, lambda n: f"{milliseconds_text(n)} of waiting"),
    )
    shown = [
        f"{text(measured[field])} of at most {text(limit)}"
        for name, field, limit, text in limits
        if limit is not None
        and field in measured
        and (name == hold.cause or measured[field] >= limit * (hold.reopen or 0.5))
    ]
    return ", ".join(shown) or "its valve is closed"


def _drains(hold: Hold) -> str:
    share = f" It goes on at {(hold.reopen or 0.5):.0%} of that."
    if hold.reader_paused:
        return f" {hold.reader} is paused.{share}"
    if not hold.reader_running:
        return f" {hold.reader} runs nothing now.{share}"
    return f" {hold.reader} runs {count_text(hold.reader_running, 'task')}.{share}"


def _advice(hold: Hold) -> str:
    if hold.reader_paused:
        return f"Resume {hold.reader}."
    if not hold.reader_running:
        return f"See why {hold.reader} does not run: `headgate task list --job {hold.reader}`."
    return "Wait, add workers, or raise the `backlog` of that input."
