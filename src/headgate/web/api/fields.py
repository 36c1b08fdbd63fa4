"""The parameters that many routes share, with their bounds, and the parts of cursors."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from headgate.core.access import Principal, current_principal

MAX_ID = 2**63 - 1
NO_NUL = r"^[^\x00]*$"  # Postgres keeps any text but one with a NUL


class Request(BaseModel):
    """A request body: nothing unknown in it, and no value turned into another type."""

    model_config = ConfigDict(strict=True, extra="forbid")


def row_id(value: object) -> int:
    """Return an id out of a cursor; raise `ValueError` for what cannot be one."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_ID:
        raise ValueError("no id")
    return value


def plain_text(value: object) -> str:
    """Return text that Postgres takes; raise `ValueError` for anything else."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("no text, or with a NUL")
    value.encode()  # a lone surrogate is no text either
    return value


def instant(value: object) -> datetime:
    """Return a time out of a cursor; raise `ValueError` for what is none."""
    at = datetime.fromisoformat(plain_text(value))
    if at.tzinfo is None:
        raise ValueError("no time zone")
    return at


def uuid(value: object) -> UUID:
    """Return a UUID out of a cursor; raise `ValueError` for what is none."""
    return UUID(plain_text(value))


Who = Annotated[Principal, Depends(current_principal)]
RowId = Annotated[int, Path(ge=1, le=MAX_ID)]
Limit = Annotated[int, Query(ge=1, le=200, description="How many items at most.")]
CursorText = Annotated[
    str | None, Query(max_length=2000, description="`next_cursor` of the page before.")
]
Words = Annotated[str | None, Query(max_length=500, pattern=NO_NUL)]
JobName = Annotated[
    str | None,
    Query(max_length=200, pattern=NO_NUL, description="A job's full name: `<dag>.<job>`."),
]
DagName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]*$", max_length=63)]
Text = Annotated[str, Field(pattern=NO_NUL), AfterValidator(plain_text)]
