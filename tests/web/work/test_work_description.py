"""What is written of the worker contract is true."""

import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from errands import Errands

from headgate.core.work.contract import messages
from headgate.web.work.calls import CALLS, Call

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "reference" / "worker-contract.md").read_text()
GUIDE = (DOCS / "how-to" / "write-a-worker.md").read_text()
TYPES = sorted(
    (
        kind
        for kind in vars(messages).values()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__struct_fields__
    ),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_the_reference_has_every_call(call: Call) -> None:
    assert f"| `{call.method} {call.path}` |" in REFERENCE


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_the_reference_has_every_field(kind: type[msgspec.Struct]) -> None:
    named = set(re.findall(r"`([a-z_]+)`", REFERENCE))

    assert set(kind.__struct_fields__) <= named


def test_the_reference_has_every_outcome() -> None:
    for outcome in get_args(messages.Outcome):
        assert f"| `{outcome}` |" in REFERENCE
    assert all(f"`{became}`" in REFERENCE for became in get_args(messages.Became))


def test_the_worker_of_the_guide_works(errands: Errands) -> None:
    guide: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL):
        exec(compile(block, "guide", "exec"), guide)  # noqa: S102 - our own docs
    errands.order({"text": "three short words"}, key="text")
    work = guide["Work"](errands.api.url, name="guide", operators=["errand.run"])
    (task,) = work.call("/claim", session=work.session, capacity=1, wait_ms=10_000, known=[])
    (made,) = guide["count_words"](task)
    made["dataset"] = "errand.done"
    work.call("/complete", results=[{"token": task["token"], "outcome": "ok", "events": [made]}])

    (event,) = errands.events("errand.done", task=task)
    assert (event["key"], event["payload"]) == ("text", {"words": 3})
