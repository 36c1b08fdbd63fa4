"""Servers that count their transactions from elsewhere, and dumps between them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from headgate.ports.postgres.embedded import _binaries

_BURN = """do $$ begin
    for i in 1..%s loop
        begin
            insert into burnt values (i);  -- a transaction of its own, since it may fail
        exception when division_by_zero then null;
        end;
    end loop;
end $$"""


def next_xid(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as conn:
        row = conn.execute("select pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()
    assert row is not None
    return int(row[0])


def burn_to(url: str, xid: int) -> None:
    """Have the server give out transaction ids until `xid` is in its past."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("create temporary table burnt (n int)")
        while (missing := xid - next_xid(url)) >= 0:
            conn.execute(_BURN % min(missing + 1, 20_000))


def dump(url: str, file: Path) -> None:
    _run("pg_dump", "--format=custom", f"--file={file}", url)


@contextmanager
def restored(server: str, file: Path, name: str) -> Iterator[str]:
    """Yield the URL of a database that holds the dump, on the server that `server` leads to."""
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"create database {name} template template0")
    url = server.replace("/postgres?", f"/{name}?")
    try:
        _run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={url}", str(file))
        yield url
    finally:
        with psycopg.connect(server, autocommit=True) as conn:
            conn.execute(f"drop database {name} with (force)")


def _run(command: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(_binaries() / command), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stderr
