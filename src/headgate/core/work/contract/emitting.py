"""Events of tasks that still run."""

from dataclasses import replace

from headgate.core.errors import InvalidInput
from headgate.core.events import store as event_store
from headgate.core.observe.tracing import current_traceparent
from headgate.core.work import store
from headgate.core.work.contract import store as contract_store
from headgate.core.work.contract.desk import Desk
from headgate.core.work.contract.inputs import lost
from headgate.core.work.contract.messages import EmitEvents, EventsEmitted
from headgate.core.work.contract.rules import faults_of_keys, key_of, new_events


async def emit_now(desk: Desk, asked: EmitEvents) -> EventsEmitted:
    """Emit while the lease holds; raise `LeaseLost`, or `InvalidInput` with every fault."""
    (grant,) = desk.tokens.tasks([("/token", asked.token)], now=desk.services.clock())
    jobs = await desk.jobs.of(grant.org_id)
    first = asked.first or 0
    async with desk.services.database.transaction() as conn:
        lease = (await contract_store.held(conn, grants=[grant])).get(grant.lease)
        if lease is None:
            raise lost(grant)
        events, faults = new_events(
            asked.events,
            job=jobs.get(lease.job_id),
            pointer="/events",
            trace=asked.trace or current_traceparent(),
        )
        if faults := [*faults, *faults_of_keys(asked.events, first=asked.first)]:
            raise InvalidInput(
                "The events were not emitted.",
                hint="The task is still yours: mend them, or complete it with `fail`.",
                problems=faults,
            )
        if not await store.hold_lease(conn, task_id=grant.task_id, token=grant.lease):
            raise lost(grant)
        ids = await event_store.emit(
            conn,
            org_id=grant.org_id,
            events=[
                replace(event, idem_key=key_of(asked_event, number=number))
                for number, (event, asked_event) in enumerate(
                    zip(events, asked.events, strict=True), first
                )
            ],
            scope=f"task:{grant.task_id}:{lease.n}",
            producer_task=grant.task_id,
        )
    if ids:
        desk.services.wake.signal("emitted")
    return EventsEmitted(len(ids), first + len(asked.events))
