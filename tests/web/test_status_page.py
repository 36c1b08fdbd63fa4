"""The status page: whole without a script, safe with hostile text, and its one form."""

import base64
import hashlib
import re
from html.parser import HTMLParser

from http_client import Api, unique

_VOID = {"meta", "link", "img", "input", "br", "hr", "path"}


class _Page(HTMLParser):
    """Checks nesting, and collects ids, headings and labels."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.labelled_by: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if given.get("aria-labelledby"):
            self.labelled_by.append(given["aria-labelledby"] or "")
        if tag == "img":
            assert given.get("alt")
            assert given.get("loading") == "lazy"

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag


def test_the_page_is_well_formed_and_every_section_has_its_heading(api: Api) -> None:
    page = api.get("//")
    parsed = _Page(page.text)

    assert page.status == 200
    assert parsed.open == []
    assert parsed.headings[0] == "h1"
    assert len(parsed.ids) == len(set(parsed.ids))
    assert set(parsed.labelled_by) <= set(parsed.ids)
    assert '<html lang="en">' in page.text
    assert "width=device-width" in page.text


def test_the_policy_lets_only_our_own_style_and_script_run(api: Api) -> None:
    page = api.get("//")
    policy = page.headers["content-security-policy"]

    for name in ("style", "script"):
        (text,) = re.findall(f"<{name}>(.*?)</{name}>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r'(src|href)="(https?:)?//', page.text)
    assert " style=" not in page.text
    assert not re.search(r" on[a-z]+=", page.text)


def test_without_campaigns_it_says_how_to_have_one(api: Api) -> None:
    assert "headgate demo" in api.get("//").text


def test_text_of_others_is_shown_as_text(api: Api) -> None:
    dead = api.state(api.order("refuse", unless=unique("never")), "dead")

    page = api.get("//live").text

    assert "This &lt;b&gt;cannot&lt;/b&gt; be done." in page
    assert "must not be &lt;i&gt;refuse&lt;/i&gt;" in page
    assert "<b>" not in page
    assert f'action="/dead-letters/{dead["dead_letter"]}/redrive"' in page
    _Page(page)


def test_the_redrive_button_puts_work_back_and_returns_to_the_page(api: Api) -> None:
    mender = unique("mended")
    dead = api.state(api.order("refuse", unless=mender), "dead")
    api.send("PUT", f"/objects/{mender}", body=b"now")
    path = f"//dead-letters/{dead['dead_letter']}/redrive"
    own = {"Sec-Fetch-Site": "same-origin"}

    pressed = api.send("POST", path, headers=own)
    again = api.send("POST", path, headers=own)

    assert pressed.status == again.status == 303
    assert pressed.headers["location"] == "/?notice=redriven#dead-letters"
    assert again.headers["location"] == "/?notice=refused#dead-letters"
    api.state(dead["id"], "succeeded")
    assert "put back to work" in api.get("//?notice=redriven").text


def test_another_sites_page_cannot_press_the_button(api: Api) -> None:
    dead = api.state(api.order("refuse", unless=unique("never")), "dead")
    letter = dead["dead_letter"]

    pressed = api.send(
        "POST", f"//dead-letters/{letter}/redrive", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert pressed.status == 403
    assert api.get(f"/dead-letters/{letter}").json["state"] == "open"


def test_a_notice_that_is_none_of_ours_is_not_shown(api: Api) -> None:
    assert "pay" not in api.get("//?notice=pay+here").text


def test_queues_show_what_waits(api: Api) -> None:
    api.order("succeed", source="parked")

    page = api.get("//live").text

    assert "tiny.park" in page
    assert "<meter" in page
