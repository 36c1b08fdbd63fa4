"""Every Postgres adapter gives a URL that works, twice, and stops without harm."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from headgate.ports.postgres import PostgresServer, ServerError
from headgate.ports.postgres.embedded import EmbeddedPostgres
from headgate.ports.postgres.external import ExternalPostgres


@pytest.fixture(params=["embedded", "external"])
def server(request: pytest.FixtureRequest, folder: Path) -> PostgresServer:
    if request.param == "external":
        return ExternalPostgres(request.getfixturevalue("postgres_url"))
    embedded = EmbeddedPostgres(folder / "data", log=folder / "postgres.log")
    request.addfinalizer(embedded.stop)
    return embedded


def answer(url: str) -> int:
    with psycopg.connect(url) as conn:
        row = conn.execute("select 41 + 1").fetchone()
    assert row is not None
    return int(row[0])


def test_a_started_server_answers(server: PostgresServer) -> None:
    assert answer(server.start()) == 42


def test_starting_twice_gives_the_same_server(server: PostgresServer) -> None:
    first = server.start()

    assert server.start() == first
    assert answer(first) == 42


def test_stopping_is_safe_before_a_start_and_twice(server: PostgresServer) -> None:
    server.stop()
    server.start()
    server.stop()
    server.stop()


def test_embedded_data_outlives_a_stop(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "data", log=folder / "postgres.log")
    with psycopg.connect(server.start(), autocommit=True) as conn:
        conn.execute("create table kept as select 7 as n")
    server.stop()
    with psycopg.connect(server.start()) as conn:
        row = conn.execute("select n from kept").fetchone()
    server.stop()

    assert row == (7,)


def test_embedded_heals_after_its_server_was_killed(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "data", log=folder / "postgres.log")
    server.start()
    pid = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)

    try:
        assert answer(EmbeddedPostgres(folder / "data", log=folder / "postgres.log").start()) == 42
    finally:
        server.stop()


def test_embedded_server_outlives_a_killed_parent_and_is_found_again(folder: Path) -> None:
    script = (
        "import os, sys, pathlib\n"
        "from headgate.ports.postgres.embedded import EmbeddedPostgres\n"
        "p = pathlib.Path(sys.argv[1])\n"
        "EmbeddedPostgres(p / 'data', log=p / 'postgres.log').start()\n"
        "os.kill(os.getpid(), 9)\n"
    )
    died = subprocess.run([sys.executable, "-c", script, str(folder)], check=False)
    server = EmbeddedPostgres(folder / "data", log=folder / "postgres.log")
    before = (folder / "data" / "postmaster.pid").read_text().splitlines()[0]

    try:
        assert died.returncode == -signal.SIGKILL
        assert answer(server.start()) == 42
        assert (folder / "data" / "postmaster.pid").read_text().splitlines()[0] == before
    finally:
        server.stop()


def test_a_folder_that_cannot_be_used_is_named(folder: Path) -> None:
    (folder / "file").write_text("not a folder")

    with pytest.raises(ServerError, match="cannot be used"):
        EmbeddedPostgres(folder / "file" / "data", log=folder / "log").start()


def test_a_url_that_is_none_says_what_one_looks_like() -> None:
    with pytest.raises(ServerError, match="postgresql://"):
        ExternalPostgres("mysql://localhost/x").start()
