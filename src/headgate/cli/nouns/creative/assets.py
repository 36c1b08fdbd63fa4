"""Pictures of one's own, brought to where briefs can name them."""

import os
from collections.abc import Iterator
from pathlib import Path

from headgate.cli.client import Client
from headgate.cli.nouns.progress import Progress
from headgate.cli.nouns.transfer import upload_file
from headgate.ports.object_store.naming.content_types import content_type_of

PREFIX = "existing-assets/"


def images_in(folder: Path) -> Iterator[Path]:
    """Yield the images of a folder and those below it, by name; hidden files are left alone."""
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and content_type_of(name).startswith("image/"):
                yield Path(path) / name


def upload_assets(client: Client, folder: Path) -> int:
    """Store every image of a folder under `existing-assets/` and its path there; count them."""
    images = list(images_in(folder))
    with Progress("Assets", total=len(images)) as progress:
        for number, image in enumerate(images):
            progress.show(number, message=image.name)
            upload_file(client, image, PREFIX + image.relative_to(folder).as_posix())
    return len(images)
