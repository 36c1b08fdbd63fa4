"""Partitions are made ahead, whatever is in the log already."""

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from proof.by_hand import Hands
from proof.deployment import Input, JobPlan, deploy


async def test_events_that_came_before_the_first_upkeep_do_not_stop_it(conn: Connection) -> None:
    jobs = [JobPlan("job", (Input("a"),))]
    hands = Hands(conn, await deploy(conn, datasets={"a": "range"}, jobs=jobs))
    ids = await hands.emit("a", (0, 1), (1, 2))
    assert await dispatch.ensure_partitions(conn) > 0
    assert [row["id"] for row in await hands.events("a")] == ids
    assert await hands.route() == 2
    assert await dispatch.ensure_partitions(conn) == 0
