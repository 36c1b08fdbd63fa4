"""A DAG in four jobs over ranges of blocks, whose tasks run when a test says so."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from http_client import Api

DAG = """
dag: strip
description: Blocks of a made-up chain, and what is made from them.

datasets:
  strip.blocks: {partitioning: range, unit: block, description: Blocks by number.}
  strip.logs: {partitioning: range, unit: block}
  strip.tokens: {partitioning: range, unit: block}
  strip.prices: {partitioning: range, unit: block}
  strip.daily: {partitioning: range, unit: block}
  strip.wallets:
    description: Who owns what.
    schema: {address: text, owner_email: text, balance: bigint}
    pii_columns: [owner_email]

sources:
  blocks: {kind: http, dataset: strip.blocks}
  wallets: {kind: http, dataset: strip.wallets}

jobs:
  decode:
    operator: strip.decode
    runtime: remote
    inputs: [strip.blocks]
    outputs: [strip.logs]
    execution_strategy: PerPartition
    partition_size: 10
  tokens:
    operator: strip.tokens
    runtime: remote
    inputs: [strip.logs]
    outputs: [strip.tokens]
    execution_strategy: PerPartition
    partition_size: 10
  price:
    operator: strip.price
    runtime: remote
    inputs: [strip.logs]
    outputs: [strip.prices]
    execution_strategy: PerPartition
    partition_size: 5
  figures:
    operator: strip.figures
    runtime: remote
    inputs: [strip.tokens, strip.prices]
    outputs: [strip.daily]
    execution_strategy: PerPartition
    partition_size: 10
"""
OUTPUTS = {
    "strip.decode": "strip.logs",
    "strip.tokens": "strip.tokens",
    "strip.price": "strip.prices",
    "strip.figures": "strip.daily",
}


class Strip:
    """The only worker of these jobs."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def __enter__(self) -> Self:
        if self._api.get("/dags/strip").status == 404:
            applied = self._api.post("/dags", {"source": DAG})
            assert applied.status == 200, applied.text
        asked = {"worker": "strip", "operators": [*OUTPUTS], "capacity": 20}
        opened = self._api.post("/work/sessions", asked)
        assert opened.status == 201, opened.text
        self._session = opened.json["session"]
        self._bearer = {"Authorization": f"Bearer {opened.json['session_token']}"}
        return self

    def __exit__(self, *_: object) -> None:
        self._api.send("DELETE", f"/work/sessions/{self._session}", headers=self._bearer)

    def fill(self, first: int, last: int) -> int:
        """Send the blocks `first` to `last`, and make all from them; return the event's id."""
        event = self.send(first, last)
        self.run_until_rest(event)
        return event

    def send(self, first: int, last: int) -> int:
        """Send the blocks `first` to `last`; return the event's id."""
        sent = self._api.post("/sources/strip/blocks/events", {"range": [first, last + 1]})
        assert sent.status == 202, sent.text
        return int(sent.json["event_id"])

    def invalidate(self, first: int, last: int) -> int:
        """Say that the blocks `first` to `last` are not right; return the event's id."""
        said = self._api.post("/datasets/strip.blocks/invalidate", {"range": [first, last + 1]})
        assert said.status == 200, said.text
        return int(said.json["event_id"])

    def run_until_rest(self, event: int) -> None:
        """Do all that follows from an event."""

        def at_rest() -> bool:
            self.run(wait_ms=100)
            return bool(self._api.get(f"/events/{event}/cascade").json["at_rest"])

        self._api.until(at_rest, seconds=30)

    def run(self, *, wait_ms: int = 5000) -> list[Any]:
        """Do what can be done now; return the tasks that were."""
        asked = {"session": self._session, "capacity": 20, "wait_ms": wait_ms}
        claimed = self._api.send("POST", "/work/claim", body=asked, headers=self._bearer)
        assert claimed.status == 200, claimed.text
        tasks: Sequence[Any] = claimed.json
        if tasks:
            done = self._api.post("/work/complete", {"results": [_made(task) for task in tasks]})
            assert done.status == 200, done.text
        return list(tasks)


def _made(task: Mapping[str, Any]) -> dict[str, Any]:
    output = OUTPUTS[task["operator"]]
    events = [{"dataset": output, "range": span} for span in task["ranges"]]
    return {"token": task["token"], "outcome": "ok", "events": events}
