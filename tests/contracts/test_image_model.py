"""What every image model must do: the draft artist, and each Bedrock model against a loopback stub.

A live Bedrock is never called from tests: each call costs money.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import pyvips

# The stub belongs to the creative app's tests, which flow tests share too.
from bedrock_stub import BedrockStub, Fault

from headgate.apps.creative.catalogue import shipped_catalogue
from headgate.apps.creative.ports.image_model import (
    AnswerLost,
    ImageModel,
    ImageRequest,
    ProviderBusy,
)
from headgate.apps.creative.ports.image_model.bedrock import BedrockImageModel
from headgate.apps.creative.ports.image_model.draft import DraftImageModel
from headgate.core.errors import InvalidInput, ProviderRefused, ProviderUnavailable

CATALOGUE = shipped_catalogue()
TODAY = date(2026, 11, 20)
ALIVE = date(2025, 6, 1)  # a day on which every model of the catalogue could be called
BEDROCK = [m for m, entry in CATALOGUE.models.items() if entry.provider == "bedrock"]
ENDED = [m for m in BEDROCK if CATALOGUE.lifecycle_of(m, on=TODAY).status == "ended"]
CORE = "stability.stable-image-core-v1:1"
REQUEST = ImageRequest(
    prompt="Professional product photography of Enamel Mug.",
    negative_prompt="people, text",
    product_name="Enamel Mug",
    description="A mug for the campfire.",
    seed=7,
    palette=("#2f5d50", "#e9c46a"),
)


@pytest.fixture
def bedrock() -> Iterator[BedrockStub]:
    with BedrockStub() as stub:
        yield stub


@pytest.fixture(params=["headgate.draft-v1", *BEDROCK])
def model(request: pytest.FixtureRequest, bedrock: BedrockStub) -> ImageModel:
    if request.param == "headgate.draft-v1":
        return DraftImageModel(catalogue=CATALOGUE)
    return on_bedrock(bedrock, request.param)


def on_bedrock(stub: BedrockStub, model: str = CORE, **settings: Any) -> BedrockImageModel:
    return BedrockImageModel(
        model, catalogue=CATALOGUE, endpoint_url=stub.url, session=stub.session, **settings
    )


def ratio_of(text: str) -> float:
    width, height = text.split(":")
    return int(width) / int(height)


async def test_an_image_is_a_whole_png_that_says_its_size(model):
    made = await model.generate(REQUEST, on=ALIVE)
    image = pyvips.Image.new_from_buffer(made.png, "", fail_on="truncated")
    assert made.png.startswith(b"\x89PNG")
    assert (image.width, image.height) == (made.width, made.height)
    assert image.avg() > 0
    assert made.model == model.model


async def test_every_offered_ratio_comes_back_within_five_percent(model):
    for ratio in model.capabilities().aspect_ratios:
        made = await model.generate(replace(REQUEST, aspect_ratio=ratio), on=ALIVE)
        assert made.width / made.height == pytest.approx(ratio_of(ratio), rel=0.05)


async def test_the_three_ratios_that_campaigns_need_are_offered(model):
    assert {"1:1", "9:16", "16:9"} <= set(model.capabilities().aspect_ratios)


async def test_the_same_request_asks_for_the_same_picture(model):
    first, second = [await model.generate(REQUEST, on=ALIVE) for _ in range(2)]
    assert first.seed == second.seed
    assert first.png == second.png


async def test_another_seed_asks_for_another_picture(model):
    made = {(await model.generate(replace(REQUEST, seed=s), on=ALIVE)).png for s in range(1, 9)}
    assert len(made) > 1


async def test_only_what_is_local_is_free_and_only_a_model_says_generated(model):
    can, price = model.capabilities(), model.price(REQUEST, on=ALIVE)
    assert (price.micros == 0) == can.local
    assert (model.image_source == "draft") == can.local
    assert price.currency == "USD"
    assert price.source


async def test_a_request_beyond_the_capabilities_is_refused_with_every_reason(model, bedrock):
    can = model.capabilities()
    bad = replace(REQUEST, prompt="x" * (can.max_prompt + 1), aspect_ratio="7:1", seed=-1)
    with pytest.raises(InvalidInput) as caught:
        await model.generate(bad, on=ALIVE)
    assert {p.pointer for p in caught.value.problems} == {"/prompt", "/aspect_ratio", "/seed"}
    assert not bedrock.calls


async def test_parallel_requests_do_not_mix_up_their_pictures(model):
    requests = [replace(REQUEST, product_name=f"Mug {n}", prompt=f"mug {n}") for n in range(6)]
    together = await asyncio.gather(*(model.generate(r, on=ALIVE) for r in requests))
    alone = [await model.generate(r, on=ALIVE) for r in requests]
    assert [m.png for m in together] == [m.png for m in alone]


@pytest.mark.parametrize("name", BEDROCK)
async def test_bedrock_is_sent_the_prompt_and_the_seed_signed_and_once(bedrock, name):
    made = await on_bedrock(bedrock, name).generate(REQUEST, on=ALIVE)
    [call] = bedrock.calls
    text = json.dumps(call.body)
    assert call.model == name
    assert REQUEST.prompt in text
    assert REQUEST.negative_prompt in text
    assert f'"seed": {made.seed}' in text
    assert call.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDSTUB/")
    assert made.provider_request_id == "stub-1"


@pytest.mark.parametrize("name", BEDROCK)
async def test_a_seed_stays_in_the_models_range_and_is_never_zero(bedrock, name):
    limit = CATALOGUE.model(name).max_seed
    for seed, sent in [(0, limit), (1, 1), (limit, limit), (limit + 1, 1), (2**64, None)]:
        made = await on_bedrock(bedrock, name).generate(replace(REQUEST, seed=seed), on=ALIVE)
        assert 1 <= made.seed <= limit
        assert sent in {None, made.seed}


@pytest.mark.parametrize("name", ENDED)
async def test_an_ended_model_is_refused_without_a_call_and_names_its_successor(bedrock, name):
    with pytest.raises(ProviderRefused) as caught:
        await on_bedrock(bedrock, name).generate(REQUEST, on=TODAY)
    assert CORE in caught.value.hint
    ends_on = CATALOGUE.model(name).lifecycle.ends_on
    assert ("withdrawn" if ends_on is None else str(ends_on)) in caught.value.message
    assert not bedrock.calls


BUSY = [
    Fault.THROTTLED, Fault.UNAVAILABLE, Fault.INTERNAL, Fault.NOT_READY, Fault.MODEL_TIMEOUT,
    Fault.MODEL_ERROR, Fault.OVER_QUOTA,
]  # fmt: skip
REFUSED = [
    Fault.INVALID, Fault.ACCESS_DENIED, Fault.NO_SUCH_MODEL, Fault.EXPIRED_TOKEN,
    Fault.FILTERED_PROMPT, Fault.FILTERED_OUTPUT,
]  # fmt: skip
LOST = [
    Fault.HANG, Fault.RESET, Fault.GATEWAY_TIMEOUT, Fault.NOT_JSON, Fault.NO_IMAGE,
    Fault.TRUNCATED_BODY, Fault.TRUNCATED_BASE64, Fault.TRUNCATED_PNG, Fault.NOT_AN_IMAGE,
]  # fmt: skip


def test_every_fault_of_the_stub_is_expected_to_be_something():
    told = {*BUSY, *REFUSED, *LOST, Fault.THROTTLED_FOR_7_SECONDS}
    assert told == set(Fault)


async def outcome_of(fault: Fault, stub: BedrockStub, name: str = CORE) -> BaseException:
    """The error of one call that goes wrong; the next call must work, and no call may repeat."""
    short = timedelta(seconds=0.4 if fault is Fault.HANG else 30)
    model = on_bedrock(stub, name, read_timeout=short)
    stub.script(fault)
    with pytest.raises(Exception, match=re_escaped(name)) as caught:
        await model.generate(REQUEST, on=ALIVE)
    assert len(stub.calls) == 1
    assert caught.value.hint
    assert (await model.generate(REQUEST, on=ALIVE)).png
    return caught.value


def re_escaped(text: str) -> str:
    return text.replace(".", r"\.")


@pytest.mark.parametrize("fault", BUSY)
async def test_a_busy_model_is_worth_a_retry_and_charges_nothing(bedrock, fault):
    error = await outcome_of(fault, bedrock)
    assert type(error) is ProviderBusy
    assert error.retry
    assert error.retry_after is None
    assert bedrock.images_made == 1


@pytest.mark.parametrize("fault", REFUSED)
async def test_a_refused_request_is_not_retried(bedrock, fault):
    error = await outcome_of(fault, bedrock)
    assert type(error) is ProviderRefused
    assert not error.retry


@pytest.mark.parametrize("fault", LOST)
async def test_a_lost_answer_is_told_apart_because_it_may_be_charged(bedrock, fault):
    error = await outcome_of(fault, bedrock)
    assert type(error) is AnswerLost
    assert isinstance(error, ProviderUnavailable)
    assert error.retry
    assert bedrock.images_made == 2
    assert bedrock.calls[0].body == bedrock.calls[1].body


async def test_the_provider_may_say_how_long_to_wait(bedrock):
    error = await outcome_of(Fault.THROTTLED_FOR_7_SECONDS, bedrock)
    assert error.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("name", BEDROCK)
async def test_a_filtered_image_is_a_refusal_for_every_family(bedrock, name):
    error = await outcome_of(Fault.FILTERED_OUTPUT, bedrock, name)
    assert type(error) is ProviderRefused
    assert "output image" in error.message


async def test_denied_access_sends_people_to_the_console(bedrock):
    error = await outcome_of(Fault.ACCESS_DENIED, bedrock)
    assert "Bedrock console, Model access" in error.hint


async def test_an_unreachable_endpoint_charged_nothing():
    with BedrockStub() as stub:
        model = on_bedrock(stub)
    with pytest.raises(ProviderBusy, match="cannot be reached"):
        await model.generate(REQUEST, on=TODAY)


async def test_missing_credentials_are_refused_with_what_to_set(bedrock, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    model = BedrockImageModel(CORE, catalogue=CATALOGUE, endpoint_url=bedrock.url)
    with pytest.raises(ProviderRefused) as caught:
        await model.generate(REQUEST, on=TODAY)
    assert "AWS_ACCESS_KEY_ID" in caught.value.hint
    assert not bedrock.calls


async def test_a_jpeg_answer_becomes_a_png(bedrock):
    photo = pyvips.Image.gaussnoise(96, 64, mean=128, sigma=30).cast("uchar")
    bedrock.picture = photo.write_to_buffer(".jpg")
    made = await on_bedrock(bedrock).generate(REQUEST, on=TODAY)
    assert made.png.startswith(b"\x89PNG")
    assert (made.width, made.height) == (96, 64)


async def test_a_real_cut_out_passes_through_unchanged(bedrock, test_data):
    bedrock.picture = (test_data / "products" / "mighty-mug.png").read_bytes()
    made = await on_bedrock(bedrock).generate(REQUEST, on=TODAY)
    assert made.png == bedrock.picture


async def test_an_enormous_answer_is_not_unpacked(bedrock):
    bedrock.picture = pyvips.Image.black(20_000, 20_000).write_to_buffer(".png", compression=9)
    with pytest.raises(AnswerLost, match="20000x20000"):
        await on_bedrock(bedrock).generate(REQUEST, on=TODAY)


async def test_a_cancelled_call_returns_at_once(bedrock):
    bedrock.script(Fault.HANG)
    model = on_bedrock(bedrock, read_timeout=timedelta(seconds=2))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await model.generate(REQUEST, on=TODAY)


async def test_the_region_is_the_first_that_has_the_model_unless_another_is_chosen(bedrock):
    await on_bedrock(bedrock, "amazon.nova-canvas-v1:0").generate(REQUEST, on=ALIVE)
    await on_bedrock(bedrock, region="eu-west-1").generate(REQUEST, on=TODAY)
    scopes = [call.headers["authorization"].split("/")[2] for call in bedrock.calls]
    assert scopes == ["us-east-1", "eu-west-1"]


def test_boto3_is_not_imported_before_a_picture_is_asked_for():
    code = (
        "import sys\n"
        "from headgate.apps.creative.catalogue import shipped_catalogue\n"
        "from headgate.apps.creative.ports.image_model.bedrock import BedrockImageModel\n"
        f"BedrockImageModel({CORE!r}, catalogue=shipped_catalogue())\n"
        "sys.exit(any(m.startswith(('boto3', 'botocore')) for m in sys.modules))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
