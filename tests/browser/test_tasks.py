"""Tasks in the console: found, followed live, explained, acted on by the many."""

import re
from typing import Any

import pytest
from http_client import Api, unique
from looks import accessibility_faults, english_left, sideways_scroll
from opentelemetry.sdk.trace import TracerProvider

from headgate.core.observe.spans import RING

expect = pytest.importorskip("playwright.sync_api").expect


HEAP = """
dag: heap
datasets: {heap.things: {}}
sources: {things: {kind: http, dataset: heap.things}}
jobs:
  hold:
    operator: tiny.act
    inputs: [heap.things]
    execution_strategy: PerPartition
"""


@pytest.fixture(scope="module", autouse=True)
def _heap(server: str) -> None:
    """A job that is paused: what is sent to it stays pending, and nobody else's test sees it."""
    with Api(server) as api:
        assert api.post("/dags", {"source": HEAP}).status in (200, 201)
        assert api.post("/jobs/heap.hold/pause").status == 200


def _thing(api: Api, key: str) -> None:
    sent = api.post("/sources/heap/things/events", {"key": key, "payload": {"do": "succeed"}})
    assert sent.status == 202, sent.text


def _held(api: Api, tasks: int) -> str:
    """Have pending tasks in partitions of one beginning; return that."""
    begin = unique("seen") + "/"
    for number in range(tasks):
        _thing(api, f"{begin}{number}")
    api.until(lambda: len(api.get("/tasks", partition=begin).json["items"]) == tasks)
    return begin


def _go_on(api: Api, key: str) -> None:
    assert api.send("PUT", f"/objects/{key}", body=b"now").status == 201


def _failed_three_times(api: Api) -> int:
    task_id = api.order("fail")
    for attempt in (2, 3):
        api.state(task_id, "waiting")
        api.post(f"/tasks/{task_id}/retry")
        api.until(lambda attempt=attempt: len(_attempts(api, task_id)) == attempt)
    api.state(task_id, "waiting")
    return task_id


def _attempts(api: Api, task_id: int) -> list[Any]:
    return [a for a in api.get(f"/tasks/{task_id}").json["attempts"] if a["ended_at"]]


def _row(page: Any, task_id: int) -> Any:
    return page.get_by_role("row").filter(
        has=page.get_by_role("link", name=f"#{task_id}", exact=True)
    )


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_the_list_has_no_accessibility_fault(page, api: Api) -> None:
    api.state(api.order("fail"), "waiting")
    api.state(api.order("refuse", unless=unique("never")), "dead")
    page.goto("/tasks")
    expect(page.get_by_role("table", name="Tasks")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Retry…").click()
    expect(page.get_by_role("button", name="Retry 1 task")).to_be_enabled()
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_no_part_of_a_task_has_an_accessibility_fault(page, api: Api) -> None:
    task_id = _failed_three_times(api)
    for tab in ("story", "logs", "inputs", "outputs", "lineage", "error"):
        page.goto(f"/tasks/{task_id}?tab={tab}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("Loading…")).to_have_count(0)
        assert accessibility_faults(page) == [], tab


@pytest.mark.parametrize("path", ["/tasks", "/tasks/{id}", "/tasks/{id}?tab=logs"])
def test_a_narrow_screen_needs_no_sideways_scroll(page, api: Api, path: str) -> None:
    task_id = _failed_three_times(api)
    for width in (390, 640):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path.format(id=task_id))
        expect(page.locator("a, td").filter(has_text="tiny.act").first).to_be_visible()
        page.wait_for_timeout(400)
        assert sideways_scroll(page) == 0


def test_nothing_bypasses_the_catalogue_of_texts(page, api: Api) -> None:
    task_id = _failed_three_times(api)
    page.goto("/tasks?lang=en-XA")
    expect(page.get_by_role("table").first).to_be_visible()
    assert english_left(page) == []
    for tab in ("story", "logs", "inputs", "outputs", "lineage", "error"):
        page.goto(f"/tasks/{task_id}?tab={tab}")
        expect(page.get_by_text("ŵáíţíñĝ").first).to_be_visible()
        page.wait_for_timeout(400)
        assert english_left(page) == [], tab


def test_a_row_goes_from_running_to_succeeded_without_reload(page, api: Api) -> None:
    until = unique("until")
    task_id = api.order("wait", until=until)
    api.state(task_id, "running")
    page.goto("/tasks?job=tiny.act")
    expect(_row(page, task_id)).to_contain_text("running")
    expect(_row(page, task_id)).to_contain_text("50%")
    _go_on(api, until)
    expect(_row(page, task_id)).to_contain_text("succeeded")


def test_a_filter_survives_what_the_stream_brings(page, api: Api) -> None:
    begin = _held(api, 2)
    page.goto(f"/tasks?partition={begin}")
    rows = page.get_by_role("table", name="Tasks").get_by_role("row")
    expect(rows).to_have_count(3)
    _thing(api, unique("another"))
    _thing(api, f"{begin}late")
    expect(rows.filter(has_text=f"{begin}late")).to_be_visible()
    expect(rows).to_have_count(4)


def test_the_address_restores_the_view(page, api: Api) -> None:
    begin = _held(api, 2)
    page.goto("/tasks")
    page.get_by_role("button", name="pending").click()
    page.get_by_label("Job").select_option("heap.hold")
    page.get_by_label("How the partition begins").fill(begin)
    page.get_by_label("Order").select_option("oldest first")
    expect(page).to_have_url(re.compile("order=oldest"))
    expect(page).to_have_url(re.compile("partition="))
    page.reload()
    expect(page.get_by_role("button", name="pending")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Job")).to_have_value("heap.hold")
    expect(page.get_by_label("How the partition begins")).to_have_value(begin)
    expect(page.get_by_role("table", name="Tasks").get_by_role("row")).to_have_count(3)


def test_states_are_counted_and_narrow_the_list(page, api: Api) -> None:
    begin = _held(api, 3)
    page.goto(f"/tasks?partition={begin}")
    expect(page.get_by_role("button", name="pending 3")).to_be_visible()
    page.get_by_role("button", name="succeeded 0").click()
    expect(page.get_by_text("No task matches.")).to_be_visible()


def test_all_that_match_are_cancelled_after_they_were_counted(page, api: Api) -> None:
    begin = _held(api, 4)
    page.goto(f"/tasks?partition={begin}&order=oldest")
    page.get_by_role("checkbox", name=re.compile("^Choose \\d")).first.check()
    page.get_by_role("button", name="Choose all 4 that match").click()
    page.get_by_role("button", name="Cancel…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("4 tasks would end")
    dialog.get_by_role("button", name="Cancel 4 tasks").click()
    operation = page.get_by_role("region", name="Operation")
    expect(operation).to_contain_text("4 of 4")
    expect(operation).to_contain_text("succeeded")
    expect(page.get_by_role("button", name="cancelled 4")).to_be_visible()
    expect(operation.get_by_role("link", name="Operation")).to_have_attribute(
        "href", re.compile("/operations/")
    )


def test_a_dialog_of_many_gives_the_focus_back(page, api: Api) -> None:
    begin = _held(api, 1)
    page.goto(f"/tasks?partition={begin}")
    page.get_by_role("checkbox", name=re.compile("^Choose \\d")).check()
    opener = page.get_by_role("button", name="Cancel…")
    opener.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_row_is_opened_by_keyboard(page, api: Api) -> None:
    begin = _held(api, 1)
    page.goto(f"/tasks?partition={begin}")
    expect(page.get_by_role("table", name="Tasks")).to_be_visible()
    page.get_by_role("row").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tasks/\d+$"))
    expect(page.get_by_role("heading", name=re.compile("^Task "))).to_be_visible()


def test_three_attempts_are_three_lanes_and_three_rows(page, api: Api) -> None:
    task_id = _failed_three_times(api)
    page.goto(f"/tasks/{task_id}")
    lanes = page.get_by_role("list", name="Attempts")
    expect(lanes.get_by_text(re.compile(r"^Attempt \d"))).to_have_count(3)
    expect(lanes.get_by_text("Next attempt")).to_be_visible()
    expect(lanes.get_by_text(re.compile("waited .*, ran "))).to_have_count(3)
    page.get_by_role("button", name="As a table").click()
    expect(page.get_by_role("table", name="Attempts").get_by_role("row")).to_have_count(4)


def test_a_task_that_waits_says_why_and_runs_at_once(page, api: Api) -> None:
    task_id = api.order("fail")
    api.state(task_id, "waiting")
    page.goto(f"/tasks/{task_id}")
    expect(page.get_by_role("heading", name="What it waits for")).to_be_visible()
    expect(page.get_by_text("It is tried again at").first).to_be_visible()
    page.get_by_role("button", name="Run it now").click()
    expect(page.get_by_text(f"Task {task_id} is back at work.")).to_be_visible()
    expect(page.get_by_role("list", name="Attempts")).to_contain_text("Attempt 2")


def test_a_running_task_is_in_the_title_and_can_be_stopped(page, api: Api) -> None:
    task_id = api.order("wait", until=unique("never"))
    api.state(task_id, "running")
    page.goto(f"/tasks/{task_id}")
    expect(page).to_have_title(re.compile("^running 50%"))
    page.get_by_role("button", name="Cancel…").click()
    page.get_by_role("button", name="Cancel the task").click()
    expect(
        page.get_by_text("was asked to stop").or_(page.get_by_text("was cancelled")).first
    ).to_be_visible()
    expect(page.get_by_role("button", name="Run it again")).to_be_visible()
    expect(page).to_have_title(re.compile(f"^Task {task_id}"))


def test_logs_follow_while_the_task_runs(page, api: Api) -> None:
    until = unique("until")
    task_id = api.order("wait", until=until)
    api.state(task_id, "running")
    page.goto(f"/tasks/{task_id}?tab=logs")
    log = page.get_by_role("log")
    expect(log).to_contain_text("started")
    expect(page.get_by_role("button", name="Follow")).to_have_attribute("aria-pressed", "true")
    page.goto(f"/tasks/{api.order('log', lines=450)}?tab=logs")
    expect(page.get_by_text("451 lines")).to_be_visible()
    expect(log).to_contain_text("line 449")
    page.get_by_label("Level").select_option("error")
    expect(page.get_by_text("No line of this level and attempt.")).to_be_visible()
    _go_on(api, until)


def test_inputs_and_outputs_show_what_went_in_and_out(page, api: Api) -> None:
    key = unique("through")
    task_id = api.order("succeed", key=key)
    api.state(task_id, "succeeded")
    page.goto(f"/tasks/{task_id}?tab=inputs")
    expect(page.get_by_role("table")).to_contain_text(key)
    expect(page.get_by_text('"do": "succeed"')).to_be_visible()
    page.get_by_role("link", name="Outputs 1").click()
    expect(page.get_by_role("table")).to_contain_text("tiny.out")


def test_the_spans_of_its_trace_are_shown_below_each_other(page, api: Api) -> None:
    tracer = TracerProvider()
    tracer.add_span_processor(RING)  # what `headgate up` has, and a test's server has not
    with tracer.get_tracer("tests").start_as_current_span("outer work") as span:
        trace_id = f"{span.get_span_context().trace_id:032x}"
        with tracer.get_tracer("tests").start_as_current_span("inner work"):
            pass
    parent = f"00-{trace_id}-b7ad6b7169203331-01"
    order = {"key": unique("traced"), "payload": {"do": "succeed"}}
    api.post("/sources/tiny/order/events", order, traceparent=parent)
    task_id = api.until(lambda: _traced(api, trace_id))
    page.goto(f"/tasks/{task_id}")
    page.get_by_role("link", name="Trace", exact=True).click()
    spans = page.get_by_role("list", name="Spans").get_by_role("listitem")
    expect(spans.nth(0)).to_contain_text("outer work")
    expect(spans.nth(1)).to_contain_text("inner work")
    assert accessibility_faults(page) == []


def _traced(api: Api, trace_id: str) -> int | None:
    for item in api.get("/tasks", limit=10).json["items"]:
        if api.get(f"/tasks/{item['id']}").json["trace_id"] == trace_id:
            return int(item["id"])
    return None


def test_an_error_is_shown_whole(page, api: Api) -> None:
    task_id = api.order("refuse", unless=unique("never"))
    api.state(task_id, "dead")
    page.goto(f"/tasks/{task_id}?tab=error")
    expect(page.get_by_text("This <b>cannot</b> be done.")).to_be_visible()
    expect(page.get_by_text("Mend it.")).to_be_visible()
    expect(page.get_by_text("must not be <i>refuse</i>")).to_be_visible()
    page.get_by_role("link", name="Story").click()
    page.get_by_role("link", name=re.compile("^dead letter")).first.click()
    expect(page).to_have_url(re.compile(r"/dead-letters/\d+"))


def test_the_palette_finds_a_task_by_its_number_and_tasks_by_their_job(page, api: Api) -> None:
    task_id = api.order("succeed")
    page.goto("/tasks")
    expect(page.get_by_role("heading", name="Tasks", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="A page").fill(str(task_id))
    page.get_by_role("option", name=f"#{task_id} tiny.act").click()
    expect(page.get_by_role("heading", name=f"Task {task_id}")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="A page").fill("tiny.par")
    page.get_by_role("option", name="tiny.park tasks of a job").click()
    expect(page).to_have_url(re.compile("job=tiny.park"))


def test_a_task_that_is_not_there_says_so(page) -> None:
    page.goto("/tasks/987654321")
    expect(page.get_by_role("alert")).to_contain_text("There is no task 987654321.")
