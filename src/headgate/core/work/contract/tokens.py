"""Tokens: what a worker shows to say what it may do. Opaque to workers, unforgeable for them.

A token is its kind, an HMAC and a body. Each kind of token has a key of its own, derived from the
server's secret, so a token of one kind (or a signed URL, made of the same secret) is none of
another.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from headgate.core.errors import Fault, HeadgateError, Problem

_LEAST_BYTES = 16
_MAC_BYTES = 32
_Kind = Literal["hgs_", "hgt_"]
_SESSION: _Kind = "hgs_"
_TASK: _Kind = "hgt_"
_NAMES = {_SESSION: "a session", _TASK: "a task"}


class SessionGrant(msgspec.Struct, frozen=True, array_like=True):
    """May claim and send heartbeats for one session until `expires`, in seconds since 1970."""

    session: int
    org_id: int
    expires: int
    operators: tuple[str, ...]


class TaskGrant(msgspec.Struct, frozen=True, array_like=True):
    """May read, emit for and complete one attempt until `expires`; `lease` is its lease's token."""

    task_id: int
    lease: int
    session: int
    org_id: int
    expires: int


Grant = TypeVar("Grant", SessionGrant, TaskGrant)


class TokenRefused(HeadgateError):
    """The token is none of ours, has expired, or opens something else."""

    code = "token_refused"
    status = 403
    fault: Fault = "input"


class Tokens:
    """Makes and opens tokens; every server of an installation needs the same `secret`."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < _LEAST_BYTES:
            raise ValueError(f"the signing secret needs at least {_LEAST_BYTES} bytes")
        self._keys = {
            kind: hmac.digest(secret, b"headgate work token " + kind.encode(), "sha256")
            for kind in _NAMES
        }

    def of_session(self, grant: SessionGrant) -> str:
        return self._seal(_SESSION, grant)

    def of_task(self, grant: TaskGrant) -> str:
        """Return the token; equal grants have equal tokens."""
        return self._seal(_TASK, grant)

    def session(self, token: str, *, now: datetime) -> SessionGrant:
        """Return what the token grants; raise `TokenRefused`."""
        grant = self._opened(_SESSION, token, SessionGrant, now=now)
        if isinstance(grant, str):
            raise TokenRefused(
                f"The session's token {grant}.",
                hint="Open a session, and show its `session_token` as `Authorization: Bearer`.",
            )
        return grant

    def tasks(self, tokens: Sequence[tuple[str, str]], *, now: datetime) -> list[TaskGrant]:
        """Return what (JSON pointer, token) pairs grant; raise `TokenRefused` with all faults."""
        opened = [self._opened(_TASK, token, TaskGrant, now=now) for _, token in tokens]
        refuse(
            [(pointer, grant) for (pointer, _), grant in zip(tokens, opened, strict=True)
             if isinstance(grant, str)]
        )  # fmt: skip
        return [grant for grant in opened if not isinstance(grant, str)]

    def _seal(self, kind: _Kind, grant: Grant) -> str:
        body = msgspec.msgpack.encode(grant)
        mac = hmac.digest(self._keys[kind], body, "sha256")
        return kind + base64.urlsafe_b64encode(mac + body).decode().rstrip("=")

    def _opened(self, kind: _Kind, token: str, type_: type[Grant], *, now: datetime) -> Grant | str:
        """Return the grant, or what is wrong with the token."""
        other = next((k for k in _NAMES if k != kind and token.startswith(k)), None)
        if other is not None:
            return f"is the token of {_NAMES[other]}, not of {_NAMES[kind]}"
        if not token.startswith(kind):
            return "is not one of ours"
        sealed = token.removeprefix(kind).encode(errors="replace")
        try:
            body = base64.b64decode(sealed + b"=" * (-len(sealed) % 4), b"-_", validate=True)
        except binascii.Error:
            return "is not one of ours"
        mac, body = body[:_MAC_BYTES], body[_MAC_BYTES:]
        if not hmac.compare_digest(mac, hmac.digest(self._keys[kind], body, "sha256")):
            return "is not one of ours, or was altered"
        grant = msgspec.msgpack.decode(body, type=type_)
        return grant if now.timestamp() < grant.expires else "has expired"


def refuse(faults: Sequence[tuple[str, str]]) -> None:
    """Raise `TokenRefused` with these (JSON pointer, what is wrong with the token), if any."""
    if faults:
        raise TokenRefused(
            f"Refused task tokens: {len(faults)}.",
            hint="Show the `token` that came with the task. Nothing was done: leave those out, and"
            " send the others again.",
            problems=[Problem(pointer, "token_refused", f"it {why}") for pointer, why in faults],
        )  # fmt: skip
