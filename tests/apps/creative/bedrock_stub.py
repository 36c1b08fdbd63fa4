"""A loopback double of Bedrock's runtime that unmodified boto3 talks to.

    with BedrockStub() as stub:
        stub.script(Fault.THROTTLED, times=2)
        model = BedrockImageModel(..., endpoint_url=stub.url, session=stub.session)

It serves `InvokeModel` for the image models, makes a real PNG of the asked size, and counts what
Bedrock would charge for in `images_made`. Faults are scripted for the next calls, or for the next
calls whose body has a certain text, whichever order parallel calls arrive in.
"""

import base64
import hashlib
import json
import re
import socket
import struct
import threading
import zlib
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote

RATIOS = {
    "1:1": (1024, 1024),
    "4:5": (896, 1120),
    "5:4": (1120, 896),
    "2:3": (832, 1248),
    "3:2": (1248, 832),
    "9:16": (768, 1360),
    "16:9": (1360, 768),
    "9:21": (640, 1488),
    "21:9": (1488, 640),
}


class Fault(Enum):
    """What goes wrong with a call. Those after the line charge for an image that is lost."""

    THROTTLED = auto()
    THROTTLED_FOR_7_SECONDS = auto()
    UNAVAILABLE = auto()
    INTERNAL = auto()
    NOT_READY = auto()
    MODEL_TIMEOUT = auto()
    MODEL_ERROR = auto()
    OVER_QUOTA = auto()
    INVALID = auto()
    ACCESS_DENIED = auto()
    NO_SUCH_MODEL = auto()
    EXPIRED_TOKEN = auto()
    FILTERED_PROMPT = auto()
    FILTERED_OUTPUT = auto()
    # ---
    HANG = auto()
    RESET = auto()
    GATEWAY_TIMEOUT = auto()
    NOT_JSON = auto()
    NO_IMAGE = auto()
    TRUNCATED_BODY = auto()
    TRUNCATED_BASE64 = auto()
    TRUNCATED_PNG = auto()
    NOT_AN_IMAGE = auto()


_REFUSALS: dict[Fault, tuple[int, str, str]] = {
    Fault.THROTTLED: (429, "ThrottlingException", "Too many requests, please wait."),
    Fault.THROTTLED_FOR_7_SECONDS: (429, "ThrottlingException", "Too many requests."),
    Fault.UNAVAILABLE: (503, "ServiceUnavailableException", "The service is overloaded."),
    Fault.INTERNAL: (500, "InternalServerException", "An internal error occurred."),
    Fault.NOT_READY: (429, "ModelNotReadyException", "The model is not ready."),
    Fault.MODEL_TIMEOUT: (408, "ModelTimeoutException", "Processing took too long."),
    Fault.MODEL_ERROR: (424, "ModelErrorException", "The model failed."),
    Fault.OVER_QUOTA: (400, "ServiceQuotaExceededException", "Over the account's quota."),
    Fault.INVALID: (400, "ValidationException", "Malformed input request."),
    Fault.ACCESS_DENIED: (403, "AccessDeniedException", "No access to the model."),
    Fault.NO_SUCH_MODEL: (404, "ResourceNotFoundException", "No such model version."),
    Fault.EXPIRED_TOKEN: (403, "ExpiredTokenException", "The security token is expired."),
    Fault.GATEWAY_TIMEOUT: (504, "", "Gateway timeout."),
}
_FILTERED = {
    Fault.FILTERED_PROMPT: "Filter reason: prompt",
    Fault.FILTERED_OUTPUT: "Filter reason: output image",
}
_KEY, _SECRET = "AKIDSTUB", "stub"
_LONGEST_HANG_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived. `made` says whether an image was made, and so charged, for it."""

    model: str
    body: dict[str, Any]
    headers: dict[str, str]
    fault: Fault | None
    made: bool


@dataclass(slots=True)
class _Planned:
    fault: Fault
    when: str
    times: int


@dataclass
class BedrockStub:
    """`picture`, if given, is what every model paints instead of a plain PNG of the asked size."""

    picture: bytes | None = None
    calls: list[Call] = field(default_factory=list)
    _plan: list[_Planned] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        stub = self

        class Handler(_Handler):
            bedrock = stub

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def images_made(self) -> int:
        """How many images Bedrock would have charged for."""
        with self._lock:
            return sum(call.made for call in self.calls)

    def session(self) -> Any:
        """A boto3 session with credentials that no one else accepts."""
        return _Session()

    def script(self, fault: Fault, *, times: int = 1, when: str = "") -> None:
        """Let the next `times` calls (whose body has the text `when`) go wrong."""
        with self._lock:
            self._plan.append(_Planned(fault=fault, when=when, times=times))

    def take(self, model: str, raw: bytes, headers: dict[str, str]) -> Fault | None:
        """Record a call and return the fault that is planned for it."""
        text = raw.decode()
        with self._lock:
            planned = next((p for p in self._plan if p.times and p.when in text), None)
            fault = planned.fault if planned else None
            if planned:
                planned.times -= 1
            made = fault is None or fault.value >= Fault.HANG.value
            self.calls.append(Call(model, json.loads(text), headers, fault, made=made))
        return fault

    def wait(self) -> None:
        """Hang, as a model does that will not answer in time, until the stub closes."""
        self._closing.wait(_LONGEST_HANG_SECONDS)


class _Session:
    """One boto3 session for all tests: reading Bedrock's service model takes 0.1 s."""

    _lock = threading.Lock()

    def client(self, *args: Any, **settings: Any) -> Any:
        with self._lock:  # boto3's clients may be shared between threads, its sessions may not
            return _shared_session().client(*args, **settings)


@cache
def _shared_session() -> Any:
    import boto3

    return boto3.Session(_KEY, _SECRET, region_name="us-west-2")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Wake the threads that wait on kept-alive connections, so that they end."""
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was first

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up in mid-answer are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    bedrock: BedrockStub
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for the client's delayed ACK

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        model = unquote(re.fullmatch(r"/model/(.+)/invoke", self.path)[1])
        headers = {name.lower(): value for name, value in self.headers.items()}
        fault = self.bedrock.take(model, raw, headers)
        body = json.loads(raw)
        match fault:
            case Fault.HANG:
                self.bedrock.wait()
                self.close_connection = True
            case Fault.RESET:
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
                self.close_connection = True
            case _ if fault in _REFUSALS:
                self._refuse(fault)
            case _:
                self._answer(fault, answer_for(model, body, fault, picture=self.bedrock.picture))

    def _refuse(self, fault: Fault) -> None:
        status, code, message = _REFUSALS[fault]
        headers = {"x-amzn-ErrorType": code} if code else {}
        if fault is Fault.THROTTLED_FOR_7_SECONDS:
            headers["Retry-After"] = "7"
        self._send(status, json.dumps({"message": message}).encode(), headers)

    def _answer(self, fault: Fault | None, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        if fault is Fault.NOT_JSON:
            data = b"<html>" + data
        length = len(data)
        if fault is Fault.TRUNCATED_BODY:
            data, self.close_connection = data[: length // 2], True
        self._send(200, data, {}, length=length)

    def _send(
        self, status: int, data: bytes, headers: dict[str, str], *, length: int | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data) if length is None else length))
        self.send_header("x-amzn-RequestId", f"stub-{len(self.bedrock.calls)}")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


def answer_for(
    model: str, body: dict[str, Any], fault: Fault | None, *, picture: bytes | None
) -> dict[str, Any]:
    """The body that this model family answers with."""
    if fault is Fault.NO_IMAGE:
        return {}
    if reason := _FILTERED.get(fault):
        return _filtered(model, reason)
    image = _image_text(picture or _png_for(body), fault)
    if "artifacts" in _shape(model):
        return {
            "result": "success",
            "artifacts": [{"seed": body["seed"], "base64": image, "finishReason": "SUCCESS"}],
        }
    if "seeds" in _shape(model):
        return {"seeds": [body["seed"]], "finish_reasons": [None], "images": [image]}
    return {"images": [image]}


def _shape(model: str) -> tuple[str, ...]:
    if "stable-diffusion-xl" in model:
        return ("artifacts",)
    return ("seeds", "images") if model.startswith("stability.") else ("images",)


def _filtered(model: str, reason: str) -> dict[str, Any]:
    if "artifacts" in _shape(model):
        return {"result": "success", "artifacts": [{"seed": 0, "finishReason": "CONTENT_FILTERED"}]}
    if "seeds" in _shape(model):
        return {"finish_reasons": [reason]}
    return {"images": [], "error": f"This request was blocked: {reason}"}


def _png_for(body: dict[str, Any]) -> bytes:
    return _png(_size(body), color=hashlib.sha256(json.dumps(body).encode()).digest()[:3])


def _image_text(data: bytes, fault: Fault | None) -> str:
    if fault is Fault.TRUNCATED_PNG:
        data = data[: len(data) // 2]
    if fault is Fault.NOT_AN_IMAGE:
        data = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    text = base64.b64encode(data).decode()
    return text[: len(text) // 2 - 1] if fault is Fault.TRUNCATED_BASE64 else text


def _size(body: dict[str, Any]) -> tuple[int, int]:
    asked = body.get("imageGenerationConfig", body)
    if "width" in asked:
        return asked["width"], asked["height"]
    return RATIOS[body.get("aspect_ratio", "1:1")]


def _png(size: tuple[int, int], *, color: bytes) -> bytes:
    """A PNG with a vertical ramp of one color: equal requests give equal pictures."""
    width, height = size
    rows = b"".join(
        b"\0" + bytes(c * (y + height) // (2 * height) for c in color) * width
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
