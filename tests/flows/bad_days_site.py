"""An installation with the badly behaved app, and what a test asks of its server."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes import Site, site, until

HERE = Path(__file__).parent
COMMAND = (sys.executable, str(HERE / "bad_days_command.py"))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


@contextmanager
def bad_site(folder: Path, **settings: str) -> Iterator[Site]:
    """Yield a data folder on which nothing runs yet; `settings` are HEADGATE_ variables."""
    given = {f"HEADGATE_{name}": value for name, value in settings.items()}
    environment = {"PYTHONPATH": str(HERE), "HEADGATE_WORKER__CHILDREN": "2", **given}
    with site(folder, command=COMMAND, **environment) as place:
        yield place


def ask(url: str, path: str, body: Any = None, *, seconds: float = 30) -> Answer:
    """POST `body` (bytes, or what goes as JSON), or GET without one."""
    sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{url}/api/v1{path}", data=sent, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return Answer(answer.status, dict(answer.headers), json.load(answer))
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.status or 0, dict(refused.headers), json.load(refused))


def order(place: Site, do: str, *, source: str = "order", key: str = "", **rest: Any) -> int:
    """Send an event that has an operator do something; return the event's id."""
    event = {"key": key or do, "payload": {"do": do, **rest}}
    sent = ask(place.url, f"/sources/bad/{source}/events", event)
    assert sent.status == 202, sent.body
    return int(sent.body["event_id"])


def task_of(place: Site, event: int) -> dict[str, Any]:
    """Wait for the task of an event; return it with its attempts."""

    def look() -> dict[str, Any] | None:
        for item in place.get("/api/v1/tasks?limit=100")["items"]:
            task: dict[str, Any] = place.get(f"/api/v1/tasks/{item['id']}")
            if event in {covered["id"] for covered in task["inputs"]}:
                return task
        return None

    found: dict[str, Any] = until(look, place.started[-1].text)
    return found


def ended(place: Site, event: int, *states: str) -> dict[str, Any]:
    """Wait until the task of an event is in one of `states`; return it."""
    task_id = task_of(place, event)["id"]

    def look() -> dict[str, Any] | None:
        task: dict[str, Any] = place.get(f"/api/v1/tasks/{task_id}")
        return task if task["state"] in states else None

    found: dict[str, Any] = until(look, place.started[-1].text)
    return found
