"""`headgate dag`: what is deployed, and changing it with a look before the leap."""

from typing import IO, Any

import click

from headgate.cli.client import Client
from headgate.cli.errors import CliError, Exit
from headgate.cli.nouns.dag_graph import graph_lines
from headgate.cli.options import confirm, examples, limit_option, talks_to_server
from headgate.cli.output import Column, Output
from headgate.cli.output.values import lines_of

_ALL = 10_000
_ROW = (
    Column("NAME", "name", "name"),
    Column("VERSION", "version", "number"),
    Column("JOBS", lambda dag: _count(dag.get("jobs")), "number"),
    Column("DATASETS", lambda dag: _count(dag.get("datasets")), "number"),
    Column("SOURCES", lambda dag: _count(dag.get("sources")), "number"),
    Column("AGE", "deployed_at", "age"),
)
_VERSION = (
    Column("VERSION", "version", "number"),
    Column("", lambda one: "runs" if one["current"] else ""),
    Column("AGE", "deployed_at", "age"),
    Column("BY", "deployed_by", "name"),
)
_FILE = click.argument("file", metavar="FILE", type=click.File(encoding="utf-8"))


@click.group("dag", epilog=examples("headgate dag plan dag.yaml"))
def dag_command() -> None:
    """Plan, apply, show and roll back DAGs."""


@dag_command.command("list", epilog=examples("headgate dag list"))
@talks_to_server
def list_dags(*, client: Client, output: Output) -> None:
    """List the deployed DAGs."""
    output.items(client.list("/dags", limit=_ALL), _ROW, empty="No DAG is deployed.")


@dag_command.command(
    "show", epilog=examples("headgate dag show creative", "headgate dag show creative --graph")
)
@click.argument("name")
@click.option("--source", is_flag=True, help="Print its YAML instead.")
@click.option("--graph", is_flag=True, help="Print its layers, and what each part does now.")
@talks_to_server
def show(*, client: Client, output: Output, name: str, source: bool, graph: bool) -> None:
    """Draw a deployed DAG."""
    if source and graph:
        raise click.UsageError("Choose --source or --graph, not both.")
    if graph:
        _show_graph(output, client.get(f"/dags/{name}/graph"))
        return
    dag = client.get(f"/dags/{name}")
    if output.as_json:
        output.json(dag)
    elif source:
        output.line(dag["source"].rstrip("\n"))
    else:
        output.line(f"{dag['name']} version {dag['version']}\n")
        _print_text(output, dag["text"])


@dag_command.command(
    "plan", epilog=examples("headgate dag plan dag.yaml", "headgate dag diff dag.yaml")
)
@_FILE
@talks_to_server
def plan(*, client: Client, output: Output, file: IO[str]) -> None:
    """Show what applying a DAG would change; change nothing."""
    found = client.post("/dags/plan", _source(file))
    if output.as_json:
        output.json(found)
    else:
        _print_plan(output, found)
    if found.get("blocked"):
        raise CliError(
            f"{found['dag']} cannot be applied like this.",
            exit_code=Exit.REFUSED,
            fault="state",
            hint="change the file, or what stands in its way; the plan above names it.",
        )


@dag_command.command("apply", epilog=examples("headgate dag apply dag.yaml --yes"))
@_FILE
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--expect-version", type=click.IntRange(min=0), help="Refuse unless this one runs now."
)
@talks_to_server
def apply(
    *, client: Client, output: Output, file: IO[str], yes: bool, expect_version: int | None
) -> None:
    """Deploy a DAG, after showing what changes."""
    wanted = _source(file)
    if not yes:
        found = client.post("/dags/plan", wanted)
        if not output.as_json:
            _print_plan(output, found)
        if not found["changes"]:
            if output.as_json:
                output.json({"dag": found["dag"], "changed": False, "plan": found})
            return
        confirm(f"Apply this to {found['dag']}?", yes=bool(found.get("blocked")))
        # What was agreed to is what is done: another deploy in between makes this a conflict.
        expect_version = found.get("before") if expect_version is None else expect_version
    if expect_version is not None:
        wanted["expect_version"] = expect_version
    done = client.post("/dags", wanted)
    if output.as_json:
        output.json(done)
    elif done["changed"]:
        output.line(f"{done['dag']} version {done['version']} is deployed.")
    else:
        output.line(f"{done['dag']} version {done['version']} is deployed already.")


@dag_command.command("versions", epilog=examples("headgate dag versions creative"))
@click.argument("name")
@limit_option(20)
@talks_to_server
def versions(*, client: Client, output: Output, name: str, limit: int) -> None:
    """List the versions of a DAG, the newest first."""
    found = client.get(f"/dags/{name}/versions", limit=limit)
    output.items(found, _VERSION, empty=f"{name} was never deployed.")


@dag_command.command("rollback", epilog=examples("headgate dag rollback creative 3"))
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--yes", is_flag=True, help="Do not ask.")
@talks_to_server
def rollback(*, client: Client, output: Output, name: str, version: int, yes: bool) -> None:
    """Deploy the text of an earlier version, after showing what changes."""
    wanted: dict[str, Any] = {"version": version}
    if not yes:
        source = client.get(f"/dags/{name}/versions/{version}")["source"]
        found = client.post("/dags/plan", {"source": source, "file": f"{name}@{version}"})
        if not output.as_json:
            _print_plan(output, found)
        confirm(f"Roll {name} back to version {version}?", yes=bool(found.get("blocked")))
        wanted["expect_version"] = found.get("before")
    done = client.post(f"/dags/{name}/rollback", wanted)
    if output.as_json:
        output.json(done)
    elif done["changed"]:
        output.line(f"{name} version {done['version']} is deployed: the text of version {version}.")
    else:
        output.line(f"{name} version {done['version']} has that text already.")


dag_command.add_command(plan, "diff")  # who comes from other tools looks for this name


def _show_graph(output: Output, graph: dict[str, Any]) -> None:
    if output.as_json:
        output.json(graph)
        return
    output.line(f"{graph['dag']} version {graph['version']}\n")
    for line in graph_lines(graph):
        output.line(line)


def _source(file: IO[str]) -> dict[str, Any]:
    try:
        return {"source": file.read(), "file": file.name}
    except UnicodeDecodeError as error:
        raise CliError(
            f"{file.name} is not text in UTF-8 (byte {error.start}).",
            exit_code=Exit.REFUSED,
            fault="input",
            hint="save it as UTF-8.",
        ) from error


def _print_plan(output: Output, plan: dict[str, Any]) -> None:
    _print_text(output, plan["text"])
    for warning in plan.get("warnings") or []:
        text = warning if isinstance(warning, str) else warning["message"]
        if text not in plan["text"]:
            output.note(f"Warning: {text}")


def _print_text(output: Output, text: str) -> None:
    for line in lines_of(text):
        output.line(line)


def _count(parts: Any) -> int:
    return len(parts) if isinstance(parts, list) else parts
