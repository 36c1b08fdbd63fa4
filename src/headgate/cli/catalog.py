"""Which commands there are. Each is imported when it is run, so that `--help` starts at once."""

from importlib import import_module
from typing import NamedTuple

import click
from click.exceptions import NoSuchCommand

from headgate import __version__


class Entry(NamedTuple):
    """A command: the module that holds it under `name`, and the first line of its help."""

    name: str
    module: str
    summary: str


SECTIONS: dict[str, tuple[Entry, ...]] = {
    "Run Headgate": (
        Entry("up", "serve.up", "Start everything on this machine and open the console."),
        Entry("demo", "serve.demo", "Run an example from its input to its results."),
        Entry("worker", "serve.worker", "Run a worker beside a server that runs already."),
        Entry("dispatcher", "serve.dispatcher", "Run a dispatcher beside a server that runs."),
    ),
    "Look at it": (
        Entry("status", "about.status", "Show what needs a person, what runs, waits and failed."),
        Entry("doctor", "about.doctor", "Check this installation and say how to mend it."),
        Entry("task", "nouns.task", "List, explain, follow, retry and cancel tasks."),
        Entry("queue", "nouns.queue", "Show queues and workers, pause and resume queues."),
        Entry("why", "nouns.why", "Explain why a task, an event or a dataset is as it is."),
        Entry("event", "nouns.event", "List events and what followed from each; send one."),
        Entry("dataset", "nouns.dataset", "List, show and invalidate datasets."),
        Entry("backfill", "nouns.backfill", "List, cancel and resume backfills."),
        Entry("dlq", "nouns.dlq", "List dead letters and redrive them."),
        Entry("operation", "nouns.operation", "List, show and cancel operations."),
    ),
    "Give it work": (
        Entry("creative", "nouns.creative", "Turn campaign briefs into images."),
        Entry("object", "nouns.object", "Store, fetch and list objects."),
        Entry("dag", "nouns.dag", "Plan, apply, show and roll back DAGs."),
        Entry("job", "nouns.job", "List, show, pause and resume jobs, and run one again."),
    ),
    "For programs": (
        Entry("openapi", "about.openapi", "Print the HTTP API's description."),
        Entry("completion", "about.completion", "Print the completion script of a shell."),
    ),
}
_ENTRIES = {entry.name: entry for entries in SECTIONS.values() for entry in entries}

_EXAMPLES = """\b
Examples:
  headgate up                              start here
  headgate creative run brief.json         a campaign, from brief to images
  headgate task list --state dead --json   for programs: every list has --json
  headgate doctor                          when something does not work
"""


class Catalog(click.Group):
    """The commands by section, loaded one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = _ENTRIES.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(f"headgate.cli.{entry.module}"), f"{entry.name}_command")
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.module} holds no command for {entry.name}")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=list(_ENTRIES), ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, entries in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(entry.name, entry.summary) for entry in entries])


@click.group("headgate", cls=Catalog, epilog=_EXAMPLES)
@click.version_option(__version__, prog_name="headgate", message="%(prog)s %(version)s")
def headgate() -> None:
    """Headgate: events in, metered work, results as datasets."""
