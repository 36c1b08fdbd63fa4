"""What a buffered dataset needs: columns that a table can have, and lose nothing by."""

from collections.abc import Iterator, Mapping

from headgate.core.dag.check.findings import Issue, Path
from headgate.core.dag.schema import DagSpec, Dataset
from headgate.core.sinks.model import MAX_NAME, RESERVED_COLUMNS, Existing, difference


def is_buffered(dataset: Dataset) -> bool:
    """Tell whether the core writes the dataset: it has a table and a sink."""
    return dataset.storage == "postgres" and dataset.write_mode == "buffered"


def buffered_issues(path: Path, dataset: Dataset) -> Iterator[Issue]:
    """Yield the faults of the dataset at `path` as far as the file tells them."""
    if dataset.write_mode != "buffered":
        return
    if dataset.storage != "postgres":
        message = "only tables are buffered: nobody writes the objects of this dataset"
        hint = "set write_mode: direct, and write them from the operator"
        yield Issue((*path, "write_mode"), "not_buffered", message, hint, severity="warning")
        return
    name = str(path[-1])
    if len(name) > MAX_NAME:
        message = f"the name of a buffered dataset has at most {MAX_NAME} characters"
        hint = "its table is named after it: give it a shorter one"
        yield Issue(path, "name_too_long", message, hint, at_key=True)
    if not dataset.columns:
        message = "a buffered dataset needs a schema: its table has those columns"
        yield Issue((*path, "write_mode"), "missing_schema", message, "add the schema")
    if dataset.location is not None:
        message = "the table of a buffered dataset is named after it"
        yield Issue((*path, "location"), "meaningless", message, "remove it", at_key=True)
    for column in dataset.columns:
        if column in RESERVED_COLUMNS:
            message = f"the table has a column {column} of its own"
            place = (*path, "schema", column)
            yield Issue(place, "reserved_column", message, "give it another name", at_key=True)


def table_issues(spec: DagSpec, tables: Mapping[str, Existing]) -> Iterator[Issue]:
    """Yield what a deploy would take out of tables that have rows."""
    for name, dataset in spec.datasets.items():
        table = tables.get(name)
        if table is None or not table.filled or not is_buffered(dataset):
            continue
        for column in difference(table.columns, dataset.columns).drop:
            before = table.columns[column]
            if after := dataset.columns.get(column):
                message = (
                    f"column {column} cannot become {after}: the table has rows with {before} in it"
                )
                hint = f"keep {before}, or add a column with another name"
            else:
                message = f"column {column} cannot go: the table has rows, which would lose it"
                hint = f"keep `{column}: {before}`, or empty the table first"
            yield Issue(("datasets", name, "schema", column), "column_in_use", message, hint)
