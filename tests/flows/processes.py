"""Headgate as its users run it: real processes of the command line, on a data folder of a test."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

PATIENCE = 60.0
COMMAND = [sys.executable, "-m", "headgate.cli.main"]


@dataclass
class Process:
    """A running command, in a session of its own, with what it printed."""

    popen: "subprocess.Popen[str]"
    log: Path

    def text(self) -> str:
        return self.log.read_text()

    def send(self, number: signal.Signals) -> Self:
        self.popen.send_signal(number)
        return self

    def ended(self) -> int:
        return self.popen.wait(PATIENCE)


@dataclass
class Site:
    """A data folder and the processes on it."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    started: list[Process] = field(default_factory=list)
    command: Sequence[str] = tuple(COMMAND)

    def start(self, *arguments: str) -> Process:
        """Start a command in the background."""
        log = self.home.parent / f"{arguments[0]}-{len(self.started)}.log"
        with log.open("w") as out:
            popen = subprocess.Popen(
                [*self.command, *arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=self._env(),
                start_new_session=True,
                text=True,
            )
        process = Process(popen, log)
        self.started.append(process)
        return process

    def up(self, *arguments: str) -> Process:
        """Start a server and wait until it answers."""
        known = self.home / "server.json"
        before = known.read_text() if known.exists() else ""
        process = self.start(
            "up", "--home", str(self.home), "--port", "0", "--no-browser", *arguments
        )

        def ready() -> bool:
            assert process.popen.poll() is None, process.text()
            return known.exists() and known.read_text() != before and self.healthy()

        until(ready, process.text)
        return process

    def run(self, *arguments: str, ok: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        done = subprocess.run(
            [*self.command, *arguments],
            env=self._env() | {"HEADGATE_HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert not ok or done.returncode == 0, done.stderr + done.stdout
        return done

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)

    @property
    def url(self) -> str:
        return str(json.loads((self.home / "server.json").read_text())["url"])

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
            return json.load(answer)

    def objects(self) -> Path:
        return self.home / "objects"

    def _env(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HEADGATE_")}
        return kept | self.environment


@contextmanager
def site(folder: Path, *, command: Sequence[str] = COMMAND, **environment: str) -> Iterator[Site]:
    """Yield a fresh data folder; at the end nothing of it runs any more."""
    place = Site(folder / "home", environment, command=command)
    try:
        yield place
    finally:
        for process in place.started:
            if process.popen.poll() is None:
                process.send(signal.SIGTERM)
                try:
                    process.ended()
                except subprocess.TimeoutExpired:
                    os.killpg(process.popen.pid, signal.SIGKILL)
                    process.ended()
        pid_file = place.home / "postgres" / "postmaster.pid"
        if pid_file.exists():
            os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGINT)
            until(lambda: not pid_file.exists(), lambda: "Postgres did not stop")


def until(look: Callable[[], Any], explain: Callable[[], str]) -> Any:
    """Wait until `look` returns something true, and return it."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, explain()
        time.sleep(0.05)
    return found
