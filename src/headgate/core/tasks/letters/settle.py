"""Discarding dead letters, and opening discarded ones again."""

from typing import Literal

from headgate.core.access import Principal
from headgate.core.errors import Conflict
from headgate.core.services import Services
from headgate.core.tasks import store as tasks
from headgate.core.tasks.letters import store
from headgate.core.tasks.letters.model import LetterFilter, Plan
from headgate.core.tasks.letters.rules import check_open, no_letter

Settled = Literal["discarded", "open"]
"""What a letter becomes: discarded if it was open, open if it was discarded."""

_FROM: dict[Settled, Settled] = {"discarded": "open", "open": "discarded"}
_BATCH = 5000  # letters in one transaction
_GROUPS = 100


async def settle_one(services: Services, *, who: Principal, letter_id: int, to: Settled) -> None:
    """Discard one letter or open it again; one that is so already stays so.

    Raises `NotFound`, and `Conflict` for a letter in another state.
    """
    async with services.database.connection() as conn:
        settled = await store.settle(
            conn,
            org_id=who.org_id,
            chosen=LetterFilter(ids=[letter_id]),
            was=_FROM[to],
            becomes=to,
            after=letter_id - 1,
            last=letter_id,
            limit=1,
        )
        letter = await tasks.find_dead_letter(conn, org_id=who.org_id, id=letter_id)
    if letter is None:
        raise no_letter(letter_id)
    if settled:
        services.wake.signal("changed")
    elif letter.state != to:
        if to == "discarded":
            check_open(letter_id, letter.state)
        raise Conflict(f"Only a discarded dead letter can be reopened: it is {letter.state}.")


async def plan_settle(
    services: Services, *, who: Principal, chosen: LetterFilter, to: Settled
) -> Plan:
    """Count the letters that `settle_many` would move now."""
    async with services.database.connection() as conn:
        return await store.plan(
            conn,
            org_id=who.org_id,
            chosen=chosen,
            state=_FROM[to],
            with_removed=True,
            limit=_GROUPS,
        )


async def settle_many(
    services: Services, *, who: Principal, chosen: LetterFilter, to: Settled
) -> int:
    """Discard the chosen open letters, or open discarded ones again; return how many.

    Letters that come while this runs are left alone. Those of removed jobs are settled as well.
    """
    count = after = 0
    last = (await plan_settle(services, who=who, chosen=chosen, to=to)).last
    async with services.database.connection() as conn:
        while settled := await store.settle(
            conn,
            org_id=who.org_id,
            chosen=chosen,
            was=_FROM[to],
            becomes=to,
            after=after,
            last=last,
            limit=_BATCH,
        ):
            count, after = count + len(settled), settled[-1]
            services.wake.signal("changed")
    return count
