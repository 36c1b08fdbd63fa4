"""The built files of the console."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "bundle"
PAGE = "index.html"
_COMPRESSIBLE = {".css", ".html", ".js", ".json", ".svg"}
_LEAST = 1024  # bytes below which compressing gains nothing


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent; `compressed` is its gzip form where that is smaller."""

    content: bytes
    compressed: bytes | None
    media_type: str
    etag: str


def file_of(content: bytes, *, name: str) -> File:
    """Return what is sent of `content` under `name`, whose ending tells the type."""
    compressed = None
    if Path(name).suffix in _COMPRESSIBLE and len(content) >= _LEAST:
        compressed = gzip.compress(content, mtime=0)
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    return File(content, compressed, media_type, f'"{hashlib.sha256(content).hexdigest()[:20]}"')


def load(folder: Path = FOLDER) -> Mapping[str, File]:
    """Return the files by their path below the server's root; none where nothing was built."""
    if not (folder / PAGE).is_file():
        return {}
    return {
        name: file_of(path.read_bytes(), name=name)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")  # the builder's own notes
        for name in [path.relative_to(folder).as_posix()]
    }
