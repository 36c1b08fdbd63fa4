"""What is kept of spans: the newest in memory, and all in an OTLP collector if one is named."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider

from headgate.core.errors import InvalidInput

_NEWEST = 5000


@dataclass(frozen=True, slots=True)
class SpanView:
    """A span that has ended. Ids are in hex, as in a `traceparent`."""

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    started_at: datetime
    seconds: float
    failed: bool
    attributes: Mapping[str, Any]


class SpanRing(SpanProcessor):
    """Keeps the newest spans of this process."""

    def __init__(self, size: int = _NEWEST) -> None:
        self._spans: deque[ReadableSpan] = deque(maxlen=size)

    def on_end(self, span: ReadableSpan) -> None:
        self._spans.append(span)

    def of_trace(self, trace_id: str) -> list[SpanView]:
        """Return the spans of one trace that are still there, in the order they started."""
        found = [_view(span) for span in self._spans]
        return sorted((s for s in found if s.trace_id == trace_id), key=lambda s: s.started_at)


RING = SpanRing()


def start_tracing(*, role: str, version: str, otlp_endpoint: str | None) -> None:
    """Trace what this process does from now on; call it once.

    Raises `InvalidInput` if a collector is named but its exporter is not installed.
    """
    resource = Resource.create(
        {"service.name": "headgate", "service.version": version, "headgate.role": role}
    )
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(RING)
    if otlp_endpoint:
        provider.add_span_processor(_exporting(otlp_endpoint))
    trace.set_tracer_provider(provider)


def _exporting(endpoint: str) -> SpanProcessor:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # type: ignore[import-not-found,unused-ignore]  # an extra
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise InvalidInput(
            "Traces cannot be sent to a collector: its exporter is not installed.",
            hint="Install it with `pip install headgate[otlp]`, or unset HEADGATE_OTLP_ENDPOINT.",
        ) from error
    return BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces"))


def _view(span: ReadableSpan) -> SpanView:
    context, parent = span.get_span_context(), span.parent
    started, ended = span.start_time or 0, span.end_time or 0
    return SpanView(
        trace_id=trace.format_trace_id(context.trace_id) if context else "",
        span_id=trace.format_span_id(context.span_id) if context else "",
        parent_id=trace.format_span_id(parent.span_id) if parent else None,
        name=span.name,
        started_at=datetime.fromtimestamp(started / 1e9, UTC),
        seconds=(ended - started) / 1e9,
        failed=span.status.status_code is trace.StatusCode.ERROR,
        attributes=dict(span.attributes or {}),
    )
