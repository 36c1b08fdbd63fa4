"""A brief is read whole, or every fault of it is named."""

import json
from typing import Any

import pytest
from campaigns import a_brief
from hypothesis import given
from hypothesis import strategies as st

from headgate.apps.creative.brief import BriefRejected, read_brief
from headgate.core.errors import TooLarge


def faults(brief: Any) -> dict[str, str]:
    data = brief if isinstance(brief, bytes) else json.dumps(brief).encode()
    with pytest.raises(BriefRejected) as caught:
        read_brief(data)
    return {problem.pointer: problem.code for problem in caught.value.problems}


def test_a_brief_is_read() -> None:
    brief = read_brief(json.dumps(a_brief(brand={"primary_color": "#1f6f4a"})).encode())

    assert (brief.campaign_id, brief.message) == ("spring", "Fresh today")
    assert brief.brand.primary == "#1f6f4a"
    assert [p.name for p in brief.products] == ["Apple Juice"]
    assert brief.products[0].asset is None


@pytest.mark.parametrize(
    "given_as",
    ["brand/mug/mug.png", ["brand/mug/mug.png"], "existing-assets/brand/mug/mug.png"],
)
def test_an_existing_asset_may_be_given_with_or_without_its_folder(given_as: Any) -> None:
    products = [{"name": "Mug", "existing_assets": given_as}]

    brief = read_brief(json.dumps(a_brief(products=products)).encode())

    assert brief.products[0].asset == "existing-assets/brand/mug/mug.png"


def test_every_fault_is_named_at_once() -> None:
    found = faults(
        {
            "campaign_id": "no spaces",
            "campaign_message": "x" * 2000,
            "color": "red",
            "products": [{"name": ""}, {"description": 7, "existing_assets": "../secret"}],
        }
    )

    assert set(found) == {
        "/campaign_id",
        "/campaign_message",
        "/color",
        "/products/0/name",
        "/products/1/name",
        "/products/1/description",
        "/products/1/existing_assets",
    }


@pytest.mark.parametrize("count", [0, 51, 500])
def test_the_number_of_products_has_limits(count: int) -> None:
    products = [{"name": f"P{n}"} for n in range(count)]

    assert set(faults(a_brief(products=products))) == {"/products"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b'{"campaign_id": "a",',
        b"\xff\xfe\x00",
        b'{"campaign_id": "a", "campaign_id": "b"}',
        b'{"campaign_id": NaN}',
        b"[" * 100_000,
        b"[]",
        b"null",
        b'"text"',
    ],
)
def test_what_is_no_brief_is_refused(data: bytes) -> None:
    assert faults(data)


def test_a_syntax_error_has_its_line_and_column() -> None:
    assert set(faults(b'{\n  "campaign_id": "a"\n  "x": 1}')) == {"line 3, column 3"}


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read_brief(b"\xef\xbb\xbf" + json.dumps(a_brief()).encode()).campaign_id == "spring"


def test_a_huge_brief_is_refused_before_it_is_read() -> None:
    with pytest.raises(TooLarge, match="KiB"):
        read_brief(b" " * 300_000)


def test_text_in_any_script_and_markup_is_kept_as_it_is() -> None:
    message = "<b>&\U0001f34f مرحبا 日本 \u0939\u093f"

    assert read_brief(json.dumps(a_brief(campaign_message=message)).encode()).message == message


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(),
                    lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["campaign_id", "products", "name", "x"]),
                                      inner, max_size=4), max_leaves=12))  # fmt: skip
def test_no_json_at_all_breaks_the_reader(document: Any) -> None:
    with pytest.raises(BriefRejected) as rejected:
        read_brief(json.dumps(document).encode())

    assert rejected.value.problems
