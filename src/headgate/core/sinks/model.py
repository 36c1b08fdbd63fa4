"""The nouns of sinks: the tables of buffered datasets."""

from collections.abc import Mapping
from dataclasses import dataclass

OPERATOR = "core.sink"
MAX_NAME = 63  # bytes of a name in Postgres
OWN_COLUMNS = ("_event", "_row", "_rng", "_key", "_at")
"""What each table has besides the columns of its schema; event and row number are its key."""
RESERVED_COLUMNS = frozenset(
    {*OWN_COLUMNS, "ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"}  # the rest is Postgres' own
)
TYPES: Mapping[str, str] = {
    "text": "text",
    "boolean": "boolean",
    "integer": "integer",
    "bigint": "bigint",
    "numeric": "numeric",
    "double": "double precision",
    "date": "date",
    "timestamptz": "timestamp with time zone",
    "uuid": "uuid",
    "jsonb": "jsonb",
    "bytea": "bytea",
    "text[]": "text[]",
    "bigint[]": "bigint[]",
}
"""What Postgres calls each type of a dataset's schema."""
_FIRST_ORG = 1


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a buffered dataset; `columns` are those of the dataset's schema."""

    org_id: int
    dataset: str
    columns: Mapping[str, str]

    @property
    def schema(self) -> str:
        return schema_of(self.org_id)


@dataclass(frozen=True, slots=True)
class Existing:
    """A table as it is; a type that no schema has is called as Postgres calls it."""

    columns: Mapping[str, str]
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What takes a table to its schema: drop, then add. Of another type: both."""

    drop: tuple[str, ...]
    add: Mapping[str, str]


def schema_of(org_id: int) -> str:
    """Return the Postgres schema of an org's tables: names of datasets are unique in an org."""
    return "data" if org_id == _FIRST_ORG else f"data_{org_id}"


def sink_name(dataset: str) -> str:
    """Return the name of a dataset's sink. Nobody can declare it: names of jobs hold no hyphen."""
    return "sink-" + dataset.replace(".", "-")


def difference(existing: Mapping[str, str], wanted: Mapping[str, str]) -> Difference:
    """Compare the columns of a table with those of a schema."""
    drop = tuple(name for name, kind in existing.items() if wanted.get(name) != kind)
    add = {name: kind for name, kind in wanted.items() if existing.get(name) != kind}
    return Difference(drop, add)
