"""YAML text to a DAG, or every fault at once with its place."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from headgate.core.dag.check.findings import Finding, InvalidDag
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

HEAD = """\
dag: d
datasets:
  d.in:
  d.out: {schema: {id: text, name: text}}
  d.blocks: {partitioning: range}
  d.sums: {partitioning: range}
sources: {s: {kind: http, dataset: d.in}, t: {kind: http, dataset: d.blocks}}
jobs:
"""


@dataclass(frozen=True)
class Marked:
    """Text in which § stands just before the place of a fault."""

    marked: str

    @property
    def text(self) -> str:
        return self.marked.replace("§", "")

    @property
    def places(self) -> list[tuple[int, int]]:
        lines = enumerate(self.marked.split("\n"), start=1)
        return [(n, line.index("§") + 1) for n, line in lines if "§" in line]


def errors(text: str, known: Known = Known()) -> list[Finding]:
    return [f for f in check_dag(text, file="dag.yaml", known=known).findings if f.severity == "error"]


def job(fields: str) -> str:
    """A DAG whose one job `j` has these fields besides an operator."""
    return HEAD + "  j:\n    operator: d.f\n" + "".join(f"    {line}\n" for line in fields.split("\n"))


def test_a_file_with_every_field_becomes_a_dag() -> None:
    spec = load_dag(SAMPLE, file="dag.yaml")

    variants = spec.jobs["variants"]
    assert spec.dag == "creative"
    assert [given.dataset for given in variants.inputs] == ["creative.brief", "creative.tick"]
    assert variants.inputs[0].segments == 1
    assert variants.timeout == timedelta(minutes=3)
    assert variants.retry.backoff == timedelta(milliseconds=500)
    assert variants.limits.cpu == timedelta(minutes=1)
    assert variants.params == {"sizes": ["1080x1080"], "quality": 0.9, "strict": "yes", "nothing": None}
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


FORM = {
    "unknown field": ("dag: d\n§jbos: {}", "unknown_field", 'did you mean "jobs"?'),
    "unknown field of a job": (job("inputs: [d.in]\n§timout: 3m"), "unknown_field", '"timeout"'),
    "unknown field of an input": (job("inputs: [{dataset: d.in, §segment: 1}]"), "unknown_field", '"segments"'),
    "unknown field of a source": (
        "dag: d\ndatasets: {a: }\nsources: {s: {kind: http, dataset: a, §prefix: x}}",
        "unknown_field",
        '"prefix"',
    ),
    "missing field": ("dag: d\njobs:\n  §j: {inputs: [a]}", "missing_field", '"operator" is missing'),
    "no name": ("§description: x", "missing_field", '"dag" is missing'),
    "bad name": ("dag: §My-Dag", "bad_name", "lower-case"),
    "bad name of a job": ("dag: d\njobs:\n  §J: {operator: a.b, inputs: [a]}", "bad_name", "lower-case"),
    "text for a number": (job('inputs: [d.in]\npriority: §"1"'), "wrong_type", "leave out the quotes"),
    "truth for a number": (job("inputs: [d.in]\npriority: §true"), "wrong_type", "found true"),
    "number for text": ("dag: d\ndescription: §3", "wrong_type", "expected text, found the number 3"),
    "text for a list": (job("inputs: §d.in"), "wrong_type", "expected a list"),
    "list for a mapping": (job("inputs: [d.in]\nretry: §[1]"), "wrong_type", "expected a mapping"),
    "nothing for a job": ("dag: d\njobs:\n  §j:", "wrong_type", "found nothing"),
    "bad choice": (job("inputs: [d.in]\nexecution_strategy: §PerPartion"), "bad_value", '"PerPartition"'),
    "bad kind of source": ("dag: d\nsources: {s: {kind: §htp}}", "bad_value", '"http"'),
    "source without a kind": ("dag: d\nsources: {§s: {dataset: a}}", "missing_field", '"kind"'),
    "number out of range": (job("inputs: [d.in]\nretry: {attempts: §0}"), "bad_value", "at least 1"),
    "window of one": (job("inputs: [{dataset: d.blocks, window: §[1]}]"), "bad_value", "two whole numbers"),
    "window of three": (job("inputs: [{dataset: d.blocks, window: §[1, 2, 3]}]"), "bad_value", "two whole"),
    "bad duration": (job("inputs: [d.in]\ntimeout: §30"), "bad_duration", "500ms, 30s, 5m"),
    "endless duration": (job("inputs: [d.in]\ntimeout: §400d"), "bad_duration", "at most 20d"),
    "no duration": (job("inputs: [d.in]\ntimeout: §0s"), "bad_duration", "longer than 0"),
    "job without inputs": (job("§inputs: []"), "no_inputs", "add a schedule source"),
    "column of no type": ("dag: d\ndatasets: {a: {schema: {id: §txt}}}", "bad_value", '"text"'),
}
CLOCKS = {
    "cron with four fields": ('cron: §"0 3 * *"', "bad_cron", "wrong number of fields"),
    "cron with seconds": ('cron: §"0 0 3 * * *"', "bad_cron", "wrong number of fields"),
    "cron out of range": ('cron: §"0 25 * * *"', "bad_cron", "bad hour"),
    "cron that never fires": ('cron: §"0 0 30 2 *"', "bad_cron", "bad day-of-month"),
    "bad time zone": ('cron: "0 3 * * *", time_zone: §Europe/Berln', "unknown_time_zone", "Europe/Berlin"),
    "folder as time zone": ('cron: "0 3 * * *", time_zone: §America', "unknown_time_zone", "there is no"),
    "path as time zone": ('cron: "0 3 * * *", time_zone: §../etc/passwd', "unknown_time_zone", "no time zone"),
}
FORM |= {
    name: (f"dag: d\ndatasets: {{a: }}\nsources:\n  s: {{kind: schedule, dataset: a, {fields}}}", code, words)
    for name, (fields, code, words) in CLOCKS.items()
}
RULES = {
    "window on keys": (job("inputs: [{dataset: d.in, window: §[-1, 0]}]"), "mapping_mismatch", "text keys"),
    "segments on ranges": (
        job("inputs: [{dataset: d.blocks, segments: §1}]\nexecution_strategy: PerPartition"),
        "mapping_mismatch",
        "has ranges",
    ),
    "segments without partitions": (job("inputs: [{dataset: d.in, segments: §1}]"), "mapping_mismatch", "PerUpdate has none"),
    "whole in partitions": (
        job("inputs: [{dataset: d.in, whole: §true}]\nexecution_strategy: PerPartition"),
        "mapping_mismatch",
        "every partition",
    ),
    "two mappings": (job("inputs: [{dataset: d.blocks, window: [0, 0], whole: §true}]"), "mapping_conflict", "exclude"),
    "window backwards": (job("inputs: [{dataset: d.blocks, window: §[1, 0]}]"), "bad_value", "ends before"),
    "size of keys": (job("inputs: [d.in]\nexecution_strategy: PerPartition\n§partition_size: 5"), "meaningless", "only for PerPartition over ranges"),
    "size without partitions": (job("inputs: [d.blocks]\n§partition_size: 5"), "meaningless", "only for"),
    "mixed partitionings": (
        job("inputs: [d.blocks, §d.in]\nexecution_strategy: PerPartition"),
        "mixed_partitioning",
        "d.blocks has ranges, d.in has keys",
    ),
    "input twice": (job("inputs: [d.in, §d.in]"), "repeated", "twice"),
    "output twice": (job("inputs: [d.in]\noutputs: [d.out, §d.out]"), "repeated", "twice"),
    "failures among outputs": (job("inputs: [d.in]\noutputs: [d.out]\nfailures: §d.out"), "failures_is_output", "of its own"),
    "failures in ranges": (job("inputs: [d.in]\nfailures: §d.sums"), "partitioning_mismatch", "text key"),
    "limits in process": (job("inputs: [d.in]\n§limits: {memory_mb: 64}"), "limits_without_child", "child_process"),
    "key without append": (job("inputs: [d.in]\noutputs: [d.out]\n§unique_key: [id]"), "meaningless", "append"),
    "key of no column": (
        job("inputs: [d.in]\noutputs: [d.out]\nupdate_strategy: append\nunique_key: [id, §nam]"),
        "unknown_column",
        '"name"',
    ),
    "backoff above its maximum": (job("inputs: [d.in]\nretry: {backoff: §2h}"), "bad_value", "longest"),
    "unknown input": (job("inputs: [d.in, §d.im]"), "unknown_dataset", 'did you mean "d.in"?'),
    "undeclared output": (job("inputs: [d.in]\noutputs: [§d.new]"), "undeclared_dataset", "declare it"),
    "output of a source": (job("inputs: [d.blocks]\noutputs: [§d.in]"), "second_producer", "source s"),
    "own input as output": (job("inputs: [§d.blocks]\noutputs: [d.blocks]").replace(", t: {kind: http, dataset: d.blocks}", ""), "cycle", "d.blocks → job j → d.blocks"),
    "personal column that is none": (
        "dag: d\ndatasets: {a: {schema: {mail: text}, pii_columns: [§email]}}",
        "unknown_column",
        '"mail"',
    ),
    "unit of keys": ("dag: d\ndatasets: {a: {unit: §block}}", "meaningless", "partitioning: range"),
    "object keys as ranges": (
        "dag: d\ndatasets: {a: {partitioning: range}}\nsources: {s: {kind: object_created, dataset: §a, prefix: x}}",
        "partitioning_mismatch",
        "emits text keys",
    ),
}
YAML = {
    "not closed": ("dag: d\njobs: {§", "yaml_syntax", "not YAML"),
    "tab": ("dag: d\njobs:\n§\tj: 1", "yaml_syntax", "spaces"),
    "bare star": ("cron: *§ * * * *", "yaml_syntax", "quote text that starts with *"),
    "control character": ("dag: §\x01", "yaml_syntax", "control character"),
    "half a character": ("dag: §\ud800", "yaml_syntax", "control character"),
    "nothing": ("§", "empty", "dag: <name>"),
    "only a comment": ("§# nothing", "empty", "dag: <name>"),
    "two documents": ("dag: d\n§---\ndag: e", "many_documents", "one DAG"),
    "list": ("§[dag]", "wrong_type", "expected a mapping"),
    "duplicate key": ("dag: d\njobs: {}\n§jobs: {}", "duplicate_key", "first at line 2"),
    "anchor": ("dag: §&x d", "unsupported", "write it out"),
    "tag": ("dag: §!!str d", "unsupported", "leave out"),
    "key that is a list": ("? §[a]\n: b", "bad_key", "plain text"),
    "merge key": ("dag: d\n§<<: {}", "unsupported", "merge"),
    "zero byte": ('dag: d\ndescription: §"a\\0b"', "bad_text", "cannot be stored"),
    "number without end": ("dag: d\njobs: {j: {params: {x: §1e999}}}", "bad_value", "too large"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("marked", "code", "words"),
    [pytest.param(*case, id=name) for name, case in (FORM | RULES).items()],
)
def test_a_fault_is_named_with_its_place_and_what_to_do(marked: str, code: str, words: str) -> None:
    case = Marked(marked)

    found = errors(case.text, Known(datasets={}))

    assert [(f.line, f.column, f.code) for f in found] == [(*case.places[0], code)]
    assert words in found[0].text


@pytest.mark.parametrize(
    ("marked", "code", "words"), [pytest.param(*case, id=name) for name, case in YAML.items()]
)
def test_what_is_not_the_yaml_we_read_is_refused_at_its_place(
    marked: str, code: str, words: str
) -> None:
    case = Marked(marked)

    found = errors(case.text)

    assert any((f.line, f.column, f.code) == (*case.places[0], code) and words in f.text for f in found)


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
    assert [p.pointer for p in caught.value.problems] == ["apps/d/dag.yaml:2:1", "apps/d/dag.yaml:3:1"]
    assert str(caught.value).startswith("apps/d/dag.yaml has 2 faults:\n  apps/d/dag.yaml:2:1: unknown")


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
    jobs = "\n".join(f"  j{i}: {{operator: a.b, inputs: [d.missing{i}], colour: x}}" for i in range(900))

    found = errors(HEAD + jobs, Known(frozenset({"a.c"}), {}))

    assert 200 <= len(found) <= 400


def test_a_file_that_is_too_large_or_too_deep_is_refused() -> None:
    assert [f.code for f in errors("dag: d\n#" + "x" * 1_000_000)] == ["too_large"]
    assert [f.code for f in errors("dag: d\nx: " + "[" * 100_000)] == ["too_deep"]


@pytest.mark.parametrize("text", ["no", "12:30", "2024-01-01", "0xff", "010", "1_000", "on", "=", "0o7"])
def test_plain_text_that_old_yaml_would_turn_into_something_else_stays_text(text: str) -> None:
    spec = load_dag(job(f"inputs: [d.in]\nparams: {{x: {text}}}"), file="f")

    assert spec.jobs["j"].params["x"] == text


EDITS = st.tuples(
    st.integers(0, len(SAMPLE)),
    st.integers(0, 40),
    st.one_of(
        st.text(max_size=6),
        st.sampled_from(["{", "}", "[", "]", ": ", "- ", "\n", "\n  ", "&a ", "*a", "!!", "'", '"', "|", "#", "? ", "---\n", "\t", "~", "-1", "\x00"]),
    ),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(edits=st.lists(EDITS, min_size=1, max_size=4))
def test_text_that_was_damaged_anyhow_loads_or_is_an_invalid_dag(
    edits: list[tuple[int, int, str]],
) -> None:
    text = SAMPLE
    for at, length, instead in edits:
        text = text[:at] + instead + text[at + length :]

    try:
        load_dag(text, file="f", known=Known(frozenset({"creative.sum"}), {}))
    except InvalidDag as invalid:
        lines = 1 + sum(text.count(end) for end in "\n\r\x85\u2028\u2029")
        assert invalid.problems
        assert all(1 <= f.line <= lines and f.column >= 1 for f in invalid.findings)


@settings(max_examples=100, deadline=None)
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
    try:
        load_dag(yaml.safe_dump(value, allow_unicode=True), file="f")
    except InvalidDag as invalid:
        assert invalid.problems
