"""The reference of the API: drawn from the server's own description, true of what it does."""

import json
import re
import shlex
import time
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from http_client import Api, unique
from looks import accessibility_faults, english_left, sideways_scroll

from headgate.web.description import describe_api

expect = pytest.importorskip("playwright.sync_api").expect

_SCHEMAS = "#/components/schemas/"


def open_reference(page: Any, address: str = "/api") -> Any:
    """Open the page and wait for its operations; return their list."""
    page.goto(address)
    operations = page.get_by_role("navigation", name="Operations")
    expect(operations.get_by_role("link").nth(20)).to_be_attached()
    return operations


def curl_of(page: Any) -> list[str]:
    """Return the words of the call that is shown."""
    return shlex.split(
        page.get_by_label("The call as a line of curl").inner_text().replace("\\\n", " ")
    )


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_it_has_no_accessibility_fault(page) -> None:
    open_reference(page)
    assert accessibility_faults(page) == []
    page.goto("/api#act_on_tasks")
    page.get_by_text("Fields of TaskChoice").click()
    expect(page.get_by_text("created_since", exact=True)).to_be_visible()
    page.evaluate("scrollTo(0, 0)")  # what the bar half covers counts as too small
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("address", ["/api", "/api#everywhere", "/api#list_tasks", "/api#stream"])
def test_a_narrow_screen_shows_it_whole(page, address) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address)
    if "#" in address:
        expect(page.get_by_role("link", name="All operations")).to_be_visible()
    else:
        expect(page.get_by_text("/tasks/{task_id}/retry")).to_be_visible()
    assert sideways_scroll(page) == 0


@pytest.mark.parametrize("address", ["/api", "/api#act_on_tasks", "/api#stream", "/api#nothing"])
def test_nothing_bypasses_the_catalogue_of_texts(page, address) -> None:
    path, _, name = address.partition("#")
    page.goto(f"{path}?lang=en-XA#{name}")
    expect(page.get_by_text("/tasks/{task_id}/retry").first).to_be_attached()
    for part in page.locator("summary").all():
        part.click()
    assert english_left(page) == []


def test_a_word_finds_operations_also_by_their_parameters(page) -> None:
    operations = open_reference(page)
    page.keyboard.press("/")
    page.keyboard.type("partition begins")
    expect(operations.get_by_role("link", name="GET /api/v1/tasks List tasks")).to_be_visible()
    expect(operations.get_by_text("/api/v1/dags", exact=True)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?q=partition\+begins$"))
    page.reload()
    expect(operations.get_by_role("link", name="GET /api/v1/tasks List tasks")).to_be_visible()


def test_words_that_nothing_has_find_nothing_and_say_so(page) -> None:
    page.goto("/api?q=no+such+operation")
    expect(page.get_by_text("No operation is described in these words.")).to_be_visible()


def test_a_filter_keeps_the_operation_that_is_read(page) -> None:
    open_reference(page, "/api#get_status")
    page.get_by_role("searchbox", name="Find an operation").fill("queue")
    expect(page).to_have_url(re.compile(r"\?q=queue#get_status$"))
    expect(page.get_by_role("heading", name="GET /api/v1/status")).to_be_visible()


def test_operations_are_reached_and_left_by_links(page) -> None:
    operations = open_reference(page)
    operations.get_by_role("link", name="GET /api/v1/dags List the deployed DAGs").press("Enter")
    expect(page).to_have_url(re.compile("/api#list_dags$"))
    expect(page.get_by_role("heading", name="GET /api/v1/dags", exact=True)).to_be_visible()
    expect(page).to_have_title("list_dags · API · Headgate")
    page.go_back()
    expect(page.get_by_role("heading", name="What holds for every operation")).to_be_visible()


def test_the_address_of_an_operation_shows_it_in_the_list_too(page) -> None:
    operations = open_reference(page, "/api#complete_tasks")
    expect(page.get_by_role("heading", name="POST /api/v1/work/complete")).to_be_visible()
    expect(operations.locator("[aria-current]")).to_be_in_viewport()


def test_an_address_of_no_operation_says_so(page) -> None:
    page.goto("/api#nothing_of_this_name")
    expect(page.get_by_text("There is no operation of this name.")).to_be_visible()


def test_types_open_in_place_however_deep(page) -> None:
    open_reference(page, "/api#list_dead_letters")
    answer = page.get_by_role("region", name="What comes back")
    answer.get_by_text("Fields of DeadLetter", exact=False).first.click()
    expect(answer.get_by_text("events_covered", exact=True)).to_be_visible()


def test_the_palette_finds_an_operation(page) -> None:
    open_reference(page)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("retry_task")
    page.get_by_role("option", name="POST /api/v1/tasks/{task_id}/retry").click()
    expect(page.get_by_role("heading", name="POST /api/v1/tasks/{task_id}/retry")).to_be_visible()


def test_a_call_is_copied_and_works(page, server, api) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_reference(page, "/api#list_jobs")
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_text("Copied")).to_be_attached()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert shlex.split(copied) == ["curl", f"{server}/api/v1/jobs"]
    assert api.get(copied.partition("/api/v1")[2].strip("'")).status == 200


def test_a_command_that_does_the_same_stands_beside_it(page) -> None:
    open_reference(page, "/api#why_task")
    expect(page.get_by_text("headgate why task ID")).to_be_visible()
    open_reference(page, "/api#claim_tasks")
    expect(page.get_by_text("The same as a command:")).to_have_count(0)


def test_what_acts_on_many_is_shown_as_a_dry_run(page) -> None:
    open_reference(page, "/api#discard_dead_letters")
    assert json.loads(curl_of(page)[-1])["dry_run"] is True


def test_the_stream_is_heard_while_it_is_read_about(page, api: Api) -> None:
    open_reference(page, "/api#stream")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    parked = api.order("succeed", source="parked", key=unique("heard"))
    api.post(f"/tasks/{parked}/cancel")
    news = page.get_by_role("region", name="What it says now")
    expect(news.get_by_text(str(parked), exact=True).first).to_be_visible()


def test_a_description_that_cannot_be_had_is_asked_for_again(page) -> None:
    page.route("**/openapi.json", lambda route: route.fulfill(status=503, body=""))
    page.goto("/api")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.unroute("**/openapi.json")
    again.click()
    expect(page.get_by_role("heading", name="What holds for every operation")).to_be_visible()


def described() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for path, item in describe_api()["paths"].items():
        for method, operation in item.items():
            if operation["tags"] != ["creative"]:
                yield operation["operationId"], method.upper(), path, operation


def test_every_operation_is_drawn_quickly_with_a_call_that_fits_its_types(page) -> None:
    components = describe_api()["components"]
    open_reference(page)
    began = time.monotonic()
    wrong = []
    operations = list(described())
    for name, method, path, operation in operations:
        page.evaluate("name => { location.hash = name; }", name)
        expect(page.get_by_role("heading", name=f"{method} {path}", exact=True)).to_be_visible()
        words = curl_of(page)
        assert (
            words[1].endswith(re.sub(r"\{(\w+)\}", lambda m: m[1].upper(), path)) or "?" in words[1]
        )
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            checker = jsonschema.Draft202012Validator(
                {**content["schema"], "components": components}
            )
            wrong += [
                f"{name}: {error.message}"
                for error in checker.iter_errors(json.loads(words[-1]))
                if error.validator != "pattern"  # a word in capitals stands for a value
            ]
    assert wrong == []
    assert (time.monotonic() - began) / len(operations) < 0.5, "an operation takes long to draw"
