"""`headgate job`: which jobs there are, and pausing one."""

import click

from headgate.cli.client import Client
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Column, Output

_ROW = (
    Column("JOB", "job", "name"),
    Column("PAUSED", lambda job: "paused" if job["paused"] else "", "name"),
    Column("PENDING", "pending", "number"),
    Column("WAITING", "waiting", "number"),
    Column("RUNNING", "running", "number"),
    Column("DEAD", "dead", "number"),
)


@click.group("job", epilog=examples("headgate job pause creative.generate"))
def job_command() -> None:
    """List jobs, pause and resume them."""


@job_command.command("list", epilog=examples("headgate job list"))
@talks_to_server
def list_jobs(*, client: Client, output: Output) -> None:
    """List the deployed jobs with what waits, runs and failed."""
    output.items(client.get("/status")["jobs"], _ROW, empty="No job is deployed.")


@job_command.command("pause", epilog=examples("headgate job pause creative.generate"))
@click.argument("job", metavar="NAME")
@talks_to_server
def pause(*, client: Client, output: Output, job: str) -> None:
    """Start no more tasks of a job: what runs ends, what comes waits."""
    done = client.post(f"/jobs/{job}/pause", {})
    output.thing(done, (Column("job", "job"), Column("paused", "paused")))


@job_command.command("resume", epilog=examples("headgate job resume creative.generate"))
@click.argument("job", metavar="NAME")
@talks_to_server
def resume(*, client: Client, output: Output, job: str) -> None:
    """Let the tasks of a paused job start again."""
    done = client.post(f"/jobs/{job}/resume", {})
    output.thing(done, (Column("job", "job"), Column("paused", "paused")))
