"""`headgate queue`: what waits for each job, what holds it, and who works.

Workers are listed here, since `headgate worker` runs one.
"""

import click

from headgate.cli.client import Client
from headgate.cli.nouns.sparkline import sparkline
from headgate.cli.options import examples, limit_option, say_if_more, talks_to_server
from headgate.cli.output import Column, Item, Output, Section
from headgate.cli.output.values import size_text

STATES = ("paused", "held", "busy", "idle")
_WIDTH = 60


def _seconds(seconds: float | None) -> str | None:
    """Write a span in its largest unit."""
    if seconds is None:
        return None
    for below, unit, name in ((120, 1, "s"), (7200, 60, "m"), (48 * 3600, 3600, "h")):
        if seconds < below:
            return f"{seconds / unit:.0f}{name}"
    return f"{seconds / 86_400:.0f}d"


def _waiting(queue: Item) -> str:
    return f"{queue['waiting']:,}" if queue["exact"] else f"~{queue['waiting']:,}"


def _full(queue: Item) -> str | None:
    pressure = queue["pressure"]
    return f"{pressure['share']:.0%}" if pressure else None


def _pressure(queue: Item) -> str | None:
    pressure = queue["pressure"]
    if not pressure:
        return None
    measured, high, low = (
        _figure(pressure[name], pressure["cause"]) for name in ("measured", "high", "low")
    )
    return f"{pressure['dataset']}: {measured} of {high}; drained at {low}"


def _figure(number: int, cause: str) -> str:
    match cause:
        case "bytes":
            return size_text(number)
        case "age":
            return f"{number / 1000:,.0f} s"
        case "units":
            return f"{number:,} units"
        case _:
            return f"{number:,} tasks"


_ROW = (
    Column("JOB", "job", "name"),
    Column("STATE", "state", "name"),
    Column("WAITING", _waiting, "number"),
    Column("DELAYED", "delayed", "number"),
    Column("RUNNING", "running", "number"),
    Column("OLDEST", lambda queue: _seconds(queue["oldest_seconds"]), "number"),
    Column("FULL", _full, "number"),
    Column("DRAINED IN", lambda queue: _seconds(queue["drained_in_seconds"]), "number"),
    Column("WHY", lambda queue: " ".join(hold["text"] for hold in queue["holds"])),
)
_FIELDS = (
    Column("job", "job"),
    Column("state", "state"),
    Column("waiting", _waiting),
    Column("delayed", "delayed"),
    Column("running", "running"),
    Column("oldest", lambda queue: _seconds(queue["oldest_seconds"])),
    Column("drained in", lambda queue: _seconds(queue["drained_in_seconds"])),
    Column("pressure", _pressure),
    Column("at most running", "max_concurrency"),
    Column("rate per second", "rate"),
    Column("priority", "priority"),
    Column("runtime", "runtime"),
)
_HOLD = (
    Column("CODE", "code", "name"),
    Column("FOR", "since", "age"),
    Column("WHY", "text"),
    Column("WHAT TO DO", "do"),
)
_SPAN = (
    Column("HELD BY", "reason", "name"),
    Column("FROM", "since", "time"),
    Column("TO", "until", "time"),
)
_WORKER = (
    Column("ID", "id", "number"),
    Column("WORKER", "worker", "name"),
    Column("STATE", "state", "name"),
    Column("RUNNING", "in_flight", "number"),
    Column("OF", "capacity", "number"),
    Column("HEARD OF", lambda worker: _seconds(worker["heartbeat_seconds"]), "number"),
    Column("UP", "started_at", "age"),
    Column("JOBS", lambda worker: ", ".join(f"{j['job']} {j['running']}" for j in worker["jobs"])),
)
_PAUSED = (Column("job", "job"), Column("paused", "paused"))


@click.group("queue", epilog=examples("headgate queue list --state held"))
def queue_command() -> None:
    """Show queues and workers, pause and resume queues."""


@queue_command.command("list", epilog=examples("headgate queue list --state held"))
@click.option("--state", type=click.Choice(STATES), help="Only queues in this state.")
@click.option("-q", "part", metavar="TEXT", help="Only jobs with this in their name.")
@limit_option(50)
@talks_to_server
def list_queues(
    *, client: Client, output: Output, state: str | None, part: str | None, limit: int
) -> None:
    """List queues: paused and held ones first, then those with the most waiting tasks."""
    queues = client.list("/queues", limit=limit, state=state, q=part)
    output.items(queues, _ROW, empty="There are no such queues.")
    say_if_more(output, queues)


@queue_command.command("show", epilog=examples("headgate queue show creative.generate --hours 1"))
@click.argument("job", metavar="JOB")
@click.option(
    "--hours", type=click.IntRange(1, 168), default=6, show_default=True, help="How far back."
)
@talks_to_server
def show(*, client: Client, output: Output, job: str, hours: int) -> None:
    """Show the queue of a job: what waits, why nothing starts, how deep it was, who works on it."""
    queue = client.get(f"/queues/{job}", hours=hours)
    depth = [point["waiting"] for point in queue["flow"]["points"]]
    fields = [*_FIELDS]
    if output.on_terminal and depth:
        line = f"{sparkline(depth, width=_WIDTH)} {max(depth):,} at most in {hours} h"
        fields.append(Column("depth", lambda _: line))
    output.thing(
        queue,
        fields,
        [
            Section("holds", queue["holds"], _HOLD),
            Section("held", queue["held"], _SPAN),
            Section("workers", queue["workers"], _WORKER),
        ],
    )


@queue_command.command("pause", epilog=examples("headgate queue pause creative.generate"))
@click.argument("job", metavar="JOB")
@talks_to_server
def pause(*, client: Client, output: Output, job: str) -> None:
    """Start no more tasks of a job, as `headgate job pause`: what runs ends, what comes waits."""
    output.thing(client.post(f"/jobs/{job}/pause"), _PAUSED)


@queue_command.command("resume", epilog=examples("headgate queue resume creative.generate"))
@click.argument("job", metavar="JOB")
@talks_to_server
def resume(*, client: Client, output: Output, job: str) -> None:
    """Let the tasks of a paused job start again, as `headgate job resume`."""
    output.thing(client.post(f"/jobs/{job}/resume"), _PAUSED)


@queue_command.command("workers", epilog=examples("headgate queue workers"))
@limit_option(50)
@talks_to_server
def list_workers(*, client: Client, output: Output, limit: int) -> None:
    """List workers, newest first: what each runs, and when it was heard of."""
    workers = client.list("/workers", limit=limit)
    output.items(workers, _WORKER, empty="No worker is there. Start one: `headgate worker`.")
    say_if_more(output, workers)
