"""Campaigns: from a brief that is dropped or typed to images that are looked at, kept, made again."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from http_client import Api, unique
from looks import accessibility_faults, english_left, sideways_scroll

expect = pytest.importorskip("playwright.sync_api").expect

SIZES = {
    "Instagram square": (1080, 1080),
    "Instagram story": (1080, 1920),
    "Facebook feed": (1200, 630),
    "Twitter card": (1200, 675),
    "LinkedIn post": (1200, 627),
}
_RUN = re.compile(r"/creative/[0-9a-f-]{36}$")


def a_brief(**changes: Any) -> dict[str, Any]:
    name = unique("campaign")
    return {
        "campaign_id": name,
        "campaign_message": "Fresh today",
        "products": [{"name": f"Juice of {name}", "description": "Cold-pressed, in a bottle"}],
        **changes,
    }


def run_of(api: Api, brief: dict[str, Any]) -> str:
    """Run a brief to its end; return the run."""
    sent = api.post("/creative/briefs", brief)
    assert sent.status == 202, sent.text
    run = str(sent.json["id"])
    api.until(lambda: api.get(f"/operations/{run}").json["state"] != "running", seconds=60)
    return run


def rejected(api: Api) -> str:
    """Drop a brief with three faults into the store; return its run."""
    key = f"input/campaign-briefs/{unique('bad')}.json"
    body = {"campaign_id": "no spaces", "products": [{"name": ""}]}
    api.send("PUT", f"/objects/{key}", body=body)

    def there() -> str | None:
        listed = api.get("/creative/campaigns", state="rejected").json["items"]
        return next((item["run_id"] for item in listed if item["brief_key"] == key), None)

    return str(api.until(there))


def drop(page: Any, text: str, *, name: str = "brief.json", kind: str = "application/json") -> None:
    files = page.evaluate_handle(
        """([text, name, type]) => {
          const files = new DataTransfer();
          files.items.add(new File([text], name, { type }));
          return files;
        }""",
        [text, name, kind],
    )
    page.locator("main form").dispatch_event("drop", {"dataTransfer": files})


def images(page: Any) -> Any:
    return page.locator("main figure img")


def addresses(page: Any) -> dict[str, str]:
    """The addresses of the gallery's images by their alternative texts."""
    return dict(images(page).evaluate_all("found => found.map((i) => [i.alt, i.src])"))


def test_a_dropped_brief_becomes_five_images_without_a_reload(page) -> None:
    brief = a_brief()
    page.goto("/creative/new")
    page.evaluate("window.stayed = true")
    drop(page, json.dumps(brief))
    expect(page.get_by_label("Campaign name")).to_have_value(brief["campaign_id"])
    expect(page.get_by_text("5 images:")).to_be_visible()
    page.get_by_role("button", name="Make the images").click()

    expect(page).to_have_url(_RUN)
    expect(page.get_by_text("complete")).to_be_visible(timeout=60_000)
    expect(images(page)).to_have_count(5)
    for name, size in SIZES.items():
        image = page.get_by_role("img", name=name)
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        shown = image.evaluate("i => [i.naturalWidth, i.naturalHeight, i.width, i.height]")
        assert tuple(shown[:2]) == size
        assert shown[2] / shown[3] == pytest.approx(size[0] / size[1], rel=0.02)
    assert page.evaluate("window.stayed") is True
    assert page.evaluate("sessionStorage.getItem('headgate.creative.draft')") is None


def test_a_wrong_brief_shows_all_its_faults_and_loses_nothing(page) -> None:
    page.goto("/creative/new")
    brief = {
        "campaign_id": "no spaces",
        "campaign_message": "",
        "brand": {"primary_color": "red"},
        "products": [{"name": "", "price": 7}],
    }
    drop(page, json.dumps(brief))

    expect(page.get_by_text("Letters, digits, - and _ only")).to_be_visible()
    expect(page.get_by_text("This is needed.")).to_have_count(2)
    expect(page.get_by_text("Write a colour as #rrggbb")).to_be_visible()
    expect(page.get_by_text("A brief has no such field.")).to_be_visible()
    expect(page.get_by_text("5 things are to be mended first.")).to_be_visible()
    page.get_by_role("button", name="Make the images").click()
    expect(page).to_have_url(re.compile("/creative/new$"))
    page.reload()
    expect(page.get_by_label("Campaign name")).to_have_value("no spaces")
    expect(page.get_by_label("Main colour", exact=True)).to_have_value("red")
    page.get_by_role("button", name="Remove /products/0/price").click()
    page.get_by_label("Message").fill("Warm")
    page.get_by_role("button", name="Make the images").click()
    expect(page.get_by_text("3 things are to be mended first.")).to_be_visible()
    expect(page.get_by_label("Message")).to_have_value("Warm")


def test_a_fault_is_at_its_field_as_one_types(page) -> None:
    page.goto("/creative/new")
    name = page.get_by_label("Campaign name")
    name.fill("a b")
    expect(page.get_by_text("Letters, digits, - and _ only")).to_be_visible()
    expect(page.get_by_text("This is needed.")).to_have_count(0)  # not reached yet
    name.fill("a-b")
    expect(page.get_by_text("Letters, digits, - and _ only")).to_be_hidden()
    page.get_by_label("Text colour", exact=True).fill("#ffffff")
    page.get_by_label("Background", exact=True).fill("#fafafa")
    expect(page.get_by_text("hard to read")).to_be_visible()


def test_what_is_no_json_is_named_and_the_form_stays(page) -> None:
    page.goto("/creative/new")
    page.get_by_label("Campaign name").fill("kept")
    drop(page, '{"campaign_id": ', name="broken.json")
    expect(page.get_by_text("broken.json could not be read as a brief.")).to_be_visible()
    expect(page.get_by_label("Campaign name")).to_have_value("kept")


def test_a_product_takes_a_picture_of_its_own(page, api) -> None:
    from headgate.apps.creative import sample

    page.goto("/creative/new")
    brief = a_brief(products=[{"name": "Mug"}])
    drop(page, json.dumps(brief))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a picture").click()
    file = {"name": "my mug.png", "mimeType": "image/png", "buffer": sample.asset()}
    chooser.value.set_files([file])
    expect(page.get_by_role("img", name="The product's own picture")).to_be_visible()
    expect(page.get_by_text("its own picture", exact=True)).to_be_visible()
    path = page.get_by_label("Own picture").input_value()
    assert path.startswith(brief["campaign_id"] + "/")
    assert api.send("HEAD", f"/objects/existing-assets/{path}").status == 200


def test_a_rejected_brief_shows_each_fault_with_its_place_and_the_way_to_mend_it(page, api) -> None:
    page.goto(f"/creative/{rejected(api)}")
    for place in ("/campaign_id", "/campaign_message", "/products/0/name"):
        expect(page.get_by_role("row").filter(has_text=place)).to_be_visible()
    page.get_by_role("link", name="Mend it in the form").click()
    expect(page.get_by_label("Campaign name")).to_have_value("no spaces")
    expect(page.get_by_text("3 things are to be mended first.")).to_be_visible()


def test_the_safe_areas_are_drawn_where_the_formats_have_them(page, api) -> None:
    run = run_of(api, a_brief())
    page.goto(f"/creative/{run}")
    expect(images(page)).to_have_count(5)
    assert page.get_by_role("img", name=re.compile("^Safe area")).count() == 0
    page.get_by_role("switch", name="Show the safe areas").check()
    expect(page).to_have_url(re.compile("safe=on"))
    expect(page.get_by_role("img", name=re.compile("^Safe area"))).to_have_count(5)
    formats = api.get(f"/creative/campaigns/{run}").json["formats"]
    for index, format_ in enumerate(formats):
        figure = page.get_by_role("figure").nth(index)
        image = figure.locator("img").bounding_box()
        area = figure.get_by_role("img", name=re.compile("^Safe area")).bounding_box()
        left, top, width, height = format_["safe"]
        scale = image["width"] / format_["width"]
        assert area["x"] - image["x"] == pytest.approx(left * scale, abs=2)
        assert area["y"] - image["y"] == pytest.approx(top * scale, abs=2)
        assert area["width"] == pytest.approx(width * scale, abs=2)
        assert area["height"] == pytest.approx(height * scale, abs=2)


def test_the_zip_holds_what_the_gallery_shows(page, api) -> None:
    run = run_of(api, a_brief())
    page.goto(f"/creative/{run}")
    expect(images(page)).to_have_count(5)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all").click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    shown = [page.request.get(address).body() for address in addresses(page).values()]
    inside = [archive.read(name) for name in archive.namelist() if name.endswith(".jpg")]
    assert archive.testzip() is None
    assert sorted(inside) == sorted(shown)
    assert json.loads(archive.read("manifest.json"))["run_id"] == run


def test_one_image_is_made_again_and_the_others_stay(page, api) -> None:
    run = run_of(api, a_brief())
    page.goto(f"/creative/{run}")
    expect(images(page)).to_have_count(5)
    before = addresses(page)
    page.get_by_role("button", name=re.compile("Compose again: .*, Instagram story")).click()
    expect(page.get_by_text("is being composed again")).to_be_visible()
    story = next(name for name in before if name.endswith("Instagram story"))
    page.wait_for_function(
        "([alt, src]) => document.querySelector(`img[alt='${alt}']`)?.src !== src",
        arg=[story, before[story]],
        timeout=30_000,
    )
    expect(page.get_by_text("complete")).to_be_visible(timeout=30_000)
    after = addresses(page)
    assert [name for name in before if before[name] != after[name]] == [story]


def test_another_picture_says_what_it_replaces_and_then_does(page, api) -> None:
    run = run_of(api, a_brief())
    page.goto(f"/creative/{run}")
    expect(images(page)).to_have_count(5)
    before = addresses(page)
    page.get_by_role("button", name="Another picture").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("for $0.00")).to_be_visible()
    dialog.get_by_role("button", name="Make another picture").click()
    expect(dialog).to_be_hidden()
    page.wait_for_function(
        "old => [...document.querySelectorAll('main figure img')]"
        ".filter((i) => !old.includes(i.src)).length === 5",
        arg=list(before.values()),
        timeout=30_000,
    )
    page.get_by_text("Picture and prompt").click()
    expect(page.get_by_text("Take")).to_be_visible()


def test_the_gallery_by_keyboard(page, api) -> None:
    run = run_of(api, a_brief())
    page.goto(f"/creative/{run}")
    expect(images(page)).to_have_count(5)
    tiles = page.get_by_role("button", name=re.compile("^Look closer"))
    tiles.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("2 of 5")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_text("3 of 5")).to_be_visible()
    expect(dialog.get_by_role("img", name="Facebook feed")).to_be_visible()
    dialog.get_by_role("button", name="Original size").click()
    assert dialog.get_by_role("img").evaluate("i => i.width") == 1200
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(tiles.nth(1)).to_be_focused()


def test_two_images_side_by_side(page, api) -> None:
    run = run_of(api, a_brief())
    page.goto(f"/creative/{run}")
    compare = page.get_by_role("button", name="Compare", exact=True)
    expect(compare).to_be_disabled()
    page.get_by_role("checkbox", name=re.compile("Instagram square")).check()
    page.get_by_role("checkbox", name=re.compile("Facebook feed")).check()
    compare.click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_have_count(2)
    page.reload()
    expect(page.get_by_role("dialog").get_by_role("img")).to_have_count(2)


def test_a_failed_product_says_why_and_is_tried_again(page, api) -> None:
    from headgate.apps.creative import sample

    path = f"{unique('late')}.png"
    brief = a_brief(products=[{"name": "Late", "existing_assets": path}])
    run = run_of(api, brief)
    page.goto(f"/creative/{run}")
    expect(page.get_by_text("This product failed.")).to_be_visible()
    headers = {"content-type": "image/png"}
    api.send("PUT", f"/objects/existing-assets/{path}", body=sample.asset(), headers=headers)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("complete")).to_be_visible(timeout=30_000)
    expect(images(page)).to_have_count(5)


def test_the_sample_runs_from_the_list_and_is_found_there(page) -> None:
    page.goto("/creative")
    page.get_by_role("button", name="Run the sample").click()
    expect(page).to_have_url(_RUN)
    expect(page.get_by_text("complete")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Creative").first.click()
    page.get_by_role("searchbox", name="Campaign or message").fill("pressed this morning")
    expect(page.get_by_role("link", name="orchard-summer").first).to_be_visible()
    expect(page.get_by_text("15 of 15").first).to_be_visible()
    page.get_by_role("searchbox", name="Campaign or message").fill("no such campaign")
    expect(page.get_by_text("No campaign matches.")).to_be_visible()


def test_a_run_that_is_not_there_says_so(page) -> None:
    page.goto("/creative/00000000-0000-4000-8000-000000000000")
    expect(page.get_by_text("There is no such thing.")).to_be_visible()


def pages(api: Api) -> dict[str, str]:
    """The pages of the area, with data on them."""
    run = run_of(
        api, a_brief(products=[{"name": "Tea"}, {"name": "Gone", "existing_assets": "no"}])
    )
    return {
        "/creative": "Creative",
        "/creative/new": "New campaign",
        f"/creative/{run}?safe=on": "Tea",
        f"/creative/{run}?tab=checks": "Contrast",
        f"/creative/{run}?tab=costs": "Ledger",
        f"/creative/{run}?tab=manifest": "The file",
        f"/creative/{rejected(api)}": "rejected",
    }


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_no_page_has_an_accessibility_fault(page, api) -> None:
    faults = {}
    for path, word in pages(api).items():
        page.goto(path)
        expect(page.locator("main").get_by_text(word).first).to_be_visible()
        faults[path] = accessibility_faults(page)
    page.goto(next(path for path in faults if "safe" in path))
    page.get_by_role("button", name=re.compile("^Look closer")).first.click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    faults["zoom"] = accessibility_faults(page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_a_narrow_screen_has_no_sideways_scroll(page, api) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    wide = {}
    for path, word in pages(api).items():
        page.goto(path)
        expect(page.locator("main").get_by_text(word).first).to_be_visible()
        wide[path] = sideways_scroll(page)
    assert {path: by for path, by in wide.items() if by} == {}


def test_nothing_bypasses_the_catalogue_of_texts(page, api) -> None:
    left = {}
    for path in pages(api):
        page.goto(path + ("&" if "?" in path else "?") + "lang=en-XA")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(700)
        left[path] = english_left(page)
    assert {path: texts for path, texts in left.items() if texts} == {}
