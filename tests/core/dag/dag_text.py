"""DAG files to check, and where in them a fault is expected."""

from dataclasses import dataclass

from headgate.core.dag.check.findings import Finding
from headgate.core.dag.check.registry import Known
from headgate.core.dag.load import check_dag

HEAD = """\
dag: d
datasets:
  d.in:
  d.out: {schema: {id: text, name: text}}
  d.blocks: {partitioning: range}
  d.sums: {partitioning: range}
sources: {s: {kind: http, dataset: d.in}, t: {kind: http, dataset: d.blocks}}
jobs:
"""


@dataclass(frozen=True)
class Marked:
    """Text in which § stands just before the place of a fault."""

    marked: str

    @property
    def text(self) -> str:
        return self.marked.replace("§", "")

    @property
    def places(self) -> list[tuple[int, int]]:
        lines = enumerate(self.marked.split("\n"), start=1)
        return [(n, line.index("§") + 1) for n, line in lines if "§" in line]


NOTHING = Known()


def errors(text: str, known: Known = NOTHING) -> list[Finding]:
    return [
        f for f in check_dag(text, file="dag.yaml", known=known).findings if f.severity == "error"
    ]


def job(fields: str) -> str:
    """A DAG whose one job `j` has these fields besides an operator."""
    return (
        HEAD + "  j:\n    operator: d.f\n" + "".join(f"    {line}\n" for line in fields.split("\n"))
    )
