"""The parts of the status page, from rows as the creative app has them."""

from datetime import UTC, datetime
from typing import Any

from headgate.web.status.attention import rejected_briefs
from headgate.web.status.campaigns import gallery, object_url
from headgate.web.status.markup import Markup, join, moment, tag

_AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


def _campaign(state: str = "complete", **more: Any) -> dict[str, Any]:
    return {
        "run_id": "7b1c",
        "campaign_id": "summer",
        "brief_key": "input/campaign-briefs/a.json",
        "message": "Fresh <today>",
        "output": "output/summer",
        "state": state,
        "problems": [],
        "error": "",
        "created_at": _AT,
        "products": [],
        **more,
    }


def _product(**more: Any) -> dict[str, Any]:
    return {
        "idx": 0,
        "name": 'Tea & "Biscuits"',
        "state": "done",
        "image_source": "draft",
        "image_reused": False,
        "variants": [],
        "failure": None,
        **more,
    }


def test_a_picture_is_shown_at_its_true_aspect_with_words_for_who_cannot_see_it() -> None:
    variant = {
        "key": "output/a b#1.jpg",
        "width": 1080,
        "height": 1920,
        "preset": "instagram-story",
    }

    html = gallery([_campaign(products=[_product(variants=[variant])])])

    assert 'src="/api/v1/objects/output/a%20b%231.jpg"' in html
    assert 'width="1080" height="1920"' in html
    assert 'alt="Tea &amp; &quot;Biscuits&quot;, instagram story"' in html
    assert 'loading="lazy"' in html
    assert "Fresh &lt;today&gt;" in html
    assert "1 of 5 images" in html


def test_a_campaign_in_work_shows_how_far_it_is_and_one_that_has_ended_does_not() -> None:
    assert "<progress" in gallery([_campaign("processing", products=[_product()])])
    assert "<progress" not in gallery([_campaign("complete", products=[_product()])])


def test_a_product_that_failed_says_why() -> None:
    failed = _product(state="failed", failure={"message": "The provider is <away>."})

    assert "The provider is &lt;away&gt;." in gallery([_campaign("partial", products=[failed])])


def test_a_rejected_brief_is_no_campaign_but_is_shown_with_every_fault() -> None:
    problems = [
        {"pointer": "/campaign_id", "code": "missing", "message": "Field required"},
        {"pointer": "", "code": "odd", "message": "<odd>"},
    ]
    rows = [_campaign("rejected", problems=problems, error="The brief has 2 faults.", output=None)]

    html = rejected_briefs(rows)

    assert "No campaign yet" in gallery(rows)
    assert "input/campaign-briefs/a.json" in html
    assert "<code>/campaign_id</code> Field required" in html
    assert "&lt;odd&gt;" in html
    assert rejected_briefs([]) == tag("div", hidden=True, data_key="rejected")


def test_text_cannot_become_markup_and_markup_stays() -> None:
    inner = tag("b", "<i>")

    assert inner == "<b>&lt;i&gt;</b>"
    assert tag("a", inner, href='"><script>') == (
        '<a href="&quot;&gt;&lt;script&gt;"><b>&lt;i&gt;</b></a>'
    )
    assert join(["<", Markup("<br>"), None, 3]) == "&lt;<br>3"
    assert tag("input", disabled=True, hidden=False, value=None) == "<input disabled>"


def test_a_time_is_written_for_people_and_for_programs() -> None:
    assert moment(_AT) == '<time datetime="2026-11-20T12:30:00+00:00">20 Nov 12:30 UTC</time>'
    assert moment(None) == ""


def test_the_key_of_an_object_is_quoted_in_its_address() -> None:
    assert object_url("a/ü?.png") == "/api/v1/objects/a/%C3%BC%3F.png"
