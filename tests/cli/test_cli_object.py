"""Objects up and down: whole or not at all, without filling the memory."""

import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import CommandLine
from recorded_server import Answer, RecordedServer, Request, page, problem, reply

BYTES = bytes(range(256)) * 4096 * 3  # 3 MB


def stored(request: Request) -> Answer:
    key = request.path.removeprefix("/api/v1/objects/")
    return reply({"key": key, "size": len(request.body)}, 201)


def test_what_was_put_is_what_one_gets(headgate: CommandLine, server: RecordedServer) -> None:
    key = "existing-assets/Äpfel & Co/100%/a#b?.bin"
    server.on("PUT", f"/api/v1/objects/{key}", stored)
    server.on("GET", f"/api/v1/objects/{key}", Answer(BYTES, type="application/octet-stream"))
    (headgate.folder / "a.bin").write_bytes(BYTES)

    put = headgate("object", "put", "a.bin", key)
    got = headgate("object", "get", key, "-o", "b.bin")

    (sent,) = server.sent("PUT", f"/api/v1/objects/{key}")
    assert (put.code, put.out) == (0, f"{key}\n")
    assert sent.body == BYTES
    assert sent.headers["content-length"] == str(len(BYTES))
    assert (got.code, got.out, got.err) == (0, "", "b.bin: 3.1 MB.\n")
    assert (headgate.folder / "b.bin").read_bytes() == BYTES
    assert sorted(path.name for path in headgate.folder.iterdir()) == ["a.bin", "b.bin"]


@pytest.mark.parametrize(
    ("file", "key", "expected"),
    [
        ("photo.PNG", None, "image/png"),
        ("photo.png", "thing", "image/png"),
        ("upload.tmp", "thing.json", "application/json"),
        ("upload.tmp", "thing", "application/octet-stream"),
    ],
)
def test_the_content_type_is_guessed_from_the_key_then_from_the_file(
    headgate: CommandLine, server: RecordedServer, file: str, key: str | None, expected: str
) -> None:
    server.on("PUT", f"/api/v1/objects/{key or file}", stored)
    (headgate.folder / file).write_bytes(b"x")

    assert headgate("object", "put", file, *([key] if key else [])).code == 0
    assert server.requests[0].headers["content-type"] == expected


def test_standard_input_is_streamed_under_a_key(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("PUT", "/api/v1/objects/a.csv", stored)

    done = headgate("object", "put", "-", "a.csv", "--json", stdin=BYTES)

    assert done.code == 0
    assert '"size": 3145728' in done.out
    assert server.requests[0].body == BYTES
    assert server.requests[0].headers["transfer-encoding"] == "chunked"


def test_standard_input_needs_a_key(headgate: CommandLine, server: RecordedServer) -> None:
    assert headgate("object", "put", "-").code == 2
    assert server.requests == []


@pytest.fixture
def refusing_url() -> Iterator[str]:
    """A server that answers an upload before it has read it, and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            answer = problem(413, "Objects have at most 100 MB.", fault="input", hint="Split it.")
            head = f"HTTP/1.1 413 X\r\nContent-Type: {answer.type}\r\nContent-Length: {len(answer.body)}"
            connection.sendall(f"{head}\r\nConnection: close\r\n\r\n".encode() + answer.body)

    with listener:
        thread = threading.Thread(target=refuse)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_an_upload_that_is_refused_half_way_tells_why(
    headgate: CommandLine, refusing_url: str
) -> None:
    with (headgate.folder / "big.bin").open("wb") as file:
        file.truncate(50_000_000)

    done = headgate("object", "put", "big.bin", "--server", refusing_url)

    assert done.code == 5
    assert "Objects have at most 100 MB." in done.err
    assert "Split it." in done.err


def test_an_upload_whose_answer_was_lost_is_not_repeated(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("PUT", "/api/v1/objects/a.txt", Answer(cut=0))
    (headgate.folder / "a.txt").write_text("x")

    done = headgate("object", "put", "a.txt")

    assert done.code == 6
    assert len(server.requests) == 1


def test_a_download_that_breaks_off_leaves_the_old_file(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/objects/a.bin", Answer(BYTES, cut=1_000_000))
    (headgate.folder / "a.bin").write_text("old")

    done = headgate("object", "get", "a.bin", "-o", "a.bin")

    assert done.code == 6
    assert "Only 1000000 of the 3145728 bytes of a.bin arrived." in done.err
    assert [path.name for path in headgate.folder.iterdir()] == ["a.bin"]
    assert (headgate.folder / "a.bin").read_text() == "old"


def test_a_missing_object_makes_no_file(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/api/v1/objects/a", problem(404, "There is no object a."))

    done = headgate("object", "get", "a", "-o", "b")

    assert done.code == 3
    assert "There is no object a." in done.err
    assert list(headgate.folder.iterdir()) == []


def test_a_folder_keeps_the_name_and_new_files_have_ordinary_rights(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/objects/output/1.jpg", Answer(b"x"))
    (headgate.folder / "images").mkdir()

    assert headgate("object", "get", "output/1.jpg", "-o", "images").code == 0

    written = headgate.folder / "images" / "1.jpg"
    (headgate.folder / "other").touch()
    assert written.read_bytes() == b"x"
    assert stat.S_IMODE(written.stat().st_mode) == stat.S_IMODE(
        (headgate.folder / "other").stat().st_mode
    )


def test_a_device_is_written_not_replaced(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/api/v1/objects/a", Answer(b"x"))
    (headgate.folder / "nothing").symlink_to("/dev/null")

    assert headgate("object", "get", "a", "-o", "nothing").code == 0
    assert Path("/dev/null").is_char_device()
    assert (headgate.folder / "nothing").is_symlink()


def test_a_pipe_gets_the_bytes(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/api/v1/objects/a", Answer(BYTES))

    with headgate.start("object", "get", "a") as process:
        out, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (0, b"")
    assert out == BYTES


def test_a_terminal_gets_text_but_no_binary(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/api/v1/objects/a.txt", Answer("grüße\n".encode()))
    server.on("GET", "/api/v1/objects/a.png", Answer(b"\x89PNG\r\n\x1a\n\0\0\0\r"))

    assert headgate.on_terminal("object", "get", "a.txt").out == "grüße\n"
    refused = headgate.on_terminal("object", "get", "a.png")
    assert refused.code == 2
    assert "-o FILE" in refused.out
    assert "PNG" not in refused.out.replace("a.png", "")


def test_objects_are_listed_by_prefix(headgate: CommandLine, server: RecordedServer) -> None:
    info = {
        "key": "output/a.jpg",
        "size": 1234567,
        "etag": "e",
        "version": "v",
        "modified": "2026-11-20T10:00:00Z",
        "content_type": "image/jpeg",
    }
    server.on("GET", "/api/v1/objects", page(info))

    piped = headgate("object", "list", "output/")
    shown = headgate.on_terminal("object", "list")

    assert piped.out == "output/a.jpg\t1234567\timage/jpeg\t2026-11-20T10:00:00Z\n"
    assert "1.2 MB" in shown.out
    assert [request.query.get("prefix") for request in server.requests] == ["output/", None]
