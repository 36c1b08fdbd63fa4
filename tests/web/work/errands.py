"""A worker over HTTP as a test writes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from http_client import Api, Reply, unique

OPERATORS = ("errand.run", "errand.span", "errand.rare")


class Errands:
    """One session, opened at its first call."""

    def __init__(self, api: Api, *, operators: Sequence[str] = OPERATORS) -> None:
        self.api = api
        self._operators = operators
        self._opened: dict[str, Any] | None = None

    @property
    def opened(self) -> dict[str, Any]:
        if self._opened is None:
            asked = {"worker": "a test", "operators": self._operators, "capacity": 10}
            sent = self.api.post("/work/sessions", asked)
            assert sent.status == 201, sent.text
            self._opened = sent.json
        return self._opened

    @property
    def bearer(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.opened['session_token']}"}

    def ask(self, call: str, **body: Any) -> Reply:
        """Send a call of the session."""
        given = {"session": self.opened["session"], **body}
        return self.api.send("POST", f"/work/{call}", body=given, headers=self.bearer)

    def order(self, payload: Any = None, *, source: str = "order", **place: Any) -> int:
        """Send an event that makes a task."""
        where = place or {"key": unique("errand")}
        sent = self.api.post(f"/sources/errand/{source}/events", {**where, "payload": payload})
        assert sent.status == 202, sent.text
        return int(sent.json["event_id"])

    def claim(self, *, capacity: int = 1, wait_ms: int = 10_000, **more: Any) -> list[Any]:
        claimed = self.ask("claim", capacity=capacity, wait_ms=wait_ms, **more)
        assert claimed.status == 200, claimed.text
        return list(claimed.json)

    def errand(self, payload: Any = None, **place: Any) -> Any:
        """Order a task, claim it, and return it."""
        self.order(payload, **place)
        (task,) = self.claim()
        return task

    def complete(self, *results: Mapping[str, Any]) -> list[tuple[str, str | None]]:
        """Complete tasks; return what became of each."""
        done = self.api.post("/work/complete", {"results": results})
        assert done.status == 200, done.text
        return [(result["status"], result["became"]) for result in done.json["results"]]

    def state(self, task: Any) -> str:
        return str(self.api.get(f"/tasks/{task['task_id']}").json["state"])

    def error(self, task: Any) -> Any:
        return self.api.get(f"/tasks/{task['task_id']}").json["error"]

    def events(self, dataset: str, *, task: Any) -> list[Any]:
        """Return what a task emitted to a dataset, oldest first."""
        listed = self.api.get("/events", dataset=dataset, limit=200)
        assert listed.status == 200, listed.text
        mine = [
            event for event in listed.json["items"] if event["producer_task"] == task["task_id"]
        ]
        return mine[::-1]

    def end(self) -> None:
        """Cancel what is still there and close the session."""
        if self._opened is None:
            return
        self.close()
        self.api.until(lambda: not [self._cancel(task["id"]) for task in self._undone()])

    def _undone(self) -> list[Any]:
        # Waiting ones first: they may become pending in between, and not the other way round.
        return [
            t for state in ("waiting", "pending") for t in self.api.pages("/tasks", state=state)
        ]

    def _cancel(self, task_id: int) -> Reply:
        return self.api.post(f"/tasks/{task_id}/cancel")

    def close(self) -> Reply:
        return self.api.send(
            "DELETE", f"/work/sessions/{self.opened['session']}", headers=self.bearer
        )
