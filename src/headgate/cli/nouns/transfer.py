"""Objects on their way to and from a server, streamed: memory does not grow with their size."""

import http.client
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from headgate.cli.client import PREFIX, Client
from headgate.cli.errors import CliError, Exit
from headgate.cli.nouns.progress import Progress
from headgate.cli.output.values import size_text
from headgate.ports.object_store.naming.content_types import DEFAULT, content_type_of

_CHUNK = 1 << 18


class Download:
    """The bytes of an object that arrives. `size` is None when the server does not say."""

    def __init__(self, client: Client, response: http.client.HTTPResponse, key: str) -> None:
        self._client = client
        self._response = response
        self._key = key
        self.size = response.length

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes; raise `CliError` unless all of them came."""
        arrived, expected = 0, self.size
        try:
            while chunk := self._response.read(_CHUNK):
                arrived += len(chunk)
                yield chunk
        except (http.client.HTTPException, OSError) as error:
            self._client.link.close()
            raise self._client.link.explain(error) from error
        if expected is not None and arrived != expected:
            raise CliError(
                f"Only {arrived} of the {expected} bytes of {self._key} arrived.",
                exit_code=Exit.UNREACHABLE,
                hint="the connection broke: run the command again.",
            )


def download(client: Client, key: str) -> Download:
    """Ask for an object; raise the server's error if it has none."""
    response = client.link.send("GET", _target(key), headers={"Accept": "*/*"})
    if response.status != http.client.OK:
        client.answer(response)
        raise CliError(
            f"The server answered {response.status} instead of sending {key}.",
            exit_code=Exit.FAILED,
            hint="run `headgate doctor`, which compares its version with this one.",
        )
    return Download(client, response, key)


def upload(
    client: Client,
    key: str,
    source: IO[bytes],
    *,
    size: int | None,
    name: str = "",
    sent: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:
    """Store what `source` holds under a key; return the server's description of the object.

    `size` is in bytes, None for a pipe. The key's ending says the content type, else that of
    `name`, the file it comes from. `sent` is told how many bytes have left. A broken upload is not
    tried again: each one that arrives is an event.
    """
    headers = {"Content-Type": _content_type(key, name)}
    if size is not None:
        headers["Content-Length"] = str(size)
    try:
        response = client.link.send(
            "PUT", _target(key), body=_chunks(source, size, sent), headers=headers
        )
        stored: dict[str, Any] = client.answer(response)
    finally:
        # An answer may come before the whole body went: what is left would mix with a next request.
        client.link.close()
    return stored


def upload_file(client: Client, path: Path, key: str) -> dict[str, Any]:
    """Store a file, or what a named pipe yields, and show how far it is."""
    with path.open("rb") as source:
        found = os.fstat(source.fileno())
        size = found.st_size if stat.S_ISREG(found.st_mode) else None
        with Progress(f"Sending {path.name}", total=size or 0, write=size_text) as progress:
            return upload(client, key, source, size=size, name=path.name, sent=progress.show)


def _chunks(source: IO[bytes], size: int | None, sent: Callable[[int], None]) -> Iterable[bytes]:
    """Yield `source`, at most `size` bytes: a file that grows must not break the framing."""
    done = 0
    while chunk := source.read(_CHUNK if size is None else min(_CHUNK, size - done)):
        yield chunk
        done += len(chunk)
        sent(done)
    if size is not None and done < size:
        raise CliError(
            f"The file shrank while it was read: {done} of {size} bytes are left.",
            exit_code=Exit.FAILED,
            hint="wait until nothing writes to it, then run the command again.",
        )


def _content_type(key: str, name: str) -> str:
    guess = content_type_of(key)
    return content_type_of(name) if guess == DEFAULT else guess


def _target(key: str) -> str:
    try:
        return f"{PREFIX}/objects/{quote(key, safe='/')}"
    except UnicodeEncodeError as error:
        raise CliError(
            f"The name {key!r} is not Unicode, so it cannot be a key.",
            exit_code=Exit.REFUSED,
            fault="input",
            hint="rename the file, or give another KEY.",
        ) from error
