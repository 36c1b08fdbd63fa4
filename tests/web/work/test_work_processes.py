"""Workers in processes of their own, some killed, some stopped, over nothing but the description."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from errands import Errands

WORKER = Path(__file__).with_name("described_worker.py")


@contextmanager
def worker(url: str, name: str, *, tasks: int) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, str(WORKER), url, name, str(tasks)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def told(process: "subprocess.Popen[str]") -> Any:
    """Return what a worker prints next."""
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def test_workers_of_any_language_run_a_flow_of_which_nothing_is_lost_or_done_twice(
    work_url: str, errands: Errands
) -> None:
    for do in ("finish", "retry", "fail"):
        errands.order({"do": do}, key=do)
    with worker(work_url, "killed", tasks=99) as killed:
        ended = [told(killed) for _ in range(4)]  # the retried one twice
        errands.order({"do": "hold", "for": "killed"}, key="hold")
        lost = told(killed)["holds"]
        errands.order({"do": "hold", "for": "zombie"}, key="sleep")
        with worker(work_url, "zombie", tasks=1) as zombie:
            slept = told(zombie)["holds"]
            zombie.send_signal(signal.SIGSTOP)
            killed.kill()
            with worker(work_url, "heir", tasks=2) as heir:
                redone = [told(heir) for _ in range(2)]
                assert heir.wait(20) == 0
            zombie.send_signal(signal.SIGCONT)
            assert zombie.stdin is not None
            zombie.stdin.write("wake up\n")
            zombie.stdin.flush()
            late = told(zombie)
            assert zombie.wait(20) == 0

    assert sorted(one["became"] for one in ended) == ["dead", "ok", "ok", "retry"]
    assert {one["task"]: one["became"] for one in redone} == {lost: "ok", slept: "ok"}
    assert (late["task"], late["status"], late["became"]) == (slept, "stale", "lost")
    tasks = {one["task"] for one in ended} | {lost, slept}
    made = [
        (event["key"], event["payload"]["by"])
        for event in errands.api.pages("/events", dataset="errand.done")
        if event["producer_task"] in tasks
    ]
    assert sorted(made) == [
        ("finish", "killed"),
        ("hold", "heir"),
        ("retry", "killed"),
        ("sleep", "heir"),
    ]
