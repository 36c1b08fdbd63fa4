"""Whether the data folder can be written and has room."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from headgate.cli.about.doctor.finding import Finding
from headgate.cli.output.values import size_text

_SCARCE = 1_000_000_000  # bytes
_TOO_LITTLE = 100_000_000


def check_folder(home: Path) -> Iterator[Finding]:
    """Check the folder itself, or the one that it would be made in; nothing is left behind."""
    place = home.resolve()
    while not place.exists():
        place = place.parent
    yield _writable(home, place)
    free = shutil.disk_usage(place).free
    yield disk_finding(free, place)


def disk_finding(free: int, place: Path) -> Finding:
    """Judge the free bytes of a disk."""
    shown = f"{size_text(free)} free at {place}"
    remedy = "free some space, or choose another folder with --home."
    if free < _TOO_LITTLE:
        return Finding("disk", "fail", shown, remedy)
    return (
        Finding("disk", "warn", shown, remedy) if free < _SCARCE else Finding("disk", "ok", shown)
    )


def _writable(home: Path, place: Path) -> Finding:
    remedy = f"mend the permissions of {place}, or choose another folder with --home."
    if not place.is_dir():
        return Finding("home", "fail", f"{place} is not a folder", "choose another with --home.")
    probe = place / f".headgate-doctor-{os.urandom(4).hex()}"
    try:
        probe.write_bytes(b"x")
    except OSError as error:
        return Finding("home", "fail", f"{place} cannot be written: {error.strerror}", remedy)
    finally:
        probe.unlink(missing_ok=True)
    state = "can be written" if place == home.resolve() else "is made at the first start"
    return Finding("home", "ok", f"{home} {state}")
