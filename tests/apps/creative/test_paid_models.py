"""Money: the ledger through every way a paid call can go."""

from pathlib import Path
from typing import Any

import pytest
from bedrock_stub import BedrockStub, Fault
from campaigns import Rig, a_brief, headgate

MODEL = "stability.stable-image-core-v1:1"
PRICE = 40_000


def paid(stub: BedrockStub, **changes: Any) -> dict[str, Any]:
    model = {
        "kind": "bedrock",
        "model_id": MODEL,
        "endpoint_url": stub.url,
        "read_timeout": 1.0,
        **changes,
    }
    return {"creative": {"image_model": model}}


async def ledger(rig: Rig) -> list[tuple[str, int]]:
    rows = await rig.rows("select state, micros from creative.charge order by id")
    return [(row["state"], row["micros"]) for row in rows]


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


async def test_a_picture_is_paid_for_once_and_the_manifest_says_so(
    tmp_path: Path, database_url: str, bedrock: BedrockStub
) -> None:
    async with headgate(tmp_path, database_url, **paid(bedrock)) as rig:
        first = await rig.drop(a_brief())
        await rig.ended(first)
        second = await rig.drop(a_brief(), name="again.json")
        await rig.ended(second)
        manifests = [await rig.manifest(first), await rig.manifest(second)]

        assert bedrock.images_made == 1
        assert await ledger(rig) == [("charged", PRICE)]
        assert [m["costs"]["total_micros"] for m in manifests] == [PRICE, 0]
        assert manifests[1]["costs"]["saved_by_reuse_micros"] == PRICE
        assert manifests[0]["products"][0]["image_source"] == "generated"


async def test_equal_briefs_at_once_pay_once(
    tmp_path: Path, database_url: str, bedrock: BedrockStub
) -> None:
    async with headgate(tmp_path, database_url, **paid(bedrock)) as rig:
        runs = [await rig.drop(a_brief(), name=f"{n}.json") for n in range(5)]
        states = [(await rig.ended(run))["state"] for run in runs]

        assert states == ["succeeded"] * 5
        assert bedrock.images_made == 1
        assert await ledger(rig) == [("charged", PRICE)]


async def test_throttling_costs_nothing_and_is_retried(
    tmp_path: Path, database_url: str, bedrock: BedrockStub
) -> None:
    bedrock.script(Fault.THROTTLED, times=2)
    async with headgate(tmp_path, database_url, **paid(bedrock)) as rig:
        operation = await rig.ended(await rig.drop(a_brief()))

        assert operation["state"] == "succeeded"
        assert [state for state, _ in await ledger(rig)] == ["void", "void", "charged"]
        assert bedrock.images_made == 1


async def test_a_filtered_prompt_fails_with_the_reason_and_costs_nothing(
    tmp_path: Path, database_url: str, bedrock: BedrockStub
) -> None:
    bedrock.script(Fault.FILTERED_PROMPT)
    async with headgate(tmp_path, database_url, **paid(bedrock)) as rig:
        run = await rig.drop(a_brief())
        operation = await rig.ended(run)
        manifest = await rig.manifest(run)

        assert operation["state"] == "failed"
        assert "prompt" in manifest["products"][0]["failure"]["message"].lower()
        assert manifest["products"][0]["failure"]["fault"] == "provider"
        assert [state for state, _ in await ledger(rig)] == ["void"]


async def test_an_answer_that_is_lost_after_the_picture_was_made_is_told_as_uncertain(
    tmp_path: Path, database_url: str, bedrock: BedrockStub
) -> None:
    bedrock.script(Fault.HANG)
    async with headgate(tmp_path, database_url, **paid(bedrock)) as rig:
        run = await rig.drop(a_brief())
        operation = await rig.ended(run)
        manifest = await rig.manifest(run)

        assert operation["state"] == "succeeded"
        assert await ledger(rig) == [("uncertain", PRICE), ("charged", PRICE)]
        assert manifest["costs"]["total_micros"] == PRICE
        assert manifest["costs"]["uncertain_micros"] == PRICE


async def test_a_model_that_has_ended_is_refused_before_any_call(
    tmp_path: Path, database_url: str, bedrock: BedrockStub
) -> None:
    settings = paid(bedrock, model_id="amazon.titan-image-generator-v1")
    async with headgate(tmp_path, database_url, **settings) as rig:
        run = await rig.drop(a_brief())
        operation = await rig.ended(run)

        told = await rig.until(
            lambda: rig.rows("select message from core.task_log where level = 'warning'")
        )

        assert operation["state"] == "failed"
        assert bedrock.calls == []
        assert "amazon.titan-image-generator-v1" in told[0]["message"]
        assert [micros for state, micros in await ledger(rig) if state == "charged"] == []
