"""The operator of all sinks; which dataset one writes is a parameter of its job."""

from typing import Any

from headgate.core.app import TaskContext, operator, without_events
from headgate.core.errors import NotFound
from headgate.core.sinks import store


@without_events
@operator
async def sink(ctx: TaskContext[Any]) -> None:
    """Write the rows of a buffered dataset's events into its table."""
    # Read after the claim: all events of this task were emitted under this schema or an older one.
    target = await ctx.read(
        store.buffered_dataset, org_id=ctx.task.org_id, name=ctx.task.params["dataset"]
    )
    if target is None:
        raise NotFound(
            f"There is no buffered dataset {ctx.task.params['dataset']} any more.",
            hint="Deploy it with `write_mode: buffered` and redrive, or discard the dead letter.",
        )
    dataset_id, table = target
    ctx.write(
        store.write_rows,
        dataset_id=dataset_id,
        table=table,
        task_id=ctx.task.id,
        token=ctx.task.token,
    )
