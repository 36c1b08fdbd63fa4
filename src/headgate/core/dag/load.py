"""YAML text to a checked DAG, or every fault at once, each with file, line, column and reason."""

from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from pydantic import ValidationError

from headgate.core.dag.check.document import Document, read_document
from headgate.core.dag.check.faults import issues_of
from headgate.core.dag.check.findings import Finding, InvalidDag, Issue, Path, pointer
from headgate.core.dag.check.registry import Known, Subject, registry_issues
from headgate.core.dag.check.rules import part_issues
from headgate.core.dag.schema import DagSpec, Job, Partitioning

MOST_FINDINGS = 200
# Fields of a job that no rule looks at: a fault in one of them does not hide other faults.
_INDEPENDENT = {"description", "scaling", "priority", "timeout", "params"}
_DEPTH_OF_FIELD = 3
_NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file says and what is wrong with it; `spec` is None if there is any fault."""

    spec: DagSpec | None
    findings: tuple[Finding, ...]


def load_dag(text: str, *, file: str, known: Known = _NOTHING_KNOWN) -> DagSpec:
    """Return the DAG that `text` describes; raise `InvalidDag` with every fault otherwise."""
    checked = check_dag(text, file=file, known=known)
    if checked.spec is None:
        raise InvalidDag(checked.findings)
    return checked.spec


def check_dag(text: str, *, file: str, known: Known = _NOTHING_KNOWN) -> Checked:
    """Check `text`; never raises. Findings come in file order, up to a few hundred of them."""
    document = read_document(text)
    findings = [_finding(file, issue, mark.line, mark.column) for mark, issue in document.faults]
    spec, issues = _issues(document, known) if document.complete else (None, [])
    for issue in issues:
        mark = document.mark(issue.path, at_key=issue.at_key)
        findings.append(_finding(file, issue, mark.line, mark.column))
    findings.sort(key=lambda f: (f.line, f.column))
    faulty = any(finding.severity == "error" for finding in findings)
    return Checked(None if faulty else spec, tuple(findings))


def _finding(file: str, issue: Issue, line: int, column: int) -> Finding:
    return Finding(
        file=file,
        line=line,
        column=column,
        path=pointer(issue.path),
        severity=issue.severity,
        code=issue.code,
        message=issue.message,
        hint=issue.hint,
    )


def _issues(document: Document, known: Known) -> tuple[DagSpec | None, list[Issue]]:
    try:
        spec = DagSpec.model_validate(document.value)
    except ValidationError as error:
        issues = issues_of(error, most=MOST_FINDINGS)
        rest = _sound_part(document.value, error)
        if rest is None:
            return None, issues
        subject = Subject(rest, _declared(document.value), whole=False)
        return None, issues + _rule_issues(subject, known)
    subject = Subject(spec, spec.datasets.keys())
    return spec, _rule_issues(subject, known)


def _rule_issues(subject: Subject, known: Known) -> list[Issue]:
    partitioning: dict[str, Partitioning] = {
        name: dataset.partitioning
        for name, dataset in (known.datasets or {}).items()
        if name not in subject.declared
    }
    partitioning |= {name: d.partitioning for name, d in subject.spec.datasets.items()}
    found = chain(part_issues(subject.spec, partitioning), registry_issues(subject, known))
    return list(islice(found, MOST_FINDINGS))


def _declared(value: dict[str, Any]) -> frozenset[str]:
    datasets = value.get("datasets")
    return frozenset(datasets) if isinstance(datasets, dict) else frozenset()


def _sound_part(value: Any, error: ValidationError) -> DagSpec | None:
    """Return the spec without what `error` complains about, or None if that leaves none.

    So a misspelled timeout does not hide a cycle. A part is left out whole unless the faulty field
    is one that no rule looks at.
    """
    if not isinstance(value, dict):
        return None
    rest: dict[str, Any] = {
        name: dict(part) if isinstance(part, dict) else part for name, part in value.items()
    }
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        _leave_out(rest, detail["loc"], unknown=detail["type"] == "extra_forbidden")
    try:
        return DagSpec.model_validate(rest)
    except ValidationError:
        return None


def _leave_out(rest: dict[str, Any], location: Path, *, unknown: bool) -> None:
    section, *inner = location  # not empty: the whole is a mapping
    parts = rest.get(str(section))
    if not inner or not isinstance(parts, dict):
        rest.pop(str(section), None)
        return
    name = inner[0]
    part = parts.get(name)
    field = location[2] if section == "jobs" and len(location) >= _DEPTH_OF_FIELD else None
    if isinstance(part, dict) and (
        field in _INDEPENDENT or (unknown and field not in Job.model_fields)
    ):
        parts[name] = {key: kept for key, kept in part.items() if key != field}
    else:
        parts.pop(name, None)
