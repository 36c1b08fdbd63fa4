"""How the server is, and how long its queues are."""

from collections.abc import Sequence

from headgate.web.api.system import Health, JobStatus, Status
from headgate.web.status.markup import NOTHING, Markup, badge, join, moment, tag


def health_strip(health: Health, status: Status | None) -> Markup:
    """Return the line of figures at the top; without `status` the database is away."""
    well = health.status == "ok"
    state = badge("good", "Working") if well else badge("bad", "Not working")
    figures = [_figure("Server", state)]
    if status is not None:
        slots = sum(worker.capacity for worker in status.workers)
        pending = sum(job.pending for job in status.jobs)
        figures += [
            _figure("Workers", len(status.workers), f"{slots} slots"),
            _figure("Pending", pending, _note(sum(j.waiting for j in status.jobs), "waiting")),
            _figure("Running", sum(job.running for job in status.jobs)),
            _figure("Dead letters", status.dead_letters),
        ]
    problems = [tag("p", problem, class_="problem") for problem in health.problems]
    if status is not None and not status.workers:
        hint = join(["No worker runs, so nothing is done. Start one: ", tag("code", "headgate up")])
        problems.append(tag("p", hint, class_="problem"))
    return tag(
        "section",
        tag("h2", "Health", id="health-title", class_="unseen"),
        tag("dl", *figures, class_="figures"),
        *problems,
        aria_labelledby="health-title",
        data_key="health",
    )


def queues(jobs: Sequence[JobStatus]) -> Markup:
    """Return a table of the jobs: what waits, runs and failed."""
    if not jobs:
        empty = join(["No job is deployed. ", tag("code", "headgate dag apply dag.yaml")])
        body = tag("p", empty, class_="empty")
    else:
        head = ("Job", "Pending", "Waiting", "Running", "Dead", "Oldest pending")
        table = tag(
            "table",
            tag("caption", "Tasks by job", class_="unseen"),
            tag("thead", tag("tr", *(tag("th", name, scope="col") for name in head))),
            tag("tbody", *(_row(job, _most(jobs)) for job in jobs)),
        )
        body = tag(
            "div", table, class_="scroll", role="region", tabindex=0, aria_label="Tasks by job"
        )
    return tag(
        "section",
        tag("h2", "Queues", id="queues-title"),
        body,
        aria_labelledby="queues-title",
        data_key="queues",
    )


def _row(job: JobStatus, most: int) -> Markup:
    width = round(100 * job.pending / most) if most else 0
    bar = tag("meter", min=0, max=100, value=width, aria_hidden="true") if width else NOTHING
    paused = join([" ", badge("warn", "paused")]) if job.paused else NOTHING
    oldest = moment(job.oldest_pending_at)
    return tag(
        "tr",
        tag("th", job.job, paused, scope="row"),
        tag("td", f"{job.pending:,}", bar),
        tag("td", f"{job.waiting:,}"),
        tag("td", f"{job.running:,}"),
        tag("td", f"{job.dead:,}", class_="warn" if job.dead else None),
        tag("td", oldest or "–"),  # noqa: RUF001 - a dash
    )


def _most(jobs: Sequence[JobStatus]) -> int:
    return max(job.pending for job in jobs)


def _figure(name: str, value: Markup | int, note: str = "") -> Markup:
    shown = f"{value:,}" if isinstance(value, int) else value
    small = tag("span", note, class_="note") if note else NOTHING
    return tag("div", tag("dt", name), tag("dd", shown, small))


def _note(count: int, word: str) -> str:
    return f"{count:,} {word}" if count else ""
