"""The API's description: complete, and true of what the server does."""

import traceback

import pytest
import schemathesis
from http_client import Api
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode

_CASES = 6
_NO_STREAM = "/api/v1/stream"
# What a schema cannot say: cursors and versions are ours to make, YAML has a meaning, conditions hold
# or not.
_ANSWERS = ["2xx", "3xx", "400", "403", "404", "409", "412", "416", "422"]
_REFUSALS = ["400", "403", "404", "405", "409", "412", "413", "416", "422"]


def _check(operation: schemathesis.APIOperation, mode: GenerationMode) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=_CASES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Case) -> None:
        case.call_and_validate()

    check()


# The server shares this process, and its use of `random` is taken for the strategies'.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
def test_whatever_is_sent_the_answer_is_one_that_is_described(server_url: str) -> None:
    config = schemathesis.Config.from_dict(
        {
            "checks": {
                "positive_data_acceptance": {"expected-statuses": _ANSWERS},
                "negative_data_rejection": {"expected-statuses": _REFUSALS},
            }
        }
    )
    schema = schemathesis.openapi.from_url(f"{server_url}/openapi.json", config=config)
    schema = schema.exclude(path=_NO_STREAM)
    failures = []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            try:
                _check(operation, mode)
            except Unsatisfiable:
                continue  # nothing can be wrong about a request without parameters
            except BaseExceptionGroup as error:
                failures.append(
                    f"{operation.label} {mode.value}: {''.join(traceback.format_exception(error))}"
                )
    assert not failures, "\n\n".join(failures)


def test_every_operation_has_an_id_a_tag_and_problems(api: Api) -> None:
    described = api.get("//openapi.json").json
    ids = []
    for path, item in described["paths"].items():
        for method, operation in item.items():
            ids.append(operation["operationId"])
            assert operation["tags"], path
            assert operation["responses"]["default"]["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }, f"{method} {path}"
            if method == "post":
                names = [p["name"] for p in operation["parameters"]]
                assert "Idempotency-Key" in names, path
    assert len(ids) == len(set(ids))
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_every_reference_in_the_description_leads_somewhere(api: Api) -> None:
    text = api.get("//openapi.json").json
    schemas = text["components"]["schemas"]

    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [ref for value in node.values() for ref in references(value)]
        return (
            [ref for value in node for ref in references(value)] if isinstance(node, list) else []
        )

    assert {ref.rpartition("/")[2] for ref in references(text)} <= set(schemas)


def test_the_stream_is_described_with_the_type_of_its_events(api: Api) -> None:
    stream = api.get("//openapi.json").json["paths"][_NO_STREAM]["get"]

    content = stream["responses"]["200"]["content"]
    assert list(content) == ["text/event-stream"]
    assert "ChangeEvent" in str(content)
