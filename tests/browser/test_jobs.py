"""Jobs: the list, one whole, the map of its partitions, processing a part again."""

import re
from collections.abc import Iterator

import pytest
from http_client import Api, unique
from looks import accessibility_faults, english_left, sideways_scroll

expect = pytest.importorskip("playwright.sync_api").expect

_DAG = """\
dag: {name}
datasets:
  {name}.blocks: {{partitioning: range, unit: block}}
  {name}.made: {{partitioning: range}}
  {name}.word: {{}}
sources:
  blocks: {{kind: http, dataset: {name}.blocks}}
  words: {{kind: http, dataset: {name}.word}}
jobs:
  make:
    description: Make things of blocks.
    operator: tiny.act
    inputs: [{name}.blocks]
    outputs: [{name}.made]
    execution_strategy: PerPartition
    partition_size: {size}
    retry: {{attempts: 1}}
  say:
    operator: tiny.act
    inputs: [{name}.word]
    execution_strategy: PerPartition
"""


def _deployed(api: Api, *, size: int = 10) -> str:
    name = unique("blocks").replace("-", "_")
    assert api.post("/dags", {"source": _DAG.format(name=name, size=size)}).status == 200
    return name


@pytest.fixture
def dag(api: Api) -> Iterator[str]:
    """A DAG of the test's own: `make` has done 0 to 99, 200 to 209 are dead; `say` did two keys."""
    name = _deployed(api)
    api.post(f"/jobs/{name}.make/process", {"range": [0, 100]})
    order = {"do": "refuse", "unless": "never"}
    api.post(f"/sources/{name}/blocks/events", {"range": [200, 210], "payload": order})
    for key in ("left", "right"):
        api.post(f"/sources/{name}/words/events", {"key": key})
    api.until(lambda: _counts(api, f"{name}.make") == {"done": 100, "dead": 10, "untouched": 100})
    api.until(lambda: len(api.get(f"/jobs/{name}.say/partitions").json["keys"]) == 2)
    yield name
    api.post("/dags", {"source": f"dag: {name}\n"})


def _counts(api: Api, job: str) -> dict[str, int]:
    cells = api.get(f"/jobs/{job}/partitions").json["cells"]
    states = ("running", "waiting", "dead", "stale", "done", "untouched")
    found = {state: sum(cell[state] for cell in cells) for state in states}
    return {state: many for state, many in found.items() if many}


def _legend(page) -> dict[str, int]:
    """What the legend of the map says, by state."""
    terms = page.get_by_label("What the map shows").get_by_role("term").all_text_contents()
    values = page.get_by_label("What the map shows").get_by_role("definition").all_text_contents()
    return {
        term.strip(): int(value.replace(",", ""))
        for term, value in zip(terms, values, strict=True)
        if value != "0"
    }


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/jobs?q={dag}", "Last runs"),
        ("/jobs/{dag}.make?cell=200", "Dead letters of the job"),
        ("/jobs/{dag}.say", "Partitions by key"),
    ],
)
def test_a_page_has_no_accessibility_fault(page, dag: str, path: str, seen: str) -> None:
    page.goto(path.format(dag=dag))
    expect(page.get_by_text(seen).first).to_be_visible()
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("path", ["/jobs", "/jobs/{dag}.make?cell=200", "/jobs/{dag}.say"])
def test_a_page_fits_a_narrow_screen_and_bypasses_no_catalogue(page, dag: str, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(path.format(dag=dag) + ("&" if "?" in path else "?") + "lang=en-XA")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_timeout(800)
    assert sideways_scroll(page) == 0
    assert english_left(page) == []


def test_the_list_finds_a_job_and_leads_to_it(page, dag: str) -> None:
    page.goto("/jobs")
    page.get_by_role("searchbox", name="A part of the name").fill(f"{dag}.m")
    table = page.get_by_role("table", name="Jobs")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table).to_contain_text("1 dead letter")
    page.get_by_role("link", name=f"{dag}.make").click()
    expect(page.get_by_role("heading", name=f"{dag}.make", level=1)).to_be_visible()
    expect(page.get_by_role("region", name="What the DAG says of it")).to_contain_text(
        "Each 10 numbers in a row become one task."
    )


def test_a_filter_that_fits_nothing_says_so(page) -> None:
    page.goto("/jobs?q=nowhere")
    expect(page.get_by_text("No job has “nowhere” in its name.")).to_be_visible()


def test_a_job_that_is_not_there_says_so(page) -> None:
    page.goto("/jobs/tiny.nowhere")
    expect(page.get_by_role("alert")).to_contain_text("There is no job tiny.nowhere.")


def test_a_job_that_has_done_nothing_says_what_to_do(page, api: Api) -> None:
    page.goto(f"/jobs/{_deployed(api)}.make")
    expect(page.get_by_text("The job has not covered anything yet.")).to_be_visible()
    expect(page.get_by_text("No task yet.")).to_be_visible()


def test_pausing_shows_without_reload_and_can_be_undone(page, dag: str) -> None:
    page.goto(f"/jobs/{dag}.make")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Somebody paused it")).to_be_visible()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_text("Somebody paused it")).not_to_be_visible()


def test_the_legend_and_the_table_say_what_the_map_shows(page, api: Api, dag: str) -> None:
    page.goto(f"/jobs/{dag}.make")
    expect(page.get_by_role("button", name="200–209: 10 dead")).to_be_visible()
    assert _legend(page) == {"done": 100, "dead": 10, "untouched": 100, "in all": 210}
    page.get_by_role("region", name="Partitions").get_by_role("button", name="As a table").click()
    row = page.get_by_role("row", name=re.compile("^200–209"))
    expect(row.get_by_role("cell").nth(3)).to_have_text("10")


def test_the_map_is_walked_by_keyboard_and_a_cell_leads_to_its_tasks(page, dag: str) -> None:
    page.goto(f"/jobs/{dag}.make")
    page.get_by_role("button", name="0–9: 10 done").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="10–19: 10 done")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    chosen = page.get_by_role("region", name="The chosen cell")
    expect(chosen).to_contain_text("200–209 10 dead")
    expect(page).to_have_url(re.compile("cell=200"))
    expect(chosen.get_by_role("link", name="Its tasks")).to_have_attribute(
        "href", f"/tasks?job={dag}.make&partition=20"
    )


def test_a_map_of_ten_thousand_partitions_fits_its_legend(page, api: Api) -> None:
    job = f"{_deployed(api, size=1)}.make"
    api.post(f"/jobs/{job}/process", {"range": [0, 40]})
    api.until(lambda: _counts(api, job) == {"done": 40})
    api.post(f"/jobs/{job}/pause", {})
    api.post(f"/jobs/{job}/process", {"range": [40, 10_000]})
    api.until(lambda: _counts(api, job).get("waiting") == 9_960)

    page.goto(f"/jobs/{job}")
    expect(page.get_by_role("button", name="9950–9999: 50 waiting")).to_be_visible()
    assert _legend(page) == {"done": 40, "waiting": 9_960, "in all": 10_000}
    cells = page.get_by_role("group", name=f"Partitions of {job}").get_by_role("button")
    assert cells.count() == 200
    cells.first.click()
    page.get_by_role("button", name="Look closer").click()
    expect(page.get_by_role("button", name="41–41").or_(cells.nth(49))).to_be_visible()
    expect(cells).to_have_count(50)
    assert _legend(page) == {"done": 40, "waiting": 10, "in all": 50}
    page.get_by_role("button", name="Show all").click()
    expect(cells).to_have_count(200)
    api.post("/dags", {"source": f"dag: {job.split('.', maxsplit=1)[0]}\n"})


def test_what_the_dialog_counts_is_what_runs(page, api: Api, dag: str) -> None:
    page.goto(f"/jobs/{dag}.make")
    page.get_by_role("button", name="Process a range…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="First")).to_be_focused()
    page.keyboard.type("95")
    dialog.get_by_role("textbox", name="Last").fill("9x")
    expect(dialog).to_contain_text("must be a whole number")
    dialog.get_by_role("textbox", name="Last").fill("124")
    expect(dialog).to_contain_text("4 tasks would run.")
    assert accessibility_faults(page) == []
    before = api.get(f"/jobs/{dag}.make").json["timing"]["attempts"]
    dialog.get_by_role("button", name="Run 4 tasks").click()

    expect(page.get_by_text("4 tasks are on their way.")).to_be_visible()
    expect(dialog).not_to_be_visible()
    api.until(lambda: api.get(f"/jobs/{dag}.make").json["timing"]["attempts"] == before + 4)
    expect(page.get_by_role("button", name="110–119: 10 done")).to_be_visible()


def test_a_chosen_cell_is_processed_and_escape_gives_the_focus_back(page, dag: str) -> None:
    page.goto(f"/jobs/{dag}.make?cell=200")
    process = page.get_by_role("button", name="Process 200–209…")
    process.press("Enter")
    expect(page.get_by_role("textbox", name="First")).to_have_value("200")
    expect(page.get_by_role("textbox", name="Last")).to_have_value("209")
    page.keyboard.press("Escape")
    expect(process).to_be_focused()


def test_a_backfill_is_followed_stopped_and_taken_up_again(page, api: Api) -> None:
    job = f"{_deployed(api, size=1)}.make"
    api.post(f"/jobs/{job}/pause", {})
    page.goto(f"/jobs/{job}")
    page.get_by_role("button", name="Process a range…").click()
    page.get_by_role("textbox", name="First").fill("0")
    page.get_by_role("textbox", name="Last").fill("49999")
    expect(page.get_by_text("They are made bit by bit")).to_be_visible()
    page.get_by_role("button", name="Run 50,000 tasks").click()
    backfills = page.get_by_role("region", name="Backfills")
    expect(backfills).to_contain_text("of 50,000 became tasks")
    expect(page).to_have_title(re.compile(r"^\d+%"))
    backfills.get_by_role("button", name="Make no more tasks").click()
    expect(backfills).to_contain_text("cancelled")
    backfills.get_by_role("button", name="Go on").click()
    expect(backfills.get_by_role("button", name="Make no more tasks")).to_be_visible()
    api.post("/dags", {"source": f"dag: {job.split('.', maxsplit=1)[0]}\n"})


def test_keys_are_listed_and_processed_again(page, api: Api, dag: str) -> None:
    page.goto(f"/jobs/{dag}.say")
    page.get_by_role("button", name="Process left…").click()
    expect(page.get_by_role("textbox", name="Key")).to_have_value("left")
    page.get_by_role("button", name="Run 1 task").click()
    expect(page.get_by_text("1 task is on its way.")).to_be_visible()
    api.until(lambda: api.get(f"/jobs/{dag}.say").json["timing"]["attempts"] == 3)


def test_the_palette_finds_a_job(page, dag: str) -> None:
    page.goto("/jobs")
    page.get_by_role("button", name="Find or go to").click()
    page.get_by_role("combobox").fill(f"{dag}.ma")
    page.get_by_role("option", name=f"{dag}.make job", exact=True).click()
    expect(page.get_by_role("heading", name=f"{dag}.make", level=1)).to_be_visible()
