"""What a task logged, once or for as long as it runs."""

import time
from collections.abc import Callable, Iterator

from headgate.cli.client import Client
from headgate.cli.output import Item, Output
from headgate.cli.output.values import local_time, plain

_ENDED = {"succeeded", "dead", "cancelled", "merged", "replayed"}
_PAUSE = 0.5  # s between two looks for more


class Log:
    """Reads on from where it stopped."""

    def __init__(self, client: Client, task_id: int) -> None:
        self._client = client
        self._path = f"/tasks/{task_id}/logs"
        self._after: str | None = None
        self._seen = 0  # lines of the page after `_after` that were given out

    def __iter__(self) -> Iterator[Item]:
        """Yield the lines that are new since the last time."""
        while True:
            page = self._client.get(self._path, after=self._after)
            yield from page["items"][self._seen :]
            if page["next_cursor"] is None:  # the last page, which may grow
                self._seen = len(page["items"])
                return
            if page["next_cursor"] == self._after or not page["items"]:
                return
            self._after, self._seen = page["next_cursor"], 0


def print_log(client: Client, output: Output, task_id: int) -> None:
    """Print all there is now."""
    empty = True
    for line in Log(client, task_id):
        _print(output, line)
        empty = False
    if empty and output.on_terminal:
        output.note("The task has logged nothing.")


def follow_log(
    client: Client, output: Output, task_id: int, *, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Print lines as they come until the task has ended."""
    log = Log(client, task_id)
    while True:
        # The state first: what a task logs before it ends is there when it has ended.
        task = client.get(f"/tasks/{task_id}")
        for line in log:
            _print(output, line)
        if task["state"] in _ENDED:
            heir = task.get("folded_into")
            more = f"; task {heir} carries on" if heir else ""
            output.note(f"Task {task_id}: {task['state']}{more}.")
            return
        sleep(_PAUSE)


def _print(output: Output, line: Item) -> None:
    if output.as_json:
        output.json_line(line)
        return
    fields = " ".join(
        f"{name}={plain(value)}" for name, value in (line.get("fields") or {}).items()
    )
    message = plain(line["message"])
    if output.on_terminal:
        text = f"{local_time(line['at'])} {line['level']:<7} {message}  {fields}"
        output.line(text.rstrip())
    else:
        cells = (line["at"], str(line["attempt"]), line["level"], message, fields)
        output.line("\t".join(cells))
    output.flush()
