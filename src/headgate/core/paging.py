"""Pages of a list: opaque cursors that say where the last page ended.

A cursor holds the sort key of the last item, so a walk under inserts sees each row once.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from headgate.core.errors import HeadgateError

T = TypeVar("T")


class BadCursor(HeadgateError):
    """The cursor is not one that this list handed out."""

    code = "bad_cursor"
    status = 400
    fault = "input"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The sort key of the last item of a page, as JSON values."""

    parts: tuple[Any, ...]

    def __str__(self) -> str:
        text = json.dumps(self.parts, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @staticmethod
    def parse(text: str, *kinds: Callable[[Any], Any]) -> tuple[Any, ...]:
        """Return the parts of a cursor, each made by its kind; `BadCursor` if it is no such one."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            parts = json.loads(raw)
            return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
        except (ValueError, TypeError, binascii.Error, RecursionError) as error:
            raise BadCursor(
                "The cursor is not one that this list handed out.",
                hint="Start again without a cursor.",
            ) from error


class Page(BaseModel, Generic[T]):
    """One page; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None


def page_of(items: Sequence[T], *, limit: int, cursor: Callable[[T], Cursor]) -> Page[T]:
    """Make a page of at most `limit` from a query that asked for one more."""
    shown = list(items[:limit])
    more = len(items) > limit
    return Page(items=shown, next_cursor=str(cursor(shown[-1])) if more and shown else None)
