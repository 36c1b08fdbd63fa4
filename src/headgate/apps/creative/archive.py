"""A run's images as one zip file, written as it is sent: never more than one of them in memory."""

import re
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from headgate.ports.object_store import ObjectMissing, ObjectStore

_UNNAMED = re.compile(r"[^\w.-]+")
_LONGEST = 60  # characters of a product's name in a path


class _Outbox:
    """A file that can be written only: what was written is taken out and sent."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def taken(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def folder_of(product: Mapping[str, Any]) -> str:
    """Return the folder of a product in the archive: its number and what of its name fits."""
    name = _UNNAMED.sub("-", product["name"]).strip("-.")[:_LONGEST]
    return f"{product['idx'] + 1:02d}-{name}" if name else f"{product['idx'] + 1:02d}"


async def zipped(
    objects: ObjectStore, campaign: Mapping[str, Any], products: Sequence[Mapping[str, Any]]
) -> AsyncIterator[bytes]:
    """Yield the zip of all finished variants, a folder a product, and the manifest.

    An image that is not in the store any more is named in `missing.txt`.
    """
    wanted = [
        (f"{folder_of(product)}/{variant['preset']}.jpg", variant["key"])
        for product in products
        for variant in product["variants"]
    ]
    wanted.append(("manifest.json", f"{campaign['output']}/manifest.json"))
    outbox, missing = _Outbox(), []
    # JPEG does not get smaller; stored members cost no time.
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_STORED) as archive:
        for path, key in wanted:
            try:
                data = await objects.get(key)
            except ObjectMissing:
                missing.append(path)
                continue
            archive.writestr(_member(path, campaign["created_at"]), data)
            yield outbox.taken()
        if missing:
            listed = "".join(f"{path}\n" for path in missing)
            archive.writestr(_member("missing.txt", campaign["created_at"]), listed)
    yield outbox.taken()


def _member(path: str, at: datetime) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(path, date_time=at.timetuple()[:6])
    member.external_attr = 0o644 << 16
    return member
