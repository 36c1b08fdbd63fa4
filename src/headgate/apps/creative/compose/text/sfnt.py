"""Reads what we need from TrueType and OpenType files: names, weight, character coverage.

Tables as in the OpenType specification 1.9 (chapters `name`, `OS/2`, `cmap`, font collections).
A file that breaks the format raises `BadFont`.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

_COLLECTION = b"ttcf"
_OUTLINES = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_COLOR_TABLES = (b"CBDT", b"COLR", b"sbix")
_WINDOWS, _US_ENGLISH, _UCS4_ENCODING = 3, 0x409, 10
_FAMILY, _TYPOGRAPHIC_FAMILY = 1, 16
_MAX_TABLES = 256

Tables = dict[bytes, tuple[int, int]]


class BadFont(Exception):
    """The file is not a font we can read."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file. `weight` is 100 to 900, `offset` where its table directory starts."""

    path: Path
    offset: int
    family: str
    weight: int
    italic: bool
    color: bool


def faces(path: Path) -> list[Face]:
    """Return the faces of a font file, more than one for a collection."""
    try:
        with path.open("rb") as file:
            return [_face(file, path, offset) for offset in _offsets(file)]
    except (struct.error, OSError, KeyError, UnicodeDecodeError) as error:
        raise BadFont(f"{path}: {error}") from error


def coverage(face: Face) -> frozenset[int]:
    """Return the code points that the face has a glyph for."""
    try:
        with face.path.open("rb") as file:
            table = _read(file, _tables(file, face.offset), b"cmap")
            return frozenset(chain.from_iterable(_mapped(table)))
    except (struct.error, OSError, KeyError) as error:
        raise BadFont(f"{face.path}: {error}") from error


def _offsets(file: BinaryIO) -> list[int]:
    tag = file.read(4)
    if tag in _OUTLINES:
        return [0]
    if tag != _COLLECTION:
        raise BadFont(f"{file.name}: not a TrueType or OpenType font")
    _version, count = struct.unpack(">II", file.read(8))
    if count > _MAX_TABLES:
        raise BadFont(f"{file.name}: {count} faces")
    return list(struct.unpack(f">{count}I", file.read(4 * count)))


def _tables(file: BinaryIO, offset: int) -> Tables:
    file.seek(offset + 4)
    (count,) = struct.unpack(">H6x", file.read(8))
    records = struct.iter_unpack(">4s4xII", file.read(16 * min(count, _MAX_TABLES)))
    return {tag: (start, length) for tag, start, length in records}


def _read(file: BinaryIO, tables: Tables, tag: bytes) -> bytes:
    start, length = tables[tag]
    file.seek(start)
    return file.read(length)


def _face(file: BinaryIO, path: Path, offset: int) -> Face:
    tables = _tables(file, offset)
    style = _read(file, tables, b"OS/2")
    (weight,) = struct.unpack_from(">H", style, 4)
    (selection,) = struct.unpack_from(">H", style, 62)
    return Face(
        path=path,
        offset=offset,
        family=_family(_read(file, tables, b"name")),
        weight=weight,
        italic=bool(selection & 1),
        color=any(tag in tables for tag in _COLOR_TABLES),
    )


def _family(table: bytes) -> str:
    count, strings = struct.unpack_from(">HH", table, 2)
    names: dict[int, str] = {}
    for index in range(count):
        platform, _, language, name, length, start = struct.unpack_from(
            ">6H", table, 6 + 12 * index
        )
        if platform == _WINDOWS and language == _US_ENGLISH:
            raw = table[strings + start : strings + start + length]
            names[name] = raw.decode("utf-16-be")
    return names[_TYPOGRAPHIC_FAMILY] if _TYPOGRAPHIC_FAMILY in names else names[_FAMILY]


def _mapped(table: bytes) -> Iterator[Iterator[int] | range]:
    """Yield code points from the best Unicode subtable: all planes before the first plane only."""
    (count,) = struct.unpack_from(">H", table, 2)
    records = [struct.unpack_from(">HHI", table, 4 + 8 * index) for index in range(count)]
    subtables = {start: struct.unpack_from(">H", table, start)[0] for _, _, start in records}
    segmented = [start for start, kind in subtables.items() if kind == 12]
    if segmented:
        yield from _format_12(table, segmented[0])
        return
    for start, kind in subtables.items():
        if kind == 4:
            yield _format_4(table, start)
            return


def _format_12(table: bytes, start: int) -> Iterator[range]:
    (count,) = struct.unpack_from(">I", table, start + 12)
    for first, last, glyph in struct.iter_unpack(
        ">III", table[start + 16 : start + 16 + 12 * count]
    ):
        yield range(first + (glyph == 0), min(last, 0x10FFFF) + 1)


def _format_4(table: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", table, start + 6)
    count = doubled // 2
    lasts = struct.unpack_from(f">{count}H", table, start + 14)
    firsts = struct.unpack_from(f">{count}H", table, start + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", table, start + 16 + 2 * doubled)
    at = start + 16 + 3 * doubled
    offsets = struct.unpack_from(f">{count}H", table, at)
    for index, (first, last, delta, offset) in enumerate(
        zip(firsts, lasts, deltas, offsets, strict=True)
    ):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", table, at + 2 * index + offset + 2 * (code - first))
                if glyph == 0:
                    continue
            if (glyph + delta) & 0xFFFF:
                yield code
