"""What holds for every page that the navigation leads to, whoever wrote it.

That each is accessible and translated whole is tested where it has something to show: in its area.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from http_client import Api, unique
from looks import sideways_scroll

expect = pytest.importorskip("playwright.sync_api").expect

SRC = Path(__file__).parents[2] / "console" / "src"
INDEXES = sorted([*SRC.glob("pages/*/index.ts"), *SRC.glob("apps/*/index.ts")])
PATHS = sorted(
    path
    for index in INDEXES
    for links in re.findall(r"links: \[(.*?)\],", index.read_text(), re.DOTALL)
    for path in re.findall(r'path: "([^"]+)"', links)
)
# Another address of this machine, as a neighbour on the network sees it: plain http, and so without
# what browsers keep for safe origins.
NEIGHBOUR = "10.20.30.40"
NARROW, ZOOMED, WIDE = 390, 640, 1280  # 640 is a window of 1280 at 200 %


@pytest.fixture(scope="module")
def filled(server: str) -> int:
    """The id of a task that failed for good: the pages have something to show."""
    with Api(server) as api:
        api.order("succeed", key=unique("whole"))
        dead = api.order("refuse", unless=unique("never"), key=unique("whole"))
        api.state(dead, "dead")
        return dead


def show(page: Any, path: str) -> None:
    """Open a page and wait until it shows what it has to show."""
    page.goto(path)
    settle(page)


def walk(page: Any) -> Iterator[str]:
    """Go through all pages by the links of the navigation."""
    show(page, "/health")
    for path in PATHS:
        page.get_by_role("navigation", name="Main").locator(f'a[href="{path}"]').click()
        expect(page).to_have_url(re.compile(re.escape(path) + "$"))
        settle(page)
        yield path


def settle(page: Any) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".loading")).to_have_count(0)
    page.wait_for_timeout(250)  # charts and graphs come a moment after their page


def focused(page: Any) -> str:
    """Return the href of the link that has the focus, else its text."""
    return str(
        page.evaluate(
            "document.activeElement.getAttribute('href') ?? document.activeElement.textContent"
        )
    )


def test_the_navigation_leads_to_every_page(page) -> None:
    show(page, "/")
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    found = [link.get_attribute("href") for link in links.all()]

    assert sorted(found) == PATHS


@pytest.mark.parametrize("path", PATHS)
def test_page_fits_every_window_in_both_directions(page, filled, path) -> None:
    wider = {}
    show(page, path)
    for direction in ("ltr", "rtl"):
        page.evaluate("direction => { document.dir = direction; }", direction)
        for width in (NARROW, ZOOMED, WIDE):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(150)
            if by := sideways_scroll(page):
                wider[direction, width] = by
    assert wider == {}


def test_every_page_has_one_heading_and_a_title_of_its_own(page, filled) -> None:
    titles = {}
    for path in walk(page):
        heading = page.get_by_role("heading", level=1)
        assert heading.count() == 1, path
        titles[path] = page.title()
        assert heading.inner_text().strip() in titles[path], path
        assert titles[path].endswith(" · Headgate"), path
        current = page.get_by_role("navigation", name="Main").locator("[aria-current=page]")
        assert current.get_attribute("href") == path
    assert len(set(titles.values())) == len(PATHS), titles


def test_every_page_is_reached_by_keyboard(page) -> None:
    show(page, "/health")
    page.keyboard.press("Tab")
    assert focused(page) == "#main"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    expect(page).to_have_url(re.compile("/health$"))
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    seen = []
    for _ in range(len(PATHS) + 12):
        page.keyboard.press("Tab")
        seen.append(focused(page))
    assert set(PATHS) <= set(seen)
    for path in PATHS:
        page.get_by_role("navigation", name="Main").locator(f'a[href="{path}"]').focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(re.escape(path) + "$"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_skip_link_leads_past_the_navigation(page) -> None:
    for path in walk(page):
        page.get_by_role("link", name="Skip to the page").press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null"), path


def test_nothing_moves_for_who_wants_no_motion(page, filled) -> None:
    page.emulate_media(reduced_motion="reduce")
    moving = {}
    for path in walk(page):
        if names := page.evaluate(
            "document.getAnimations().filter(a => a.playState === 'running')"
            ".map(a => a.animationName ?? a.transitionProperty)"
        ):
            moving[path] = names
    assert moving == {}


def test_eight_tabs_follow_what_happens_though_the_first_closes(page, api: Api) -> None:
    context = page.context
    streams: list[str] = []
    context.on("request", lambda r: streams.append(r.url) if "/api/v1/stream" in r.url else None)
    tabs = [page, *(context.new_page() for _ in range(7))]
    for number, tab in enumerate(tabs):
        tab.goto("/api#stream" if number == 7 else PATHS[number % len(PATHS)])
    for tab in tabs:
        expect(tab.get_by_text("Live", exact=True)).to_be_visible()
    assert len(streams) == 1
    tabs[0].close()
    expect(tabs[1].get_by_text("Live", exact=True)).to_be_visible()
    parked = api.order("succeed", source="parked", key=unique("tabs"))
    api.post(f"/tasks/{parked}/cancel")
    heard = tabs[7].get_by_role("region", name="What it says now")
    expect(heard.get_by_text(str(parked), exact=True).first).to_be_visible()


@pytest.fixture(scope="module")
def neighbour(browser: Any, server: str) -> Iterator[Any]:
    """A page of a browser on another machine, as far as a browser can tell."""
    binary = os.environ.get("HEADGATE_TEST_CHROMIUM") or shutil.which("chromium")
    port = urlsplit(server).port
    other = browser.browser_type.launch(
        executable_path=binary,
        args=["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {NEIGHBOUR} 127.0.0.1"],
    )
    context = other.new_context(base_url=f"http://{NEIGHBOUR}:{port}")
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context.new_page()
    other.close()
    assert faults == []


def test_the_neighbour_has_no_safe_origin(neighbour) -> None:
    neighbour.goto("/health")
    missing = (
        "[isSecureContext, 'locks' in navigator, 'randomUUID' in crypto, 'clipboard' in navigator]"
    )

    assert neighbour.evaluate(missing) == [False, False, False, False]


def test_every_page_works_on_plain_http_off_localhost(neighbour, filled) -> None:
    for path in walk(neighbour):
        expect(neighbour.get_by_text("Live", exact=True)).to_be_visible()
        assert neighbour.get_by_role("alert").count() == 0, path


def test_copying_works_on_plain_http_off_localhost(neighbour) -> None:
    neighbour.goto("/api#list_jobs")
    neighbour.get_by_role("button", name="Copy as curl").click()
    expect(neighbour.get_by_text("Copied")).to_be_attached()
