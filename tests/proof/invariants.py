"""What must be true of the tables when a round has settled, whatever happened in it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from psycopg.types.multirange import Multirange

from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.deployment import JobPlan
from proof.ledger import Ledger, Told

_FINAL = (Outcome.OK, Outcome.DEAD, Outcome.CANCELLED)


async def violations(
    hands: Hands, plans: Sequence[JobPlan], *, committed: Iterable[int]
) -> list[str]:
    """Return what is broken. `committed` are the ids that writers got and committed."""
    found = []
    log = await _log(hands)
    told = sorted(event.id for event in log if event.dataset != "failed")
    if told != sorted(committed):
        found.append(f"the log holds what was committed, once (not {told})")
    for slot, wrong in (await _wrongly_covered(hands, plans, log)).items():
        found.append(f"each event is covered exactly once ({slot}: {wrong})")
    found += await _overlapping(hands)
    found += await _overspent(hands, plans)
    return found


async def _log(hands: Hands) -> list[Told]:
    names = {id_: name for name, id_ in hands.made.datasets.items()}
    cursor = await hands.conn.execute("select * from core.event order by id")
    return [
        Told(
            row["id"],
            names[row["dataset_id"]],
            row["kind"] == 1,
            frozenset(range(row["rng"].lower, row["rng"].upper) if row["rng"] else ()),
            row["key"],
            heavy=False,
        )
        for row in await cursor.fetchall()
        if row["dataset_id"] in names
    ]


async def _wrongly_covered(
    hands: Hands, plans: Sequence[JobPlan], log: Sequence[Told]
) -> dict[tuple[str, str], str]:
    """Return, by slot, events that final attempts cover never, more than once, or wrongly."""
    ledger = Ledger({plan.name: plan for plan in plans})
    for event in log:
        ledger.emit(event)
    ledger.route(len(log) + 1)
    dataset_of = {event.id: event.dataset for event in log}
    reads = {plan.name: {read.dataset for read in plan.inputs} for plan in plans}
    done: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    counted: Counter[tuple[str, str]] = Counter()
    for job in hands.made.jobs:
        for row in await hands.rows("task_history", job):
            if row["outcome"] in _FINAL:
                ids = _ids(row["evs"])
                if row["ckey"] == "b":  # others lie between, of datasets that it does not read
                    ids = [i for i in ids if dataset_of.get(i) in reads[job]]
                done[job, row["ckey"]].update(ids)
                counted[job, row["ckey"]] += row["n"]
    wrong = {}
    for slot in done.keys() | ledger.pending.keys():
        due = Counter(ledger.pending[slot].events if slot in ledger.pending else ())
        if done[slot] != due:
            wrong[slot] = f"missing {due - done[slot]}, too often {done[slot] - due}"
        elif counted[slot] != due.total():
            wrong[slot] = f"n is {counted[slot]}, not {due.total()}"
    return wrong


async def _overlapping(hands: Hands) -> list[str]:
    cursor = await hands.conn.execute(
        "select a.job_id, a.ckey, a.token, b.token as later from core.task_history a"
        " join core.task_history b on a.job_id = b.job_id and a.ckey = b.ckey"
        "  and a.token < b.token and b.leased_at < a.done_at"
    )
    return [f"attempts of a key do not overlap ({row})" for row in await cursor.fetchall()]


async def _overspent(hands: Hands, plans: Sequence[JobPlan]) -> list[str]:
    found = []
    for plan in plans:
        history = await hands.rows("task_history", plan.name)
        tokens = Counter(row["token"] for row in history if row["token"] is not None)
        found += [f"a token ends once ({t})" for t, times in tokens.items() if times > 1]
        found += [
            f"no attempt beyond the last ({row['ckey']}: {row['attempt']})"
            for row in history
            if row["attempt"] > plan.max_attempts
        ]
        told = len(await hands.rows("dead_letter", plan.name))
        dead = sum(1 for row in history if row["outcome"] == Outcome.DEAD)
        if told != dead:
            found.append(f"each death is a dead letter ({plan.name}: {told} of {dead})")
    return found


def _ids(ranges: Multirange[int]) -> list[int]:
    return [event for r in ranges for event in range(r.lower, r.upper)]
