"""A server that gives recorded answers of the HTTP API: small, real HTTP, no Headgate behind it."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    """What a command sent."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What it gets. `cut` ends the connection after so many bytes of the body, 0: before all."""

    body: bytes = b""
    status: int = 200
    type: str = "application/json"
    cut: int | None = None


Respond = Callable[[Request], Answer]


def reply(value: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), status)


def problem(status: int, detail: str, **more: Any) -> Answer:
    body = {"type": "about:blank", "title": "", "status": status, "detail": detail, **more}
    return Answer(json.dumps(body).encode(), status, "application/problem+json")


def page(*items: Any, next_cursor: str | None = None) -> Answer:
    return reply({"items": items, "next_cursor": next_cursor})


class RecordedServer:
    """Answers by method and path; answers given in a row are used up one by one, the last stays."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._answers: dict[tuple[str, str], list[Answer | Respond]] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def on(self, method: str, path: str, *answers: Answer | Respond) -> None:
        self._answers[method, path] = list(answers)

    def sent(self, method: str, path: str) -> list[Request]:
        return [r for r in self.requests if (r.method, r.path) == (method, path)]

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        answers = self._answers.get((request.method, request.path))
        if answers is None:
            return problem(404, f"nothing recorded for {request.method} {request.path}")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return found if isinstance(found, Answer) else found(request)

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                parts = urlsplit(self.path)
                answer = server.answer(
                    Request(
                        self.command,
                        unquote(parts.path),
                        dict(parse_qsl(parts.query)),
                        {name.lower(): value for name, value in self.headers.items()},
                        self.read_body(),
                    )
                )
                if answer.cut == 0:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.type)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body[: answer.cut])
                self.close_connection = answer.cut is not None

            do_GET = do_POST = do_PUT = handle_any  # noqa: N815

            def read_body(self) -> bytes:
                if self.headers.get("Transfer-Encoding") != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *_: object) -> None:
                pass

        return Handler
