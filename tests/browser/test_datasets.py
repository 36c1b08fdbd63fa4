"""Datasets: the list, one dataset by its tabs, what an invalidation touches and brings about."""

import re

import pytest
from http_client import unique
from looks import accessibility_faults, english_left, sideways_scroll
from strip import Strip

expect = pytest.importorskip("playwright.sync_api").expect

TABS = ("", "?tab=events", "?tab=history&days=1", "?tab=lineage", "?tab=impact&at=205-224")


@pytest.fixture
def strip(api):
    with Strip(api) as worker:
        yield worker


@pytest.fixture
def stale(strip) -> None:
    """Datasets with work under way, so that each page has something to show."""
    strip.fill(200, 239)
    strip.invalidate(200, 209)


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_the_list_has_no_accessibility_fault(page, stale) -> None:
    page.goto("/datasets?q=strip")
    expect(page.get_by_role("link", name="strip.logs")).to_be_visible()
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
@pytest.mark.parametrize("tab", TABS)
def test_a_dataset_has_no_accessibility_fault(page, stale, tab) -> None:
    page.goto(f"/datasets/strip.logs{tab}")
    expect(page.get_by_role("heading", name="strip.logs", level=1)).to_be_visible()
    _shown(page, tab)
    assert accessibility_faults(page) == []


def test_nothing_scrolls_sideways_on_a_narrow_screen_or_at_twice_the_size(page, stale) -> None:
    for path in ("/datasets?q=strip", *(f"/datasets/strip.logs{tab}" for tab in TABS)):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if tab := path.partition("logs")[2]:
            _shown(page, tab)
        for width in (390, 640):  # the second one is 1280 at a zoom of 200 %
            page.set_viewport_size({"width": width, "height": 800})
            assert sideways_scroll(page) == 0, (path, width)


def test_nothing_bypasses_the_catalogue_of_texts(page, stale) -> None:
    for path in ("/datasets?q=strip&lang=en-XA", *(f"/datasets/strip.logs{tab}" for tab in TABS)):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(600)
        assert english_left(page) == [], path


def test_filters_in_the_address_restore_the_view(page, strip) -> None:
    page.goto("/datasets")
    page.get_by_role("searchbox", name="Name").fill("strip.wal")
    page.get_by_role("combobox", name="Freshness").select_option("fresh")
    expect(page).to_have_url(re.compile("fresh=yes"))
    expect(page).to_have_url(re.compile(r"q=strip\.wal"))
    expect(page.get_by_role("row")).to_have_count(2)
    page.reload()
    expect(page.get_by_role("searchbox", name="Name")).to_have_value("strip.wal")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("link", name="strip.wallets", exact=True)).to_be_visible()


def test_a_filter_that_nothing_fits_says_so(page) -> None:
    page.goto("/datasets?q=no-such-dataset")
    expect(page.get_by_text("No dataset is like this.")).to_be_visible()


def test_a_dataset_that_is_not_there_says_so(page) -> None:
    page.goto("/datasets/strip.nothing")
    expect(page.get_by_role("alert")).to_contain_text("There is no dataset strip.nothing.")


def test_a_stale_dataset_says_what_and_why_and_becomes_fresh_without_reload(page, strip) -> None:
    strip.fill(300, 319)
    event = strip.invalidate(300, 309)
    page.goto("/datasets/strip.daily")
    expect(page.get_by_role("heading", name="What is stale")).to_be_visible()
    expect(page.get_by_text("300–309", exact=True).first).to_be_visible()
    expect(page.get_by_role("heading", name="What made it stale")).to_be_visible()
    strip.run_until_rest(event)
    expect(page.get_by_role("heading", name="What is stale")).to_have_count(0)


def test_columns_with_personal_data_are_marked(page, strip) -> None:
    page.goto("/datasets/strip.wallets")
    marked = page.get_by_role("row", name=re.compile("owner_email"))
    expect(marked).to_contain_text("personal data")
    expect(page.get_by_role("row", name=re.compile("balance"))).not_to_contain_text("personal")


def test_the_lineage_leads_to_a_job_and_to_a_dataset(page, strip) -> None:
    page.goto("/datasets/strip.logs?tab=lineage")
    page.get_by_role("link", name=re.compile("^dataset strip.tokens")).click()
    expect(page).to_have_url(re.compile(r"/datasets/strip\.tokens\?tab=lineage"))
    page.get_by_role("link", name=re.compile("^job strip.figures")).press("Enter")
    expect(page).to_have_url(re.compile(r"/jobs/strip\.figures$"))


def test_an_invalidation_shows_its_impact_first_and_then_comes_to_rest(page, strip, api) -> None:
    strip.fill(400, 439)
    page.goto("/datasets/strip.blocks?tab=impact")
    page.get_by_role("textbox", name="Range").fill("405-424")
    page.get_by_role("button", name="Show what it touches").click()
    expect(page.get_by_text("4 datasets become stale; 13 tasks of 4 jobs run")).to_be_visible()
    jobs = page.get_by_role("table", name="Jobs that run again")
    expect(jobs.get_by_role("row", name=re.compile(r"strip\.price"))).to_contain_text("405–424")
    expect(jobs.get_by_role("row", name=re.compile(r"strip\.price .* 4 "))).to_be_visible()

    page.get_by_role("button", name="Invalidate…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("13")
    dialog.get_by_role("button", name="Invalidate", exact=True).click()

    expect(page).to_have_url(re.compile(r"/events/\d+\?tab=cascade"))
    expect(page.get_by_text("goes on", exact=True)).to_be_visible()
    expect(page).to_have_title(re.compile("^0%"))
    strip.run_until_rest(int(re.search(r"/events/(\d+)", page.url)[1]))
    expect(page.get_by_text("at rest", exact=True)).to_be_visible()
    expect(page).to_have_title(re.compile("^Event"))
    expect(page.get_by_role("region", name="Hop 1")).to_contain_text("3 of 3 tasks done")
    expect(page.get_by_role("region", name="Hop 2")).to_contain_text("7 of 7 tasks done")
    expect(page.get_by_role("region", name="Hop 3")).to_contain_text("3 of 3 tasks done")
    expect(page.get_by_role("link", name=re.compile("^job strip.price, 4 of 4"))).to_be_visible()


def test_a_range_that_is_none_is_said_at_its_field(page, strip) -> None:
    page.goto("/datasets/strip.blocks?tab=impact")
    page.get_by_role("textbox", name="Range").fill("9-3")
    expect(page.get_by_text("A range is its first and last, as 10-19.")).to_be_visible()
    expect(page.get_by_role("button", name="Show what it touches")).to_be_disabled()


def test_the_palette_finds_a_dataset_by_its_name(page, strip) -> None:
    page.goto("/datasets")
    expect(page.get_by_role("heading", name="Datasets", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="A page").fill("strip.tok")
    page.get_by_role("option", name="strip.tokens dataset").click()
    expect(page.get_by_role("heading", name="strip.tokens", level=1)).to_be_visible()


def test_events_of_a_dataset_appear_without_reload(page, strip, api) -> None:
    page.goto("/datasets/strip.wallets?tab=events")
    expect(page.get_by_role("searchbox")).to_have_count(0)
    key = unique("wallet")
    sent = api.post("/sources/strip/wallets/events", {"key": key})
    assert sent.status == 202
    expect(page.get_by_text(key, exact=True)).to_be_visible()


def _shown(page, tab: str) -> None:
    """Wait for what a tab is about."""
    seen = {
        "": page.get_by_role("heading", name="Facts"),
        "?tab=events": page.get_by_role("table", name="Events"),
        "?tab=history&days=1": page.get_by_role("img", name=re.compile("Events over time")),
        "?tab=lineage": page.get_by_role("link", name=re.compile("^job strip.decode")),
        "?tab=impact&at=205-224": page.get_by_role("table", name="Jobs that run again"),
    }
    expect(seen[tab]).to_be_visible()
