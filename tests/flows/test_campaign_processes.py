"""Whole campaigns through real processes, some of which are killed on the way."""

import hashlib
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from bedrock_stub import BedrockStub
from campaigns import a_brief
from pictures import png
from processes import Site, site, until

PRODUCTS = 6


def brief_file(folder: Path, **changes: Any) -> str:
    path = folder / "brief.json"
    path.write_text(json.dumps(a_brief(**changes)))
    return str(path)


def images(place: Site, manifest: dict[str, Any]) -> dict[str, str]:
    """The digest of each finished image by its name in the run's folder."""
    folder = place.objects() / manifest["output"] / "variants"
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def manifests(place: Site) -> list[dict[str, Any]]:
    return [
        json.loads(path.read_text())
        for path in sorted(place.objects().glob("output/*/manifest.json"))
    ]


def bedrock_settings(stub: BedrockStub) -> dict[str, str]:
    return {
        "HEADGATE_CREATIVE__IMAGE_MODEL__KIND": "bedrock",
        "HEADGATE_CREATIVE__IMAGE_MODEL__ENDPOINT_URL": stub.url,
        "HEADGATE_WORKER__LEASE_SECONDS": "2",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def test_a_brief_runs_from_the_command_line_to_its_files(folder: Path) -> None:
    (folder / "pictures" / "brand").mkdir(parents=True)
    (folder / "pictures" / "brand" / "disc.png").write_bytes(png())
    products = [{"name": "Juice"}, {"name": "Disc", "existing_assets": "brand/disc.png"}]
    with site(folder) as place:
        place.up()
        manifest = place.json(
            "creative", "run", brief_file(folder, products=products),
            "--assets", str(folder / "pictures"), "--wait",
        )  # fmt: skip
        key = manifest["products"][1]["variants"][0]["key"]
        place.run("object", "get", key, "-o", str(folder / "one.jpg"))
        status = place.json("status")

        assert manifest["status"] == "complete"
        assert manifest["counts"]["images"] == 10
        assert (folder / "one.jpg").read_bytes() == (place.objects() / key).read_bytes()
        assert status["dead_letters"] == 0


def test_a_file_that_is_dropped_becomes_a_manifest(folder: Path) -> None:
    with site(folder) as place:
        place.up()
        inbox = place.objects() / "input" / "campaign-briefs"
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / "spring.json").write_text(json.dumps(a_brief()))
        until(
            lambda: [m for m in manifests(place) if m["status"] == "complete"],
            place.started[0].text,
        )

        assert len(manifests(place)) == 1


def test_a_rejected_brief_exits_with_every_fault(folder: Path) -> None:
    with site(folder) as place:
        place.up()
        bad = brief_file(folder, products=[], campaign_message="", color="red")
        done = place.run("creative", "run", bad, "--wait", ok=False)

        assert done.returncode == 5
        assert done.stdout == ""
        for pointer in ("/products", "/campaign_message", "/color"):
            assert pointer in done.stderr


def test_a_second_server_on_the_same_folder_says_so_and_stops(folder: Path) -> None:
    with site(folder) as place:
        place.up()
        second = place.start("up", "--home", str(place.home), "--port", "0", "--no-browser")

        assert second.ended() == 5
        assert "runs already" in second.text()
        assert place.url in second.text()
        assert place.healthy()


def test_ctrl_c_stops_everything_cleanly_and_a_second_start_goes_on(folder: Path) -> None:
    with site(folder) as place:
        first = place.up()
        place.run("creative", "run", brief_file(folder), "--wait")
        code = first.send(signal.SIGINT).ended()
        stopped = not (place.home / "postgres" / "postmaster.pid").exists()
        place.up()
        listed = place.get("/api/v1/creative/campaigns")

        assert code in (0, 130)
        assert "Traceback" not in first.text()
        assert stopped
        assert [c["state"] for c in listed["items"]] == ["complete"]


def test_a_dag_that_was_edited_stays_edited_over_a_restart(folder: Path) -> None:
    with site(folder) as place:
        place.up()
        shown = place.json("dag", "show", "creative")
        edited = folder / "creative.yaml"
        edited.write_text(shown["source"].replace("max_concurrency: 5", "max_concurrency: 2"))
        place.run("dag", "apply", str(edited), "--yes")
        place.started[-1].send(signal.SIGTERM).ended()
        place.up()

        assert "max_concurrency: 2" in place.json("dag", "show", "creative")["source"]


@pytest.mark.timeout(180)
def test_a_killed_process_ends_with_the_same_images_and_pays_nothing_twice(folder: Path) -> None:
    products = [{"name": f"Juice {n}", "description": "in a bottle"} for n in range(PRODUCTS)]
    with BedrockStub() as stub:
        calm, stormy = folder / "calm", folder / "stormy"
        calm.mkdir()
        stormy.mkdir()
        with site(calm, **bedrock_settings(stub)) as place:
            place.up()
            expected = place.json("creative", "run", brief_file(calm, products=products), "--wait")
            wanted = images(place, expected)
        made_calmly = stub.images_made
        with site(stormy, **bedrock_settings(stub)) as place:
            place.up()
            place.run("creative", "run", brief_file(stormy, products=products), "--no-wait")
            for done in (1, 3):
                until(lambda n=done: _finished(place) >= n, place.started[-1].text)
                os.killpg(place.started[-1].popen.pid, signal.SIGKILL)
                place.started[-1].ended()
                place.up()
            until(
                lambda: [m for m in manifests(place) if m["status"] == "complete"],
                place.started[-1].text,
            )
            (manifest,) = manifests(place)
            got = images(place, manifest)

    assert got == wanted
    charged = [line for line in manifest["costs"]["lines"] if line["state"] == "charged"]
    uncertain = [line for line in manifest["costs"]["lines"] if line["state"] == "uncertain"]
    assert len(charged) == PRODUCTS
    assert manifest["costs"]["total_micros"] == PRODUCTS * 40_000
    # A call that was under way when its process died may have been paid: the ledger knows each one.
    assert stub.images_made - made_calmly <= PRODUCTS + len(uncertain)


@pytest.mark.timeout(180)
def test_a_killed_worker_leaves_its_work_to_others(folder: Path) -> None:
    products = [{"name": f"Can {n}", "description": "a can"} for n in range(PRODUCTS)]
    with site(folder, HEADGATE_WORKER__LEASE_SECONDS="2") as place:
        place.up()
        worker = place.start("worker", "--home", str(place.home))
        place.start("dispatcher", "--home", str(place.home))
        until(lambda: len(place.json("status")["workers"]) == 2, worker.text)
        place.run("creative", "run", brief_file(folder, products=products), "--no-wait")
        until(lambda: _finished(place) >= 1, worker.text)
        os.killpg(worker.popen.pid, signal.SIGKILL)
        until(
            lambda: [m for m in manifests(place) if m["status"] == "complete"],
            place.started[0].text,
        )
        (manifest,) = manifests(place)

        assert manifest["counts"] == {
            "products": PRODUCTS,
            "done": PRODUCTS,
            "failed": 0,
            "images": PRODUCTS * 5,
        }


def _finished(place: Site) -> int:
    return sum(m["counts"]["done"] for m in manifests(place))
