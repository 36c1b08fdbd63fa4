"""Postgres goes away, its disk fills up, the machine sleeps, a task kills its workers."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bad_days_site import ask, bad_site, ended, order
from processes import Site, until

from headgate.ports.postgres.embedded import EmbeddedPostgres

_TREES = ("ps", "-e", "-o", "pid=,ppid=")


@contextmanager
def own_postgres(folder: Path) -> Iterator[tuple[EmbeddedPostgres, str]]:
    """Yield a server that nobody starts again but the test, and its URL."""
    server = EmbeddedPostgres(folder / "data", log=folder / "postgres.log")
    try:
        yield server, server.start()
    finally:
        server.stop()


def processes_below(*roots: int) -> list[int]:
    """Return these processes and all that they started, whatever their sessions."""
    listed = subprocess.run(_TREES, capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = list(roots)
    for root in found:
        found += [pid for pid, parent in parents if parent == root]
    return found


def postmaster(place: Site) -> int:
    return int((place.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def sleep_through(pids: list[int], *, seconds: float) -> None:
    """Stop processes, as a suspended machine does, and let them go on."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.timeout(180)
def test_while_postgres_is_away_clients_are_told_to_come_back_and_nothing_is_lost(
    folder: Path,
) -> None:
    began, until_there = folder / "began", folder / "until"
    with (
        own_postgres(folder) as (server, url),
        bad_site(folder, DATABASE_URL=url, WORKER__CHILDREN="0") as place,
    ):
        place.up()
        held = order(place, "hold", source="long_order", began=str(began), until=str(until_there))
        until(began.exists, place.started[0].text)
        server.stop()
        refused = ask(place.url, "/sources/bad/order/events", {"key": "early"})
        until_there.touch()  # the task ends while nobody can be told
        time.sleep(2)
        server.start()
        back = time.monotonic()
        until(lambda: ask(place.url, "/sources/bad/order/events", {"key": "late"}).status == 202,
              place.started[0].text)  # fmt: skip
        away = time.monotonic() - back
        task = ended(place, held, "succeeded")
        log = place.started[0].text()

    assert (refused.status, refused.body["code"]) == (503, "database_unavailable")
    assert refused.body["retry"] is True
    assert int({k.lower(): v for k, v in refused.headers.items()}["retry-after"]) > 0
    assert away < 10  # half a second on a quiet machine
    assert [attempt["outcome"] for attempt in task["attempts"]] == ["succeeded"]
    assert "Traceback" not in log


@pytest.mark.timeout(180)
def test_a_task_survives_a_machine_that_sleeps_again_and_again(folder: Path) -> None:
    began, until_there = folder / "began", folder / "until"
    with bad_site(folder, WORKER__LEASE_SECONDS="1", WORKER__CHILDREN="0") as place:
        server = place.up()
        held = order(place, "hold", source="long_order", began=str(began), until=str(until_there))
        until(began.exists, server.text)
        for _ in range(2):  # a third loss in a row would be poison
            sleep_through(processes_below(server.popen.pid, postmaster(place)), seconds=2.2)
            until(place.healthy, server.text)
        until_there.touch()
        task = ended(place, held, "succeeded")

    assert [attempt["outcome"] for attempt in task["attempts"]] == ["succeeded"]


@pytest.mark.timeout(180)
def test_a_task_that_kills_three_workers_is_set_aside(folder: Path, database_url: str) -> None:
    settings = {"DATABASE_URL": database_url, "WORKER__LEASE_SECONDS": "1", "WORKER__CHILDREN": "0"}
    with bad_site(folder, **settings) as place:
        killed = [place.up()]
        poison = order(place, "die", source="long_order")
        codes = [killed[0].ended()]
        for _ in range(2):
            again = place.start("up", "--home", str(place.home), "--port", "0", "--no-browser")
            codes.append(again.ended())
        place.up()
        task = ended(place, poison, "dead")
        good = ended(place, order(place, "succeed", source="long_order"), "succeeded")

    assert codes == [9, 9, 9]
    assert task["error"]["code"] == "worker_lost"
    assert "three times in a row" in task["error"]["hint"]
    assert good["attempt"] == 1


def fill(ballast: Path) -> None:
    """Write a file until the disk has no room."""
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 20))


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of 160 MB, or a skip where this user may not make one."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(disk))
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:  # noqa: PLW1510
        pytest.skip("only who may mount a small file system can fill a disk without harm")
    yield disk
    subprocess.run(("umount", "-l", str(disk)), check=True)


@pytest.mark.timeout(180)
def test_a_full_disk_is_named_and_work_goes_on_when_there_is_room(
    folder: Path, small_disk: Path
) -> None:
    ballast = small_disk / "ballast"
    with (
        own_postgres(small_disk) as (_, url),
        bad_site(folder, DATABASE_URL=url, WORKER__CHILDREN="0") as place,
    ):
        place.up()
        fill(ballast)
        event = {"key": "k", "payload": "x" * 190_000}

        def refused() -> dict[str, object] | None:
            answer = ask(place.url, "/sources/bad/order/events", event)
            return answer.body if answer.status != 202 else None

        said = until(refused, place.started[0].text)
        ballast.unlink()
        until(
            lambda: ask(place.url, "/sources/bad/order/events", event).status == 202,
            place.started[0].text,
        )
        assert ended(place, order(place, "succeed"), "succeeded")

    assert said["code"] == "database_unavailable"
    assert "disk is full: nothing was written" in said["detail"]
