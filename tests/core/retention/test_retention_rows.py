"""What is kept in small tables, and in the store, goes by age."""

from datetime import timedelta

import pytest
from days_of_load import Load, noon

_LATE = 40
"""A day by which all that `old_and_young` calls old is past every age."""


async def old_and_young(load: Load, statement: str, **values: object) -> None:
    """Run a statement that writes a row as of long ago, and once more as of today."""
    for name, at in (("old", noon(0)), ("young", noon(_LATE) - timedelta(hours=1))):
        await load.conn.execute(statement.encode(), {"name": name, "at": at, **values})


@pytest.mark.parametrize(
    ("table", "column", "statement"),
    [
        (
            "event_key",
            "key",
            (
                "insert into core.event_key (org_id, scope, key, event_id, at)"
                " values (1, '', %(name)s, 1, %(at)s)"
            ),
        ),
        (
            "idempotent_reply",
            "key",
            (
                "insert into core.idempotent_reply (org_id, key, request_hash, at)"
                " values (1, %(name)s, '', %(at)s)"
            ),
        ),
        (
            "change",
            "subject",
            (
                "insert into core.change (org_id, topic, subject, data, at)"
                " values (1, 'task', %(name)s, '{}', %(at)s)"
            ),
        ),
        (
            "operation",
            "subject",
            (
                "insert into core.operation (id, org_id, kind, actor, state, subject, updated_at)"
                " values (gen_random_uuid(), 1, '', '', 'succeeded', %(name)s, %(at)s)"
            ),
        ),
        (
            "backfill",
            "cancelled_at",
            (
                "insert into core.backfill (org_id, job_id, event_id, kind, heavy, bytes, priority,"
                " total, remaining, cancelled_at) values (1, %(job)s, 1, 0, false, 0, 0, 9, '{[1,9)}',"
                " %(at)s)"
            ),
        ),
    ],
)
async def test_old_rows_go_and_young_ones_stay(
    table: str, column: str, statement: str, load: Load
) -> None:
    await old_and_young(load, statement, job=load.hands.made.jobs["each"])
    await load.sweep(_LATE)

    (left,) = await load.rows(table)
    assert left[column] in {"young", noon(_LATE) - timedelta(hours=1)}


async def test_an_operation_that_still_runs_stays_whatever_its_age(load: Load) -> None:
    await load.conn.execute(
        "insert into core.operation (id, org_id, kind, actor, updated_at)"
        " values (gen_random_uuid(), 1, '', '', %s)",
        [noon(0)],
    )
    await load.sweep(_LATE)

    assert len(await load.rows("operation")) == 1


async def test_dead_letters_go_by_their_resolution_else_by_their_death(load: Load) -> None:
    letter = (
        "insert into core.dead_letter (org_id, task_id, job_id, ckey, rngs, inval, evs, n, heavy,"
        " priority, attempts, error, fingerprint, created_at, state, died_at, resolved_at) values"
        " (1, %s, %s, 'b', '{}', '{}', '{}', 1, false, 0, 3, '{}', '', now(), %s, %s, %s)"
    )
    job = load.hands.made.jobs["each"]
    today = noon(_LATE)
    for task, state, died, resolved in (
        (1, "open", noon(0), None),
        (2, "open", today, None),
        (3, "redriven", noon(0), noon(0)),
        (4, "discarded", noon(0), today),
        (5, "superseded", noon(0), None),
    ):
        await load.conn.execute(letter, [task, job, state, died, resolved])
    await load.sweep(_LATE)

    assert [row["task_id"] for row in await load.rows("dead_letter")] == [2, 4]
    (told,) = await load.rows("change")
    assert (told["topic"], told["data"]) == ("dead_letter", {"state": "expired"})
    assert load.retention.counts["unresolved dead letters"] == 1
    assert load.retention.counts["resolved dead letters"] == 2


async def test_what_a_removed_job_left_goes_and_what_a_live_one_keeps_stays(load: Load) -> None:
    for job in load.hands.made.jobs.values():
        await load.conn.execute(
            "insert into core.memo (job_id, ckey, hash, task_id, at) values (%s, 'k', '', 1, %s)",
            [job, noon(0)],
        )
        await load.conn.execute(
            "insert into core.fair_turn (job_id, key, turn) values (%s, 'k', 1)", [job]
        )
    removed = load.hands.made.jobs["all"]
    await load.conn.execute("update core.job set removed_at = %s where id = %s", [noon(0), removed])
    await load.sweep(_LATE)

    kept = load.hands.made.jobs["each"]
    assert [row["job_id"] for row in await load.rows("memo")] == [kept]
    assert [row["job_id"] for row in await load.rows("fair_turn")] == [kept]


async def test_more_than_one_batch_goes_in_one_sweep(load: Load) -> None:
    await load.conn.execute(
        "insert into core.event_key (org_id, scope, key, event_id, at)"
        " select 1, '', n::text, n, %s from generate_series(1, 12000) n",
        [noon(0)],
    )
    await load.sweep(_LATE)

    assert await load.rows("event_key") == []
    assert load.retention.counts["event keys"] == 12_000


async def test_only_objects_that_are_gone_are_forgotten(load: Load) -> None:
    kept = await load.objects.put("in/kept", b"1")
    for key, version in (("in/kept", kept.version), ("in/gone", "v1"), ("in/fresh", "v1")):
        await load.conn.execute(
            "insert into core.object_seen (org_id, key, version, at) values (1, %s, %s, %s)",
            [key, version, noon(_LATE if key == "in/fresh" else 0)],
        )
    await load.sweep(_LATE)

    assert [row["key"] for row in await load.rows("object_seen")] == ["in/kept", "in/fresh"]


async def test_a_store_keeps_replaced_bytes_for_their_time_only(load: Load) -> None:
    for data in (b"1", b"2", b"3"):
        await load.objects.put("a", data)
    await load.sweep(_LATE)
    assert len(await load.objects.versions("a")) == 3  # just now replaced, years after `_LATE`

    load.clock.now = noon(0) + timedelta(days=3650)
    await load.retention.sweep()
    assert [await load.objects.get("a")] == [b"3"]
    assert len(await load.objects.versions("a")) == 1
    assert load.retention.counts["old versions"] == 2
