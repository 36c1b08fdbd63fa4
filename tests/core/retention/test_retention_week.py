"""A week of load, a day in a moment: what is stored stops growing, and nothing needed goes."""

from days_of_load import KEEP, Load, noon

_EVENTS = 1500
_SIZE = (
    "select sum(pg_total_relation_size(c.oid))::bigint as bytes from pg_class c"
    " where c.relnamespace = 'core'::regnamespace and c.relkind = 'r'"
)


async def live_through(load: Load, day: int) -> None:
    """Emit, run, log, fail and answer as a day does, as of noon of that day."""
    at = noon(day)
    await load.make_days(day, day + 1)
    await load.conn.execute(
        "insert into core.event (org_id, dataset_id, rng, payload, at)"
        " select 1, %s, int8range(n, n + 1), jsonb_build_object('text', repeat('x', 200)), %s"
        "  from generate_series(1, %s) n",
        [load.hands.made.datasets["a"], at, _EVENTS],
    )
    await load.hands.route()
    parameters = {"at": at, "stuck": noon(0)}
    for statement in (
        (
            "with done as (delete from core.task_pending where not evs @> 1::bigint returning *)"
            " insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, evs,"
            "  n, created_at, done_at)"
            " select id, 1, job_id, ckey, 0, 1, rngs, evs, n, %(at)s, %(at)s from done"
        ),
        (
            "insert into core.task_log (org_id, task_id, attempt, at, level, message)"
            " select 1, task_id, 1, %(at)s, 'info', repeat('y', 100) from core.task_history"
            "  where done_at = %(at)s"
        ),
        (
            "insert into core.dead_letter (org_id, task_id, job_id, ckey, rngs, inval, evs, n, heavy,"
            "  priority, attempts, error, fingerprint, created_at, died_at)"
            " select 1, task_id, job_id, ckey, rngs, inval, evs, n, false, 0, 3, '{}', '', %(at)s, %(at)s"
            "  from core.task_history where done_at = %(at)s limit 50"
        ),
        (
            "insert into core.event_key (org_id, scope, key, event_id, at)"
            " select 1, '', id::text, id, at from core.event where at = %(at)s"
        ),
        (
            "insert into core.change (org_id, topic, subject, data, at)"
            " select 1, 'task', task_id::text, '{}', %(at)s from core.task_history"
            "  where done_at = %(at)s"
        ),
        (
            "insert into core.idempotent_reply (org_id, key, request_hash, body, at)"
            " select 1, id::text, '', repeat('z', 500), at from core.event where at = %(at)s limit 300"
        ),
        (
            "insert into core.operation (id, org_id, kind, actor, state, updated_at)"
            " select gen_random_uuid(), 1, '', '', 'failed', at from core.event where at = %(at)s limit 50"
        ),
    ):
        await load.conn.execute(statement.encode(), parameters)


async def test_after_a_week_the_core_is_as_large_as_after_three_days(load: Load) -> None:
    # One task of the first day is stuck from then on: its day has to stay, with its event.
    await load.make_days(0, 0)
    (stuck,) = await load.emit(0)
    assert stuck == 1
    await load.hands.route()
    await load.conn.execute("delete from core.task_pending where ckey = 'b'")
    sizes = []
    for day in range(1, 9):
        await live_through(load, day)
        waiting = await load.emit(day, count=3)
        await load.sweep(day)
        assert {stuck, *waiting} <= await load.events()
        await load.conn.execute("vacuum")  # autovacuum's part, which has no time in a test
        (size,) = await (await load.conn.execute(_SIZE.encode())).fetchall()
        sizes.append(size["bytes"])

    print("MB after each day:", [round(size / 1e6, 2) for size in sizes])
    assert sizes[2] > 1.8 * sizes[0], "a day weighs something, or this proves nothing"
    assert sizes[6] < 1.25 * sizes[2]
    assert sizes[7] < 1.1 * sizes[3]
    assert await load.days("event") == [0, 6, 7, 8, 9]
    assert KEEP.events.days == 2
    kept = {row["id"] for row in await load.rows("event")}
    routed = await load.hands.route()
    assert routed == 3
    assert kept == await load.events()
