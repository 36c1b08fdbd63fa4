"""`headgate job`: what each job is and does, pausing one, and running one over a part again."""

import click

from headgate.cli.client import Client
from headgate.cli.nouns.durations import seconds_text
from headgate.cli.nouns.job_process import process
from headgate.cli.nouns.job_show import show
from headgate.cli.options import examples, limit_option, say_if_more, talks_to_server
from headgate.cli.output import Column, Item, Output

_MARKS = {"succeeded": "+", "skipped": "+", "retried": "r", "lost": "l", "dead": "x"}
_LAST = 10  # attempts in a row of the list


def _last(job: Item) -> str:
    return "".join(_MARKS.get(mark["outcome"], ".") for mark in job["recent"][-_LAST:])


_ROW = (
    Column("JOB", "job", "name"),
    Column("STATE", "state", "name"),
    Column("WAITING", "waiting", "number"),
    Column("RUNNING", "running", "number"),
    Column("DEAD", "dead_letters", "number"),
    Column("LAST", _last, "name"),
    Column("P50", lambda job: seconds_text(job["p50_seconds"]), "number"),
    Column("P95", lambda job: seconds_text(job["p95_seconds"]), "number"),
    Column("STRATEGY", "strategy", "name"),
    Column("OPERATOR", "operator", "name"),
)


@click.group("job", epilog=examples("headgate job show creative.generate"))
def job_command() -> None:
    """List, show, pause and resume jobs, and run one again."""


@job_command.command(
    "list", epilog=examples("headgate job list", "headgate job list --dag creative --json")
)
@click.option("--dag", metavar="NAME", help="Only jobs of this DAG.")
@limit_option(100)
@talks_to_server
def list_jobs(*, client: Client, output: Output, dag: str | None, limit: int) -> None:
    """List the deployed jobs with what waits, runs and failed.

    LAST shows the last ten attempts, the newest last: + succeeded, r retried, l lost, x dead,
    . ended otherwise.
    """
    jobs = client.list("/jobs", limit=limit, dag=dag)
    output.items(jobs, _ROW, empty="No job is deployed.")
    say_if_more(output, jobs)


@job_command.command("pause", epilog=examples("headgate job pause creative.generate"))
@click.argument("job", metavar="NAME")
@talks_to_server
def pause(*, client: Client, output: Output, job: str) -> None:
    """Start no more tasks of a job: what runs ends, what comes waits."""
    _set(client, output, job, "pause")


@job_command.command("resume", epilog=examples("headgate job resume creative.generate"))
@click.argument("job", metavar="NAME")
@talks_to_server
def resume(*, client: Client, output: Output, job: str) -> None:
    """Let the tasks of a paused job start again."""
    _set(client, output, job, "resume")


def _set(client: Client, output: Output, job: str, verb: str) -> None:
    done = client.post(f"/jobs/{job}/{verb}", {})
    output.thing(done, (Column("job", "job"), Column("paused", "paused")))


job_command.add_command(show)
job_command.add_command(process)
