"""The shell: navigation, palette, stream, colours, errors, whatever page is shown."""

import re

import pytest
from looks import accessibility_faults, english_left, sideways_scroll

expect = pytest.importorskip("playwright.sync_api").expect


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_a_page_has_no_accessibility_fault(page) -> None:
    page.goto("/health")
    expect(page.get_by_role("heading", name="Health")).to_be_visible()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    assert accessibility_faults(page) == []


def test_an_address_that_leads_nowhere_says_so_and_leads_home(page) -> None:
    page.goto("/no/such/page")
    page.get_by_role("link", name="Go to the overview").click()
    expect(page).to_have_url(re.compile("/$"))


def test_the_palette_goes_to_a_page_by_a_few_letters(page) -> None:
    page.goto("/health")
    expect(page.get_by_role("link", name="Health")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("heal")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Health", level=1)).to_be_visible()


def test_escape_closes_the_palette_and_gives_the_focus_back(page) -> None:
    page.goto("/health")
    finder = page.get_by_role("button", name="Find or go to")
    finder.press("Enter")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(finder).to_be_focused()


def test_colours_are_chosen_and_kept(page) -> None:
    page.goto("/health")
    page.get_by_role("button", name="Colours: as the system").click()
    page.get_by_role("button", name="Colours: light").click()
    page.reload()
    expect(page.get_by_role("button", name="Colours: dark")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_narrow_screen_has_a_menu_and_no_sideways_scroll(page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/health")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Health")).to_be_visible()
    assert sideways_scroll(page) == 0


def test_nothing_bypasses_the_catalogue_of_texts(page) -> None:
    page.goto("/health?lang=en-XA")
    expect(page.get_by_role("status").first).to_be_visible()
    page.wait_for_timeout(500)
    assert english_left(page) == []


def test_eight_tabs_share_one_stream(page) -> None:
    context = page.context
    streams = []
    context.on("request", lambda r: streams.append(r.url) if "/api/v1/stream" in r.url else None)
    tabs = [page, *(context.new_page() for _ in range(7))]
    for tab in tabs:
        tab.goto("/health")
    for tab in tabs:
        expect(tab.get_by_text("Live", exact=True)).to_be_visible()
    assert len(streams) == 1
