"""Builds a TrueType font whose only glyphs are squares, to stand for a font of the system."""

import struct

_EM = 1000


def tiny_font(characters: str, *, family: str = "Tiny Squares") -> bytes:
    """A font with a full square for each character; a pixel of every other one is missing."""
    codes = sorted(map(ord, characters))
    glyph = _square()
    count = len(codes) + 1
    tables = {
        b"OS/2": _os2(codes),
        b"cmap": _cmap(codes),
        b"glyf": glyph * count,
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh",
            0x10000,
            0x10000,
            0,
            0x5F0F3CF5,
            3,
            _EM,
            0,
            0,
            0,
            0,
            1000,
            800,
            1,
            8,
            2,
            1,
            0,
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhQhH", 0x10000, 800, -200, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, count
        ),
        b"hmtx": struct.pack(">Hh", 1000, 0) * count,
        b"loca": struct.pack(f">{count + 1}I", *(len(glyph) * i for i in range(count + 1))),
        b"maxp": struct.pack(">IH13H", 0x10000, count, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": _name(family),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    return _assembled(tables)


def _square() -> bytes:
    outline = struct.pack(">hhhhh", 1, 0, 0, 1000, 800) + struct.pack(">HH", 3, 0)
    points = (
        b"\x01" * 4 + struct.pack(">hhhh", 0, 0, 1000, 0) + struct.pack(">hhhh", 0, 800, 0, -800)
    )
    return (outline + points).ljust(40, b"\0")


def _cmap(codes: list[int]) -> bytes:
    groups = b"".join(struct.pack(">III", code, code, i + 1) for i, code in enumerate(codes))
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(codes)) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table


def _name(family: str) -> bytes:
    texts = {1: family, 2: "Bold", 4: f"{family} Bold", 6: family.replace(" ", "")}
    strings, records = b"", b""
    for number, text in texts.items():
        raw = text.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, number, len(raw), len(strings))
        strings += raw
    return struct.pack(">HHH", 0, len(texts), 6 + len(records)) + records + strings


def _os2(codes: list[int]) -> bytes:
    first, last = min(codes[0], 0xFFFF), min(codes[-1], 0xFFFF)
    return (
        struct.pack(">HhHHH", 4, 1000, 700, 5, 0)
        + bytes(22)
        + bytes(10)
        + bytes(16)
        + b"TEST"
        + struct.pack(">HHHhhhHH", 0x20, first, last, 800, -200, 0, 800, 200)
        + struct.pack(">IIhhHHH", 0, 0, 500, 700, 0, 32, 1)
    )


def _assembled(tables: dict[bytes, bytes]) -> bytes:
    offset = 12 + 16 * len(tables)
    directory, body = b"", b""
    for tag, data in tables.items():
        padded = data.ljust(-(-len(data) // 4) * 4, b"\0")
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", tag, checksum, offset + len(body), len(data))
        body += padded
    return struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 32) + directory + body
