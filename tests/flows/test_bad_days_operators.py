"""Operators that hang, block, fork, leak or say what they may not: each has a named end."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_days_site import bad_site, ended, order
from processes import Site, until


@pytest.fixture(scope="module")
def bad() -> Iterator[Site]:
    """A server that the tests of this module share."""
    with tempfile.TemporaryDirectory(prefix="headgate-test-") as folder:
        Path(folder).chmod(0o755)
        with bad_site(Path(folder)) as place:
            place.up()
            yield place


def test_an_operator_that_never_returns_ends_at_its_timeout(bad: Site) -> None:
    task = ended(bad, order(bad, "never_return"), "dead")

    assert task["error"]["code"] == "limit_exceeded"
    assert "timeout of 2 s" in task["error"]["message"]
    assert "Raise `timeout`" in task["error"]["hint"]


def test_an_operator_that_blocks_its_worker_is_named_in_the_log(bad: Site) -> None:
    event = order(bad, "block", source="long_order", seconds=4.5)
    task = ended(bad, event, "succeeded")

    assert [attempt["outcome"] for attempt in task["attempts"]] == ["succeeded"]
    log = bad.started[0].text()
    assert "belongs in a child process" in log
    assert "in _block" in log


def test_an_operator_that_blocks_in_a_child_is_killed_at_its_timeout(bad: Site) -> None:
    event = order(bad, "block", source="child_order", seconds=600)
    task = ended(bad, event, "dead")

    assert task["error"]["code"] == "limit_exceeded"
    assert "2 s" in task["error"]["message"]


def test_what_a_killed_child_has_started_dies_with_it(bad: Site, folder: Path) -> None:
    pids = folder / "pids"
    ended(bad, order(bad, "fork", source="child_order", pids=str(pids)), "dead")
    left = [Path(f"/proc/{pid}") for pid in pids.read_text().split()]

    assert len(left) == 2
    until(lambda: not any(path.exists() for path in left), bad.started[0].text)


def test_an_operator_that_leaks_in_a_child_is_stopped_at_its_limit(bad: Site) -> None:
    task = ended(bad, order(bad, "leak", source="child_order"), "dead")

    assert task["error"]["code"] == "limit_exceeded"
    assert "300 MiB" in task["error"]["message"]


def test_an_operator_that_dies_in_a_child_takes_nothing_with_it(bad: Site) -> None:
    task = ended(bad, order(bad, "die", source="child_order"), "dead")

    assert "ended by itself, with code 9" in task["error"]["message"]
    assert ended(bad, order(bad, "succeed", source="child_order"), "succeeded")


def test_an_event_for_a_dataset_that_the_job_does_not_make_is_refused(bad: Site) -> None:
    for source in ("order", "child_order"):
        event = order(bad, "emit", source=source, key=f"wrong-{source}", dataset="bad.order")
        task = ended(bad, event, "dead")

        assert task["error"]["code"] == "invalid_input"
        assert "does not produce bad.order" in task["error"]["message"]
        assert "`outputs` in the DAG" in task["error"]["hint"]


def test_a_payload_of_fifty_megabytes_is_refused_where_it_is_emitted(bad: Site) -> None:
    event = order(bad, "emit", key="huge", dataset="bad.done", bytes=50_000_000)
    task = ended(bad, event, "dead")

    (problem,) = task["error"]["problems"]
    assert problem["code"] == "payload_size"
    assert "192 KiB" in problem["message"]
    assert "put the data into an object" in problem["message"]
    assert len(str(task["error"])) < 5000


def test_twenty_thousand_events_of_one_task_are_all_there(bad: Site) -> None:
    task = ended(bad, order(bad, "emit_many", count=20_000), "succeeded")
    listed = bad.get("/api/v1/events?dataset=bad.done&limit=1")["items"]

    assert listed[0]["key"] == "20000/19999"
    assert listed[0]["producer_task"] == task["id"]


def test_the_server_lives_on_through_all_of_it(bad: Site) -> None:
    assert ended(bad, order(bad, "succeed", key="last"), "succeeded")
    assert bad.started[0].popen.poll() is None
