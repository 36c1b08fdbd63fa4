"""Whether a server runs, is healthy, and is as new as this command line."""

import socket
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from headgate import __version__
from headgate.cli.about.doctor.finding import Finding
from headgate.cli.client import Client
from headgate.cli.errors import CliError
from headgate.cli.find_server import Server, is_alive, read_server, stale
from headgate.cli.wire.link import decoded

if TYPE_CHECKING:
    from headgate.config import Settings


class Probe(NamedTuple):
    """What came of asking the server that ought to be there; `url` is None if none ought to be."""

    url: str | None
    status: dict[str, Any] | None = None
    problems: Sequence[str] = ()
    error: CliError | None = None

    @property
    def answers(self) -> bool:
        return self.status is not None


def probe(settings: "Settings") -> Probe:
    """Ask the configured server, else the one on record in the data folder."""
    try:
        server = (
            read_server(settings.home)
            if settings.server is None
            else Server(settings.server, "HEADGATE_SERVER")
        )
    except CliError as error:
        return Probe(str(settings.home / "server.json"), error=error)
    if server is None:
        return Probe(None)
    if server.pid is not None and not is_alive(server.pid):
        return Probe(server.url, error=stale(server))
    client = Client(lambda: server)
    try:
        problems = _health_problems(client)
        return Probe(server.url, status=client.get("/status"), problems=problems)
    except CliError as error:
        return Probe(server.url, error=error)


def _health_problems(client: Client) -> list[str]:
    # An ill server says why with a 503, which is no error of the question.
    response = client.link.send("GET", "/healthz")
    health = decoded(response.read(), client.server.url)
    return [] if health.get("status") == "ok" else health.get("problems") or ["It is not healthy."]


def check_server(found: Probe) -> Iterator[Finding]:
    """Judge the answer, and compare versions."""
    if found.error is not None:
        yield Finding("server", "fail", found.error.message, found.error.hint)
    elif found.status is None:
        yield Finding("server", "ok", "none runs; `headgate up` starts one")
    else:
        if found.problems:
            remedy = "look into the server's log, and restart it if need be."
            yield Finding("server", "fail", " ".join(found.problems), remedy)
        else:
            yield Finding("server", "ok", f"healthy at {found.url}")
        yield version_finding(str(found.status["version"]))


def version_finding(server: str, *, client: str = __version__) -> Finding:
    """Compare the versions of a server and of this command line."""
    if server == client:
        return Finding("version", "ok", f"server and command line are {client}")
    return Finding(
        "version",
        "warn",
        f"the server is {server}, this command line {client}",
        "restart the server, or install the same version here.",
    )


def check_port(settings: "Settings") -> Finding:
    """Check that a server could listen where the settings say."""
    where = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            remedy = "stop the program that has it, or use another: `headgate up --port 0`."
            return Finding("port", "fail", f"{where}: {error.strerror}", remedy)
    return Finding("port", "ok", f"{where} is free")
