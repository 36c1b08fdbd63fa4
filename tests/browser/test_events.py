"""Events: the stream with its filters, one event, what followed from it, sending one."""

import re

import pytest
from http_client import unique
from looks import accessibility_faults, english_left, sideways_scroll
from strip import Strip

expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def strip(api):
    with Strip(api) as worker:
        yield worker


@pytest.fixture
def going_on(strip) -> int:
    """Return an event of which some tasks are done and others are still to come."""
    event = strip.send(600, 629)
    strip.run()
    return event


def _paths(event: int) -> tuple[str, ...]:
    return ("/events?kind=update", f"/events/{event}", f"/events/{event}?tab=cascade")


def _shown(page, path: str) -> None:
    """Wait for what a page is about."""
    if "tab=cascade" in path:
        expect(page.get_by_role("region", name="Hop 1")).to_be_visible()
    elif path.startswith("/events?"):
        expect(page.get_by_role("table", name="Events")).to_be_visible()
    else:
        expect(page.get_by_role("table", name="Who read it")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_the_pages_have_no_accessibility_fault(page, going_on) -> None:
    for path in _paths(going_on):
        page.goto(path)
        _shown(page, path)
        assert accessibility_faults(page) == [], path


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_the_dialog_has_no_accessibility_fault(page, strip) -> None:
    page.goto("/events?send=strip.blocks")
    expect(page.get_by_role("dialog").get_by_text("It makes work for")).to_be_visible()
    assert accessibility_faults(page) == []


def test_nothing_scrolls_sideways_on_a_narrow_screen_or_at_twice_the_size(page, going_on) -> None:
    for path in (*_paths(going_on), "/events?when=between&task=1"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(300)
        for width in (390, 640):  # the second one is 1280 at a zoom of 200 %
            page.set_viewport_size({"width": width, "height": 800})
            assert sideways_scroll(page) == 0, (path, width)


def test_nothing_bypasses_the_catalogue_of_texts(page, going_on) -> None:
    page.goto("/events?lang=en-XA")
    for path in (*_paths(going_on), "/events?when=between&send=strip.blocks"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(600)
        assert english_left(page) == [], path


def test_a_new_event_appears_without_reload(page, strip, api) -> None:
    page.goto("/events?dataset=strip.wallets")
    expect(page.get_by_role("heading", name="Events", level=1)).to_be_visible()
    key = unique("stream")
    assert api.post("/sources/strip/wallets/events", {"key": key}).status == 202
    expect(page.get_by_text(key, exact=True)).to_be_visible()


def test_filters_in_the_address_restore_the_view(page, strip, api) -> None:
    key = unique("filtered")
    assert api.post("/sources/strip/wallets/events", {"key": f"{key}/a"}).status == 202
    assert api.post("/sources/strip/wallets/events", {"key": unique("other")}).status == 202
    page.goto("/events")
    page.get_by_role("combobox", name="Dataset").fill("strip.wallets")
    page.get_by_role("combobox", name="Kind").select_option("update")
    page.get_by_role("searchbox", name="How the key begins").fill(f"{key}/")
    expect(page.get_by_role("row")).to_have_count(2)
    page.reload()
    expect(page.get_by_role("combobox", name="Dataset")).to_have_value("strip.wallets")
    expect(page.get_by_role("searchbox", name="How the key begins")).to_have_value(f"{key}/")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("combobox", name="Kind").select_option("invalidation")
    expect(page.get_by_text("No event is like this.")).to_be_visible()


def test_a_filter_stays_while_the_list_follows(page, strip, api) -> None:
    page.goto("/events?dataset=strip.blocks&range=700-709")
    expect(page.get_by_text("No event is like this.")).to_be_visible()
    assert api.post("/sources/strip/wallets/events", {"key": unique("not-this")}).status == 202
    strip.send(705, 707)
    strip.send(710, 719)
    expect(page.get_by_text("705–707", exact=True)).to_be_visible()
    page.wait_for_timeout(2600)
    expect(page.get_by_role("row")).to_have_count(2)


def test_a_range_that_is_none_is_said(page) -> None:
    page.goto("/events?range=x")
    expect(page.get_by_role("alert")).to_contain_text("A range is its first and last")


def test_an_event_that_is_not_there_says_so(page) -> None:
    page.goto("/events/987654321")
    expect(page.get_by_role("alert")).to_contain_text("There is no such thing.")


def test_an_event_is_sent_and_its_task_is_seen(page, api) -> None:
    api.order("succeed")  # the DAG is there
    key = unique("sent")
    page.goto("/events")
    page.get_by_role("button", name="Send an event…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Source").select_option("tiny.order")
    dialog.get_by_role("textbox", name="Key").fill(key)
    dialog.get_by_role("textbox", name="Payload").fill("{no json")
    expect(dialog.get_by_text("This is no JSON")).to_be_visible()
    expect(dialog.get_by_role("button", name="Send it")).to_be_disabled()
    dialog.get_by_role("textbox", name="Payload").fill('{"do": "succeed"}')
    expect(dialog.get_by_role("link", name="tiny.act")).to_be_visible()
    dialog.get_by_role("button", name="Send it").click()

    expect(page).to_have_url(re.compile(r"/events/\d+$"))
    readers = page.get_by_role("table", name="Who read it")
    expect(readers.get_by_role("link", name="tiny.act")).to_be_visible()
    expect(readers.get_by_text("succeeded")).to_be_visible()
    expect(page.get_by_text('"do": "succeed"')).to_be_visible()


def test_escape_closes_the_dialog_and_gives_the_focus_back(page) -> None:
    page.goto("/events")
    button = page.get_by_role("button", name="Send an event…")
    button.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_an_event_that_a_task_emitted_leads_to_it(page, strip, api) -> None:
    strip.fill(800, 809)
    emitted = api.get("/events", dataset="strip.logs", range="800:810").json["items"][0]
    page.goto(f"/events/{emitted['id']}")
    page.get_by_role("link", name=f"task {emitted['producer_task']}").click()
    expect(page).to_have_url(re.compile(rf"/tasks/{emitted['producer_task']}$"))


def test_the_cascade_says_what_is_done_and_what_is_to_come(page, going_on) -> None:
    page.goto(f"/events/{going_on}?tab=cascade")
    first = page.get_by_role("region", name="Hop 1")
    expect(first).to_contain_text("3 of 3 tasks done")
    expect(page.get_by_text("goes on", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Hop 2")).to_contain_text("to run")


def test_the_palette_finds_an_event_by_its_number(page, going_on) -> None:
    page.goto("/events")
    expect(page.get_by_role("heading", name="Events", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="A page").fill(str(going_on))
    page.get_by_role("option", name=f"Event {going_on} of strip.blocks").click()
    expect(page.get_by_role("heading", name=f"Event {going_on}", level=1)).to_be_visible()
