"""What `make proof` runs: its parts, its last line and its exit code."""

import json

import pytest

from proof import run
from proof.connecting import Connect
from proof.parts import Finding, Part, Plan
from proof.parts.chaos import play_round
from proof.test_mutants import MUTANTS, mutated


def _saying(finding: Finding, heard: list[Plan]) -> Part:
    def part(plan: Plan) -> Finding:
        heard.append(plan)
        return finding

    return part


def _last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    counts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(counts, dict)
    return counts


def test_the_last_line_adds_up_what_the_parts_count(capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[Plan] = []
    parts = [
        ("one", _saying(Finding({"mutants": 2, "caught": 2, "states": 7}), heard)),
        ("other", _saying(Finding({"mutants": 1, "caught": 1, "crashes": 4}), heard)),
    ]
    assert run.main(["--seed", "5", "--rounds", "3"], parts) == 0
    assert _last_line(capsys) == {
        "rounds": 0, "lost": 0, "doubled": 0, "mutants": 3, "caught": 3, "states": 7, "crashes": 4,
    }  # fmt: skip
    assert [(plan.seed, plan.rounds, plan.long) for plan in heard] == [(5, 3, False)] * 2


@pytest.mark.parametrize(
    "finding",
    [Finding({"lost": 1}), Finding({"doubled": 1}), Finding({}, ["a promise is broken"])],
)
def test_any_fault_of_any_part_fails_the_run(
    finding: Finding, capsys: pytest.CaptureFixture[str]
) -> None:
    good = _saying(Finding({"rounds": 1}), [])
    assert run.main(["--seed", "5"], [("bad", _saying(finding, [])), ("good", good)]) == 1
    assert _last_line(capsys)["rounds"] == 1


def test_only_the_parts_that_are_asked_for_run(capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[Plan] = []
    parts = [(name, _saying(Finding({}), heard)) for name in ("one", "other")]
    assert run.main(["--only", "other"], parts) == 0
    assert len(heard) == 1
    assert capsys.readouterr().out.startswith(f"seed {heard[0].seed}\n")


def test_a_round_of_chaos_runs_on_a_postgres_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--only", "chaos", "--rounds", "1", "--seed", "3"]) == 0
    counts = _last_line(capsys)
    assert (counts["rounds"], counts["lost"], counts["doubled"]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("bug", "counted"),
    [
        ("new events do not merge into a pending task", "lost"),
        ("routers do not wait for each other", "doubled"),
    ],
)
async def test_what_a_deliberate_bug_loses_or_doubles_is_counted(
    bug: str, counted: str, connect: Connect
) -> None:
    with mutated(MUTANTS[bug]):
        counts, broken = await play_round(connect, seed=1)
    assert counts[counted] > 0
    assert broken
