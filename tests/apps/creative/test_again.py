"""Having a part of a campaign made again, and taking all of it along as a zip."""

import io
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from campaigns import Rig, a_brief, headgate
from pictures import png
from PIL import Image

from headgate.apps.creative import rules, store
from headgate.apps.creative.archive import folder_of, zipped
from headgate.apps.creative.submitting import run_again
from headgate.apps.creative.views import RunAgain
from headgate.core.access import LOCAL
from headgate.core.errors import Conflict, InvalidInput, NotFound
from headgate.core.explain.impact.reading import invalidate


async def _again(rig: Rig, run: str, **wanted: Any) -> dict[str, Any]:
    """Ask for product 0 again; return its row once it is done anew."""
    before = await _product(rig, run)
    await run_again(rig.shared, LOCAL, run_id=UUID(run), idx=0, wanted=RunAgain(**wanted))
    return await _moved_on(rig, run, before)


async def _moved_on(rig: Rig, run: str, before: dict[str, Any]) -> dict[str, Any]:
    async def done() -> dict[str, Any] | None:
        row = await _product(rig, run)
        same = row["variants"] == before["variants"]
        operation = await rig.operation(run)
        ended = operation is not None and operation["state"] == "succeeded"
        return row if row["state"] == "done" and not same and ended else None

    found: dict[str, Any] = await rig.until(done)
    return found


async def _product(rig: Rig, run: str) -> dict[str, Any]:
    async with rig.shared.database.connection() as conn:
        return (await store.products(conn, run_ids=[run]))[0]


def _versions(row: dict[str, Any]) -> dict[str, str]:
    return {variant["preset"]: variant["version"] for variant in row["variants"]}


async def test_another_picture_makes_other_variants_and_stands_from_then_on(
    tmp_path: Path, database_url: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        run = await rig.drop(a_brief(audience="families", region="Europe"))
        await rig.ended(run)
        before = await _product(rig, run)
        after = await _again(rig, run, step="picture")
        later = await rig.drop(a_brief(audience="families", region="Europe"), name="later.json")
        await rig.ended(later)
        manifest = await rig.manifest(run)

        assert "families" in before["image_facts"]["prompt"]
        assert after["image_facts"]["seed"] != before["image_facts"]["seed"]
        assert after["image_facts"]["take"] == 2
        assert not set(_versions(after).values()) & set(_versions(before).values())
        assert (await _product(rig, later))["image_facts"]["seed"] == after["image_facts"]["seed"]
        assert (await _product(rig, later))["image_reused"]
        assert manifest["status"] == "complete"
        assert manifest["products"][0]["variants"] == after["variants"]


async def test_one_variant_again_leaves_the_others(tmp_path: Path, database_url: str) -> None:
    async with headgate(tmp_path, database_url) as rig:
        await rig.shared.objects.put("existing-assets/a.png", png())
        products = [{"name": "Disc", "existing_assets": "a.png"}]
        run = await rig.drop(a_brief(products=products))
        await rig.ended(run)
        before = await _product(rig, run)
        story = next(v for v in before["variants"] if v["preset"] == "instagram-story")
        await rig.shared.objects.delete(story["key"])
        after = await _again(rig, run, step="compose", presets=["instagram-story"])
        image = Image.open(io.BytesIO(await rig.shared.objects.get(story["key"])))

        changed = {p for p, v in _versions(after).items() if v != _versions(before)[p]}
        assert changed == {"instagram-story"}
        assert [v["preset"] for v in after["variants"]] == [v["preset"] for v in before["variants"]]
        assert image.size == (1080, 1920)


async def test_an_invalidation_by_whomever_makes_all_variants_again(
    tmp_path: Path, database_url: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        await rig.shared.objects.put("existing-assets/a.png", png())
        products = [{"name": "Disc", "existing_assets": "a.png"}]
        run = await rig.drop(a_brief(products=products))
        await rig.ended(run)
        before = await _product(rig, run)
        await invalidate(
            rig.shared, org_id=1, name="creative.to_reuse", key=before["compose_key"], range=None
        )
        after = await _moved_on(rig, run, before)

        assert not set(_versions(after).values()) & set(_versions(before).values())


async def test_what_cannot_be_made_again_says_why(tmp_path: Path, database_url: str) -> None:
    async with headgate(tmp_path, database_url) as rig:
        await rig.shared.objects.put("existing-assets/a.png", png())
        products = [{"name": "Disc", "existing_assets": "a.png"}]
        run = UUID(await rig.drop(a_brief(products=products)))
        await rig.ended(str(run))

        async def ask(run_id: UUID, idx: int, **wanted: Any) -> None:
            await run_again(rig.shared, LOCAL, run_id=run_id, idx=idx, wanted=RunAgain(**wanted))

        with pytest.raises(Conflict, match="picture of its own"):
            await ask(run, 0, step="picture")
        with pytest.raises(NotFound):
            await ask(run, 1, step="compose")
        with pytest.raises(InvalidInput, match="no such format"):
            await ask(run, 0, step="compose", presets=["poster"])
        await rig.rows("update core.job set paused = true where name = 'compose' returning id")
        await ask(run, 0, step="compose")
        with pytest.raises(Conflict, match="is being made"):
            await ask(run, 0, step="compose")
        await rig.rows("update core.job set paused = false where name = 'compose' returning id")
        assert (await rig.ended(str(run)))["state"] == "succeeded"


async def test_the_zip_has_every_image_and_names_those_that_are_gone(
    tmp_path: Path, database_url: str
) -> None:
    async with headgate(tmp_path, database_url) as rig:
        run = await rig.drop(a_brief(products=[{"name": "Tea / Лето"}, {"name": "../x"}]))
        await rig.ended(run)
        async with rig.shared.database.connection() as conn:
            campaign = await store.campaign(conn, org_id=1, run_id=run)
            products = await store.products(conn, run_ids=[run])
        assert campaign is not None
        gone = products[1]["variants"][0]
        await rig.shared.objects.delete(gone["key"])
        parts = [part async for part in zipped(rig.shared.objects, campaign, products)]
        archive = zipfile.ZipFile(io.BytesIO(b"".join(parts)))

        assert archive.testzip() is None
        assert max(map(len, parts)) < 1_000_000
        assert len(archive.namelist()) == 9 + 2
        assert archive.read("missing.txt").decode() == f"02-x/{gone['preset']}.jpg\n"
        for variant in products[0]["variants"]:
            data = archive.read(f"01-Tea-Лето/{variant['preset']}.jpg")
            assert Image.open(io.BytesIO(data)).size == (variant["width"], variant["height"])


@pytest.mark.parametrize("key", [None, "", "a/b", "h/not-a-uuid/0", f"h/{UUID(int=1)}/-1"])
def test_a_key_that_names_no_product_is_refused(key: str | None) -> None:
    with pytest.raises(InvalidInput):
        rules.named_product(key)


def test_folders_of_the_zip_are_plain_names() -> None:
    assert folder_of({"idx": 0, "name": "///"}) == "01"
    assert folder_of({"idx": 11, "name": "A  B?" + "x" * 99}).startswith("12-A-B-xxx")
