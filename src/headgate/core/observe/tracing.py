"""One trace from the request through event, task and operator to the output.

The trace context travels in the event log as a W3C `traceparent`, so it survives queues, retries
and restarts.
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
