"""Health: the parts of the server in words, also when they do not work."""

import json

import pytest
from looks import accessibility_faults, english_left, sideways_scroll

expect = pytest.importorskip("playwright.sync_api").expect

_AWAY = {
    "status": "unavailable",
    "database": "away",
    "problems": ["The database does not answer."],
    "warnings": [],
}


def _part(page, name: str):
    return page.get_by_role("row").filter(has=page.get_by_role("cell", name=name, exact=True))


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_the_page_has_no_accessibility_fault(page) -> None:
    page.goto("/health")
    expect(_part(page, "Database")).to_be_visible()
    assert accessibility_faults(page) == []


def test_a_narrow_screen_shows_all_without_scrolling_sideways(page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/health")
    expect(page.get_by_text("headgate doctor", exact=True).last).to_be_visible()
    assert sideways_scroll(page) == 0


def test_nothing_bypasses_the_catalogue_of_texts(page) -> None:
    page.goto("/health?lang=en-XA")
    expect(page.locator("tbody tr").nth(5)).to_be_visible()
    assert english_left(page) == []


def test_each_part_has_its_state_in_words(page) -> None:
    page.goto("/health")
    expect(_part(page, "Server").get_by_text("answers")).to_be_visible()
    expect(_part(page, "Database").get_by_text("PostgreSQL")).to_be_visible()
    expect(_part(page, "Dispatcher").get_by_text("keeps up")).to_be_visible()
    expect(_part(page, "Files").get_by_text("a folder")).to_be_visible()
    expect(_part(page, "Workers").get_by_text("alive")).to_be_visible()
    expect(_part(page, "Upkeep")).to_be_visible()
    expect(page.get_by_role("link", name="What it can be asked")).to_have_attribute("href", "/api")


def test_a_database_that_is_away_is_said_with_what_to_do(page) -> None:
    page.route("**/healthz", lambda r: r.fulfill(status=503, json=_AWAY))
    page.route("**/api/v1/status", lambda r: r.fulfill(status=503, body=_problem()))
    page.goto("/health")
    expect(page.get_by_text("does not work", exact=True)).to_be_visible()
    expect(_part(page, "Database").get_by_text("away", exact=True)).to_be_visible()
    expect(_part(page, "Database").get_by_text("The database does not answer.")).to_be_visible()
    expect(page.get_by_text("headgate doctor", exact=True).last).to_be_visible()


def test_warnings_of_upkeep_are_shown(page) -> None:
    warned = {
        "status": "ok",
        "database": "ok",
        "problems": [],
        "warnings": ["A transaction is open."],
    }
    page.route("**/healthz", lambda r: r.fulfill(json=warned))
    page.goto("/health")
    expect(_part(page, "Upkeep").get_by_text("1 warning")).to_be_visible()
    expect(_part(page, "Upkeep").get_by_text("A transaction is open.")).to_be_visible()


def test_a_server_that_does_not_answer_is_said(page) -> None:
    page.route("**/healthz", lambda r: r.abort())
    page.goto("/health")
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer.")


def _problem() -> str:
    return json.dumps({"title": "The database does not answer.", "status": 503})
