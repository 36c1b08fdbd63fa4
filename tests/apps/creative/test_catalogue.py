"""The catalogue of image models: dated prices, ends of life, faults of a file."""

from datetime import date, timedelta

import pytest
import yaml

from headgate.apps.creative.catalogue import parse_catalogue, shipped_catalogue
from headgate.core.errors import InvalidInput, NotFound

TODAY = date(2026, 11, 20)
CORE, NOVA = "stability.stable-image-core-v1:1", "amazon.nova-canvas-v1:0"


def entry(name: str = "m", **changes):
    fields = {
        "id": name,
        "name": "A model",
        "provider": "bedrock",
        "family": "nova",
        "regions": ["us-east-1"],
        "prices": [price(date(2026, 1, 1), 40_000)],
        "lifecycle": {"source": "a page", "as_of": TODAY},
        "max_prompt": 100,
        "max_seed": 9,
        "sizes": {"1:1": [1024, 1024]},
    }
    return {key: value for key, value in (fields | changes).items() if value is not None}


def price(start: date, micros: int):
    return {"from": start, "micros": micros, "unit": "image", "source": "a page", "as_of": TODAY}


def catalogue(*entries):
    return parse_catalogue(yaml.safe_dump({"models": list(entries)}))


def faults(*entries) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        catalogue(*entries)
    return {p.pointer: p.message for p in caught.value.problems}


def test_the_shipped_catalogue_names_a_source_and_a_day_for_every_fact():
    for model in shipped_catalogue().models.values():
        facts = [*model.prices, model.lifecycle]
        assert all(fact.source and fact.as_of <= TODAY for fact in facts)


def test_every_model_that_ends_has_a_successor_that_lives():
    known = shipped_catalogue()
    for name in known.models:
        successor = known.lifecycle_of(name, on=TODAY).replacement
        if successor is not None:
            assert known.lifecycle_of(successor, on=TODAY).status == "active"


@pytest.mark.parametrize(
    ("model", "micros"),
    [
        ("headgate.draft-v1", 0),
        (CORE, 40_000),
        ("stability.stable-image-ultra-v1:1", 140_000),
        ("stability.sd3-5-large-v1:0", 80_000),
        ("stability.stable-diffusion-xl-v1", 40_000),
    ],
)
def test_an_image_costs_what_the_price_list_says(model, micros):
    asked = shipped_catalogue().price_of(model, on=TODAY)
    assert (asked.micros, asked.currency) == (micros, "USD")


def test_a_price_holds_from_its_day_until_the_next():
    known = catalogue(entry(prices=[price(date(2026, 1, 1), 4), price(date(2026, 7, 1), 6)]))
    asked = [known.price_of("m", on=date(2026, *d)).micros for d in [(1, 1), (6, 30), (7, 1)]]
    assert asked == [4, 4, 6]


def test_a_day_before_the_price_list_has_no_price():
    with pytest.raises(NotFound) as caught:
        catalogue(entry()).price_of("m", on=date(2025, 12, 31))
    assert "starts on 2026-01-01" in caught.value.hint


def test_an_unknown_model_is_told_what_there_is():
    with pytest.raises(NotFound) as caught:
        shipped_catalogue().price_of("dall-e-2", on=TODAY)
    assert CORE in caught.value.hint


def test_a_model_goes_from_active_to_legacy_to_ended_on_its_days():
    known = shipped_catalogue()
    days = [date(2026, 3, 29), date(2026, 3, 30), date(2026, 9, 29), date(2026, 9, 30)]
    status = [known.lifecycle_of(NOVA, on=day).status for day in days]
    assert status == ["active", "legacy", "legacy", "ended"]


def test_a_model_seen_to_be_gone_has_ended_without_a_known_day():
    gone = shipped_catalogue().lifecycle_of("stability.stable-diffusion-xl-v1", on=TODAY)
    assert (gone.status, gone.ends_on) == ("ended", None)


def test_a_warning_comes_ninety_days_before_the_end_and_stays():
    known, end = shipped_catalogue(), date(2026, 9, 30)

    def told(day):
        return [w.days_left for w in known.warnings(on=day, models=[NOVA])]

    assert told(end - timedelta(days=91)) == []
    assert told(end - timedelta(days=90)) == [90]
    assert told(end) == [0]
    assert told(end + timedelta(days=51)) == [-51]


def test_a_warning_says_the_day_and_where_to_move():
    [soon] = shipped_catalogue().warnings(on=date(2026, 9, 29), models=[NOVA])
    assert soon.message == f"{NOVA} ends on 2026-09-30, in 1 day. Move to {CORE}."
    [over] = shipped_catalogue().warnings(on=TODAY, models=[NOVA])
    assert over.message == f"{NOVA} ended on 2026-09-30. Move to {CORE}."


def test_all_models_are_watched_unless_the_ones_in_use_are_named():
    everything = shipped_catalogue().warnings(on=TODAY)
    assert len(everything) == 4
    assert all(warning.status == "ended" for warning in everything)
    assert shipped_catalogue().warnings(on=TODAY, models=[CORE, "headgate.draft-v1"]) == []


def test_a_bad_file_is_told_all_its_faults_with_their_places():
    found = faults(
        entry("a", prices=[{**price(TODAY, 1), "micros": "40"}], max_seed=0, surprise=1),
        entry("b", sizes=None),
        entry("c", regions=[]),
        entry("c", lifecycle={"source": "x", "as_of": TODAY, "ends_on": TODAY}),
        entry("e", lifecycle={"source": "x", "as_of": TODAY, "replacement": "z"}),
    )
    assert set(found) == {
        "/models/0/prices/0/micros",
        "/models/0/max_seed",
        "/models/0/surprise",
        "/models/1",
        "/models/2",
        "/models/3/lifecycle",
        "/models",
        "/models/4/lifecycle/replacement",
    }


def test_prices_out_of_order_are_a_fault():
    late_first = [price(date(2026, 7, 1), 6), price(date(2026, 1, 1), 4)]
    assert "order" in faults(entry(prices=late_first))["/models/0"]
    assert "at least one price" in faults(entry(prices=[]))["/models/0"]


def test_a_ratio_without_quotes_is_caught_because_yaml_reads_a_number():
    text = yaml.safe_dump({"models": [entry()]}).replace("'1:1':", "1:1:")
    with pytest.raises(InvalidInput, match="sizes/61"):
        parse_catalogue(text)


@pytest.mark.parametrize("text", ["", "[1", "models: 3", "- 1", "models: [1]"])
def test_what_is_no_catalogue_is_refused(text):
    with pytest.raises(InvalidInput):
        parse_catalogue(text)
