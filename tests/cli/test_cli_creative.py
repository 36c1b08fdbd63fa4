"""A campaign from a file on this side to images on the other."""

import json
import signal
import threading
from typing import Any

import pytest
from command_line import CommandLine
from recorded_server import Answer, RecordedServer, Request, problem, reply

RUN = "0190b3b4-7a5e-7cc0-8b4e-2f6f0d9d8f11"
BRIEF = {
    "campaign_id": "summer",
    "campaign_message": "Frisch gepreßt",
    "products": [{"name": "Juice"}, {"name": "Mug", "existing_assets": "acme/mug.png"}],
}
FOLDER = "output/summer-20261120T100000Z"
OPERATIONS = f"/api/v1/operations/{RUN}"
BRIEFS = "/api/v1/creative/briefs"


def product(index: int, name: str, *, failure: Any = None) -> dict[str, Any]:
    presets = [] if failure else ["instagram-square", "facebook-feed"]
    return {
        "index": index,
        "name": name,
        "status": "failed" if failure else "done",
        "image_source": "draft",
        "cost_micros": 40_000,
        "variants": [
            {"preset": p, "key": f"{FOLDER}/variants/product-{index}-{p}.jpg"} for p in presets
        ],
        "failure": failure,
    }


def manifest(status: str, *products: dict[str, Any]) -> dict[str, Any]:
    costs = {"currency": "USD", "total_micros": 80_000, "saved_by_reuse_micros": 0}
    return {
        "campaign_id": "summer",
        "run_id": RUN,
        "status": status,
        "output": FOLDER,
        "costs": costs,
        "products": list(products),
    }


def operation(state: str = "running", **more: Any) -> dict[str, Any]:
    return {
        "id": RUN,
        "kind": "creative.campaign",
        "actor": "local",
        "subject": "summer",
        "state": state,
        "done": 0,
        "total": 10,
        "message": "",
        "result": None,
        "problems": [],
        **more,
    }


COMPLETE = manifest("complete", product(0, "Juice"), product(1, "Mug"))
LOST_ASSET = {
    "job": "creative.compose",
    "dead_letter": 7,
    "code": "not_found",
    "message": "The existing asset acme/mug.png of 'Mug' is not there.",
    "hint": "Put it there.",
}


@pytest.fixture
def brief(headgate: CommandLine) -> str:
    (headgate.folder / "brief.json").write_text(json.dumps(BRIEF), encoding="utf-8")
    return "brief.json"


@pytest.fixture(autouse=True)
def accepted(server: RecordedServer) -> None:
    server.on("POST", BRIEFS, reply(operation(), 202))


def test_a_campaign_is_followed_to_its_images(
    headgate: CommandLine, server: RecordedServer, brief: str
) -> None:
    server.on(
        "GET",
        OPERATIONS,
        reply(operation(done=3)),
        problem(503, "The database is away.", retry=True),
        reply(operation("succeeded", done=4, result=COMPLETE)),
    )

    done = headgate("creative", "run", brief, "--wait")

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"{name}\tdraft\t{preset}\t{FOLDER}/variants/product-{i}-{preset}.jpg"
        for i, name in enumerate(["Juice", "Mug"])
        for preset in ["instagram-square", "facebook-feed"]
    ]
    (sent,) = server.sent("POST", BRIEFS)
    assert sent.json == BRIEF
    assert len(sent.headers["idempotency-key"]) == 32


def test_a_person_sees_products_costs_and_keys(
    headgate: CommandLine, server: RecordedServer, brief: str
) -> None:
    server.on("GET", OPERATIONS, reply(operation("succeeded", result=COMPLETE)))

    shown = headgate.on_terminal("creative", "run", brief).out

    assert "Juice" in shown
    assert "Cost $0.08, saved by reuse $0.00." in shown
    assert f"\n{FOLDER}/variants/product-1-facebook-feed.jpg\n" in shown
    assert shown.endswith(f"{FOLDER}/manifest.json\n")


def test_a_person_sees_how_many_images_are_done(
    headgate: CommandLine, server: RecordedServer, brief: str
) -> None:
    running = [reply(operation(done=n)) for n in (1, 2, 3, 4)]
    server.on("GET", OPERATIONS, *running, reply(operation("succeeded", result=COMPLETE)))

    shown = headgate.on_terminal("creative", "run", brief).out

    assert "Images: 3 of 10" in shown
    assert "[#######" in shown


def test_json_is_the_manifest(headgate: CommandLine, server: RecordedServer, brief: str) -> None:
    server.on("GET", OPERATIONS, reply(operation("succeeded", result=COMPLETE)))

    done = headgate("creative", "run", brief, "--wait", "--json")

    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == COMPLETE


def test_a_partial_campaign_names_what_failed_and_how_to_complete_it(
    headgate: CommandLine, server: RecordedServer, brief: str
) -> None:
    partial = manifest("partial", product(0, "Juice"), product(1, "Mug", failure=LOST_ASSET))
    message = "1 of 2 products done, 1 failed"
    server.on("GET", OPERATIONS, reply(operation("failed", message=message, result=partial)))

    done = headgate("creative", "run", brief, "--wait", "--json")

    assert done.code == 1
    assert json.loads(done.out) == partial
    assert "Error: The campaign is partial: 1 of 2 products done, 1 failed." in done.err
    assert "Mug: The existing asset acme/mug.png of 'Mug' is not there. Put it there." in done.err
    assert "headgate dlq redrive 7" in done.err


def test_a_refused_brief_tells_every_fault(
    headgate: CommandLine, server: RecordedServer, brief: str
) -> None:
    faults = [
        {"pointer": "/products/0/description", "code": "missing", "message": "Field required"},
        {"pointer": "/campaign_id", "code": "pattern", "message": "has a blank"},
    ]
    server.on("POST", BRIEFS, problem(422, "The brief has 2 faults.", fault="input", errors=faults))

    done = headgate("creative", "run", brief)

    assert (done.code, done.out) == (5, "")
    assert "/products/0/description: Field required" in done.err
    assert "/campaign_id: has a blank" in done.err


def test_a_brief_rejected_after_it_was_taken_is_refused_too(
    headgate: CommandLine, server: RecordedServer, brief: str
) -> None:
    faults = [{"pointer": "line 1, column 2", "code": "not_json", "message": "Expecting value"}]
    rejected = {"status": "rejected", "brief": "input/b.json", "problems": faults}
    ended = operation("failed", message="The brief has 1 fault.", result=rejected, problems=faults)
    server.on("GET", OPERATIONS, reply(ended))

    done = headgate("creative", "run", brief, "--wait")

    assert (done.code, done.out) == (5, "")
    assert "line 1, column 2: Expecting value" in done.err


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{\n  "campaign_id": "x",\n}', "line 3, column 1"),
        (b"", "line 1, column 1"),
        (b'{"a": "\xff"}', "byte 7"),
        (b"[" * 100_000, "nested too deeply"),
    ],
    ids=["comma", "empty", "not utf-8", "deep"],
)
def test_what_is_no_json_is_told_with_its_place_before_anything_is_sent(
    headgate: CommandLine, server: RecordedServer, content: bytes, place: str
) -> None:
    (headgate.folder / "brief.json").write_bytes(content)

    done = headgate("creative", "run", "brief.json")

    assert (done.code, server.requests) == (5, [])
    assert "The brief in brief.json is not JSON." in done.err
    assert place in done.err


def test_a_brief_may_come_from_a_pipe_with_a_byte_order_mark(
    headgate: CommandLine, server: RecordedServer
) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(BRIEF).encode()

    done = headgate("creative", "run", "-", "--no-wait", stdin=content)

    assert (done.code, done.out) == (0, f"{RUN}\n")
    assert server.requests[0].body == json.dumps(BRIEF).encode()


def test_without_a_terminal_the_operation_is_printed(
    headgate: CommandLine, server: RecordedServer, brief: str
) -> None:
    assert json.loads(headgate("creative", "run", brief, "--json").out) == operation()
    assert server.sent("GET", OPERATIONS) == []


def test_the_images_of_a_folder_are_stored_first_under_their_paths(
    headgate: CommandLine, server: RecordedServer, brief: str
) -> None:
    photos = headgate.folder / "photos"
    files = ["acme/mug.png", "b.JPG", "notes.txt", ".hidden.png", ".git/x.png"]
    for name in files:
        (photos / name).parent.mkdir(parents=True, exist_ok=True)
        (photos / name).write_bytes(name.encode())
        server.on("PUT", f"/api/v1/objects/existing-assets/{name}", reply({"key": name}, 201))

    done = headgate("creative", "run", brief, "--assets", "photos", "--no-wait")

    sent = [(r.method, r.path.removeprefix("/api/v1/")) for r in server.requests]
    assert sent == [
        ("PUT", "objects/existing-assets/b.JPG"),
        ("PUT", "objects/existing-assets/acme/mug.png"),
        ("POST", "creative/briefs"),
    ]
    assert server.requests[0].body == b"b.JPG"
    assert done.err.startswith("2 images of photos stored under existing-assets/.\n")


def test_a_dry_run_shows_the_price_and_runs_nothing(
    headgate: CommandLine, server: RecordedServer, brief: str
) -> None:
    prediction = {
        "model": "m",
        "lines": [
            {"product": "Juice", "kind": "generate", "micros": 40_000, "saved_micros": 0},
            {"product": "Mug", "kind": "reuse", "micros": 0, "saved_micros": 40_000},
        ],
        "total_micros": 40_000,
        "saved_by_reuse_micros": 40_000,
        "currency": "USD",
        "priced_as_of": "2026-11-20",
        "warnings": ["m ends on 2027-01-01"],
    }
    server.on("POST", f"{BRIEFS}/predict", reply(prediction))

    done = headgate("creative", "run", brief, "--dry-run", "--assets", ".")

    assert done.out == "Juice\tgenerate\t$0.04\t$0.00\nMug\treuse\t$0.00\t$0.04\n"
    assert "It would cost $0.04 ($0.04 saved by reuse)" in done.err
    assert "Warning: m ends on 2027-01-01" in done.err
    assert [r.path for r in server.requests] == [f"{BRIEFS}/predict"]


def test_an_interrupt_stops_waiting_and_says_that_the_work_goes_on(
    headgate: CommandLine, server: RecordedServer, brief: str
) -> None:
    started = threading.Event()

    def interrupt(_: Request) -> Answer:
        started.wait()
        process.send_signal(signal.SIGINT)
        return reply(operation())

    server.on("GET", OPERATIONS, interrupt)
    with headgate.start("creative", "run", brief, "--wait") as process:
        started.set()
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out) == (130, b"")
    assert err.decode() == f"Stopped waiting. The work goes on as operation {RUN}.\n"
