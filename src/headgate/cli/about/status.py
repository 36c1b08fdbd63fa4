"""`headgate status`: what needs a person, and what runs, waits and failed."""

import click

from headgate.cli.client import Client
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Column, Output, Section

_FIELDS = (
    Column("version", "version"),
    Column("url", "url"),
    Column("home", "home"),
    Column("started", "started_at", "time"),
    Column("database", lambda s: f"{s['database']['kind']} {s['database']['version']}"),
    Column("objects", lambda s: f"{s['object_store']['kind']} {s['object_store']['location']}"),
    Column("dead letters", "dead_letters"),
    Column("routing lag", lambda s: f"{s.get('routing_lag_seconds', 0):.1f} s"),
)
_URGENT = (
    Column("HOW BAD", "severity", "name"),
    Column("WHAT", "title"),
    Column("FOR", "since", "age"),
    Column("WHY AND WHAT TO DO", "sentence"),
    Column("COMMAND", "command"),
)
_JOB = (
    Column("JOB", "job", "name"),
    Column("PAUSED", "paused"),
    Column("PENDING", "pending", "number"),
    Column("WAITING", "waiting", "number"),
    Column("RUNNING", "running", "number"),
    Column("DEAD", "dead", "number"),
    Column("OLDEST", "oldest_pending_at", "age"),
)
_WORKER = (
    Column("WORKER", "worker", "name"),
    Column("CAPACITY", "capacity", "number"),
    Column("AGE", "started_at", "age"),
)


@click.command("status", epilog=examples("headgate status", "headgate status --json"))
@talks_to_server
def status_command(*, client: Client, output: Output) -> None:
    """Show what needs a person, what runs, waits and failed."""
    found = client.get("/status")
    urgent = client.get("/attention")
    sections = (
        Section("needs a person", urgent["items"], _URGENT),
        Section("jobs", found["jobs"], _JOB),
        Section("workers", found["workers"], _WORKER),
    )
    output.thing({**found, "attention": urgent}, _FIELDS, sections)
    if not urgent["complete"] and not output.as_json:
        output.note("More than is shown needs a person.")
