"""Reads what we need from TrueType and OpenType files: names, weight, character coverage.

Tables as in the OpenType specification 1.9 (chapters `name`, `OS/2`, `cmap`, font collections).
A file that breaks the format raises `BadFont`.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_COLLECTION = b"ttcf"
_OUTLINES = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_COLOR_TABLES = (b"CBDT", b"COLR", b"sbix")
_WINDOWS, _US_ENGLISH = 3, 0x409
_FAMILY, _TYPOGRAPHIC_FAMILY = 1, 16
_ALL_PLANES, _FIRST_PLANE = 12, 4  # formats of a cmap subtable
_MAX_TABLES = 256

Tables = dict[bytes, tuple[int, int]]


class BadFont(Exception):
    """The file is not a font we can read."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file: `weight` 100 to 900, `offset` of its table directory in the file."""

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


def coverage(face: Face) -> tuple[range, ...]:
    """Return the code points that the face has a glyph for."""
    try:
        with face.path.open("rb") as file:
            return tuple(_mapped(_read(file, _tables(file, face.offset), b"cmap")))
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


def _mapped(table: bytes) -> Iterator[range]:
    """Yield code points from the best Unicode subtable: all planes before the first plane only."""
    (count,) = struct.unpack_from(">H", table, 2)
    starts = [struct.unpack_from(">4xI", table, 4 + 8 * index)[0] for index in range(count)]
    formats = {struct.unpack_from(">H", table, start)[0]: start for start in starts}
    if _ALL_PLANES in formats:
        yield from _all_planes(table, formats[_ALL_PLANES])
    elif _FIRST_PLANE in formats:
        yield from _first_plane(table, formats[_FIRST_PLANE])


def _all_planes(table: bytes, start: int) -> Iterator[range]:
    """Read format 12: groups of consecutive code points with consecutive glyphs."""
    (count,) = struct.unpack_from(">I", table, start + 12)
    groups = table[start + 16 : start + 16 + 12 * count]
    for first, last, glyph in struct.iter_unpack(">III", groups):
        yield range(first + (glyph == 0), last + 1)


def _first_plane(table: bytes, start: int) -> Iterator[range]:
    """Read format 4: segments with glyphs by offset, or looked up one by one."""
    (doubled,) = struct.unpack_from(">H", table, start + 6)
    rows = [start + 14, *(start + 16 + doubled * row for row in (1, 2, 3))]
    lasts, firsts, deltas, offsets = (
        struct.unpack_from(f">{doubled // 2}H", table, row) for row in rows
    )
    for index, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        if offsets[index] == 0:
            notdef = -deltas[index] & 0xFFFF
            yield range(first, min(last + 1, notdef) if notdef >= first else last + 1)
            continue
        glyphs = struct.unpack_from(
            f">{last - first + 1}H", table, rows[3] + 2 * index + offsets[index]
        )
        yield from (range(first + i, first + i + 1) for i, glyph in enumerate(glyphs) if glyph)
