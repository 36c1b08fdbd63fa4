"""HTML by construction: text is escaped because there is no way to put it in otherwise."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

_VOID = frozenset({"img", "meta", "link", "input", "br", "hr"})


class Markup(str):
    """Text that is HTML already. Only `tag`, `join` and files of this package make it."""

    __slots__ = ()


Part = str | int | None
NOTHING = Markup("")


def tag(name: str, /, *parts: Part, **attributes: str | int | bool | None) -> Markup:
    """Return an element. Parts that are not `Markup` are text; None is left out.

    Attributes lose a trailing `_` and write `-` for `_`; True is one without a value, None and
    False none.
    """
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}"
        + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{join(parts)}</{name}>")


def join(parts: Iterable[Part]) -> Markup:
    """Return the parts one after the other."""
    return Markup(
        "".join(
            part if isinstance(part, Markup) else escape(str(part))
            for part in parts
            if part is not None
        )
    )


def moment(at: datetime | None) -> Markup:
    """Return a time, which the page's script rewrites in the reader's own zone."""
    if at is None:
        return NOTHING
    utc = at.astimezone(UTC)
    return tag("time", f"{utc:%d %b %H:%M} UTC", datetime=utc.isoformat(timespec="seconds"))


def badge(kind: str, text: str) -> Markup:
    """Return a state as a symbol and a word; color comes on top and says nothing alone."""
    symbol = _SYMBOLS.get(kind, "•")
    return tag("span", tag("span", symbol, aria_hidden="true"), " ", text, class_=f"badge {kind}")


_SYMBOLS = {"good": "✓", "busy": "◔", "warn": "!", "bad": "✕", "idle": "○"}
