"""The content type an ending means, from a table of our own.

Not from `mimetypes`: that one reads files of the machine, so answers would differ between machines.
"""

from types import MappingProxyType

DEFAULT = "application/octet-stream"

_TYPES = MappingProxyType(
    {
        "arrow": "application/vnd.apache.arrow.file",
        "arrows": "application/vnd.apache.arrow.stream",
        "avif": "image/avif",
        "avro": "application/avro",
        "bmp": "image/bmp",
        "css": "text/css",
        "csv": "text/csv",
        "gif": "image/gif",
        "gz": "application/gzip",
        "heic": "image/heic",
        "htm": "text/html",
        "html": "text/html",
        "ico": "image/vnd.microsoft.icon",
        "jpeg": "image/jpeg",
        "jpg": "image/jpeg",
        "js": "text/javascript",
        "json": "application/json",
        "jsonl": "application/jsonl",
        "log": "text/plain",
        "m4a": "audio/mp4",
        "md": "text/markdown",
        "mjs": "text/javascript",
        "mov": "video/quicktime",
        "mp3": "audio/mpeg",
        "mp4": "video/mp4",
        "ndjson": "application/x-ndjson",
        "ogg": "audio/ogg",
        "parquet": "application/vnd.apache.parquet",
        "pdf": "application/pdf",
        "png": "image/png",
        "sql": "application/sql",
        "svg": "image/svg+xml",
        "tar": "application/x-tar",
        "tif": "image/tiff",
        "tiff": "image/tiff",
        "toml": "application/toml",
        "tsv": "text/tab-separated-values",
        "txt": "text/plain",
        "wasm": "application/wasm",
        "wav": "audio/wav",
        "webm": "video/webm",
        "webp": "image/webp",
        "woff2": "font/woff2",
        "xml": "application/xml",
        "yaml": "application/yaml",
        "yml": "application/yaml",
        "zip": "application/zip",
        "zst": "application/zstd",
    }
)


def content_type_of(key: str) -> str:
    """Return the type for the key's ending in any case, `application/octet-stream` if unknown."""
    _, dot, ending = key.rpartition("/")[2].rpartition(".")
    return _TYPES.get(ending.lower(), DEFAULT) if dot else DEFAULT
