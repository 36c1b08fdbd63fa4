"""Log lines: one a record, with fields and trace; and the spans of one trace, end to end."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from headgate.core.observe.logging import Format, start_logging


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, as it was afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    root.handlers, root.level = handlers, level


def _logged(format_: Format, message: str, *, level: str = "info", **extra: object) -> str:
    stream = io.StringIO()
    start_logging(format=format_, level=level, stream=stream)
    logging.getLogger("headgate.test").info(message, extra=extra)
    return stream.getvalue()


@pytest.mark.usefixtures("root")
def test_a_json_line_holds_message_and_fields() -> None:
    line = json.loads(_logged("json", "done", fields={"task_id": 7, "level": "forged"}))

    assert (line["message"], line["task_id"]) == ("done", 7)
    assert (line["level"], line["logger"]) == ("info", "headgate.test")
    assert line["at"].endswith("Z")


@pytest.mark.usefixtures("root")
def test_a_text_line_cannot_pretend_to_be_two() -> None:
    text = _logged("text", "first\n2026-01-01T00:00:00Z ERROR forged", fields={"a": "b c"})

    assert [line.startswith("20") for line in text.splitlines()] == [True, False]
    assert 'a="b c"' in text


@pytest.mark.usefixtures("root")
def test_what_is_below_the_level_is_left_out() -> None:
    assert _logged("text", "quiet", level="warning") == ""


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("format_", ["text", "json"])
def test_an_error_is_logged_with_its_trace_on_its_record(format_: Format) -> None:
    stream = io.StringIO()
    start_logging(format=format_, level="info", stream=stream)
    try:
        int("broken")
    except ValueError:
        logging.getLogger("headgate.test").exception("failed")

    assert "ValueError: invalid literal" in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 1 or format_ == "text"


@pytest.mark.usefixtures("root")
def test_a_line_names_the_trace_it_belongs_to() -> None:
    span = NonRecordingSpan(SpanContext(0xABC, 0xDEF, is_remote=True, trace_flags=TraceFlags(1)))
    with trace.use_span(span):
        line = json.loads(_logged("json", "inside"))

    assert line["trace_id"] == f"{0xABC:032x}"
    assert line["span_id"] == f"{0xDEF:016x}"


_TRACED = """
import datetime, json
from headgate.core.app import TaskInfo
from headgate.core.observe.spans import RING, start_tracing
from headgate.core.observe.tracing import (
    attempt_span, current_traceparent, end_request, request_span, trace_id_of
)
start_tracing(role="test", version="1", otlp_endpoint=None)
with request_span(method="POST", path="/a/1", traceparent=None) as span:
    carried = current_traceparent()
    end_request(span, method="POST", route="/a/{id}", status=202)
assert current_traceparent() is None
now = datetime.datetime.now(datetime.UTC)
task = TaskInfo(7, 1, 1, "a.job", 2, None, (), 1, now, {}, trace=carried)
try:
    with attempt_span(task):
        raise ValueError("broken")
except ValueError:
    pass
spans = RING.of_trace(trace_id_of(carried))
print(json.dumps([[s.name, s.parent_id and s.parent_id == spans[0].span_id, s.failed,
                   dict(s.attributes)] for s in spans]))
"""


def test_one_trace_leads_from_a_request_to_the_attempt_that_its_event_made() -> None:
    # In a process of its own: tracing is started once in a process, for all of it.
    done = subprocess.run(
        [sys.executable, "-c", _TRACED], capture_output=True, text=True, check=True, timeout=60
    )
    request, attempt = json.loads(done.stdout)

    assert request[:3] == ["POST /a/{id}", None, False]
    assert request[3]["http.response.status_code"] == 202
    assert attempt[:3] == ["a.job", True, True]
    assert attempt[3]["headgate.attempt"] == 2
