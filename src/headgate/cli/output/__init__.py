"""What commands print: data on stdout, everything else on stderr.

A list is a table on a terminal, without the columns that would be empty, and one tab-separated line
for each item when piped. With `--json` it is the API's own objects: an array for a list, an
indented object for one thing, a line each for a stream.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TextIO

from headgate.cli.output.columns import Column, Item
from headgate.cli.output.values import plain, shown
from headgate.core.clock import Clock, utc_now

__all__ = ["Column", "Item", "Output", "Section"]


class Section(NamedTuple):
    """A table below a description."""

    title: str
    items: Iterable[Item]
    columns: Sequence[Column]


class Output:
    """Prints in the form that its reader needs: a person, a pipe, or a program (`as_json`)."""

    def __init__(
        self,
        *,
        as_json: bool,
        color: bool,
        out: TextIO = sys.stdout,
        err: TextIO = sys.stderr,
        clock: Clock = utc_now,
    ) -> None:
        self.as_json = as_json
        self.on_terminal = out.isatty()
        self._color = color
        self._out = out
        self._err = err
        self._clock = clock

    def items(self, items: Iterable[Item], columns: Sequence[Column], *, empty: str) -> None:
        """Print a list; `empty` tells a person why there is nothing."""
        if self.as_json:
            self._array(items)
        elif self.on_terminal:
            rows = list(items)
            if rows:
                self._table(rows, columns, whole=False)
            else:
                self.note(empty)
        else:
            for item in items:
                self.line("\t".join(plain(column.value(item)) for column in columns))

    def thing(
        self, thing: Item, fields: Sequence[Column], sections: Sequence[Section] = ()
    ) -> None:
        """Print one thing: its fields, then its tables. Piped, each line starts with its title."""
        if self.as_json:
            self.json(thing)
            return
        width = max((len(field.title) for field in fields), default=0) + 2
        for field in fields:
            if not self.on_terminal:
                self.line(f"{field.title}\t{plain(field.value(thing))}")
            elif field.is_filled(thing):
                value = shown(field.value(thing), field.kind, now=self._clock())
                self.line(f"{field.title:<{width}}{value}")
        for section in sections:
            self._section(section)

    def json(self, value: Any) -> None:
        """Print one object of the API as it came."""
        self.line(json.dumps(value, indent=2, ensure_ascii=False))

    def json_line(self, value: Any) -> None:
        """Print one object of a stream, at once."""
        self.line(json.dumps(value, ensure_ascii=False))
        self._out.flush()

    def line(self, text: str = "") -> None:
        """Print a line of data."""
        self._out.write(text + "\n")

    def flush(self) -> None:
        """Let a reader of a pipe see what was printed so far."""
        self._out.flush()

    def note(self, text: str) -> None:
        """Tell a person something that is not data."""
        self._out.flush()
        self._err.write(text + "\n")
        self._err.flush()

    def _section(self, section: Section) -> None:
        rows = list(section.items)
        if not self.on_terminal:
            for row in rows:
                cells = (plain(column.value(row)) for column in section.columns)
                self.line("\t".join((section.title, *cells)))
        elif rows:
            self.line()
            self.line(section.title)
            self._table(rows, section.columns, whole=True)

    def _array(self, items: Iterable[Item]) -> None:
        # Written as it comes: a long list neither waits for its end nor fills the memory.
        empty = True
        for item in items:
            text = json.dumps(item, indent=2, ensure_ascii=False).replace("\n", "\n  ")
            self._out.write(f"{'[' if empty else ','}\n  {text}")
            empty = False
        self.line("[]" if empty else "\n]")

    def _table(self, rows: Sequence[Item], columns: Sequence[Column], *, whole: bool) -> None:
        from headgate.cli.output.table import print_table

        print_table(rows, columns, whole=whole, color=self._color, now=self._clock(), out=self._out)
