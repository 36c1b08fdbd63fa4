"""From a brief to its manifest, through the real core: good briefs, bad ones, and hard luck."""

import asyncio
import io
import json
import os
from pathlib import Path

import pytest
from campaigns import BRIEFS, a_brief, headgate
from pictures import animated_gif, cmyk_jpeg, forty_thousand_pixels, png
from PIL import Image

from headgate.core.access import LOCAL
from headgate.core.tasks.steering import cancel, redrive_one, retry

SIZES = {
    "instagram-square": (1080, 1080),
    "instagram-story": (1080, 1920),
    "facebook-feed": (1200, 630),
    "twitter-card": (1200, 675),
    "linkedin-post": (1200, 627),
}


async def test_a_brief_becomes_five_exact_images_a_product(
    tmp_path: Path, database_url: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        await rig.shared.objects.put("existing-assets/brand/disc.png", png())
        products = [{"name": "Juice"}, {"name": "Disc", "existing_assets": "brand/disc.png"}]
        run = await rig.drop(a_brief(products=products))
        operation = await rig.ended(run)
        manifest = await rig.manifest(run)

        assert operation["state"] == "succeeded"
        assert operation["result"] == manifest
        assert manifest["status"] == "complete"
        assert [p["image_source"] for p in manifest["products"]] == ["draft", "existing"]
        assert manifest["costs"]["total_micros"] == 0
        for index, product in enumerate(manifest["products"]):
            assert {v["preset"] for v in product["variants"]} == set(SIZES)
            for variant in product["variants"]:
                assert variant["key"] == (
                    f"{manifest['output']}/variants/product-{index}-{variant['preset']}.jpg"
                )
                assert variant["safe_zone"] is True
                assert variant["contrast"] >= 4.5
                image = Image.open(io.BytesIO(await rig.shared.objects.get(variant["key"])))
                assert (image.format, image.size) == ("JPEG", SIZES[variant["preset"]])


async def test_a_brief_that_is_copied_into_the_folder_runs_once(
    tmp_path: Path, database_url: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        inbox = tmp_path / "objects" / BRIEFS
        inbox.mkdir(parents=True)
        (inbox / "dropped.json").write_text(json.dumps(a_brief()))
        await rig.until(lambda: rig.rows("select 1 from creative.campaign where state='complete'"))
        await asyncio.sleep(1.5)  # several scans
        rows = await rig.rows("select campaign_id, state from creative.campaign")

        assert rows == [{"campaign_id": "spring", "state": "complete"}]


async def test_the_same_inputs_are_rendered_once(tmp_path: Path, database_url: str) -> None:
    async with headgate(tmp_path, database_url) as rig:
        first = await rig.drop(a_brief())
        await rig.ended(first)
        made = await rig.rows("select hash, made_at from creative.picture order by hash")
        second = await rig.drop(a_brief())  # the same file dropped again
        await rig.ended(second)
        manifests = [await rig.manifest(first), await rig.manifest(second)]

        assert second != first
        assert await rig.rows("select hash, made_at from creative.picture order by hash") == made
        assert [m["products"][0]["image_reused"] for m in manifests] == [False, True]
        assert all(v["reused"] for v in manifests[1]["products"][0]["variants"])
        assert manifests[0]["output"] != manifests[1]["output"]


async def test_a_new_brand_color_renders_just_the_variants_again(
    tmp_path: Path, database_url: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        await rig.shared.objects.put("existing-assets/a.png", png())
        products = [{"name": "Disc", "existing_assets": "a.png"}]
        await rig.ended(await rig.drop(a_brief(products=products)))
        brand = {"primary_color": "#7a1fa2"}
        run = await rig.drop(a_brief(products=products, brand=brand))
        await rig.ended(run)
        manifest = await rig.manifest(run)

        assert not any(v["reused"] for v in manifest["products"][0]["variants"])


async def test_two_briefs_with_one_id_at_once_both_finish(
    tmp_path: Path, database_url: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        runs = await asyncio.gather(*(rig.drop(a_brief(), name=f"same-{n}.json") for n in range(4)))
        operations = [await rig.ended(run) for run in runs]
        manifests = [await rig.manifest(run) for run in runs]

        assert [o["state"] for o in operations] == ["succeeded"] * 4
        assert len({m["output"] for m in manifests}) == 4
        assert all(m["counts"]["images"] == 5 for m in manifests)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "brief_rejected"),
        (b" " * 300_000, "too_large"),
        (json.dumps(a_brief(products=[])).encode(), "brief_rejected"),
        (json.dumps(a_brief(campaign_message="x" * 2000, color=1)).encode(), "brief_rejected"),
    ],
    ids=["not-json", "too-large", "no-products", "two-faults"],
)
async def test_a_bad_brief_ends_with_its_faults_where_people_look(
    tmp_path: Path, database_url: str, data: bytes, code: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        run = await rig.drop(data)
        operation = await rig.ended(run)
        (row,) = await rig.rows("select state, error from creative.campaign")
        rejections = [o.key async for o in rig.shared.objects.list("output/rejected/")]
        told = json.loads(await rig.shared.objects.get(rejections[0]))
        dead = await rig.rows("select error->>'code' as code, attempts from core.dead_letter")

        assert operation["state"] == "failed"
        assert operation["message"] == row["error"] == told["message"]
        assert row["state"] == told["status"] == "rejected"
        assert operation["problems"] == told["problems"]
        assert dead == [{"code": code, "attempts": 1}]  # not retried: it would fail the same way


@pytest.mark.parametrize(
    ("asset", "ok", "says"),
    [
        (b"no picture at all", False, "picture"),
        (png()[:400], False, ""),
        (forty_thousand_pixels(), False, "40000 x 40000"),
        (animated_gif(), True, "frame"),
        (cmyk_jpeg(), True, "CMYK"),
    ],
    ids=["not-an-image", "truncated", "40000-pixels", "animated", "cmyk"],
)
async def test_hostile_pictures_end_in_an_error_or_in_right_images(
    tmp_path: Path, database_url: str, asset: bytes, ok: bool, says: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        await rig.shared.objects.put("existing-assets/a.png", asset)
        products = [{"name": "Bad", "existing_assets": "a.png"}]
        run = await rig.drop(a_brief(products=products))
        operation = await rig.ended(run)
        manifest = await rig.manifest(run)
        (product,) = manifest["products"]

        assert (operation["state"] == "succeeded") is ok
        if ok:
            assert len(product["variants"]) == 5
            assert any(says in warning for warning in product["warnings"])
        else:
            assert product["status"] == "failed"
            assert says in product["failure"]["message"]
            assert manifest["status"] == "failed"


async def test_one_failed_product_leaves_the_others_and_a_redrive_completes(
    tmp_path: Path, database_url: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        products = [{"name": "Juice"}, {"name": "Late", "existing_assets": "late.png"}]
        run = await rig.drop(a_brief(products=products))
        operation = await rig.ended(run)
        before = await rig.manifest(run)
        await rig.shared.objects.put("existing-assets/late.png", png())
        letter = before["products"][1]["failure"]["dead_letter"]
        await redrive_one(rig.shared, who=LOCAL, letter_id=letter)

        async def complete() -> bool:
            found = await rig.operation(run)
            return found is not None and found["state"] == "succeeded"

        await rig.until(complete)
        after = await rig.manifest(run)

        assert operation["state"] == "failed"
        assert before["status"] == "partial"
        assert [p["status"] for p in before["products"]] == ["done", "failed"]
        assert "late.png" in before["products"][1]["failure"]["message"]
        assert operation["problems"][0]["pointer"] == "/products/1"
        assert after["status"] == "complete"
        assert after["revision"] > before["revision"]


async def test_a_cancelled_task_ends_its_campaign_and_a_retry_completes_it(
    tmp_path: Path, database_url: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        await rig.shared.objects.put("existing-assets/a.png", png())
        await rig.rows("update core.job set paused = true where name = 'compose' returning id")
        products = [{"name": "Disc", "existing_assets": "a.png"}]
        run = await rig.drop(a_brief(products=products))
        ((task),) = await rig.until(
            lambda: rig.rows(
                "select p.id from core.task_pending p join core.job j on j.id = p.job_id"
                " where j.name = 'compose'"
            )
        )
        await cancel(rig.shared, who=LOCAL, task_id=task["id"])
        operation = await rig.ended(run)
        cancelled = await rig.manifest(run)
        await rig.rows("update core.job set paused = false where name = 'compose' returning id")
        await retry(rig.shared, who=LOCAL, task_id=task["id"])

        async def complete() -> bool:
            found = await rig.operation(run)
            return found is not None and found["state"] == "succeeded"

        await rig.until(complete)

        assert operation["state"] == "failed"
        assert cancelled["products"][0]["failure"]["code"] == "cancelled"
        assert (await rig.manifest(run))["status"] == "complete"


@pytest.mark.parametrize("message", ["مرحبا بالصيف", "<b>&", "夏の朝 \U0001f34f", "W" * 200])
async def test_messages_in_any_script_finish_or_warn(
    tmp_path: Path, database_url: str, message: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        await rig.shared.objects.put("existing-assets/a.png", png())
        products = [{"name": "Disc", "existing_assets": "a.png"}]
        run = await rig.drop(a_brief(campaign_message=message, products=products))
        operation = await rig.ended(run)
        manifest = await rig.manifest(run)
        (product,) = manifest["products"]

        assert operation["state"] == "succeeded"
        assert manifest["campaign_message"] == message
        for variant in product["variants"]:
            assert not variant["missing_glyphs"] or product["warnings"]


async def test_objects_older_than_the_lifecycle_are_deleted_and_assets_stay(
    tmp_path: Path, database_url: str
) -> None:
    old = 1_700_000_000
    async with headgate(tmp_path, database_url) as rig:
        for key in ("output/a/manifest.json", "cache/x.jpg", "existing-assets/a.png"):
            await rig.shared.objects.put(key, b"old")
            os.utime(tmp_path / "objects" / key, (old, old))
        await rig.shared.objects.put("output/b/manifest.json", b"new")
        await rig.rows(
            "insert into core.event (org_id, dataset_id, key)"
            " select 1, id, 'now' from core.dataset where name = 'creative.night' returning id"
        )
        rig.shared.wake.signal("emitted")
        await rig.until(
            lambda: rig.rows("select 1 from core.task_log where message like 'expired%%'")
        )

        assert [o.key async for o in rig.shared.objects.list()] == [
            "existing-assets/a.png",
            "output/b/manifest.json",
        ]
