"""YAML text to a DAG, or every fault at once with its place."""

from datetime import timedelta

import pytest
import yaml
from dag_text import HEAD, Marked, errors, job
from hypothesis import given, settings
from hypothesis import strategies as st

from headgate.core.dag.check.findings import InvalidDag
from headgate.core.dag.check.registry import Known, Registered
from headgate.core.dag.graph.flow import Flow, Reading
from headgate.core.dag.load import check_dag, load_dag

SAMPLE = """\
dag: creative
description: Briefs to images
datasets:
  creative.brief: {description: What the campaign is about}
  creative.variants:
    schema: {campaign: text, size: text, made_at: timestamptz}
    storage: s3
    write_mode: buffered
    location: variants/
    pii_columns: [campaign]
  creative.variants_failed:
  creative.tick:
  creative.hook: {partitioning: range, unit: block}
  creative.sums: {partitioning: range}
sources:
  briefs: {kind: object_created, dataset: creative.brief, prefix: input/briefs/, suffix: .json}
  nightly: {kind: schedule, dataset: creative.tick, cron: "0 3 * * *", time_zone: Europe/Berlin, catch_up: all}
  hook: {kind: http, dataset: creative.hook}
jobs:
  variants:
    operator: creative.make_variants
    description: Five sizes of each image
    inputs:
      - {dataset: creative.brief, segments: 1}
      - creative.tick
    outputs: [creative.variants]
    failures: creative.variants_failed
    execution_strategy: PerPartition
    update_strategy: append
    unique_key: [campaign, size]
    scaling: {mode: backfill, max_concurrency: 10}
    priority: 5
    retry: {attempts: 4, backoff: 500ms, max_backoff: 2h}
    timeout: 3m
    runtime: child_process
    limits: {memory_mb: 2048, cpu: 60s}
    params: {sizes: [1080x1080], quality: 0.9, strict: yes, nothing: null}
  sums:
    operator: creative.sum
    inputs: [{dataset: creative.hook, window: [-10, 0]}]
    outputs: [creative.sums]
    execution_strategy: PerPartition
    partition_size: 500
"""


def test_a_file_with_every_field_becomes_a_dag() -> None:
    spec = load_dag(SAMPLE, file="dag.yaml")

    variants = spec.jobs["variants"]
    assert spec.dag == "creative"
    assert [given.dataset for given in variants.inputs] == ["creative.brief", "creative.tick"]
    assert variants.inputs[0].segments == 1
    assert variants.timeout == timedelta(minutes=3)
    assert variants.retry.backoff == timedelta(milliseconds=500)
    assert variants.limits.cpu == timedelta(minutes=1)
    assert variants.params == {
        "sizes": ["1080x1080"],
        "quality": 0.9,
        "strict": "yes",
        "nothing": None,
    }
    assert spec.jobs["sums"].inputs[0].window == (-10, 0)
    assert spec.datasets["creative.tick"].partitioning == "key"
    assert spec.datasets["creative.variants"].columns["made_at"] == "timestamptz"
    assert spec.sources["nightly"].kind == "schedule"


def test_fields_left_out_have_the_defaults_of_the_language() -> None:
    found = load_dag(job("inputs: [d.in]\noutputs: [d.out]"), file="f").jobs["j"]

    assert (found.execution_strategy, found.update_strategy) == ("PerUpdate", "replace")
    assert (found.retry.attempts, found.retry.backoff) == (3, timedelta(seconds=1))
    assert found.timeout == timedelta(minutes=5)
    assert found.scaling.max_concurrency is None


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    case = Marked("""\
dag: d
datasets:
  d.in:
  d.mid: {partitioning: §keys}
  d.out:
sources:
  s: {kind: schedule, dataset: d.in, cron: §"0 3"}
jobs:
  a:
    operator: §d.nope
    inputs: [§d.out]
    outputs: [d.back]
    timeout: §30
  b:
    operator: d.f
    inputs: [d.back]
    outputs: [d.out, d.in]
    §colour: blue
""").text
    known = Known(frozenset({"d.f"}), {})

    found = errors(case, known)

    assert [(f.line, f.code) for f in found] == [
        (4, "bad_value"),
        (7, "bad_cron"),
        (10, "unknown_operator"),
        (11, "cycle"),
        (12, "undeclared_dataset"),
        (13, "bad_duration"),
        (16, "unknown_dataset"),
        (18, "unknown_field"),
    ]


def test_a_typo_in_one_part_says_nothing_false_about_the_others() -> None:
    text = job("inputs: [{dataset: d.blocks, window: [-1, 0]}]").replace("range}", "rnge}", 1)

    assert [f.code for f in errors(text, Known(datasets={}))] == ["bad_value"]


def test_an_invalid_dag_is_an_input_error_that_names_file_line_and_column() -> None:
    with pytest.raises(InvalidDag) as caught:
        load_dag("dag: d\njbos: {}\ntimeout: 3m", file="apps/d/dag.yaml")

    assert caught.value.status == 422
    assert [p.pointer for p in caught.value.problems] == [
        "apps/d/dag.yaml:2:1",
        "apps/d/dag.yaml:3:1",
    ]
    assert str(caught.value).startswith(
        "apps/d/dag.yaml has 2 faults:\n  apps/d/dag.yaml:2:1: unknown"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("dag: d\ndatasets: {d.left_over: }", "unused_dataset"),
        (job("inputs: [d.sums]"), "no_producer"),
        (job("inputs: [d.in]\noutputs: [d.out]\nupdate_strategy: append"), "append_without_key"),
    ],
)
def test_a_warning_does_not_stop_a_dag(text: str, code: str) -> None:
    checked = check_dag(text, file="f")

    assert checked.spec is not None
    assert code in {f.code for f in checked.findings if f.severity == "warning"}


def test_an_operator_that_no_app_has_is_refused_with_a_guess() -> None:
    case = Marked(job("inputs: [d.in]").replace("d.f", "§d.make_variant"))

    found = errors(case.text, Known(operators=frozenset({"d.make_variants", "d.parse"})))

    assert [(f.line, f.column) for f in found] == case.places
    assert 'did you mean "d.make_variants"?' in found[0].text


OTHER = Known(
    datasets={
        "e.made": Registered("other", "key"),
        "e.declared": Registered("other", "range"),
        "d.out": Registered("d", "key"),
    },
    flows=(
        Flow("other", "job", "maker", (Reading("d.out"),), ("e.made",)),
        Flow("d", "job", "before", (Reading("d.in"),), ("d.out",)),
    ),
)


def test_a_job_reads_what_another_dag_makes() -> None:
    assert not errors(job("inputs: [e.made]"), OTHER)


def test_the_partitioning_of_another_dags_dataset_counts() -> None:
    found = errors(job("inputs: [{dataset: e.made, window: [0, 1]}]"), OTHER)

    assert [f.code for f in found] == ["mapping_mismatch"]


def test_a_dag_may_produce_what_its_version_before_produced() -> None:
    assert not errors(job("inputs: [d.in]\noutputs: [d.out]"), OTHER)


def test_a_second_producer_is_refused_by_the_name_of_the_first() -> None:
    case = Marked(job("inputs: [d.in]\noutputs: [§e.made]").replace("d.in:", "d.in:\n  e.made:"))

    found = errors(case.text, OTHER)

    assert [(f.line, f.column, f.code) for f in found] == [(*case.places[0], "second_producer")]
    assert "already produced by job maker of DAG other" in found[0].text


def test_a_dataset_that_another_dag_declares_cannot_be_declared_again() -> None:
    case = Marked("dag: d\ndatasets:\n  §e.declared:")

    found = errors(case.text, OTHER)

    assert [(f.line, f.column) for f in found] == case.places
    assert "already declared by DAG other" in found[0].text


def test_a_cycle_through_another_dag_is_refused_by_its_whole_path() -> None:
    case = Marked(job("inputs: [§e.made]\noutputs: [d.out]"))

    found = errors(case.text, OTHER)

    assert [(f.line, f.column) for f in found] == case.places
    assert "e.made → job j → d.out → job maker of DAG other → e.made" in found[0].text


def test_a_very_long_list_of_faults_is_cut() -> None:
    jobs = "\n".join(
        f"  j{i}: {{operator: a.b, inputs: [d.missing{i}], colour: x}}" for i in range(900)
    )

    found = errors(HEAD + jobs, Known(frozenset({"a.c"}), {}))

    assert 200 <= len(found) <= 400


def test_a_file_that_is_too_large_or_too_deep_is_refused() -> None:
    assert [f.code for f in errors("dag: d\n#" + "x" * 1_000_000)] == ["too_large"]
    assert [f.code for f in errors("dag: d\nx: " + "[" * 100_000)] == ["too_deep"]


@pytest.mark.parametrize(
    "text", ["no", "12:30", "2024-01-01", "0xff", "010", "1_000", "on", "=", "0o7"]
)
def test_plain_text_that_old_yaml_would_turn_into_something_else_stays_text(text: str) -> None:
    spec = load_dag(job(f"inputs: [d.in]\nparams: {{x: {text}}}"), file="f")

    assert spec.jobs["j"].params["x"] == text


def fault_of(text: str) -> InvalidDag | None:
    """Load `text`; anything but success or an invalid DAG fails the test."""
    try:
        load_dag(text, file="f", known=Known(frozenset({"creative.sum"}), {}))
    except InvalidDag as invalid:
        return invalid
    return None


EDITS = st.tuples(
    st.integers(0, len(SAMPLE)),
    st.integers(0, 40),
    st.one_of(
        st.text(max_size=6),
        st.sampled_from(["{", "}", "[", "]", ": ", "- ", "\n", "\n  ", "&a ", "*a", "!!", "'", '"', "|", "#", "? ", "---\n", "\t", "~", "-1", "\x00"]),
    ),
)  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(edits=st.lists(EDITS, min_size=1, max_size=4))
def test_text_that_was_damaged_anyhow_loads_or_is_an_invalid_dag(
    edits: list[tuple[int, int, str]],
) -> None:
    text = SAMPLE
    for at, length, instead in edits:
        text = text[:at] + instead + text[at + length :]

    invalid = fault_of(text)

    lines = 1 + sum(text.count(end) for end in "\n\r\x85\u2028\u2029")
    assert invalid is None or invalid.problems
    for finding in invalid.findings if invalid else ():
        assert 1 <= finding.line <= lines
        assert finding.column >= 1


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["dag", "datasets", "sources", "jobs", "j", "kind", "inputs", "dataset", "retry", "window", "schema", "params"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        ),
        max_leaves=20,
    )
)  # fmt: skip
def test_any_yaml_value_loads_or_is_an_invalid_dag(value: object) -> None:
    invalid = fault_of(yaml.safe_dump(value, allow_unicode=True))

    assert invalid is None or invalid.problems
