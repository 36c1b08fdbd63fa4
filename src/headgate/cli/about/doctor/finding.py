"""What a check found."""

from typing import Literal, NamedTuple

State = Literal["ok", "warn", "fail"]


class Finding(NamedTuple):
    """`warn`: something works less well; `fail`: it does not work. `remedy` then mends it."""

    check: str
    state: State
    detail: str
    remedy: str = ""
