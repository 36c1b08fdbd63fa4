"""Figures in the text format that Prometheus reads (exposition format 0.0.4)."""

import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from headgate.core.observe.store import Lag, Worker

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name, what it means, and a value for each set of labels."""

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    meaning: str
    samples: Sequence[tuple[str, Labels, float]]  # suffix of the name, labels, value


def gauge(name: str, meaning: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    return Family(name, "gauge", meaning, [("", labels, value) for labels, value in samples])


def counter(name: str, meaning: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    return Family(name, "counter", meaning, [("", labels, value) for labels, value in samples])


class RequestFigures:
    """How many HTTP requests there were, and how long they took, since the process started."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._buckets: dict[tuple[str, str], list[int]] = {}
        self._seconds: Counter[tuple[str, str]] = Counter()

    def add(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; `route` is the pattern, so that ids make no new series."""
        self._counts[method, route, str(status)] += 1
        buckets = self._buckets.setdefault((method, route), [0] * (len(_SECONDS) + 1))
        buckets[bisect.bisect_left(_SECONDS, seconds)] += 1
        self._seconds[method, route] += seconds  # type: ignore[assignment]  # a Counter sums floats

    def families(self) -> Iterator[Family]:
        yield counter(
            "headgate_http_requests_total",
            "HTTP requests by route and status.",
            [
                ({"method": method, "route": route, "status": status}, count)
                for (method, route, status), count in self._counts.items()
            ],
        )
        samples: list[tuple[str, Labels, float]] = []
        for (method, route), buckets in self._buckets.items():
            labels = {"method": method, "route": route}
            below = 0
            for bound, count in zip((*_SECONDS, "+Inf"), buckets, strict=True):
                below += count
                samples.append(("_bucket", {**labels, "le": str(bound)}, below))
            samples += [("_sum", labels, self._seconds[method, route]), ("_count", labels, below)]
        yield Family(
            "headgate_http_request_seconds", "histogram", "How long HTTP requests took.", samples
        )


def work_families(
    backlog: Sequence[Mapping[str, Any]], *, workers: Sequence[Worker], lag: Lag, now: float
) -> Iterator[Family]:
    """Yield the figures of work: `backlog` is a row a job, `now` in seconds since 1970."""
    yield gauge(
        "headgate_tasks",
        "Tasks by job and state.",
        [
            ({"job": row["job"], "state": state}, value)
            for row in backlog
            for state, value in (
                ("pending", row["pending"] - row["waiting"]),
                ("waiting", row["waiting"]),
                ("running", row["leased"]),
            )
        ],
    )
    yield gauge(
        "headgate_dead_letters_open",
        "Dead letters that nobody has dealt with.",
        [({"job": row["job"]}, row["dead"]) for row in backlog],
    )
    yield gauge(
        "headgate_oldest_pending_seconds",
        "Age of the oldest pending task of a job.",
        [
            ({"job": row["job"]}, max(0.0, now - row["oldest"].timestamp()) if row["oldest"] else 0)
            for row in backlog
        ],
    )
    yield gauge(
        "headgate_job_paused",
        "1 for a job that is paused.",
        [({"job": row["job"]}, int(row["paused"])) for row in backlog],
    )
    yield from _dispatch_families(workers, lag)


def _dispatch_families(workers: Sequence[Worker], lag: Lag) -> Iterator[Family]:
    yield gauge("headgate_workers", "Workers with a fresh heartbeat.", [({}, len(workers))])
    yield gauge(
        "headgate_worker_slots",
        "Tasks that the workers can run at once.",
        [({}, sum(worker.capacity for worker in workers))],
    )
    yield gauge(
        "headgate_routing_lag_seconds",
        "How long the oldest event has waited to be routed.",
        [({}, lag.routing_seconds)],
    )
    yield gauge(
        "headgate_orphaned_leases",
        "Leases of dead workers that no dispatcher has taken back.",
        [({}, lag.orphaned_leases)],
    )


def exposition(families: Iterable[Family]) -> str:
    """Write metrics as text; one without samples is left out."""
    lines: list[str] = []
    for family in families:
        if not family.samples:
            continue
        lines += [
            f"# HELP {family.name} {family.meaning}",
            f"# TYPE {family.name} {family.kind}",
            *(
                f"{family.name}{suffix}{_labels(labels)} {_number(value)}"
                for suffix, labels, value in family.samples
            ),
        ]
    return "".join(f"{line}\n" for line in lines)


def _labels(labels: Labels) -> str:
    inner = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items())
    return f"{{{inner}}}" if inner else ""


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
