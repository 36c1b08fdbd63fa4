"""Queues and workers: what waits, what holds it, pausing and going on."""

import re
from collections.abc import Iterator

import pytest
from http_client import Api, unique
from looks import accessibility_faults, english_left, sideways_scroll

expect = pytest.importorskip("playwright.sync_api").expect

_PAGES = ("/queues", "/queues/tiny.park", "/queues?tab=workers")


@pytest.fixture
def park(api: Api) -> Iterator[str]:
    """A job with a task; it goes on when the test ends."""
    api.order("succeed", source="parked", key=unique("waits"))
    yield "tiny.park"
    api.post("/jobs/tiny.park/resume")


def _content(page):
    main = page.get_by_role("main")  # the navigation has regions, too
    return main.get_by_role("table").or_(main.get_by_role("region")).first


def _ready(page) -> None:
    expect(_content(page)).to_be_visible()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", _PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_the_pages_have_no_accessibility_fault(page, api: Api, park: str, path: str) -> None:
    api.post(f"/jobs/{park}/pause")
    page.goto(path)
    _ready(page)
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("path", _PAGES)
def test_a_narrow_screen_shows_all_without_scrolling_sideways(page, park: str, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(path)
    expect(_content(page)).to_be_visible()
    assert sideways_scroll(page) == 0


@pytest.mark.parametrize("path", _PAGES)
def test_nothing_bypasses_the_catalogue_of_texts(page, api: Api, park: str, path: str) -> None:
    api.post(f"/jobs/{park}/pause")
    page.goto(path + ("&" if "?" in path else "?") + "lang=en-XA")
    expect(_content(page)).to_be_visible()
    assert english_left(page) == []


def test_a_queue_is_paused_from_the_list_and_undo_lets_it_go_on(page, api: Api, park: str) -> None:
    page.goto("/queues?q=tiny.park")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=park))
    row.get_by_role("button", name=f"Pause {park}").click()

    expect(row.get_by_text("paused", exact=True)).to_be_visible()
    expect(row.get_by_text(f"The job {park} is paused")).to_be_visible()
    assert api.get(f"/queues/{park}").json["paused"]

    page.get_by_role("button", name="Undo").click()

    expect(row.get_by_role("button", name=f"Pause {park}")).to_be_visible()
    expect(row.get_by_text("paused", exact=True)).to_have_count(0)
    assert not api.get(f"/queues/{park}").json["paused"]


def test_what_others_do_shows_without_reload(page, api: Api, park: str) -> None:
    page.goto(f"/queues/{park}")
    expect(page.get_by_role("button", name=f"Pause {park}")).to_be_visible()

    api.post(f"/jobs/{park}/pause")

    holds = page.get_by_role("region", name="What holds it")
    expect(holds.get_by_text(f"The job {park} is paused")).to_be_visible()
    expect(holds.get_by_text(f"headgate queue resume {park}")).to_be_visible()

    api.until(lambda: api.get(f"/queues/{park}").json["running"] == 0)
    waits = api.get(f"/queues/{park}").json["waiting"]
    api.order("succeed", source="parked", key=unique("waits"))
    figure = page.locator("dl div").filter(has=page.get_by_text("Waiting", exact=True))
    expect(figure).to_contain_text(str(waits + 1))


def test_the_address_holds_the_filters(page, api: Api, park: str) -> None:
    page.goto("/queues")
    page.get_by_role("searchbox", name="Part of a job's name").fill("tiny.pa")
    expect(page).to_have_url(re.compile(r"q=tiny\.pa"))
    page.get_by_label("State").select_option("paused")
    expect(page.get_by_text("No queue is like this.")).to_be_visible()

    api.post(f"/jobs/{park}/pause")
    expect(page.get_by_role("link", name=park)).to_be_visible()
    expect(page).to_have_url(re.compile("state=paused"))
    page.reload()
    expect(page.get_by_role("link", name=park)).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_no_queue_of_that_name_is_said(page) -> None:
    page.goto("/queues?q=nothing-has-this-name")
    expect(page.get_by_text("No queue is like this.")).to_be_visible()


def test_a_queue_is_opened_by_keyboard(page, park: str) -> None:
    page.goto("/queues?q=tiny.")
    page.locator("tbody tr").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/queues/tiny\."))
    expect(page.get_by_role("region", name="Limits")).to_be_visible()


def test_a_queue_shows_its_depth_over_time(page, api: Api, park: str) -> None:
    api.until(lambda: api.get(f"/queues/{park}", hours=1).json["flow"]["points"], seconds=60)
    page.goto(f"/queues/{park}")
    chart = page.get_by_role("img", name=re.compile(f"Tasks of {park} over time"))
    expect(chart).to_be_visible()
    page.get_by_label("Last", exact=True).select_option("24 hours")
    expect(page).to_have_url(re.compile("hours=24"))


def test_workers_say_whether_they_live_and_what_they_run(page) -> None:
    page.goto("/queues")
    page.get_by_role("link", name="Workers").click()
    expect(page.get_by_role("heading", name="Workers", level=1)).to_be_visible()
    expect(page.get_by_text("alive", exact=True).first).to_be_visible()


def test_a_queue_that_is_not_there_says_so(page) -> None:
    page.goto("/queues/tiny.nothing")
    expect(page.get_by_role("alert")).to_contain_text("There is no job tiny.nothing.")
