"""What a deploy would change: the difference between a DAG and what runs of it now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from headgate.core.dag.schema import DagSpec, to_json
from headgate.core.sinks.model import sink_name

Kind = Literal["add", "change", "remove"]
What = Literal["dag", "dataset", "source", "job"]
_SECTIONS: tuple[tuple[What, str], ...] = (
    ("dataset", "datasets"),
    ("source", "sources"),
    ("job", "jobs"),
)
_SIGNS = {"add": "+", "change": "~", "remove": "-"}
# Pending tasks were cut by these; after a change they run once more as they were cut.
_CUTTING = ("execution_strategy", "partition_size", "inputs")
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Current:
    """The version of a DAG that runs now.

    `spec` is what `to_json` returned when it was deployed. `consumers` maps its datasets to the
    jobs of other DAGs that read them, `pending` its jobs to how many tasks wait or run.
    """

    version: int
    spec: Mapping[str, Any]
    consumers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pending: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs; its name is a path such as `scaling.max_concurrency`."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a plan. `warning` says what is lost by it, `error` why it cannot be done."""

    kind: Kind
    what: What
    name: str
    fields: tuple[FieldChange, ...] = ()
    warning: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes from `before` (a version, 0 if none) in the order of the file, removals last."""

    dag: str
    before: int
    changes: tuple[Change, ...]

    @property
    def errors(self) -> tuple[str, ...]:
        return tuple(change.error for change in self.changes if change.error)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(change.warning for change in self.changes if change.warning)


def plan(deployed: Current | None, spec: DagSpec) -> Plan:
    """Compare a checked DAG with what is deployed of it, if anything is."""
    before: Mapping[str, Any] = deployed.spec if deployed else {}
    now = deployed or Current(0, {})
    after = to_json(spec)
    changes: list[Change] = []
    if deployed and before.get("description", "") != spec.description:
        shown = FieldChange("description", before.get("description", ""), spec.description)
        changes.append(Change("change", "dag", spec.dag, (shown,)))
    removals: list[Change] = []
    for what, section in _SECTIONS:
        old, new = before.get(section, {}), after[section]
        for name, part in new.items():
            if name not in old:
                changes.append(Change("add", what, name))
            elif fields := tuple(_differences("", _short_inputs(old[name]), _short_inputs(part))):
                changes.append(_judged(Change("change", what, name, fields), now))
        gone = [name for name in old if name not in new]
        removals += [_judged(Change("remove", what, name), now) for name in gone]
    return Plan(spec.dag, now.version, (*changes, *reversed(removals)))


def _judged(change: Change, deployed: Current) -> Change:
    """Return the change with what it would break."""
    if change.what == "dataset":
        return _judged_dataset(change, deployed)
    warning = ""
    waiting = deployed.pending.get(change.name, 0)
    if change.what == "job" and waiting:
        if change.kind == "remove":
            warning = (
                f"job {change.name}: {_tasks(waiting)} will not run unless it is deployed again"
            )
        elif any(difference.field in _CUTTING for difference in change.fields):
            warning = f"job {change.name}: {_tasks(waiting)} will run as cut before this change"
    return replace(change, warning=warning)


def _judged_dataset(change: Change, deployed: Current) -> Change:
    removed = change.kind == "remove"
    changed = {difference.field for difference in change.fields}
    readers = deployed.consumers.get(change.name)
    if readers and (removed or "partitioning" in changed):
        verb = "be removed" if removed else "change its partitioning"
        error = f"dataset {change.name} cannot {verb}: {', '.join(readers)} reads it"
        return replace(change, error=error)
    notes = ["events so far keep the old partitioning"] if "partitioning" in changed else []
    before = deployed.spec["datasets"][change.name]
    buffered = (before["storage"], before["write_mode"]) == ("postgres", "buffered")
    if buffered and (removed or changed & {"storage", "write_mode"}):
        notes.append("its table and the rows in it stay")
        if waiting := deployed.pending.get(sink_name(change.name), 0):
            notes.append(f"{_tasks(waiting)} of its sink will not run unless it is deployed again")
    return replace(change, warning=f"dataset {change.name}: {'; '.join(notes)}" if notes else "")


def _tasks(count: int) -> str:
    return "1 pending task" if count == 1 else f"{count} pending tasks"


def _differences(path: str, old: Any, new: Any) -> Iterator[FieldChange]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in (*old, *(name for name in new if name not in old)):
            inner = f"{path}.{name}" if path else name
            yield from _differences(inner, old.get(name, _MISSING), new.get(name, _MISSING))
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield FieldChange(path, *(None if side is _MISSING else side for side in (old, new)))


def _short_inputs(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the inputs of a job as one reads them: `chain.blocks window=[-10, 0]`."""
    if "inputs" not in part:
        return part
    short = []
    for given in part["inputs"]:
        mapping = [
            f"{k}={v}" for k, v in given.items() if k != "dataset" and v not in (None, False)
        ]
        short.append(" ".join([given["dataset"], *mapping]))
    return {**part, "inputs": short}


def plan_text(shown: Plan) -> str:
    """Write a plan for people: a line each change, and a last one that counts them."""
    if not shown.changes:
        return "No changes."
    lines = []
    for change in shown.changes:
        fields = [_field_text(difference) for difference in change.fields]
        head = f"{_SIGNS[change.kind]} {change.what} {change.name}"
        lines += (
            [f"{head}  {fields[0]}"] if len(fields) == 1 else [head, *(f"    {f}" for f in fields)]
        )
        lines += [f"  ! {note}" for note in (change.error, change.warning) if note]
    count = {kind: sum(change.kind == kind for change in shown.changes) for kind in _SIGNS}
    lines.append(
        f"{count['add']} to add, {count['change']} to change, {count['remove']} to remove."
    )
    return "\n".join(lines)


def _field_text(difference: FieldChange) -> str:
    old, new = difference.before, difference.after
    if isinstance(old, list) and isinstance(new, list):
        signed = [f"-{item}" for item in old if item not in new]
        signed += [f"+{item}" for item in new if item not in old]
        if signed:
            return f"{difference.field} {', '.join(signed)}"
    return f"{difference.field} {_value_text(old)} → {_value_text(new)}"


def _value_text(value: Any) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, list):
        return f"[{', '.join(_value_text(item) for item in value)}]"
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 - a line of a terminal


def plan_json(shown: Plan) -> dict[str, Any]:
    """Return a plan as JSON values; `blocked` says that it cannot be deployed."""
    return {
        "dag": shown.dag,
        "before": shown.before,
        "changes": [
            {
                "kind": change.kind,
                "what": change.what,
                "name": change.name,
                "fields": [
                    {"field": f.field, "before": f.before, "after": f.after} for f in change.fields
                ],
                "warning": change.warning or None,
                "error": change.error or None,
            }
            for change in shown.changes
        ],
        "blocked": bool(shown.errors),
    }
