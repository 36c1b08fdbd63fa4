"""The live stream: what changes is told, and nothing is missed by who comes back."""

import http.client
import json
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import urlsplit

import pytest
from http_client import Api, unique


class _Stream:
    """One connection to the stream, read event by event."""

    def __init__(self, url: str, *, topics: str = "task,dead_letter", last_id: str | None = None):
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        headers = {"Last-Event-ID": last_id} if last_id else {}
        self._connection.request("GET", f"/api/v1/stream?topics={topics}", headers=headers)
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        assert self._answer.headers["content-type"].startswith("text/event-stream")
        self.last_id = last_id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._answer.close()
        self._connection.close()

    def events(self) -> Iterator[tuple[str | None, Any]]:
        """Yield (event, data) of each block; one with an id only is (None, None)."""
        event, data = None, None
        for line in self._answer:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            match name:
                case "event":
                    event = value
                case "data":
                    data = json.loads(value)
                case "id":
                    self.last_id = value
                case "":
                    yield event, data
                    event, data = None, None

    def until(self, subject: int) -> list[Any]:
        """Read until a change of this subject came with an id after it; return its changes."""
        found = []
        before = self.last_id
        for event, data in self.events():
            assert event != "reset"
            if event == "change" and data["subject"] == str(subject):
                found.append(data)
            if found and self.last_id != before:
                return found
        raise AssertionError("the stream ended")


@pytest.fixture
def parked(api: Api) -> int:
    """A task that stays pending."""
    return api.order("succeed", source="parked")


def test_a_change_is_told_as_it_happens(api: Api, parked: int) -> None:
    with _Stream(api.url) as stream:
        next(stream.events())  # an id, at once
        api.post(f"/tasks/{parked}/cancel")
        told = stream.until(parked)

    assert told[0]["topic"] == "task"
    assert told[0]["data"] == {"state": "cancelled"}
    assert told[0]["at"].endswith("Z")


def test_who_comes_back_with_the_last_id_misses_nothing_and_hears_nothing_twice(
    api: Api, parked: int
) -> None:
    with _Stream(api.url) as stream:
        next(stream.events())
        api.post(f"/tasks/{parked}/cancel")
        stream.until(parked)
        last_id = stream.last_id
    api.post(f"/tasks/{parked}/retry")

    with _Stream(api.url, last_id=last_id) as again:
        told = again.until(parked)

    assert [change["data"]["state"] for change in told] == ["pending"]


def test_only_the_topics_that_were_asked_for_are_told(api: Api, parked: int) -> None:
    dead = api.order("refuse", unless=unique("never"))
    api.state(dead, "dead")
    with _Stream(api.url, topics="dead_letter") as stream:
        next(stream.events())
        api.post(f"/tasks/{parked}/cancel")
        letter = api.get(f"/tasks/{dead}").json["dead_letter"]
        api.post(f"/dead-letters/{letter}/redrive")
        for event, data in stream.events():
            if event == "change":
                assert data["topic"] == "dead_letter"
                break


@pytest.mark.parametrize(
    "last_id", ["odd", "0.5:9:", "1795184139238.9223372036854775806:9223372036854775807:"]
)
def test_an_id_that_cannot_be_resumed_from_means_look_at_everything_again(
    api: Api, last_id: str
) -> None:
    with _Stream(api.url, last_id=last_id) as stream:
        event, data = next(stream.events())

    assert (event, data) == ("reset", {})
    assert stream.last_id != last_id
