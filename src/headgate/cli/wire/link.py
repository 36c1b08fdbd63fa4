"""One connection to one server, with its failures told apart by what may be tried again."""

import contextlib
import http.client
import json
import socket
import ssl
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from headgate import __version__
from headgate.cli.errors import CliError, Exit
from headgate.cli.find_server import START_ONE, Server

_BLOCK = 1 << 18


class Refused(CliError):
    """Nothing listens there: the request has not been seen, so any may be sent again."""


class AnswerLost(CliError):
    """The connection broke after the request was sent: it may or may not have taken effect."""


class Link:
    """Sends requests over one kept connection; `timeout` is the longest silence, in s."""

    def __init__(self, server: Server, *, timeout: float = 30.0) -> None:
        parts = urlsplit(server.url)
        self.server = server
        self._base = parts.path.rstrip("/")
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._timeout = timeout
        self._connection = kind(parts.netloc, timeout=timeout, blocksize=_BLOCK)

    def send(
        self,
        method: str,
        target: str,
        *,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> http.client.HTTPResponse:
        """Send a request and return the answer, its body unread, whatever its status.

        Raises `Refused`, `AnswerLost`, or a `CliError` for a server that cannot be one of ours.
        """
        sent = {
            "User-Agent": f"headgate/{__version__}",
            "Accept": "application/json",
            **(headers or {}),
        }
        try:
            self._connect()
            # A server that turns an upload down stops reading it: its answer is there all the same.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._connection.request(method, self._base + target, body=body, headers=sent)
            return self._connection.getresponse()
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise self.explain(error) from error

    def explain(self, error: http.client.HTTPException | OSError) -> CliError:
        """Return the error to end with, for what went wrong on the way."""
        url = self.server.url
        match error:
            case TimeoutError():
                message = f"The server at {url} has said nothing for {self._timeout:g} s."
                hint = "see whether it is busy: `headgate status`, and its log; then try again."
                return AnswerLost(message, exit_code=Exit.UNREACHABLE, hint=hint)
            case ConnectionError() | http.client.IncompleteRead() | http.client.ResponseNotReady():
                message = (
                    f"The server at {url} ended the connection before its answer was complete."
                )
                hint = "see whether it still runs: `headgate status`; then try again."
                return AnswerLost(message, exit_code=Exit.UNREACHABLE, hint=hint)
            case http.client.HTTPException():
                return not_headgate(url)
            case _:
                return CliError(
                    f"The connection to {url} failed: {error.strerror or error}.",
                    exit_code=Exit.UNREACHABLE,
                    hint="see whether this machine's network is up, then try again.",
                )

    def close(self) -> None:
        self._connection.close()

    def _connect(self) -> None:
        if self._connection.sock is not None:
            return
        url = self.server.url
        try:
            self._connection.connect()
        except ConnectionRefusedError as error:
            raise Refused(
                f"Nothing answers at {url}, the address in {self.server.origin}."
                + (" The file may be left over." if self.server.pid is not None else ""),
                exit_code=Exit.UNREACHABLE,
                hint=START_ONE,
            ) from error
        except ssl.SSLError as error:
            raise CliError(
                f"No secure connection to {url}: {error.reason or error}.",
                exit_code=Exit.UNREACHABLE,
                hint="check that the address is right and that it should start with https.",
            ) from error
        except socket.gaierror as error:
            raise CliError(
                f"The name in {url} cannot be resolved.",
                exit_code=Exit.UNREACHABLE,
                hint="check its spelling (from " + self.server.origin + ") and the network.",
            ) from error
        except OSError as error:
            raise CliError(
                f"{url} cannot be reached: {error.strerror or error}.",
                exit_code=Exit.UNREACHABLE,
                hint="check the address (from " + self.server.origin + ") and the network.",
            ) from error


def not_headgate(url: str) -> CliError:
    """Return the error for an answer that no Headgate server gives."""
    return CliError(
        f"What answers at {url} is not a Headgate server.",
        exit_code=Exit.UNREACHABLE,
        hint=START_ONE,
    )


def decoded(content: bytes, url: str) -> Any:
    """Return the JSON of an answer."""
    try:
        return json.loads(content)
    except ValueError as error:
        raise not_headgate(url) from error
