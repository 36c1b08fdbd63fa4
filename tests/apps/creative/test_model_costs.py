"""Predicted costs: exact sums of dated prices."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headgate.apps.creative.catalogue import shipped_catalogue
from headgate.apps.creative.catalogue.costs import PlannedProduct, predict, usd

TODAY = date(2026, 11, 20)
CORE = "stability.stable-image-core-v1:1"


def predicted(*kinds, model: str = CORE):
    products = [PlannedProduct(name=f"product {n}", kind=kind) for n, kind in enumerate(kinds)]
    return predict(products, model=model, on=TODAY, catalogue=shipped_catalogue())


def test_reusing_two_of_three_products_costs_one_image_and_saves_two():
    campaign = predicted("reuse", "generate", "reuse")
    assert usd(campaign.total_micros) == "$0.04"
    assert usd(campaign.saved_by_reuse_micros) == "$0.08"
    assert [line.micros for line in campaign.lines] == [0, 40_000, 0]


def test_an_image_made_before_from_the_same_inputs_is_not_paid_again():
    assert predicted("cached").total_micros == 0
    assert predicted("cached").saved_by_reuse_micros == 40_000


def test_a_draft_campaign_is_free():
    assert predicted("generate", "generate", model="headgate.draft-v1").total_micros == 0


def test_a_prediction_says_the_day_its_price_was_read():
    assert predicted().priced_as_of == TODAY
    assert predicted().currency == "USD"
    assert predicted().lines == ()


@given(st.lists(st.sampled_from(["generate", "reuse", "cached"]), max_size=50))
def test_cost_and_saving_always_add_up_to_generating_everything(kinds):
    campaign = predicted(*kinds)
    assert campaign.total_micros == sum(line.micros for line in campaign.lines)
    assert campaign.total_micros + campaign.saved_by_reuse_micros == 40_000 * len(kinds)


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "$0.00"),
        (40_000, "$0.04"),
        (8_000, "$0.008"),
        (140_000, "$0.14"),
        (1, "$0.000001"),
        (12_000_000, "$12.00"),
        (1_234_500_000, "$1,234.50"),
        (-40_000, "-$0.04"),
    ],
)
def test_amounts_are_written_with_cents_and_no_lost_fraction(micros, text):
    assert usd(micros) == text


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_written_amount_can_be_read_back_exactly(micros):
    whole, _, rest = usd(micros).replace("$", "").replace(",", "").lstrip("-").partition(".")
    assert int(whole) * 1_000_000 + int(rest.ljust(6, "0")) == abs(micros)
