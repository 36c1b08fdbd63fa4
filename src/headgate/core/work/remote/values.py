"""Values that travel between processes and keep their types.

None, bool, int of any size, float, str, bytes, datetime (its time zone becomes an offset), date,
time, timedelta, Decimal, UUID, list, tuple, set, frozenset and dict of these; events, tasks and
object infos of the core; and of the app's `model` module, or modules below it: enums, named tuples,
msgspec Structs and frozen dataclasses, rebuilt by calling the class with its fields. A subclass of
a plain type, such as a float of NumPy's, arrives as the plain type. Anything else is `NotCarried`.
"""

import dataclasses
import importlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from msgspec.msgpack import Ext

from headgate.core.app import Event, TaskInfo
from headgate.core.errors import HeadgateError
from headgate.ports.object_store import ObjectInfo

_CORE: dict[str, type] = {
    f"{kind.__module__}:{kind.__name__}": kind for kind in (Event, ObjectInfo, TaskInfo)
}
_NATIVE = frozenset({type(None), bool, float, str, bytes})
_PLAIN: dict[type, Callable[[Any], Any]] = {int: int, float: float, str: str, bytes: bytes}
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1  # what MessagePack holds
_MICROSECOND = timedelta(microseconds=1)

_BIG_INT, _MAP, _ENUM, _MODEL = 1, 2, 3, 4
_COLLECTIONS: dict[type, int] = {tuple: 10, set: 11, frozenset: 12}
_TEXTS: dict[type, tuple[int, Callable[[Any], str], Callable[[str], Any]]] = {
    datetime: (20, datetime.isoformat, datetime.fromisoformat),  # before date, its base
    date: (21, date.isoformat, date.fromisoformat),
    time: (22, time.isoformat, time.fromisoformat),
    timedelta: (23, lambda d: str(d // _MICROSECOND), lambda text: int(text) * _MICROSECOND),
    Decimal: (24, str, Decimal),
    UUID: (25, str, UUID),
}
_COLLECT = {code: kind for kind, code in _COLLECTIONS.items()}
_READ = {code: read for code, _, read in _TEXTS.values()}
_UNREADABLE = (
    msgspec.DecodeError,
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class NotCarried(HeadgateError):
    """A value that cannot go to another process, or that came from one and cannot be read."""

    code = "not_carried"


class Values:
    """Packs and unpacks for one app: the `model` of its package may travel."""

    def __init__(self, package: str) -> None:
        self._model = f"{package}.model"
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(ext_hook=self._from_ext).decode
        self._classes = dict(_CORE)

    def pack(self, value: Any) -> bytes:
        try:
            return self._encode(self._to_plain(value))
        except (RecursionError, UnicodeEncodeError) as error:
            raise NotCarried(f"A value cannot go to another process: {error}") from error

    def pack_shown(self, values: Mapping[str, Any]) -> bytes:
        """Pack values that are only looked at: one that does not travel goes as its text."""
        shown = {}
        for name, value in values.items():
            try:
                shown[name] = msgspec.Raw(self.pack(value))
            except NotCarried:
                shown[name] = msgspec.Raw(
                    self.pack(str(value).encode(errors="backslashreplace").decode())
                )
        return self._encode(shown)

    def unpack(self, packed: bytes) -> Any:
        try:
            return self._decode(packed)
        except _UNREADABLE as error:
            raise NotCarried(f"A value of another process cannot be read: {error}") from error

    def _to_plain(self, value: Any) -> Any:
        kind = type(value)
        if kind in _NATIVE:
            return value
        if kind is int:
            fits = _SMALLEST <= value <= _LARGEST
            return value if fits else Ext(_BIG_INT, b"%x" % value)
        if kind is list:
            return [self._to_plain(item) for item in value]
        if kind is dict:
            return self._map(value)
        if kind in _COLLECTIONS:
            return self._ext(_COLLECTIONS[kind], value)
        if isinstance(value, Enum):
            return self._ext(_ENUM, (self._reference(kind), value.value))
        if (names := _field_names(kind)) is not None:
            fields = {name: getattr(value, name) for name in names}
            return self._ext(_MODEL, (self._reference(kind), fields))
        return self._to_nearest(value)

    def _to_nearest(self, value: Any) -> Any:
        """Turn an instance of a subclass into its plain type."""
        for text_kind, (code, text, _) in _TEXTS.items():
            if isinstance(value, text_kind):
                return Ext(code, text(value).encode())
        for plain_kind, plain in _PLAIN.items():
            if isinstance(value, plain_kind):
                return self._to_plain(plain(value))
        if isinstance(value, Mapping):
            return self._map(value)
        if isinstance(value, list):
            return [self._to_plain(item) for item in value]
        if isinstance(value, bytearray | memoryview):
            return bytes(value)
        raise NotCarried(
            f"A value of {type(value).__module__}.{type(value).__qualname__} cannot go to another"
            " process.",
            hint=f"Hand over plain values, or frozen dataclasses and enums of {self._model}.",
        )

    def _map(self, value: Mapping[Any, Any]) -> Any:
        if all(type(key) is str for key in value):
            return {key: self._to_plain(item) for key, item in value.items()}
        return self._ext(_MAP, (part for item in value.items() for part in item))

    def _ext(self, code: int, parts: Iterable[Any]) -> Ext:
        return Ext(code, self._encode([self._to_plain(part) for part in parts]))

    def _from_ext(self, code: int, data: memoryview) -> Any:
        if code in _READ:
            return _READ[code](str(data, "utf-8"))
        if code == _BIG_INT:
            return int(str(data, "utf-8"), 16)
        parts = self._decode(data)
        if code in _COLLECT:
            return _COLLECT[code](parts)
        if code == _MAP:
            return dict(zip(parts[::2], parts[1::2], strict=True))
        reference, state = parts
        kind = self._class(reference)
        if code == _ENUM and issubclass(kind, Enum):
            return kind(state)
        if code == _MODEL and _field_names(kind) is not None:
            return kind(**state)
        raise ValueError(f"there is no type {code} for {reference}")

    def _reference(self, kind: type) -> str:
        reference = f"{kind.__module__}:{kind.__qualname__}"
        if self._class(reference) is not kind:
            raise NotCarried(f"{reference} is hidden by another class of that name.")
        return reference

    def _class(self, reference: str) -> type:
        if (kind := self._classes.get(reference)) is None:
            module, _, name = reference.partition(":")
            if not f"{module}.".startswith(f"{self._model}.") or not name.isidentifier():
                raise NotCarried(
                    f"{reference} cannot travel between processes.",
                    hint=f"Move it to {self._model}, or hand over plain values.",
                )
            kind = getattr(importlib.import_module(module), name)
            if not isinstance(kind, type) or kind.__module__ != module:
                raise NotCarried(f"{reference} is no class of that module.")
            self._classes[reference] = kind
        return kind


def _field_names(kind: type) -> tuple[str, ...] | None:
    """Return what rebuilds an instance of a class whose instances never change, else None."""
    if dataclasses.is_dataclass(kind):
        frozen: bool = kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
        return tuple(f.name for f in dataclasses.fields(kind) if f.init) if frozen else None
    if issubclass(kind, msgspec.Struct):
        return kind.__struct_fields__
    if issubclass(kind, tuple):
        return getattr(kind, "_fields", None)
    return None
