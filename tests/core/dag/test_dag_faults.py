"""Each fault of a DAG file: its place, its code and its words."""

import pytest
from dag_text import Marked, errors, job

from headgate.core.dag.check.registry import Known

FORM = {
    "unknown field": ("dag: d\n§jbos: {}", "unknown_field", 'did you mean "jobs"?'),
    "unknown field of a job": (job("inputs: [d.in]\n§timout: 3m"), "unknown_field", '"timeout"'),
    "unknown field of an input": (
        job("inputs: [{dataset: d.in, §segment: 1}]"),
        "unknown_field",
        '"segments"',
    ),
    "unknown field of a source": (
        "dag: d\ndatasets: {a: }\nsources: {s: {kind: http, dataset: a, §prefix: x}}",
        "unknown_field",
        '"prefix"',
    ),
    "missing field": (
        "dag: d\njobs:\n  §j: {inputs: [a]}",
        "missing_field",
        '"operator" is missing',
    ),
    "no name": ("§description: x", "missing_field", '"dag" is missing'),
    "bad name": ("dag: §My-Dag", "bad_name", "lower-case"),
    "bad name of a job": (
        "dag: d\njobs:\n  §J: {operator: a.b, inputs: [a]}",
        "bad_name",
        "lower-case",
    ),
    "text for a number": (
        job('inputs: [d.in]\npriority: §"1"'),
        "wrong_type",
        "leave out the quotes",
    ),
    "truth for a number": (job("inputs: [d.in]\npriority: §true"), "wrong_type", "found true"),
    "number for text": (
        "dag: d\ndescription: §3",
        "wrong_type",
        "expected text, found the number 3",
    ),
    "text for a list": (job("inputs: §d.in"), "wrong_type", "expected a list"),
    "list for a mapping": (job("inputs: [d.in]\nretry: §[1]"), "wrong_type", "expected a mapping"),
    "nothing for a job": ("dag: d\njobs:\n  §j:", "wrong_type", "found nothing"),
    "bad choice": (
        job("inputs: [d.in]\nexecution_strategy: §PerPartion"),
        "bad_value",
        '"PerPartition"',
    ),
    "bad kind of source": ("dag: d\nsources: {s: {kind: §htp}}", "bad_value", '"http"'),
    "source without a kind": ("dag: d\nsources: {§s: {dataset: a}}", "missing_field", '"kind"'),
    "number out of range": (
        job("inputs: [d.in]\nretry: {attempts: §0}"),
        "bad_value",
        "at least 1",
    ),
    "window of one": (
        job("inputs: [{dataset: d.blocks, window: §[1]}]"),
        "bad_value",
        "two whole numbers",
    ),
    "window of three": (
        job("inputs: [{dataset: d.blocks, window: §[1, 2, 3]}]"),
        "bad_value",
        "two whole",
    ),
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
    "bad time zone": (
        'cron: "0 3 * * *", time_zone: §Europe/Berln',
        "unknown_time_zone",
        "Europe/Berlin",
    ),
    "folder as time zone": (
        'cron: "0 3 * * *", time_zone: §America',
        "unknown_time_zone",
        "there is no",
    ),
    "path as time zone": (
        'cron: "0 3 * * *", time_zone: §../etc/passwd',
        "unknown_time_zone",
        "no time zone",
    ),
}
FORM |= {
    name: (
        f"dag: d\ndatasets: {{a: }}\nsources:\n  s: {{kind: schedule, dataset: a, {fields}}}",
        code,
        words,
    )
    for name, (fields, code, words) in CLOCKS.items()
}
RULES = {
    "window on keys": (
        job("inputs: [{dataset: d.in, window: §[-1, 0]}]"),
        "mapping_mismatch",
        "text keys",
    ),
    "segments on ranges": (
        job("inputs: [{dataset: d.blocks, segments: §1}]\nexecution_strategy: PerPartition"),
        "mapping_mismatch",
        "has ranges",
    ),
    "segments without partitions": (
        job("inputs: [{dataset: d.in, segments: §1}]"),
        "mapping_mismatch",
        "PerUpdate has none",
    ),
    "whole in partitions": (
        job("inputs: [{dataset: d.in, whole: §true}]\nexecution_strategy: PerPartition"),
        "mapping_mismatch",
        "every partition",
    ),
    "two mappings": (
        job("inputs: [{dataset: d.blocks, window: [0, 0], whole: §true}]"),
        "mapping_conflict",
        "exclude",
    ),
    "window backwards": (
        job("inputs: [{dataset: d.blocks, window: §[1, 0]}]"),
        "bad_value",
        "ends before",
    ),
    "size of keys": (
        job("inputs: [d.in]\nexecution_strategy: PerPartition\n§partition_size: 5"),
        "meaningless",
        "only for PerPartition over ranges",
    ),
    "size without partitions": (
        job("inputs: [d.blocks]\n§partition_size: 5"),
        "meaningless",
        "only for",
    ),
    "mixed partitionings": (
        job("inputs: [d.blocks, §d.in]\nexecution_strategy: PerPartition"),
        "mixed_partitioning",
        "d.blocks has ranges, d.in has keys",
    ),
    "input twice": (job("inputs: [d.in, §d.in]"), "repeated", "twice"),
    "output twice": (job("inputs: [d.in]\noutputs: [d.out, §d.out]"), "repeated", "twice"),
    "failures among outputs": (
        job("inputs: [d.in]\noutputs: [d.out]\nfailures: §d.out"),
        "failures_is_output",
        "of its own",
    ),
    "failures in ranges": (
        job("inputs: [d.in]\nfailures: §d.sums"),
        "partitioning_mismatch",
        "text key",
    ),
    "limits in process": (
        job("inputs: [d.in]\n§limits: {memory_mb: 64}"),
        "limits_without_child",
        "child_process",
    ),
    "key without append": (
        job("inputs: [d.in]\noutputs: [d.out]\n§unique_key: [id]"),
        "meaningless",
        "append",
    ),
    "key of no column": (
        job("inputs: [d.in]\noutputs: [d.out]\nupdate_strategy: append\nunique_key: [id, §nam]"),
        "unknown_column",
        '"name"',
    ),
    "backoff above its maximum": (
        job("inputs: [d.in]\nretry: {backoff: §2h}"),
        "bad_value",
        "longest",
    ),
    "unknown input": (job("inputs: [d.in, §d.im]"), "unknown_dataset", 'did you mean "d.in"?'),
    "undeclared output": (
        job("inputs: [d.in]\noutputs: [§d.new]"),
        "undeclared_dataset",
        "declare it",
    ),
    "output of a source": (
        job("inputs: [d.blocks]\noutputs: [§d.in]"),
        "second_producer",
        "source s",
    ),
    "own input as output": (
        job("inputs: [§d.blocks]\noutputs: [d.blocks]").replace(
            ", t: {kind: http, dataset: d.blocks}", ""
        ),
        "cycle",
        "d.blocks → job j → d.blocks",
    ),
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
    "no colon": ("datasets:\n  d.a: {}\n  §d.b {}\njobs: {}", "yaml_syntax", "with a colon"),
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

    assert any(
        (f.line, f.column, f.code) == (*case.places[0], code) and words in f.text for f in found
    )
