"""What a deploy would change."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from headgate.core.dag.load import load_dag
from headgate.core.dag.plan import Current, FieldChange, Plan, plan, plan_json, plan_text
from headgate.core.dag.schema import DagSpec, to_json

BEFORE = """\
dag: d
datasets: {d.in: , d.out: , d.old: , d.blocks: {partitioning: range}}
sources:
  s: {kind: http, dataset: d.in}
  nightly: {kind: schedule, dataset: d.old, cron: "0 3 * * *"}
jobs:
  make:
    operator: d.make
    inputs: [d.in, {dataset: d.old, whole: true}]
    outputs: [d.out]
    scaling: {max_concurrency: 5}
  report: {operator: d.report, inputs: [d.out], timeout: 3m, params: {size: 1}}
"""
AFTER = """\
dag: d
description: Now with words
datasets: {d.in: , d.out: , d.new: , d.blocks: {partitioning: range}}
sources:
  s: {kind: http, dataset: d.in}
jobs:
  make:
    operator: d.make
    inputs: [d.in, {dataset: d.blocks, window: [-1, 0]}]
    outputs: [d.out]
    scaling: {max_concurrency: 10}
  extra: {operator: d.make, inputs: [d.in], outputs: [d.new]}
"""


def spec(text: str) -> DagSpec:
    return load_dag(text, file="f")


def change(before: str, after: str, **state: Any) -> Plan:
    return plan(Current(3, to_json(spec(before)), **state), spec(after))


def test_a_first_deploy_adds_everything() -> None:
    shown = plan(None, spec(BEFORE))

    assert shown.before == 0
    assert {(c.kind, c.what, c.name) for c in shown.changes} >= {
        ("add", "dataset", "d.in"),
        ("add", "source", "s"),
        ("add", "job", "make"),
    }
    assert not shown.warnings


def test_a_plan_reads_as_one_line_a_change() -> None:
    assert (
        plan_text(change(BEFORE, AFTER))
        == """\
~ dag d  description none → Now with words
+ dataset d.new
~ job make
    inputs -d.old whole=True, +d.blocks window=[-1, 0]
    scaling.max_concurrency 5 → 10
+ job extra
- job report
- source nightly
- dataset d.old
2 to add, 2 to change, 3 to remove."""
    )


def test_the_same_dag_written_in_another_way_is_no_change() -> None:
    longer = BEFORE.replace("timeout: 3m", "timeout: 180s, priority: 0") + "# a comment\n"

    shown = change(BEFORE, longer)

    assert shown.changes == ()
    assert plan_text(shown) == "No changes."


def test_fields_are_named_by_their_path_down_to_the_parameter() -> None:
    (changed,) = change(BEFORE, BEFORE.replace("{size: 1}", "{size: 1.5, more: [x]}")).changes

    assert changed.fields == (
        FieldChange("params.size", 1, 1.5),
        FieldChange("params.more", None, ["x"]),
    )


def test_true_and_one_are_different_values() -> None:
    (changed,) = change(BEFORE, BEFORE.replace("{size: 1}", "{size: true}")).changes

    assert changed.fields == (FieldChange("params.size", 1, True),)


def test_the_order_of_a_list_is_a_change() -> None:
    before = BEFORE.replace("{size: 1}", "{sizes: [1, 2]}")

    text = plan_text(change(before, before.replace("[1, 2]", "[2, 1]")))

    assert "params.sizes [1, 2] → [2, 1]" in text


def test_removing_a_job_with_pending_work_is_flagged_with_how_much() -> None:
    shown = change(BEFORE, AFTER, pending={"report": 12, "make": 1})

    assert shown.warnings == (
        "job make: 1 pending task will run as cut before this change",
        "job report: 12 pending tasks will not run unless it is deployed again",
    )
    assert not shown.errors
    assert "  ! job report: 12 pending tasks" in plan_text(shown)


def test_a_dataset_that_others_read_can_neither_go_nor_change_its_partitioning() -> None:
    readers = {"d.old": ("job a of DAG x", "job b of DAG y"), "d.blocks": ("job a of DAG x",)}
    after = BEFORE.replace("d.blocks: {partitioning: range}", "d.blocks: ").replace(
        "make:", "make:  # the old input is gone"
    )

    gone = change(BEFORE, AFTER, consumers=readers)
    other = change(BEFORE, after, consumers=readers)

    assert gone.errors == (
        "dataset d.old cannot be removed: job a of DAG x, job b of DAG y reads it",
    )
    assert other.errors == (
        "dataset d.blocks cannot change its partitioning: job a of DAG x reads it",
    )
    assert plan_json(other)["blocked"]


def test_a_change_of_partitioning_that_nobody_reads_is_flagged() -> None:
    shown = change(BEFORE, BEFORE.replace("d.blocks: {partitioning: range}", "d.blocks: "))

    assert shown.warnings == ("dataset d.blocks: events so far keep the old partitioning",)


def test_a_plan_is_json_for_machines() -> None:
    shown = json.loads(json.dumps(plan_json(change(BEFORE, AFTER))))

    assert shown["before"] == 3
    assert not shown["blocked"]
    assert {"kind": "add", "what": "job", "name": "extra", "fields": [], "warning": None, "error": None} in shown["changes"]  # fmt: skip


parts = st.fixed_dictionaries(
    {
        name: st.none() | st.fixed_dictionaries({"priority": st.integers(0, 2), "timeout": st.sampled_from(["1s", "1000ms", "2m"]), "params": st.dictionaries(st.sampled_from("ab"), st.integers(0, 2) | st.lists(st.integers(0, 1), max_size=2))})
        for name in ("one", "two", "three")
    }
)  # fmt: skip


def of(jobs: dict[str, Any]) -> DagSpec:
    given_jobs = {
        name: {"operator": "d.f", "inputs": ["x"], **fields}
        for name, fields in jobs.items()
        if fields
    }
    return DagSpec.model_validate({"dag": "d", "jobs": given_jobs})


@settings(derandomize=True, deadline=None)
@given(before=parts, after=parts)
def test_a_plan_names_exactly_what_differs(before: dict[str, Any], after: dict[str, Any]) -> None:
    old, new = of(before), of(after)

    shown = plan(Current(1, to_json(old)), new)

    kinds = {c.name: c.kind for c in shown.changes}
    for name in ("one", "two", "three"):
        one, other = old.jobs.get(name), new.jobs.get(name)
        expected = (
            None if one == other else "add" if not one else "remove" if not other else "change"
        )
        assert kinds.get(name) == expected
    assert (plan_text(shown) == "No changes.") == (old == new)
