"""What parent and worker process say to each other: MessagePack behind a length of four bytes.

Every frame names the work it belongs to, a number that counts up in each process; a frame of
another work is late and is dropped. Nothing is ever unpickled.
"""

import msgspec

from headgate.ports.runtime import TooMuchToCarry

HEADER = 4
MAX_BYTES = 256 * 1024 * 1024


class Start(msgspec.Struct, frozen=True, array_like=True, tag="start"):
    """Parent: run this."""

    work: int
    entry: str
    payload: bytes
    cpu_seconds: float | None
    memory_bytes: int | None


class Reply(msgspec.Struct, frozen=True, array_like=True, tag="reply"):
    """Parent: the answer to an `Ask`, or the class and message of what its door raised."""

    work: int
    ask: int
    payload: bytes
    failure: tuple[str, str] | None


class Ready(msgspec.Struct, frozen=True, array_like=True, tag="ready"):
    """Worker process: started, `preload` imported."""

    pid: int


class Ask(msgspec.Struct, frozen=True, array_like=True, tag="ask"):
    """Worker process: the work calls a door."""

    work: int
    ask: int
    door: str
    payload: bytes


class Done(msgspec.Struct, frozen=True, array_like=True, tag="done"):
    """Worker process: what the work returned."""

    work: int
    payload: bytes


class Raised(msgspec.Struct, frozen=True, array_like=True, tag="raised"):
    """Worker process: the fields of `WorkRaised`."""

    work: int
    kind: str
    message: str
    detail: str
    error: bytes


class OutOfMemory(msgspec.Struct, frozen=True, array_like=True, tag="memory"):
    """Worker process: memory was refused to a work that has a limit."""

    work: int


FromParent = Start | Reply
FromWorker = Ready | Ask | Done | Raised | OutOfMemory

from_parent: msgspec.msgpack.Decoder[FromParent] = msgspec.msgpack.Decoder(FromParent)
from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)
_encoder = msgspec.msgpack.Encoder()


def pack(frame: FromParent | FromWorker) -> bytearray:
    """Return the frame with its length; `TooMuchToCarry` above `MAX_BYTES`."""
    packed = bytearray(HEADER)
    _encoder.encode_into(frame, packed, HEADER)
    size = len(packed) - HEADER
    if size > MAX_BYTES:
        raise TooMuchToCarry(
            f"{size} bytes are more than the {MAX_BYTES} that one message carries."
            " Put them into the object store and send the key."
        )
    packed[:HEADER] = size.to_bytes(HEADER, "big")
    return packed


def encodable(text: str) -> str:
    """Return text that UTF-8 can carry: half a surrogate pair becomes an escape."""
    return text.encode(errors="backslashreplace").decode()
