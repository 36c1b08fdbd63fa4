"""HTTP as a test writes it: `api.post("/tasks/1/cancel")` and a reply to look at."""

import http.client
import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

_names = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Api:
    """One kept connection to a server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        self._looked_at: dict[int, list[int]] = {}  # the events of each task
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **query: Any,
    ) -> Reply:
        """Send a request; a body that is not bytes goes as JSON, a path with // is a whole one."""
        target = path.removeprefix("/") if path.startswith("//") else f"/api/v1{path}"
        if query:
            target += "?" + urlencode(query)
        given = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            given.setdefault("Content-Type", "application/json")
        self.connection.request(method, target, body=body, headers=given)
        answer = self.connection.getresponse()
        return Reply(
            answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        )

    def get(self, path: str, **query: Any) -> Reply:
        return self.send("GET", path, **query)

    def post(self, path: str, body: Any = None, **headers: str) -> Reply:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("POST", path, body=body, headers=given)

    def order(self, do: str, *, source: str = "order", key: str | None = None, **rest: Any) -> int:
        """Send an event that makes a task; return the task's id."""
        sent = self.post(
            f"/sources/tiny/{source}/events",
            {"key": key or unique("order"), "payload": {"do": do, **rest}},
        )
        assert sent.status == 202, sent.text
        event = sent.json["event_id"]
        return int(self.until(lambda: self._task_of(event)))

    def state(self, task_id: int, *states: str) -> dict[str, Any]:
        """Wait until a task is in one of these states; return it."""
        return self.until(lambda: self._in_state(task_id, states))

    def until(self, look: Callable[[], Any], *, seconds: float = 15) -> Any:
        """Look again and again until there is something."""
        end = time.monotonic() + seconds
        while not (found := look()):
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.02)
        return found

    def pages(self, path: str, **query: Any) -> Iterator[Any]:
        """Yield every item of a list, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, **query, **cursor).json
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}

    def _task_of(self, event: int) -> int | None:
        for item in self.get("/tasks", limit=20).json["items"]:
            if item["id"] not in self._looked_at:
                inputs = self.get(f"/tasks/{item['id']}").json["inputs"]
                self._looked_at[item["id"]] = [found["id"] for found in inputs]
            if event in self._looked_at[item["id"]]:
                return int(item["id"])
        return None

    def _in_state(self, task_id: int, states: tuple[str, ...]) -> dict[str, Any] | None:
        task: dict[str, Any] = self.get(f"/tasks/{task_id}").json
        return task if task["state"] in states else None


def unique(word: str) -> str:
    """Return a name that no other test of this process has."""
    return f"{word}-{next(_names)}"
