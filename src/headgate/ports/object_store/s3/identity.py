"""What an answer of S3 says of an object, and the name of the put that made it.

A version is `id-<S3's version id>` in a bucket with versioning. Elsewhere it is `put-<token>`, from
a token that our puts leave in the object's metadata, or for what others put `at-<time>-<etag>`.
"""

from typing import TYPE_CHECKING

from headgate.ports.object_store import ObjectInfo
from headgate.ports.object_store.naming.content_types import content_type_of

if TYPE_CHECKING:
    from obstore import GetResult

TOKEN = "headgate-put"  # noqa: S105 - a metadata field, no secret
_UNTYPED = "binary/octet-stream"  # what S3 calls an object that came without a content type


def info_of(key: str, found: "GetResult") -> ObjectInfo:
    """Describe the object of an answer to GET or HEAD."""
    given = found.attributes.get("Content-Type", _UNTYPED)
    return ObjectInfo(
        key=key,
        size=found.meta["size"],
        etag=found.meta["e_tag"] or "",
        version=version_of(found),
        modified=found.meta["last_modified"],
        content_type=content_type_of(key) if given == _UNTYPED else given,
    )


def version_of(found: "GetResult") -> str:
    """Return the version of the object of an answer to GET or HEAD."""
    if real := real_id(found.meta["version"]):
        return f"id-{real}"
    if token := found.attributes.get(TOKEN):
        return f"put-{token}"
    etag = (found.meta["e_tag"] or "").strip('"')
    return f"at-{found.meta['last_modified'].timestamp():.0f}-{etag}"


def real_id(version_id: str | None) -> str | None:
    """Return S3's version id if it names one put: `null` names whatever came without versioning."""
    return None if version_id == "null" else version_id


def id_in(version: str | None) -> str | None:
    """Return S3's version id from one of our versions, None if it has none."""
    return version.removeprefix("id-") if version and version.startswith("id-") else None
