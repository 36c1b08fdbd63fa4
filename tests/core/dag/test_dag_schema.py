"""The language: its written forms, and the JSON Schema that is published."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped] # has no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headgate.core.dag.load import check_dag
from headgate.core.dag.scalars import format_duration, parse_duration
from headgate.core.dag.schema import DagSpec, json_schema, json_schema_text, to_json

PUBLISHED = Path(__file__).parents[3] / "docs" / "reference" / "dag.schema.json"
WRITE_IT = (
    "from headgate.core.dag.schema import json_schema_text as text; from pathlib import Path;"
    " Path('docs/reference/dag.schema.json').write_text(text(), encoding='utf-8')"
)


def test_the_published_json_schema_is_that_of_the_language() -> None:
    fresh = PUBLISHED.read_text(encoding="utf-8") == json_schema_text()

    assert fresh, f'write it anew: python -c "{WRITE_IT}"'


def test_every_field_but_plain_descriptions_is_explained() -> None:
    unexplained = {
        f"{name}.{field}"
        for name, model in json_schema()["$defs"].items()
        for field, about in model.get("properties", {}).items()
        if "description" not in about and "$ref" not in about
    }

    assert {name for name in unexplained if name.rpartition(".")[2] not in {"description", "kind", "dataset", "time_zone"}} == set()  # fmt: skip


@settings(derandomize=True)
@given(milliseconds=st.integers(0, 20 * 86_400_000))
def test_a_duration_is_written_as_it_is_read(milliseconds: int) -> None:
    duration = timedelta(milliseconds=milliseconds)

    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("500ms", "500ms"),
        ("60s", "1m"),
        ("90m", "90m"),
        ("24h", "1d"),
        ("0ms", "0s"),
        ("36h", "36h"),
    ],
)
def test_a_duration_is_written_in_its_largest_whole_unit(text: str, short: str) -> None:
    assert format_duration(parse_duration(text)) == short


texts = st.text("ab ./:'\"#\n", max_size=6)
tags = st.sampled_from(["x.a", "x.b", "x.c"])
durations = st.sampled_from(["500ms", "3m", "1d", "30", "1.5h", ""])
inputs = tags | st.fixed_dictionaries(
    {"dataset": tags},
    optional={
        "segments": st.integers(0, 3),
        "window": st.lists(st.integers(-3, 3), min_size=1, max_size=3),
        "whole": st.booleans(),
    },
)
jobs = st.fixed_dictionaries(
    {"operator": st.sampled_from(["app.run", "app", "App.run"]), "inputs": st.lists(inputs, max_size=2)},
    optional={
        "description": texts,
        "outputs": st.lists(tags, max_size=2),
        "execution_strategy": st.sampled_from(["PerUpdate", "PerPartition", "Bulk", "bulk"]),
        "scaling": st.fixed_dictionaries({}, optional={"mode": st.sampled_from(["steady", "fast"]), "max_concurrency": st.none() | st.integers(0, 3)}),
        "retry": st.fixed_dictionaries({}, optional={"attempts": st.integers(0, 3) | st.booleans(), "backoff": durations, "typo": st.none()}),
        "timeout": durations,
        "limits": st.fixed_dictionaries({}, optional={"memory_mb": st.integers(10, 20), "cpu": durations}),
        "params": st.dictionaries(texts, st.none() | texts | st.lists(st.floats(-1, 1), max_size=2)),
    },
)  # fmt: skip
dags = st.fixed_dictionaries(
    {"dag": st.sampled_from(["d", "D"])},
    optional={
        "datasets": st.dictionaries(
            st.sampled_from(["x.a", "x.b", "X"]),
            st.none()
            | st.fixed_dictionaries(
                {},
                optional={
                    "partitioning": st.sampled_from(["key", "range"]),
                    "schema": st.dictionaries(st.sampled_from(["id", "1d"]), st.sampled_from(["text", "str"]), max_size=1),
                    "pii_columns": st.lists(st.just("id"), max_size=1),
                },
            ),
            max_size=2,
        ),
        "sources": st.dictionaries(
            st.just("s"),
            st.fixed_dictionaries(
                {"kind": st.sampled_from(["http", "object_created"]), "dataset": tags},
                optional={"prefix": texts, "cron": st.just("* * * * *")},
            ),
            max_size=1,
        ),
        "jobs": st.dictionaries(st.sampled_from(["j", "k", "J"]), jobs, max_size=2),
    },
)  # fmt: skip
FORM = {
    "unknown_field", "missing_field", "bad_name", "bad_value", "wrong_type", "bad_duration", "no_inputs",
}  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=200)
@given(value=dags)
def test_the_json_schema_and_the_loader_agree_about_form(value: dict[str, Any]) -> None:
    by_schema = jsonschema.Draft202012Validator(json_schema()).is_valid(value)

    findings = check_dag(json.dumps(value), file="f").findings

    faults = [f for f in findings if f.code in FORM and not _beyond_json_schema(f.message)]
    assert by_schema == (not faults), (value, findings)


def _beyond_json_schema(message: str) -> bool:
    """A few faults of value compare two fields, or a duration with zero."""
    return any(words in message for words in ("longer than", "ends before"))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(value=dags)
def test_a_stored_dag_reads_back_as_it_was(value: dict[str, Any]) -> None:
    spec = check_dag(json.dumps(value), file="f").spec

    if spec is not None:
        stored = json.loads(json.dumps(to_json(spec)))
        assert DagSpec.model_validate(stored) == spec
