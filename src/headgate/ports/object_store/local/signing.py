"""Signed URLs to our own web server: an HMAC over method, key and expiry."""

import base64
import hashlib
import hmac
import math
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from headgate.ports.object_store import BadSignature

_LEAST_BYTES = 16


class Signer:
    """Signs and verifies; every process of an installation needs the same `secret`."""

    def __init__(self, *, base_url: str, secret: bytes) -> None:
        if len(secret) < _LEAST_BYTES:
            raise ValueError(f"the signing secret needs at least {_LEAST_BYTES} bytes")
        self._base_url = base_url.rstrip("/")
        self._secret = secret

    def url(self, method: str, key: str, *, now: datetime, lifetime: timedelta) -> str:
        """Return `<base_url>/objects/<key>?method=..&expires=<unix seconds>&signature=..`."""
        expires = math.ceil((now + lifetime).timestamp())
        query = urlencode(
            {
                "method": method,
                "expires": expires,
                "signature": self._signature(method, key, expires),
            }
        )
        return f"{self._base_url}/objects/{quote(key)}?{query}"

    def verify(self, method: str, key: str, expires: int, signature: str, *, now: datetime) -> None:
        """Raise `BadSignature` unless this signature is for this and has not expired."""
        expected = self._signature(method, key, expires)
        if not hmac.compare_digest(expected.encode(), signature.encode(errors="replace")):
            raise BadSignature("This link was altered, or is for another method or object.")
        if now.timestamp() >= expires:
            raise BadSignature("This link has expired. Ask for a new one.")

    def _signature(self, method: str, key: str, expires: int) -> str:
        # No part can hold a newline (keys have no control characters), so parts cannot shift.
        text = f"{method}\n{key}\n{expires}".encode(errors="surrogatepass")
        digest = hmac.new(self._secret, text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
