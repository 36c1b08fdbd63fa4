"""Operations: how far they are while they run, what came of them, cancelling one."""

import re
from collections.abc import Iterator

import pytest
from http_client import Api, unique
from looks import accessibility_faults, english_left, sideways_scroll

expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture(autouse=True)
def paused(api: Api) -> Iterator[None]:
    """Let nobody take the tasks that are to be acted on."""
    api.post("/jobs/tiny.park/pause")
    yield
    api.post("/jobs/tiny.park/resume")


def _act(api: Api, tasks: int, *, rate: float) -> str:
    """Cancel so many parked tasks at this rate a second; return the operation's id."""
    ids = [api.order("succeed", source="parked", key=unique("op")) for _ in range(tasks)]
    asked = {"action": "cancel", "filter": {"ids": ids}, "rate_per_second": rate}
    return str(api.post("/tasks/bulk", asked).headers["location"]).rpartition("/")[2]


@pytest.fixture
def slow(api: Api) -> str:
    """An operation that runs until it is cancelled."""
    return _act(api, 2, rate=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_the_pages_have_no_accessibility_fault(page, slow: str) -> None:
    for path in ("/operations", f"/operations/{slow}"):
        page.goto(path)
        expect(page.get_by_role("progressbar").first).to_be_visible()
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        assert accessibility_faults(page) == []


def test_a_narrow_screen_shows_all_without_scrolling_sideways(page, slow: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for path in ("/operations", f"/operations/{slow}"):
        page.goto(path)
        expect(page.get_by_role("progressbar").first).to_be_visible()
        assert sideways_scroll(page) == 0


def test_nothing_bypasses_the_catalogue_of_texts(page, slow: str) -> None:
    for path in ("/operations", f"/operations/{slow}"):
        page.goto(f"{path}?lang=en-XA")
        expect(page.get_by_role("progressbar").first).to_be_visible()
        assert english_left(page) == []


def test_an_operation_is_followed_to_its_end(page, api: Api) -> None:
    operation = _act(api, 4, rate=1)
    page.goto(f"/operations/{operation}")
    expect(page).to_have_title(re.compile(r"^\d+% · Act on many tasks"))
    expect(page.get_by_text(re.compile(r"^[123] of 4 \("))).to_be_visible()
    page.reload()
    expect(page.get_by_text("4 of 4 (100%)")).to_be_visible()
    expect(page.get_by_text("succeeded", exact=True)).to_be_visible()
    expect(page).to_have_title(re.compile("^Act on many tasks"))


def test_the_list_follows_as_well_and_leads_to_the_operation(page, api: Api, slow: str) -> None:
    page.goto("/operations?state=running")
    row = page.get_by_role("row").filter(has=page.locator(f"a[href='/operations/{slow}']"))
    expect(row.get_by_text("running", exact=True)).to_be_visible()

    api.post(f"/operations/{slow}/cancel")

    expect(row).to_have_count(0)
    page.get_by_label("State").select_option("cancelled")
    row.get_by_role("link", name="Act on many tasks").click()
    expect(page).to_have_url(re.compile(slow))
    expect(page.get_by_text("cancelled", exact=True)).to_be_visible()


def test_an_operation_is_cancelled_after_it_was_asked(page, slow: str) -> None:
    page.goto(f"/operations/{slow}")
    page.get_by_role("button", name="Cancel…").click()
    dialog = page.get_by_role("dialog", name="Cancel this operation?")
    expect(dialog.get_by_text(f"headgate operation cancel {slow}")).to_be_attached()
    dialog.get_by_role("button", name="Cancel the operation").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("cancelled", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Cancel…")).to_have_count(0)


def test_no_operation_of_that_kind_is_said(page) -> None:
    page.goto("/operations?kind=nothing")
    expect(page.get_by_text("No operation is like this.")).to_be_visible()


def test_an_operation_that_is_not_there_says_so(page) -> None:
    page.goto("/operations/00000000-0000-4000-8000-000000000000")
    expect(page.get_by_role("alert")).to_contain_text("There is no operation")
