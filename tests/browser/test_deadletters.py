"""Dead letters in the console: seen by their error, redriven, discarded, edited and replayed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from http_client import Api, unique
from looks import accessibility_faults, english_left, sideways_scroll

expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def mender(api: Api) -> Iterator[str]:
    """The key of an object without which tasks are refused; what is left is mended at the end."""
    key = unique("repaired")
    yield key
    _mend(api, key)


def _mend(api: Api, mender: str) -> None:
    assert api.send("PUT", f"/objects/{mender}", body=b"now").status == 201


def _letter(api: Api, mender: str) -> dict[str, Any]:
    task = api.state(api.order("refuse", unless=mender), "dead")
    return api.get(f"/dead-letters/{task['dead_letter']}").json


def _open_group(page: Any, letter: dict[str, Any]) -> Any:
    """Open the group of a letter; return the table of its letters."""
    page.goto(f"/dead-letters?job=tiny.act&group={letter['fingerprint']}")
    table = page.get_by_role("table", name="Letters of the group")
    expect(table).to_be_visible()
    return table


def _choose(page: Any, letters: list[dict[str, Any]]) -> None:
    for letter in letters:
        page.get_by_role("checkbox", name=f"Choose {letter['id']}", exact=True).check()


def _states(api: Api, letters: list[dict[str, Any]]) -> list[str]:
    return [api.get(f"/dead-letters/{letter['id']}").json["state"] for letter in letters]


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
def test_the_pages_have_no_accessibility_fault(page, api: Api, mender: str) -> None:
    letters = [_letter(api, mender) for _ in range(2)]
    _open_group(page, letters[0])
    expect(page.get_by_role("heading", name="Its payload")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Redrive all").click()
    expect(page.get_by_role("dialog").get_by_text("go back to work.")).to_be_visible()
    assert accessibility_faults(page) == []
    page.goto(f"/dead-letters/{letters[0]['id']}")
    page.get_by_role("button", name="Edit and replay…").click()
    page.get_by_label("Payload, as JSON").fill('{"do": "succeed"}')
    expect(page.get_by_text("line added")).to_be_visible()
    assert accessibility_faults(page) == []


def test_a_narrow_screen_needs_no_sideways_scroll(page, api: Api, mender: str) -> None:
    letter = _letter(api, mender)
    for width in (390, 640):
        page.set_viewport_size({"width": width, "height": 800})
        _open_group(page, letter)
        assert sideways_scroll(page) == 0
        page.goto(f"/dead-letters/{letter['id']}")
        expect(page.get_by_role("heading", name="Why it died")).to_be_visible()
        assert sideways_scroll(page) == 0


def test_nothing_bypasses_the_catalogue_of_texts(page, api: Api, mender: str) -> None:
    letter = _letter(api, mender)
    page.goto(f"/dead-letters?lang=en-XA&group={letter['fingerprint']}")
    expect(page.locator("pre")).to_be_visible()
    assert english_left(page) == []
    page.goto(f"/dead-letters/{letter['id']}")
    expect(page.locator("pre")).to_be_visible()
    assert english_left(page) == []


def test_letters_that_failed_alike_are_one_group_with_a_payload(
    page, api: Api, mender: str
) -> None:
    letter = _letter(api, mender)
    page.goto("/dead-letters?job=tiny.act")
    fold = page.get_by_role("button", name="This <b>cannot</b> be done.")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_text(f'"unless": "{mender}"')).to_be_visible()
    expect(page).to_have_url(re.compile(f"group={letter['fingerprint']}"))
    page.get_by_role("link", name=f"#{letter['id']}", exact=True).click()
    expect(page.get_by_role("heading", name=f"Dead letter {letter['id']}")).to_be_visible()


def test_a_new_letter_appears_without_reload(page, api: Api, mender: str) -> None:
    table = _open_group(page, _letter(api, mender))
    late = _letter(api, mender)
    expect(table.get_by_role("link", name=f"#{late['id']}", exact=True)).to_be_visible()


def test_a_redrive_moves_as_many_as_its_dialog_counted(page, api: Api, mender: str) -> None:
    letters = [_letter(api, mender) for _ in range(3)]
    _open_group(page, letters[0])
    _mend(api, mender)
    _choose(page, letters[:2])
    page.get_by_role("button", name="Redrive these…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 letters go back to work.")
    expect(dialog).to_contain_text("They become 2 tasks and cover 2 events.")
    dialog.get_by_role("button", name="Redrive 2 letters").click()
    expect(page.get_by_text("2 letters went back to work.")).to_be_visible()
    expect(dialog).to_have_count(0)
    assert _states(api, letters) == ["redriven", "redriven", "open"]


def test_a_double_click_redrives_once(page, api: Api, mender: str) -> None:
    letter = _letter(api, mender)
    _mend(api, mender)
    asked = []
    page.on("request", lambda r: asked.append(r.url) if r.method == "POST" else None)
    page.goto(f"/dead-letters/{letter['id']}")
    page.get_by_role("button", name="Redrive", exact=True).dblclick()
    expect(page.get_by_text("went back to work as task")).to_be_visible()
    expect(page.get_by_role("link", name=f"as task {letter['task_id']}")).to_be_visible()
    assert len(asked) == 1
    api.state(letter["task_id"], "succeeded")


def test_escape_closes_the_redrive_and_gives_the_focus_back(page, api: Api, mender: str) -> None:
    _letter(api, mender)
    page.goto("/dead-letters?job=tiny.act")
    opener = page.get_by_role("button", name="Redrive all of this job…")
    opener.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_slow_redrive_is_followed_and_stopped(page, api: Api, mender: str) -> None:
    letters = [_letter(api, mender) for _ in range(3)]
    _open_group(page, letters[0])
    _choose(page, letters)
    page.get_by_role("button", name="Redrive these…").click()
    page.get_by_label("At most so many a second").fill("0.001")
    page.get_by_role("button", name="Redrive 3 letters").click()
    operation = page.get_by_role("region", name="Operation")
    expect(operation).to_contain_text("1 of 3")
    page.reload()
    expect(operation).to_contain_text("1 of 3")
    operation.get_by_role("button", name="Stop it").click()
    expect(operation).to_contain_text("cancelled")
    operation.get_by_role("button", name="Dismiss").click()
    expect(operation).to_have_count(0)


def test_discarded_letters_come_back_by_undo(page, api: Api, mender: str) -> None:
    letters = [_letter(api, mender) for _ in range(2)]
    _open_group(page, letters[0])
    _choose(page, letters)
    page.get_by_role("button", name="Discard these…").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard 2 letters").click()
    expect(page.get_by_text("2 letters were discarded.")).to_be_visible()
    assert _states(api, letters) == ["discarded", "discarded"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 letters are open again.")).to_be_visible()
    assert _states(api, letters) == ["open", "open"]


def test_one_letter_is_discarded_at_once_and_comes_back(page, api: Api, mender: str) -> None:
    letter = _letter(api, mender)
    page.goto(f"/dead-letters/{letter['id']}")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("It was set aside")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Redrive", exact=True)).to_be_visible()
    assert _states(api, [letter]) == ["open"]


def test_an_edited_event_takes_the_letters_place(page, api: Api, mender: str) -> None:
    letter = _letter(api, mender)
    page.goto(f"/dead-letters/{letter['id']}")
    page.get_by_role("button", name="Edit and replay…").click()
    replay = page.get_by_role("button", name="Replay it so")
    payload = page.get_by_label("Payload, as JSON")
    expect(replay).to_be_disabled()
    payload.fill('{"do": ')
    expect(page.get_by_text("This is no JSON")).to_be_visible()
    expect(replay).to_be_disabled()
    payload.fill('{"do": "succeed", "by": "hand"}')
    expect(page.get_by_text("2 lines added")).to_be_visible()
    replay.click()
    outcome = page.get_by_role("paragraph").filter(has_text="An edited event took its place:")
    outcome.get_by_role("link", name=re.compile(r"^task \d+$")).click()
    expect(page.get_by_role("heading", name=re.compile("^Task "))).to_be_visible()
    page.get_by_role("link", name="Inputs 1").click()
    expect(page.get_by_text('"by": "hand"')).to_be_visible()


def test_states_and_jobs_narrow_the_groups(page, api: Api, mender: str) -> None:
    _letter(api, mender)
    page.goto("/dead-letters?job=tiny.park&state=superseded")
    expect(page.get_by_text("There are none in this state.")).to_be_visible()
    expect(page.get_by_text("headgate dlq list")).to_be_visible()
    page.get_by_label("State").select_option("open")
    page.get_by_label("Job").select_option("tiny.act")
    expect(page.get_by_role("button", name="This <b>cannot</b> be done.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Job")).to_have_value("tiny.act")


def test_the_palette_finds_dead_letters_by_their_error(page, api: Api, mender: str) -> None:
    letter = _letter(api, mender)
    page.goto("/dead-letters")
    expect(page.get_by_role("heading", name="Dead letters", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="A page").fill("cannot")
    page.get_by_role("option", name=re.compile("be done")).first.click()
    expect(page).to_have_url(re.compile(f"group={letter['fingerprint']}"))


def test_a_letter_that_is_not_there_says_so(page) -> None:
    page.goto("/dead-letters/987654321")
    expect(page.get_by_role("alert")).to_contain_text("There is no dead letter 987654321.")
