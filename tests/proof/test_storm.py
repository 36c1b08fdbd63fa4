"""A storm over real processes and a real Postgres; and that its verdict sees what it should."""

import pytest

from headgate.core.database import Connection
from proof.by_hand import Hands
from proof.dags import hands_on
from proof.storm import play
from proof.storm_acts import Kind, schedule
from proof.storm_emitters import Told
from proof.storm_flow import DAG, TABLES
from proof.storm_oracle import busiest, left, verdict

_SEED = 5


async def test_a_storm_loses_and_doubles_nothing() -> None:
    print("seed", _SEED)
    storm = await play(seed=_SEED, seconds=8)
    assert storm.broken == []
    assert (storm.counts["lost"], storm.counts["doubled"]) == (0, 0)
    # It was one: things did go wrong in it, and work went on.
    assert storm.acts.keys() >= {Kind.KILL, Kind.FREEZE, Kind.DEPOSE, Kind.CRASH}
    assert storm.counts["epochs"] > 1
    assert storm.counts["told"] > 50


@pytest.mark.parametrize("seconds", [8.0, 60.0])
def test_a_storm_follows_from_its_seed_and_has_everything_in_it(seconds: float) -> None:
    term, lease = 1.5, 1.0
    for seed in range(20):
        acts = schedule(seed, seconds=seconds, term=term, lease=lease)
        assert acts == schedule(seed, seconds=seconds, term=term, lease=lease)
        assert {act.kind for act in acts} == set(Kind)
        assert acts == sorted(acts)
        assert all(act.lasts > term for act in acts if act.kind is Kind.DEPOSE)
        assert all(act.lasts > lease for act in acts if act.kind is Kind.FREEZE)


_ATTEMPT = (
    "insert into core.task_history (task_id, token, org_id, job_id, ckey, outcome, attempt, rngs,"
    " evs, n, created_at, leased_at, done_at)"
    " select task, token, 1, id, ckey, 0, 1, '{}', '{}', 1, now(), now() + leased, now() + done"
    " from core.job cross join lateral (values %s) t(task, token, ckey, leased, done) where name = '%s';"
)


def _attempts(job: str, *values: str) -> str:
    return _ATTEMPT % (", ".join(f"({value})" for value in values), job)


_ONE = "1, 1, 'b', interval '0 s', interval '1 s'"
FORGED = {
    "a token ends once": _attempts("all", _ONE, "1, 1, 'b', interval '2 s', interval '3 s'"),
    "what is written belongs to an attempt that was accepted": (
        "insert into effect values (1, 1, 1, 'early')"
    ),
    "attempts of a key do not overlap": _attempts(
        "all", _ONE, "1, 2, 'b', interval '0.5 s', interval '2 s'"
    ),
    "no more leases than the limit": _attempts(
        "part", *(f"{n}, {n}, 'p{n}', interval '{n} s', interval '9 s'" for n in range(4))
    ),
    "no more starts than the rate": _attempts(
        "rated", *(f"{n}, {n}, 'p{n}', interval '{n} ms', interval '9 s'" for n in range(20))
    ),
    "only the leader of an epoch routes in it": "insert into routed values (1, 'north', 'south')",
    "an epoch has one leader": (
        "insert into routed values (1, 'north', 'north'), (1, 'south', 'south')"
    ),
    "no output mixes old and new inputs": "insert into mixed values (1, 1, '{}')",
    "every output follows its source": (
        "insert into value select d, 1, 2 from unnest('{a,b,c}'::text[]) d"
    ),
}


@pytest.mark.parametrize("promise", FORGED)
async def test_the_verdict_sees_a_broken_promise(promise: str, conn: Connection) -> None:
    await _flow(conn)
    assert await verdict(conn, Told()) == ({"lost": 0, "doubled": 0}, [])
    await conn.execute(FORGED[promise].encode())
    _, broken = await verdict(conn, Told())
    assert [text.partition(" (")[0] for text in broken] == [promise]


async def test_the_verdict_counts_what_is_lost_and_what_is_doubled(conn: Connection) -> None:
    await _flow(conn)
    for token, job in enumerate(("each", "part", "all", "rated")):
        await conn.execute(
            _attempts(job, f"1, {token}, 'b', interval '0 s', interval '1 s'").encode()
        )
        await conn.execute(
            f"insert into effect select n, 1, {token}, 'early' from unnest('{{1,2,3}}'::int[]) n".encode()
        )
    counts, broken = await verdict(conn, Told({1, 2, 3}))
    assert (counts["lost"], counts["doubled"], broken) == (0, 0, [])
    counts, _ = await verdict(conn, Told({1, 2, 3, 4}, repeated=[3]))
    assert (counts["lost"], counts["doubled"]) == (4, 1)
    await conn.execute("insert into effect values (3, 1, 0, 'late')")
    counts, _ = await verdict(conn, Told({1, 3}))  # 2 was taken back, 3 is there twice
    assert (counts["lost"], counts["doubled"]) == (0, 5)


async def test_a_flow_with_anything_left_to_do_is_not_at_rest(conn: Connection) -> None:
    hands = await _flow(conn)
    assert await left(conn) == {}
    await hands.emit("a", (0, 1))
    assert await left(conn) == {"unrouted": 1}
    await hands.route()
    assert await left(conn) == {"pending": 2, "stale": 2}


def test_a_steady_rate_is_not_too_fast_and_a_burst_counts_whole() -> None:
    assert busiest([], rate=20) == 0
    assert busiest([n / 20 for n in range(100)], rate=20) == pytest.approx(1)
    assert busiest([5.0] * 7, rate=20) == 7
    assert busiest([0.0, 10.0, 10.0, 10.05, 20.0], rate=20) == pytest.approx(2)


async def _flow(conn: Connection) -> Hands:
    hands = await hands_on(conn, DAG)
    await conn.execute(TABLES.encode())
    return hands
