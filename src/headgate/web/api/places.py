"""How requests name a part of a dataset: a text key, or a half-open range."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from headgate.core.app import Range
from headgate.core.dag.schema import DATASET
from headgate.web.api.fields import NO_NUL, Request, Text

_INT8 = 2**63

DatasetPath = Annotated[str, Path(pattern=DATASET, max_length=200)]
KeyQuery = Annotated[
    str | None,
    Query(min_length=1, max_length=900, pattern=NO_NUL, description="Only this text key."),
]
RangeQuery = Annotated[
    str | None,
    Query(
        pattern=r"^-?[0-9]{1,18}:-?[0-9]{1,18}$",
        description="Only this range: the first number, and one past the last, as `10:20`.",
    ),
]


class Part(Request):
    """A part of a dataset: a text `key` or a half-open `range`, as it is partitioned."""

    key: Annotated[Text, Field(min_length=1, max_length=900)] | None = None
    range: Annotated[
        list[Annotated[int, Field(ge=-_INT8, lt=_INT8)]] | None,
        Field(min_length=2, max_length=2, description="The first, and one past the last."),
    ] = None

    @property
    def pair(self) -> Range | None:
        return (self.range[0], self.range[1]) if self.range else None


def range_of(text: str | None) -> Range | None:
    """Return the range in a query; its pattern was checked."""
    if text is None:
        return None
    low, _, high = text.partition(":")
    return int(low), int(high)
