"""One trace from the request through event, task and operator to the output.

The trace context travels in the event log as a W3C `traceparent`, so it survives queues, retries
and restarts. Until `spans.start_tracing` is called nothing is traced and events carry no context.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from headgate.core.app import TaskInfo

_tracer = trace.get_tracer("headgate")
_propagator = TraceContextTextMapPropagator()


def current_traceparent() -> str | None:
    """Return the `traceparent` of the current span, or None when nothing is traced."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def trace_id_of(traceparent: str | None) -> str | None:
    """Return the trace id inside a `traceparent`."""
    parts = traceparent.split("-") if traceparent else []
    return parts[1] if len(parts) > 1 else None


@contextmanager
def attempt_span(task: TaskInfo) -> Iterator[None]:
    """Run one attempt of a task as a span of the trace that its first event belongs to."""
    parent = _propagator.extract({"traceparent": task.trace}) if task.trace else None
    attributes: dict[str, str | int] = {
        "headgate.task.id": task.id,
        "headgate.job": task.job,
        "headgate.attempt": task.attempt,
        "headgate.events": task.covered,
    }
    with _tracer.start_as_current_span(
        task.job, context=parent, kind=trace.SpanKind.CONSUMER, attributes=attributes
    ):
        yield


@contextmanager
def request_span(*, method: str, path: str, traceparent: str | None) -> Iterator[trace.Span]:
    """Handle one HTTP request as a span, of the caller's trace if it sent one."""
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(
        f"{method} {path}",
        context=parent,
        kind=trace.SpanKind.SERVER,
        attributes={"http.request.method": method, "url.path": path},
    ) as span:
        yield span


def end_request(span: trace.Span, *, method: str, route: str, status: int) -> None:
    """Say what became of a request: the pattern it matched, and its status."""
    span.update_name(f"{method} {route}")
    span.set_attributes({"http.route": route, "http.response.status_code": status})
    if status >= 500:  # noqa: PLR2004 - a 4xx is the caller's fault, not an error of this span
        span.set_status(trace.StatusCode.ERROR)
