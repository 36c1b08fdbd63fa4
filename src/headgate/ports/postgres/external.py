"""A Postgres server that somebody else runs, by its URL."""

from collections.abc import Callable
from urllib.parse import urlsplit

from headgate.ports.postgres import ServerError


class ExternalPostgres:
    """Takes the server as it is: `start` only checks the URL's form, `stop` leaves it running."""

    def __init__(self, url: str) -> None:
        self._url = url

    def start(self, step: Callable[[str], None] = lambda _: None) -> str:
        scheme = urlsplit(self._url).scheme
        if scheme not in {"postgresql", "postgres"}:
            raise ServerError(
                "HEADGATE_DATABASE_URL must look like postgresql://user:password@host:5432/name,"
                f" not {scheme or 'something without a scheme'}:…"
            )
        return self._url

    def stop(self) -> None:
        return
