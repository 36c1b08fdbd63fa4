"""What the two halves send each other, as types: anything else does not decode.

`packed` fields are packed by `Values`. The order of `Finished.steps` is that of the calls.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from headgate.core.app import Range
from headgate.core.errors import Fault

Level = Literal["debug", "info", "warning", "error", "critical"]


class Begin(msgspec.Struct, frozen=True):
    """Parent: run this operator. `packed` holds the task, its events and the time of its claim."""

    app: str
    module: str
    operator: str
    settings: bytes
    packed: bytes


class Get(msgspec.Struct, frozen=True, tag=True):
    key: str
    version: str | None


class GetRange(msgspec.Struct, frozen=True, tag=True):
    key: str
    start: int
    end: int


class Put(msgspec.Struct, frozen=True, tag=True):
    key: str
    data: bytes
    content_type: str | None
    if_absent: bool
    if_match: str | None


class Head(msgspec.Struct, frozen=True, tag=True):
    key: str


class ListPage(msgspec.Struct, frozen=True, tag=True):
    prefix: str
    after: str


class Versions(msgspec.Struct, frozen=True, tag=True):
    key: str


class Delete(msgspec.Struct, frozen=True, tag=True):
    key: str


class Sign(msgspec.Struct, frozen=True, tag=True):
    method: Literal["GET", "PUT"]
    key: str
    now: datetime
    lifetime: timedelta


class Check(msgspec.Struct, frozen=True, tag=True):
    pass


class Read(msgspec.Struct, frozen=True, tag=True):
    function: str
    packed: bytes


class Record(msgspec.Struct, frozen=True, tag=True):
    function: str
    packed: bytes


class EmitNow(msgspec.Struct, frozen=True, tag=True):
    dataset: str
    key: str | None
    range: Range | None
    packed: bytes


class Progress(msgspec.Struct, frozen=True, tag=True):
    done: int
    total: int
    message: str


class Log(msgspec.Struct, frozen=True, tag=True):
    message: str
    level: Level
    packed: bytes


ObjectRequest = Get | GetRange | Put | Head | ListPage | Versions | Delete | Sign | Check
Request = ObjectRequest | Read | Record | EmitNow | Progress | Log


class Write(msgspec.Struct, frozen=True, tag=True):
    function: str
    packed: bytes


class Emit(msgspec.Struct, frozen=True, tag=True):
    dataset: str
    key: str | None
    range: Range | None
    packed: bytes
    version: str | None


class Finished(msgspec.Struct, frozen=True):
    """Child: the operator returned."""

    steps: list[Write | Emit]


class Described(msgspec.Struct, frozen=True):
    """An error. `kinds` are its classes, the most exact first; `door` numbers what a door raised.

    `packed` holds further attributes of the error by name.
    """

    kinds: list[str]
    message: str
    code: str
    status: int
    fault: Fault
    retry: bool
    hint: str
    problems: list[tuple[str, str, str]]
    packed: bytes
    door: int = 0


class Answer(msgspec.Struct, frozen=True):
    """Parent: the packed value of a request, or the error that it raised."""

    packed: bytes
    error: Described | None = None
