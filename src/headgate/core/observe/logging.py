"""Log lines: one a record, to stderr, as text for people or as JSON for programs.

A record's own fields come in `extra={"fields": {...}}`. The trace that is current when a record is
made goes with it, so that the lines of one request can be found among all.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

from opentelemetry import trace

Format = Literal["text", "json"]

# What these say at `info` is of interest to their authors only.
_QUIET = ("asyncio", "uvicorn", "uvicorn.error", "uvicorn.access", "psycopg.pool", "botocore")


def start_logging(*, format: Format, level: str, stream: TextIO | None = None) -> None:  # noqa: A002
    """Send every record from `level` (a name such as `info`) on to `stream`, by default stderr.

    Replaces what was set up before.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if format == "json" else TextFormatter())
    handler.addFilter(_add_trace)
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class TextFormatter(logging.Formatter):
    """`2026-11-20T13:00:00.123Z INFO  headgate.work  the message  name=value trace=...`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {name: value for name, value in _fields(record).items() if value not in (None, "")}
        pairs = " ".join(f"{name}={_bare(value)}" for name, value in fields.items())
        head = f"{_time(record)} {record.levelname:<7} {record.name}  {record.getMessage()}"
        text = f"{head}  {pairs}" if pairs else head
        # A line break in a message must not look like another record.
        text = text.replace("\r", "\\r").replace("\n", "\n    ")
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


class JsonFormatter(logging.Formatter):
    """`{"at", "level", "logger", "message", "trace_id", "span_id", "error", ...fields}`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name, value in _fields(record).items():
            line.setdefault(name, value)
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def _add_trace(record: logging.LogRecord) -> bool:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        record.trace_id = trace.format_trace_id(context.trace_id)
        record.span_id = trace.format_span_id(context.span_id)
    return True


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    given = getattr(record, "fields", None)
    fields = dict(given) if isinstance(given, dict) else {}
    for name in ("trace_id", "span_id"):
        if value := getattr(record, name, None):
            fields[name] = value
    return fields


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _bare(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return json.dumps(text, ensure_ascii=False) if isinstance(value, str) and " " in text else text
