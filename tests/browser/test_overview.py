"""The overview: figures, what needs attention, how work flows, what ended; and a server that goes."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from http_client import Api, unique
from looks import accessibility_faults, english_left, sideways_scroll
from tiny_app import app as tiny

from headgate.config import Settings, WorkerSettings
from served import Served

expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def letter(api: Api) -> int:
    """A task that has failed for good."""
    task = api.order("refuse", unless=unique("never/there"))
    api.state(task, "dead")
    return task


def _ready(page) -> None:
    expect(
        page.get_by_role("region", name="Needs attention").get_by_role("link").first
    ).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Tasks that wait and run"))).to_be_visible()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()


@pytest.fixture
def sampled(api: Api, letter: int) -> None:
    """Wait for the first figures of the charts, which come after some ten seconds."""
    api.until(lambda: api.get("/flow", minutes=15).json["points"], seconds=60)


@pytest.mark.usefixtures("sampled")
@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_the_page_has_no_accessibility_fault(page) -> None:
    page.goto("/?minutes=15")
    _ready(page)
    assert accessibility_faults(page) == []


@pytest.mark.usefixtures("sampled")
def test_a_narrow_screen_shows_all_without_scrolling_sideways(page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/?minutes=15")
    expect(page.get_by_role("region", name="Ended last")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Tasks that wait and run"))).to_be_visible()
    assert sideways_scroll(page) == 0


@pytest.mark.usefixtures("sampled")
def test_nothing_bypasses_the_catalogue_of_texts(page) -> None:
    page.goto("/?minutes=15&lang=en-XA")
    expect(page.get_by_role("img")).to_have_count(2)
    expect(page.locator("tbody tr").first).to_be_visible()
    assert english_left(page) == []


def test_an_entry_of_a_dead_letter_leads_to_it(page, letter: int) -> None:
    page.goto("/")
    attention = page.get_by_role("region", name="Needs attention")
    entry = attention.get_by_role("listitem").filter(has_text="This <b>cannot</b> be done")
    expect(entry.get_by_text("warning", exact=True)).to_be_visible()
    expect(entry.get_by_text("headgate dlq list --job tiny.act")).to_be_visible()

    entry.get_by_role("link", name=re.compile(r"dead letters? of tiny\.act")).click()

    expect(page).to_have_url(re.compile(r"/dead-letters\?group="))
    group = page.get_by_role("button", name="This <b>cannot</b> be done.", expanded=True)
    expect(group).to_be_visible()


def test_a_task_that_ends_shows_without_reload(page, api: Api) -> None:
    api.state(api.order("succeed"), "succeeded")
    page.goto("/")
    ended = page.get_by_role("region", name="Ended last")
    expect(ended.locator("tbody tr").first).to_be_visible()

    task = api.order("succeed")

    expect(ended.get_by_role("link", name=str(task), exact=True)).to_be_visible()


def test_the_span_of_the_charts_is_in_the_address(page, letter: int) -> None:
    page.goto("/")
    page.get_by_label("Last", exact=True).select_option("24 hours")
    expect(page).to_have_url(re.compile("minutes=1440"))
    page.reload()
    expect(page.get_by_label("Last", exact=True)).to_have_value("1440")


def test_a_dag_leads_to_its_page_and_figures_to_what_they_count(page, letter: int) -> None:
    page.goto("/")
    dags = page.get_by_role("region", name="DAGs")
    expect(dags.get_by_role("link", name="tiny", exact=True)).to_have_attribute(
        "href", "/dags/tiny"
    )
    workers = page.locator("dl div").filter(has=page.get_by_text("Workers", exact=True))
    workers.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Workers", level=1)).to_be_visible()


def test_an_overview_that_fails_says_so_and_can_be_tried_again(page) -> None:
    problem = {"title": "The database does not answer.", "status": 503}
    page.route("**/api/v1/overview", lambda r: r.fulfill(status=503, json=problem))
    page.goto("/")
    expect(page.get_by_role("alert")).to_contain_text("The database does not answer.")
    page.unroute("**/api/v1/overview")
    page.get_by_role("button", name="Try again").first.click()
    expect(page.get_by_role("region", name="DAGs")).to_be_visible()


@pytest.fixture
def own(browser, postgres_url: str, folder: Path) -> Iterator[Settings]:
    """The settings of a server of this test's own, on an empty database.

    It comes after the browser, whose driver's loop no other one may precede.
    """
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute("create database alone template template_headgate")
    yield Settings(
        home=folder,
        port=0,
        database_url=postgres_url.replace("/postgres?", "/alone?"),
        worker=WorkerSettings(children=0, drain_seconds=1),
    )
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute("drop database alone with (force)")


def test_a_server_that_goes_and_comes_back_is_followed(browser, own: Settings) -> None:
    context = browser.new_context()
    page = context.new_page()
    with Served(own, apps=(tiny,)) as served:
        url = served.url
        page.goto(url)
        expect(page.get_by_role("region", name="Nothing has run yet")).to_be_visible()
        expect(page.get_by_text("headgate demo creative")).to_be_visible()
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.get_by_text("Reconnecting", exact=True)).to_be_visible()
    with (
        Served(own.model_copy(update={"port": int(url.rpartition(":")[2])}), apps=(tiny,)),
        Api(url) as api,
    ):
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        task = api.order("succeed")
        ended = page.get_by_role("region", name="Ended last")
        expect(ended.get_by_role("link", name=str(task), exact=True)).to_be_visible()
        context.close()
