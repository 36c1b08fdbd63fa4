"""What is shown of an object, and how."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

Item = Mapping[str, Any]
Kind = Literal["text", "key", "name", "number", "time", "age", "size"]
"""How people see a value. In a narrow table text is cut, a key broken, the others stay whole.

A time is local, an age is the time since then, a size is in bytes.
"""


class Column(NamedTuple):
    """A column of a table or a line of a description; `of` is a key or a function of the item."""

    title: str
    of: str | Callable[[Item], Any]
    kind: Kind = "text"

    def value(self, item: Item) -> Any:
        return item.get(self.of) if isinstance(self.of, str) else self.of(item)

    def is_filled(self, item: Item) -> bool:
        """Tell whether the item has something to show here."""
        return self.value(item) not in (None, "", [])
