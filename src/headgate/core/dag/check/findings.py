"""What is wrong with a DAG file, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from headgate.core.errors import InvalidInput, Problem

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Issue:
    """A fault or a warning at a place of the spec; `at_key` points at the name, not the value."""

    path: Path
    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """An issue and where it is: line and column count from 1, `path` is a JSON pointer."""

    file: str
    line: int
    column: int
    path: str
    severity: Severity
    code: str
    message: str
    hint: str = ""

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def text(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message

    def __str__(self) -> str:
        warning = "warning: " if self.severity == "warning" else ""
        return f"{self.place}: {warning}{self.text}"


def pointer(path: Path) -> str:
    """Write a path as a JSON pointer: `/jobs/variants/inputs/0`."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


class InvalidDag(InvalidInput):
    """The file is not a DAG that can run; `findings` has every fault and warning, in file order."""

    code = "invalid_dag"

    def __init__(self, findings: Sequence[Finding]) -> None:
        faults = [f for f in findings if f.severity == "error"]
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(
            f"{faults[0].file} has {count}:",
            problems=[Problem(f.place, f.code, f.text) for f in faults],
        )
        self.findings = tuple(findings)
