"""The statements of the creative app, one function each. Ids of runs travel as text."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from headgate.apps.creative.model import CampaignState
from headgate.core.database import Connection
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)


async def open_campaign(
    conn: Connection,
    *,
    run_id: str,
    org_id: int,
    campaign_id: str,
    event_id: int,
    brief_key: str,
    brief_version: str,
    message: str,
    audience: str,
    region: str,
    style: dict[str, Any],
    output: str,
    created_at: datetime,
) -> None:
    """Begin a run; a run that was rejected before (its brief was redriven) begins again."""
    await conn.execute(
        _SQL["open_campaign"],
        {
            "run_id": run_id,
            "org_id": org_id,
            "campaign_id": campaign_id,
            "event_id": event_id,
            "brief_key": brief_key,
            "brief_version": brief_version,
            "message": message,
            "audience": audience,
            "region": region,
            "style": json.dumps(style),
            "output": output,
            "created_at": created_at,
        },
    )


async def output_taken(conn: Connection, *, org_id: int, output: str, run_id: str) -> bool:
    cursor = await conn.execute(
        _SQL["output_taken"], {"org_id": org_id, "output": output, "run_id": run_id}
    )
    return await cursor.fetchone() is not None


async def add_products(
    conn: Connection,
    *,
    run_id: str,
    org_id: int,
    names: Sequence[str],
    descriptions: Sequence[str],
    assets: Sequence[str | None],
    generate_keys: Sequence[str | None],
    compose_keys: Sequence[str | None],
) -> None:
    await conn.execute(
        _SQL["add_products"],
        {
            "run_id": run_id,
            "org_id": org_id,
            "names": list(names),
            "descriptions": list(descriptions),
            "assets": list(assets),
            "generate_keys": list(generate_keys),
            "compose_keys": list(compose_keys),
        },
    )


async def reject_campaign(
    conn: Connection,
    *,
    run_id: str,
    org_id: int,
    event_id: int,
    brief_key: str,
    brief_version: str,
    problems: Sequence[dict[str, Any]],
    error: str,
    at: datetime,
) -> None:
    """Record a brief that cannot be read; a run that began stays as it is."""
    await conn.execute(
        _SQL["reject_campaign"],
        {
            "run_id": run_id,
            "org_id": org_id,
            "event_id": event_id,
            "brief_key": brief_key,
            "brief_version": brief_version,
            "problems": json.dumps(list(problems)),
            "error": error,
            "at": at,
        },
    )


async def find_picture(conn: Connection, *, org_id: int, hash: str) -> dict[str, Any] | None:  # noqa: A002
    cursor = await conn.execute(_SQL["find_picture"], {"org_id": org_id, "hash": hash})
    return await cursor.fetchone()


async def find_pictures(
    conn: Connection, *, org_id: int, hashes: Sequence[str]
) -> list[dict[str, Any]]:
    cursor = await conn.execute(_SQL["find_pictures"], {"org_id": org_id, "hashes": list(hashes)})
    return await cursor.fetchall()


async def add_picture(
    conn: Connection,
    *,
    org_id: int,
    hash: str,  # noqa: A002
    object_key: str,
    facts: dict[str, Any],
) -> None:
    await conn.execute(
        _SQL["add_picture"],
        {"org_id": org_id, "hash": hash, "object_key": object_key, "facts": json.dumps(facts)},
    )


async def set_image(
    conn: Connection,
    *,
    run_id: str,
    idx: int,
    image_key: str,
    image_source: str,
    reused: bool,
    facts: dict[str, Any],
    task: int,
    compose_key: str,
    again: bool,
) -> None:
    """Give a product its picture; one that is done has one, unless it is made `again`."""
    await conn.execute(
        _SQL["set_image"],
        {
            "run_id": run_id,
            "idx": idx,
            "image_key": image_key,
            "image_source": image_source,
            "reused": reused,
            "facts": json.dumps(facts),
            "task": task,
            "compose_key": compose_key,
            "again": again,
        },
    )


async def finish_product(
    conn: Connection,
    *,
    run_id: str,
    idx: int,
    image_key: str,
    variants: Sequence[dict[str, Any]],
    warnings: Sequence[str],
    task: int,
) -> None:
    await conn.execute(
        _SQL["finish_product"],
        {
            "run_id": run_id,
            "idx": idx,
            "image_key": image_key,
            "variants": json.dumps(list(variants)),
            "warnings": json.dumps(list(warnings)),
            "task": task,
        },
    )


async def fail_product(
    conn: Connection, *, run_id: str, idx: int, dead_letter: int | None, failure: dict[str, Any]
) -> bool:
    """Return False when the product was finished or its dead letter redriven since."""
    cursor = await conn.execute(
        _SQL["fail_product"],
        {
            "run_id": run_id,
            "idx": idx,
            "dead_letter": dead_letter,
            "failure": json.dumps(failure),
        },
    )
    return await cursor.fetchone() is not None


async def campaign(conn: Connection, *, org_id: int, run_id: str) -> dict[str, Any] | None:
    cursor = await conn.execute(_SQL["campaign"], {"org_id": org_id, "run_id": run_id})
    row = await cursor.fetchone()
    return row and _texts(row)


async def products(conn: Connection, *, run_ids: Sequence[str]) -> list[dict[str, Any]]:
    cursor = await conn.execute(_SQL["products"], {"run_ids": list(run_ids)})
    return [_texts(row) for row in await cursor.fetchall()]


async def charges(conn: Connection, *, run_id: str) -> list[dict[str, Any]]:
    cursor = await conn.execute(_SQL["charges"], {"run_id": run_id})
    return await cursor.fetchall()


async def set_campaign_state(
    conn: Connection,
    *,
    org_id: int,
    run_id: str,
    state: CampaignState,
    revision: int,
    at: datetime,
) -> None:
    await conn.execute(
        _SQL["set_campaign_state"],
        {"org_id": org_id, "run_id": run_id, "state": state, "revision": revision, "at": at},
    )


async def steps_at_work(conn: Connection, *, org_id: int, run_id: str) -> list[dict[str, Any]]:
    cursor = await conn.execute(_SQL["steps_at_work"], {"org_id": org_id, "run_id": run_id})
    return await cursor.fetchall()


async def reopen_product(
    conn: Connection, *, org_id: int, run_id: str, idx: int, state: Literal["waiting", "imaged"]
) -> bool:
    """Return False for a product that is being made, or that there is not."""
    cursor = await conn.execute(
        _SQL["reopen_product"], {"org_id": org_id, "run_id": run_id, "idx": idx, "state": state}
    )
    return await cursor.fetchone() is not None


async def list_campaigns(
    conn: Connection,
    *,
    org_id: int,
    before: tuple[datetime, str] | None,
    state: CampaignState | None = None,
    words: str | None = None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return runs older than `before`, newest first."""
    cursor = await conn.execute(
        _SQL["list_campaigns"],
        {
            "org_id": org_id,
            "before": before and before[0],
            "before_id": before and before[1],
            "state": state,
            "words": words,
            "limit": limit,
        },
    )
    return [_texts(row) for row in await cursor.fetchall()]


async def intend_charge(
    conn: Connection,
    *,
    org_id: int,
    run_id: str,
    idx: int,
    task_id: int,
    input_hash: str,
    model: str,
    micros: int,
    currency: str,
    unit: str,
    price_as_of: date,
    price_source: str,
) -> int:
    """Write down, before the call, what it may cost; return the ledger line's id."""
    cursor = await conn.execute(
        _SQL["intend_charge"],
        {
            "org_id": org_id,
            "run_id": run_id,
            "idx": idx,
            "task_id": task_id,
            "input_hash": input_hash,
            "model": model,
            "micros": micros,
            "currency": currency,
            "unit": unit,
            "price_as_of": price_as_of,
            "price_source": price_source,
        },
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an insert returns its row
    return int(row["id"])


async def settle_charge(
    conn: Connection,
    *,
    id: int,  # noqa: A002
    state: Literal["charged", "uncertain", "void"],
    request_id: str | None = None,
    note: str = "",
) -> None:
    await conn.execute(
        _SQL["settle_charge"],
        {"id": id, "state": state, "request_id": request_id, "note": note},
    )


async def charge_found(conn: Connection, *, org_id: int, input_hash: str) -> None:
    """Charge the intent whose picture turned up in the store."""
    await conn.execute(_SQL["charge_found"], {"org_id": org_id, "input_hash": input_hash})


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "run_id": str(row["run_id"])}
