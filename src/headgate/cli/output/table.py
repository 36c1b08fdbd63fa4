"""A table on a terminal. Imported only there, since rich takes as long to load as all the rest."""

from collections.abc import Sequence
from datetime import datetime
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from headgate.cli.output.columns import Column, Item
from headgate.cli.output.values import shown


def print_table(
    rows: Sequence[Item],
    columns: Sequence[Column],
    *,
    whole: bool,
    color: bool,
    now: datetime,
    out: TextIO,
) -> None:
    """Print rows under their titles, without the columns that all rows leave empty.

    Where the terminal is too narrow, text is cut to one line, or broken if it is to be `whole`.
    """
    filled = [column for column in columns if any(column.is_filled(row) for row in rows)]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for column in filled:
        table.add_column(
            column.title,
            justify="right" if column.kind in {"number", "size", "age"} else "left",
            no_wrap=column.kind not in {"text", "key"},
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(_cell(column, row, whole=whole, now=now) for column in filled))
    Console(file=out, no_color=not color, highlight=False).print(table)


def _cell(column: Column, row: Item, *, whole: bool, now: datetime) -> Text:
    text = shown(column.value(row), column.kind, now=now)
    if column.kind == "text" and not whole:
        # On the cell, not on the column: rich takes room from columns that may wrap only.
        return Text(text, no_wrap=True, overflow="ellipsis")
    return Text(text)
