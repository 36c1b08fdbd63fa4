"""Real processes of the command line, on pipes and on a terminal."""

import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

SOURCES = Path(__file__).parents[2] / "src"
MODULE = (sys.executable, "-m", "headgate.cli.main")


class Done(NamedTuple):
    code: int
    out: str
    err: str


class CommandLine:
    """Runs commands in a folder of their own, against `server` unless told otherwise."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(SOURCES),
            "TZ": "UTC",
            **({"HEADGATE_SERVER": server} if server else {}),
        }

    def __call__(self, *args: str, stdin: bytes = b"", **environment: str) -> Done:
        with self.start(*args, **environment) as process:
            out, err = process.communicate(stdin, timeout=60)
        return Done(process.returncode, out.decode(), err.decode())

    def start(self, *args: str, **environment: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*MODULE, *args],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def on_terminal(
        self, *args: str, typed: str = "", interrupt_at: str = "", **environment: str
    ) -> Done:
        """Run on a terminal, where all output comes together, with `typed` on the keyboard.

        With `interrupt_at` the process gets SIGINT when it has shown that and fallen silent, and
        again while it stays silent: Python loses one that comes just before a read from a terminal.
        """
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [*MODULE, *args],
            cwd=self.folder,
            env={"TERM": "xterm", "COLUMNS": "200"} | self.environment | environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        ) as process:
            os.close(theirs)
            os.write(ours, typed.encode())
            shown = b""
            with contextlib.suppress(OSError):  # Linux reports the end of a terminal as an error
                while True:
                    waits = interrupt_at and interrupt_at.encode() in shown
                    if waits and not select.select([ours], [], [], 0.2)[0]:
                        process.send_signal(signal.SIGINT)
                    else:
                        shown += os.read(ours, 65536)
            os.close(ours)
            return Done(process.wait(60), shown.decode().replace("\r\n", "\n"), "")
