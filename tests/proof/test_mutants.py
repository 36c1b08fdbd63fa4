"""Deliberate bugs in the statements: each has to be caught, or the proof proves too little.

A mutant changes the text of one loaded statement, then the rounds of `test_chaos` are played until
one of them breaks the promise that the mutant attacks.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

import pytest

from headgate.core.dispatch import store as dispatch
from headgate.core.events import store as events
from headgate.core.work import store as work
from proof import invariants
from proof.chaos import JOBS, Round
from proof.connecting import Connect

_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Mutant:
    """`edits` are (module, statement, old text or pattern, new text); `breaks` names the promise."""

    edits: tuple[tuple[ModuleType, str, str | re.Pattern[str], str], ...]
    breaks: str
    ddl: str = ""


_MERGE = re.compile(r"on conflict \(job_id, ckey\) do update.*?(?=returning)", re.DOTALL)
_KEY_IS_FREE = re.compile(r"and not exists \(select 1 from core.task_lease l.*?\)", re.DOTALL)
_WINDOW = """\
          where (e.xid, e.id) > ((select from_xid from r), (select from_id from r))
            and e.xid < (select pg_snapshot_xmax(s2) from r)
            and pg_visible_in_snapshot(e.xid, (select s2 from r))
          order by e.xid, e.id limit %(limit)s)"""

MUTANTS = {
    "a completion does not look at the token": Mutant(
        (
            (
                work,
                "complete",
                "join input i using (task_id, token)",
                "join input i using (task_id)",
            ),
        ),
        "a stale token changes nothing",
    ),
    "the cursor is the highest id seen": Mutant(
        (
            (
                dispatch,
                "route",
                _WINDOW,
                "where e.id > (select last_id from r) order by e.id limit %(limit)s)",
            ),
            (
                dispatch,
                "route",
                "where e.xid = any (array(select",
                "where false and e.xid = any (array(select",
            ),
            (
                dispatch,
                "route",
                "case when w.events = %(limit)s then w.id else 0 end",
                "coalesce(w.id, r.last_id)",
            ),
        ),
        "each event is covered exactly once",
    ),
    "the first snapshot's open transactions are forgotten": Mutant(
        (
            (
                dispatch,
                "route",
                "where e.xid = any (array(select",
                "where false and e.xid = any (array(select",
            ),
        ),
        "each event is covered exactly once",
    ),
    "a full batch closes its window": Mutant(
        (
            (dispatch, "route", "case when w.events = %(limit)s then c.s1 else r.s2 end", "r.s2"),
            (dispatch, "route", "case when w.events = %(limit)s then w.id else 0 end", "0"),
        ),
        "each event is covered exactly once",
    ),
    "routers do not wait for each other": Mutant(
        ((dispatch, "lock_router", "for update", ""),),
        "each event is covered exactly once",
    ),
    "new events do not merge into a pending task": Mutant(
        ((dispatch, "route", _MERGE, "on conflict do nothing "),),
        "each event is covered exactly once",
    ),
    "a retry does not merge into its successor": Mutant(
        ((work, "complete", _MERGE, "on conflict do nothing "),),
        "what was folded back is covered again",
    ),
    "merging forgets to count": Mutant(
        ((dispatch, "route", "n = t.n + excluded.n", "n = greatest(t.n, excluded.n)"),),
        "each event is covered exactly once",
    ),
    "a key may be leased twice": Mutant(
        ((work, "claim", _KEY_IS_FREE, ""),),
        "one lease for a key",
        ddl="alter table core.task_lease drop constraint task_lease_job_id_ckey_key",
    ),
    "a limit counts the leases of no job": Mutant(
        ((work, "claim", "and l.job_id = j.id)", "and l.job_id = -j.id)"),),
        "no more leases than the limit",
    ),
    "claims of a limited job do not wait for each other": Mutant(
        ((work, "lock_capped_jobs", "pg_advisory_xact_lock(1212498244, j)", "j"),),
        "no more leases than the limit",
    ),
    "a range below zero is cut like one above": Mutant(
        ((dispatch, "route", "floor(lower(rng)::numeric", "trunc(lower(rng)::numeric"),),
        "each event is covered exactly once",
    ),
    "a range reaches one partition too far": Mutant(
        ((dispatch, "route", "floor((upper(rng) - 1)::numeric", "floor(upper(rng)::numeric"),),
        "each event is covered exactly once",
    ),
    "a retry starts with all attempts again": Mutant(
        ((work, "complete", "case when outcome = 1 then attempt else attempt - 1 end", "0"),),
        "attempts are never given back",
    ),
    "attempts never run out": Mutant(
        ((work, "complete", "when said = 1 and attempt >= j.max_attempts then 3", ""),),
        "no attempt beyond the last",
    ),
    "the reaper does not look at sessions": Mutant(
        (
            (
                dispatch,
                "expired_leases",
                re.compile(r"where s\.id is null.*or(?= l\.deadline_at)", re.DOTALL),
                "where",
            ),
        ),
        "all work comes to an end",
    ),
    "the reaper takes every lease": Mutant(
        ((dispatch, "expired_leases", "where s.id is null", "where true"),),
        "a live worker keeps its leases",
    ),
    "delayed tasks are never promoted": Mutant(
        ((dispatch, "promote", "set waiting = false", "set waiting = true"),),
        "all work comes to an end",
    ),
    "an idempotency key is not looked at": Mutant(
        ((events, "emit", "where idem_key is null or id in (select event_id from fresh)", ""),),
        "a known key adds nothing",
    ),
    "dead letters leave no letter": Mutant(
        ((work, "complete", "from d where outcome = 3", "from d where outcome = 3 and false"),),
        "each death is a dead letter",
    ),
}


@contextmanager
def mutated(mutant: Mutant) -> Iterator[None]:
    """Run the block with a mutant's statements."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, old, new in mutant.edits:
            statements = module._SQL
            pattern = re.compile(re.escape(old)) if isinstance(old, str) else old
            text, times = pattern.subn(lambda _, new=new: new, statements[name])
            assert times == 1, f"{name} says {times} times, not once, {old!r}"
            patch.setitem(statements, name, text)
        yield


async def first_to_catch(
    connect: Connect, mutant: Mutant, *, seeds: Iterable[int]
) -> tuple[int | None, set[str]]:
    """Play rounds until one breaks the promise that the mutant attacks.

    Return the seed of that round, and every promise that was broken up to it.
    """
    seen: set[str] = set()
    with mutated(mutant):
        if mutant.ddl:
            await (await connect()).execute(mutant.ddl.encode())
        for seed in seeds:
            seen |= await _promises_broken(connect, seed)
            if mutant.breaks in seen:
                return seed, seen
    return None, seen


@pytest.mark.parametrize("name", MUTANTS)
async def test_a_deliberate_bug_is_caught(name: str, connect: Connect) -> None:
    seed, seen = await first_to_catch(connect, MUTANTS[name], seeds=range(_ROUNDS))
    assert seed is not None, f"{_ROUNDS} rounds broke only {sorted(seen)}"


async def _promises_broken(connect: Connect, seed: int) -> set[str]:
    chaos = Round(connect, seed=seed, steps=400)
    await chaos.play()
    committed = [event for writer in chaos.writers for event in writer.committed]
    found = await invariants.violations(chaos.hands, JOBS, committed=committed)
    return {text.partition(" (")[0] for text in (*chaos.violations, *found)}
