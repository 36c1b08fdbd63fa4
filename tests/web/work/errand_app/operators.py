"""Names for the DAG: who runs them is over HTTP."""

from typing import Any

from headgate.core.app import TaskContext, operator


@operator
async def run(ctx: TaskContext[Any]) -> None:
    """Run an errand."""


@operator
async def span(ctx: TaskContext[Any]) -> None:
    """Cover ranges."""


@operator
async def rare(ctx: TaskContext[Any]) -> None:
    """Be claimed by none but the tests of one thing."""
