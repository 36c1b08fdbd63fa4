"""What a failed request means to a person: which bucket, what is wrong, what to do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    InvalidPathError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)

from headgate.ports.object_store import (
    ObjectMissing,
    ObjectStoreError,
    PutConflict,
    StoreUnavailable,
)

_CODE = re.compile("<Code>(\\w+)</Code>")
# AWS answers a version id that it never made with InvalidArgument.
_NO_SUCH_VERSION = frozenset({"NoSuchVersion", "InvalidArgument"})


@contextmanager
def explained(place: str, doing: str, *, key: str = "", version: str = "") -> Iterator[None]:
    """Turn the library's errors into the contract's. `place` names bucket and endpoint.

    `doing` completes "cannot", `key` and `version` name what was asked for.
    """
    try:
        yield
    except (FileNotFoundError, BaseError) as error:
        raise _meaning(error, f"The {place} cannot {doing}", key, version) from error


def _meaning(error: Exception, what: str, key: str, version: str) -> ObjectStoreError:
    code = code_of(error)
    if code == "NoSuchBucket":
        return StoreUnavailable(
            f"{what}: there is no such bucket. Create it, or correct its name or the endpoint."
        )
    if version and code in _NO_SUCH_VERSION:
        return ObjectMissing(f"{key!r} has no version {version!r}, or no longer.")
    if isinstance(error, FileNotFoundError):
        return ObjectMissing(f"There is no object {key!r}.")
    if isinstance(error, AlreadyExistsError):
        return PutConflict(f"{key!r} is there already: another writer was first.")
    if isinstance(error, PreconditionError):
        return PutConflict(f"{key!r} has another etag or is gone: another writer was first.")
    if isinstance(error, PermissionDeniedError | UnauthenticatedError):
        return StoreUnavailable(
            f"{what}: it refuses our credentials ({code or 'access denied'}). Check the keys or "
            "the role, and that they may get, put, delete and list there."
        )
    if isinstance(error, InvalidPathError):
        return ObjectStoreError(
            f"{what}: {_first_line(error)}. Some other program stored that key; rename or remove "
            "it, since no listing gets past it."
        )
    return StoreUnavailable(f"{what}: {code or _first_line(error)}. Is the endpoint right and up?")


def code_of(error: Exception) -> str:
    """Return the error code in the service's answer, or nothing."""
    found = _CODE.search(str(error))
    return found.group(1) if found else ""


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].strip().rstrip(".")
