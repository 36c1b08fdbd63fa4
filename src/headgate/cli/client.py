"""The HTTP API as Python calls: JSON in, JSON out, errors raised, pages joined."""

import http.client
import json
import os
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from headgate.cli.errors import CliError
from headgate.cli.find_server import Server, is_alive, stale
from headgate.cli.wire.link import AnswerLost, Link, Refused, decoded, not_headgate
from headgate.cli.wire.problem import Refusal, refusal

PREFIX = "/api/v1"
_PAUSES = (0.1, 0.3, 0.8)  # s before each further try
_PASSING = {409, 502, 503, 504}  # worth another try when the problem says so
_PAGE = 200


class Client:
    """Calls one server, which is looked for at the first call: what is wrong here is told before.

    Every method raises `CliError` with a message for people.
    """

    def __init__(
        self, find: Callable[[], Server], *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._find = find
        self._sleep = sleep

    @cached_property
    def server(self) -> Server:
        return self._find()

    @cached_property
    def link(self) -> Link:
        return Link(self.server)

    def get(self, path: str, **query: Any) -> Any:
        """Return the answer to a GET; parameters that are None are left out."""
        return self._call("GET", PREFIX + path + query_of(query))

    def get_root(self, path: str) -> Any:
        """Return the answer to a GET of a path outside the API's prefix."""
        return self._call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        """Return the answer to a POST.

        Its idempotency key makes the server take it once, so a lost answer is asked for again.
        """
        headers = {"Idempotency-Key": os.urandom(16).hex()}
        if body is None:
            return self._call("POST", PREFIX + path, headers=headers)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
        return self._call("POST", PREFIX + path, body=content, headers=headers)

    def list(self, path: str, *, limit: int, **query: Any) -> "Listing":
        """Return the first `limit` items of a list, asked for page by page as they are needed."""
        return Listing(self, path, limit=limit, query=query)

    def _call(
        self,
        method: str,
        target: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        for pause in _PAUSES:
            try:
                return self._try(method, target, body, headers)
            except Refused:
                if not self._starts():
                    raise
            except AnswerLost:
                pass
            except Refusal as error:
                if not (error.retry and error.status in _PASSING):
                    raise
            self._sleep(pause)
        return self._try(method, target, body, headers)

    def _try(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str] | None
    ) -> Any:
        response = self.link.send(method, target, body=body, headers=headers)
        return self.answer(response)

    def answer(self, response: http.client.HTTPResponse) -> Any:
        """Read an answer to its end; return its JSON, None without a body, or raise its error."""
        url = self.server.url
        try:
            content = response.read()
        except (http.client.HTTPException, OSError) as error:
            self.link.close()
            raise self.link.explain(error) from error
        if response.status >= http.client.BAD_REQUEST:
            raise self._refusal(response, content)
        if response.status >= http.client.MULTIPLE_CHOICES:
            raise not_headgate(url)
        return decoded(content, url) if content else None

    def _refusal(self, response: http.client.HTTPResponse, content: bytes) -> CliError:
        if "json" not in response.headers.get_content_type():
            gateway = response.status in _PASSING  # a proxy speaks for a server that is away
            return refusal(response.status, None) if gateway else not_headgate(self.server.url)
        return refusal(response.status, decoded(content, self.server.url))

    def _starts(self) -> bool:
        """Tell whether a server on record may be about to listen; raise if it has ended."""
        if self.server.pid is None:
            return False
        if not is_alive(self.server.pid):
            raise stale(self.server)
        return True


class Listing:
    """The items of a list. `more` tells, after the last one, whether the limit left some out."""

    def __init__(self, client: Client, path: str, *, limit: int, query: dict[str, Any]) -> None:
        self._client = client
        self._path = path
        self._query = query
        self.limit = limit
        self.more = False

    def __iter__(self) -> Iterator[dict[str, Any]]:
        cursor, left = None, self.limit
        while left > 0:
            page = self._client.get(
                self._path, **self._query, cursor=cursor, limit=min(left, _PAGE)
            )
            items = page["items"][:left]
            yield from items
            left -= len(items)
            cursor = page["next_cursor"]
            if cursor is None:
                return
        self.more = True


def query_of(parameters: dict[str, Any]) -> str:
    """Write a query string with its question mark; parameters that are None are left out."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"?{urlencode(given)}" if given else ""
