"""What commands print: data on stdout, everything else on stderr.

A list is a table on a terminal, without the columns that would be empty, and one tab-separated line
for each item when piped. With `--json` it is the API's own objects: an array for a list, an
indented object for one thing, a line each for a stream.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, TextIO

Item = Mapping[str, Any]
Kind = Literal["text", "name", "number", "time", "size"]  # only text may be broken

# A message from a task must not move the cursor or recolor the terminal of who reads it.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_UNITS = ("B", "kB", "MB", "GB", "TB")


class Column(NamedTuple):
    """A column of a table or a line of a description; `of` is a key or a function of the item."""

    title: str
    of: str | Callable[[Item], Any]
    kind: Kind = "text"

    def value(self, item: Item) -> Any:
        return item.get(self.of) if isinstance(self.of, str) else self.of(item)


class Section(NamedTuple):
    """A table below a description."""

    title: str
    items: Iterable[Item]
    columns: Sequence[Column]


class Output:
    """Prints in the form that its reader needs: a person, a pipe, or a program (`as_json`)."""

    def __init__(
        self, *, as_json: bool, color: bool, out: TextIO = sys.stdout, err: TextIO = sys.stderr
    ) -> None:
        self.as_json = as_json
        self.on_terminal = out.isatty()
        self._color = color
        self._out = out
        self._err = err

    def items(self, items: Iterable[Item], columns: Sequence[Column], *, empty: str) -> None:
        """Print a list; `empty` tells a person why there is nothing."""
        if self.as_json:
            self._array(items)
        elif self.on_terminal:
            rows = list(items)
            if rows:
                self._table(rows, columns)
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
            value = field.value(thing)
            if not self.on_terminal:
                self.line(f"{field.title}\t{plain(value)}")
            elif value not in (None, "", []):
                self.line(f"{field.title:<{width}}{shown(value, field.kind)}")
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
            self._table(rows, section.columns)

    def _array(self, items: Iterable[Item]) -> None:
        # Written as it comes: a long list neither waits for its end nor fills the memory.
        empty = True
        for item in items:
            text = json.dumps(item, indent=2, ensure_ascii=False).replace("\n", "\n  ")
            self._out.write(f"{'[' if empty else ','}\n  {text}")
            empty = False
        self.line("[]" if empty else "\n]")

    def _table(self, rows: Sequence[Item], columns: Sequence[Column]) -> None:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        filled = [c for c in columns if any(c.value(row) not in (None, "") for row in rows)]
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for column in filled:
            table.add_column(
                column.title,
                justify="right" if column.kind in {"number", "size"} else "left",
                no_wrap=column.kind != "text",
                overflow="fold",
            )
        for row in rows:
            table.add_row(*(Text(shown(c.value(row), c.kind)) for c in filled))
        console = Console(file=self._out, no_color=not self._color, highlight=False)
        console.print(table)


def plain(value: Any) -> str:
    """Write a value on one line for programs: exact, without tabs, line ends or control codes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return _CONTROL.sub(" ", str(value))


def shown(value: Any, kind: Kind = "text") -> str:
    """Write a value for people: times in their own zone, sizes in units, lists with commas."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "time":
        return local_time(str(value))
    if kind == "size":
        return size_text(int(value))
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return plain(", ".join(value))
    return plain(value)


def local_time(text: str) -> str:
    """Write an API time (RFC 3339) to the second in the reader's zone; other text as it is."""
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return plain(text)


def size_text(size: int) -> str:
    """Write a number of bytes in decimal units: 1500 is "1.5 kB"."""
    number, unit = float(size), 0
    while number >= 1000 and unit < len(_UNITS) - 1:  # noqa: PLR2004 - decimal units
        number, unit = number / 1000, unit + 1
    return f"{size} B" if unit == 0 else f"{number:.1f} {_UNITS[unit]}"


def money_text(micros: int, currency: str = "USD") -> str:
    """Write integer millionths, with cents and more places only where they are not zero."""
    whole, rest = divmod(abs(micros), 1_000_000)
    places = f"{rest:06d}".rstrip("0").ljust(2, "0")
    amount = f"{'-' if micros < 0 else ''}{whole:,}.{places}"
    return f"${amount}" if currency == "USD" else f"{amount} {currency}"


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a text without control codes."""
    for line in text.splitlines():
        yield plain(line)
