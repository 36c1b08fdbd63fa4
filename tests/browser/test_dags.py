"""DAGs: the list, deploying a text, the graph, versions and the way back."""

import re

import pytest
from http_client import Api, unique
from looks import accessibility_faults, english_left, sideways_scroll

expect = pytest.importorskip("playwright.sync_api").expect

_DAG = """\
dag: {name}
description: From orders to bills.
datasets:
  {name}.order: {{}}
  {name}.bill: {{}}
sources:
  orders: {{kind: http, dataset: {name}.order}}
jobs:
  bill:
    operator: tiny.act
    inputs: [{name}.order]
    outputs: [{name}.bill]
    execution_strategy: PerUpdate
    retry: {{attempts: {attempts}}}
"""


def _text(name: str, *, attempts: int = 3) -> str:
    return _DAG.format(name=name, attempts=attempts)


def _name() -> str:
    return unique("shop").replace("-", "_")


@pytest.fixture
def dag(api: Api) -> str:
    """The name of a DAG of the test's own with two versions, which has run."""
    name = _name()
    for attempts in (3, 4):
        assert api.post("/dags", {"source": _text(name, attempts=attempts)}).status == 200
    api.post(f"/sources/{name}/orders/events", {"payload": {"do": "succeed"}})
    api.until(lambda: api.get("/jobs", q=name).json["items"][0]["recent"])
    return name


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/dags", "Deployed"),
        ("/dags/{dag}", "a source brings events in"),
        ("/dags/{dag}?tab=jobs", "Last runs"),
        ("/dags/{dag}?tab=yaml", "Deployed text"),
        ("/dags/{dag}?tab=versions", "line removed"),
        ("/graph", "Everything that is deployed"),
    ],
)
def test_a_page_has_no_accessibility_fault(page, dag: str, path: str, seen: str) -> None:
    page.goto(path.format(dag=dag))
    expect(page.get_by_text(seen).first).to_be_visible()
    assert accessibility_faults(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/dags",
        "/dags/{dag}",
        "/dags/{dag}?tab=jobs",
        "/dags/{dag}?tab=yaml",
        "/dags/{dag}?tab=versions",
        "/graph",
    ],
)
def test_a_page_fits_a_narrow_screen_and_bypasses_no_catalogue(page, dag: str, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(path.format(dag=dag) + ("&" if "?" in path else "?") + "lang=en-XA")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_timeout(600)
    assert sideways_scroll(page) == 0
    assert english_left(page) == []


def test_the_list_leads_to_a_dag_and_a_filter_is_in_the_address(page, dag: str) -> None:
    page.goto("/dags")
    page.get_by_role("searchbox", name="A part of the name").fill(dag)
    expect(page.get_by_role("table", name="DAGs").get_by_role("row")).to_have_count(2)
    expect(page).to_have_url(re.compile(f"q={dag}"))
    expect(page.get_by_role("img", name=re.compile("last run: 1 succeeded"))).to_be_visible()
    page.get_by_role("link", name=dag).click()
    expect(page.get_by_role("heading", name=dag, level=1)).to_be_visible()
    expect(page).to_have_title(f"{dag} · Headgate")


def test_a_filter_that_fits_nothing_says_so(page) -> None:
    page.goto("/dags?q=nowhere")
    expect(page.get_by_text("No DAG has “nowhere” in its name.")).to_be_visible()


def test_a_dag_that_is_not_there_says_so(page) -> None:
    page.goto("/dags/nowhere")
    expect(page.get_by_role("alert")).to_contain_text("There is no DAG nowhere.")


def test_a_wrong_text_shows_each_fault_with_its_line(page) -> None:
    page.goto("/dags?apply=1")
    text = page.get_by_role("textbox", name="YAML of the DAG")
    text.fill("dag: wrong\njobs:\n  make:\n    operator: tiny.nothing\n    inputs: [no.such]\n")

    faults = page.get_by_role("region", name="Faults")
    expect(faults.get_by_role("status")).to_have_text("2 faults to mend:")
    expect(faults.get_by_role("listitem").nth(0)).to_contain_text("Line 4, column 15")
    expect(faults.get_by_role("listitem").nth(1)).to_contain_text("there is no dataset no.such")
    expect(page.get_by_role("button", name="Apply", exact=True)).to_be_disabled()
    assert accessibility_faults(page) == []
    faults.get_by_role("button", name="Line 5").click()
    expect(text).to_be_focused()
    at = text.evaluate("area => area.value.slice(0, area.selectionStart).split('\\n').length")
    assert at == 5


def test_a_new_dag_is_planned_and_applied(page, api: Api) -> None:
    name = _name()
    page.goto("/dags")
    page.get_by_role("button", name="Apply a DAG…").click()
    page.get_by_role("textbox", name="YAML of the DAG").fill(_text(name))
    expect(page.get_by_role("region", name="Plan")).to_contain_text(f"DAG {name} is new: 4 parts.")
    assert api.get(f"/dags/{name}").status == 404

    page.get_by_role("button", name="Apply", exact=True).click()

    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect(page.get_by_text(f"Version 1 of {name} runs now.")).to_be_visible()
    assert api.get(f"/dags/{name}").json["version"] == 1


def test_a_file_that_is_dropped_is_planned(page) -> None:
    name = _name()
    page.goto("/dags?apply=1")
    page.get_by_label("Choose a file…").set_input_files(
        {"name": "dag.yaml", "mimeType": "text/yaml", "buffer": _text(name).encode()}
    )
    expect(page.get_by_text(f"DAG {name} is new: 4 parts.")).to_be_visible()
    dropped = page.evaluate_handle(
        """text => {
          const given = new DataTransfer();
          given.items.add(new File([text], "dag.yaml"));
          return given;
        }""",
        _text(f"{name}_too"),
    )
    page.get_by_role("textbox", name="YAML of the DAG").dispatch_event(
        "drop", {"dataTransfer": dropped}
    )
    expect(page.get_by_text(f"DAG {name}_too is new: 4 parts.")).to_be_visible()


def test_the_keyboard_goes_through_the_graph_to_the_page_of_a_job(page, dag: str) -> None:
    page.goto(f"/dags/{dag}")
    show_all = page.get_by_role("button", name="Show all of it")
    expect(page.get_by_role("link", name="job bill, idle")).to_be_visible()
    show_all.focus()
    for _ in range(10):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''")
        if name.startswith("job bill"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"{dag}.bill", level=1)).to_be_visible()


def test_a_moved_graph_stays_where_it_is_while_its_state_changes(page, api: Api, dag: str) -> None:
    page.goto(f"/dags/{dag}")
    expect(page.get_by_role("link", name="job bill, idle")).to_be_visible()
    page.get_by_role("button", name="Closer").click()
    before = page.get_by_role("link", name=re.compile("job bill")).bounding_box()
    api.post(f"/jobs/{dag}.bill/pause", {})
    expect(page.get_by_role("link", name="job bill, paused")).to_be_visible()
    assert page.get_by_role("link", name=re.compile("job bill")).bounding_box() == before
    api.post(f"/jobs/{dag}.bill/resume", {})


def test_the_graph_has_a_table_that_says_the_same(page, dag: str) -> None:
    page.goto(f"/dags/{dag}")
    page.get_by_role("button", name="As a table").click()
    row = page.get_by_role("row", name=re.compile("^bill job"))
    expect(row).to_contain_text(f"{dag}.order")
    expect(row).to_contain_text(f"{dag}.bill")


def test_a_text_is_changed_applied_and_rolled_back(page, api: Api, dag: str) -> None:
    page.goto(f"/dags/{dag}?tab=yaml")
    page.get_by_role("button", name="Edit…").click()
    text = page.get_by_role("textbox", name="YAML of the DAG")
    expect(page.get_by_role("button", name="Apply", exact=True)).to_be_disabled()
    text.fill(_text(dag, attempts=7))
    expect(page.get_by_role("region", name="Plan")).to_contain_text("retry.attempts: 4 → 7")
    lines = page.get_by_role("region", name="Changed lines").get_by_role("row")
    expect(lines.filter(has_text="−")).to_contain_text("retry: {attempts: 4}")
    expect(lines.filter(has_text="+")).to_contain_text("retry: {attempts: 7}")
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text(f"Version 3 of {dag} runs now.")).to_be_visible()

    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_role("row", name=re.compile("^3 runs now"))).to_be_visible()
    page.get_by_role("button", name="Roll back to version 1…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("retry.attempts: 7 → 3")
    assert accessibility_faults(page) == []
    dialog.get_by_role("button", name="Roll back", exact=True).click()

    expect(page.get_by_text("The text of version 1 runs again, as version 4.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^4 runs now"))).to_be_visible()
    assert api.get(f"/dags/{dag}").json["source"] == _text(dag, attempts=3)


def test_a_version_that_came_in_between_is_not_overwritten(page, api: Api, dag: str) -> None:
    page.goto(f"/dags/{dag}?tab=yaml")
    page.get_by_role("button", name="Edit…").click()
    page.get_by_role("textbox", name="YAML of the DAG").fill(_text(dag, attempts=8))
    api.post("/dags", {"source": _text(dag, attempts=9)})
    expect(page.get_by_text("Version 3 was deployed while you were writing")).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert api.get(f"/dags/{dag}").json["source"] == _text(dag, attempts=9)


def test_the_changes_of_a_version_are_in_the_address(page, dag: str) -> None:
    page.goto(f"/dags/{dag}?tab=versions")
    expect(page.get_by_role("heading", name="What version 2 changed")).to_be_visible()
    page.get_by_role("button", name="Show the changes of version 1").click()
    expect(page.get_by_role("heading", name="The first version")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="The first version")).to_be_visible()


def test_the_palette_finds_a_dag(page, dag: str) -> None:
    page.goto("/dags")
    page.get_by_role("button", name="Find or go to").click()
    page.get_by_role("combobox").fill(dag)
    page.get_by_role("option", name=f"{dag} DAG").click()
    expect(page.get_by_role("heading", name=dag, level=1)).to_be_visible()


def test_the_graph_of_all_leads_to_a_job(page, dag: str) -> None:
    page.goto("/graph")
    page.get_by_role("button", name="As a table").click()
    page.get_by_role("row", name=re.compile(f"^bill job.*{dag}")).get_by_role("link").click()
    expect(page.get_by_role("heading", name=f"{dag}.bill", level=1)).to_be_visible()
