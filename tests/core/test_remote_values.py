"""Values between processes: what travels, how it arrives, and what is refused."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
import pytest
from gauge_app.model import Alarm, Draft, Level, Point, Reading, Station, Unit
from gauge_app.operators import Elsewhere
from hypothesis import given
from hypothesis import strategies as st

from headgate.core.app import Event
from headgate.core.errors import HeadgateError
from headgate.core.work.remote.values import NotCarried, Values

AT = datetime(2026, 8, 1, 12, 30, 15, 123456, tzinfo=UTC)
EVENT = Event(8, "gauge.in", "invalidate", None, (3, 9), {"a": [1]}, AT)
VALUES = Values("gauge_app")


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, -(2**63), 2**64 - 1, 2**64, -(2**255), 1.5, float("inf"), "a\u00e9\U0001f30a",
        b"\0\xff", AT, AT.replace(tzinfo=None), AT.astimezone(timezone(timedelta(hours=-7))),
        date(2026, 2, 28), time(1, 2, 3, 4), timedelta(days=-3, microseconds=1), timedelta.max,
        Decimal("1.2300"), Decimal("-Infinity"), UUID(int=7), [], [1, [2, (3, [4])]], (), (1, "b"),
        {1, 2}, frozenset({"a"}), {"a": {"b": (1,)}}, {1: "a", (2, 3): "b", None: UUID(int=1)},
        Unit.FOOT, Alarm.LOW | Alarm.HIGH, Point(1, 2), Level(Decimal(1), Unit.FOOT),
        Reading("n", AT, Level(Decimal(1)), ("x",)), Station("s", Point(3, 4)), EVENT,
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_keeps_its_type_on_the_way(value) -> None:
    back = VALUES.unpack(VALUES.pack(value))

    assert back == value
    assert type(back) is type(value)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    | st.binary() | st.datetimes(timezones=st.just(UTC)) | st.decimals(allow_nan=False)
    | st.timedeltas() | st.uuids(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner)
    | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)  # fmt: skip


@given(json_like)
def test_any_tree_of_values_comes_back_equal(value) -> None:
    assert VALUES.unpack(VALUES.pack(value)) == value


def test_subclasses_of_plain_types_arrive_plain() -> None:
    class Text(str):
        __slots__ = ()

    class Moment(datetime):
        pass

    class Rows(list):
        pass

    values = [Text("a"), Moment(2026, 1, 1), Rows([1]), MappingProxyType({"a": 1}), bytearray(b"b")]
    back = VALUES.unpack(VALUES.pack(values))

    assert back == ["a", datetime(2026, 1, 1), [1], {"a": 1}, b"b"]  # noqa: DTZ001
    assert [type(value) for value in back] == [str, datetime, list, dict, bytes]


@pytest.mark.parametrize(
    "value",
    [object(), Draft("x"), Elsewhere(1), print, "\ud800", HeadgateError("x")],
    ids=lambda value: type(value).__name__,
)
def test_other_values_do_not_travel(value) -> None:
    with pytest.raises(NotCarried):
        VALUES.pack([value])


def test_a_tree_without_end_does_not_travel() -> None:
    endless: list[Any] = []
    endless.append(endless)

    with pytest.raises(NotCarried):
        VALUES.pack(endless)


@pytest.mark.parametrize(
    "reference",
    ["os:system", "subprocess:Popen", "gauge_app.operators:Elsewhere", "gauge_app.model:Decimal",
     "gauge_app.model:Draft", "gauge_app.model.:x", "gauge_app.model:Reading.__init__"],
)  # fmt: skip
def test_a_forged_value_builds_no_class_outside_of_the_model(reference) -> None:
    forged = msgspec.msgpack.Ext(4, msgspec.msgpack.encode([reference, {"text": "true"}]))

    with pytest.raises(NotCarried):
        Values("gauge_app").unpack(msgspec.msgpack.encode(forged))
