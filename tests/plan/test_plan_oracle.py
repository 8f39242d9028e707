"""The plan against the check itself: what it foresees for a stage is what a check finds when it is written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from penstock.model import Finding
from penstock.plan import UseCasePlan, plan
from penstock.plan.supposition import at_stage
from penstock.workspace.check import Options, check
from penstock.workspace.opened import Opened, open_rollout

AS_OF = "2026-11-20"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ROLLOUTS = sorted(path.parent for path in EXAMPLES.glob("**/penstock.yaml"))

Place = tuple[str, str, str | None, str]


def where(finding: Finding) -> Place:
    return (finding.rule, finding.location.file, finding.location.resource, finding.location.path_text)


def places(case: UseCasePlan, stage: str | None) -> set[Place]:
    """Where the plan finds something at a stage; None for today."""
    return {where(each.finding) for step in case.steps for each in step.obstacles if each.stage in (None, stage)}


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.chdir(folder)
    return open_rollout(Path())


def cases(made: Opened) -> tuple[UseCasePlan, ...]:
    return plan(made.loaded, made.book(AS_OF).policies, made.config.selection, as_of=AS_OF).use_cases


def move(folder: Path, case: UseCasePlan, stage: str) -> None:
    """Write another stage into the use case's manifest."""
    path = folder / case.location.file
    lines = path.read_text(encoding="utf-8").split("\n")
    assert case.location.span is not None
    index = case.location.span.start.line - 1
    lines[index] = re.sub(r"stage: \w+", f"stage: {stage}", lines[index])
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("folder", ROLLOUTS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_a_plan_foresees_what_a_check_finds(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = opened(folder, monkeypatch)
    today = {where(finding) for finding in check(Options(as_of=AS_OF)).findings}
    planned = cases(made)
    # Together, the use cases and what touches none of them hold everything that a check finds.
    rest = plan(made.loaded, made.book(AS_OF).policies, made.config.selection, as_of=AS_OF).elsewhere
    assert {place for case in planned for place in places(case, None)} | {where(each) for each in rest} == today
    for case in planned:
        for ready in case.readiness:
            copy = tmp_path / f"{case.name}-{ready.stage}"
            shutil.copytree(folder, copy)
            move(copy, case, ready.stage)
            monkeypatch.chdir(copy)
            then = {where(finding) for finding in check(Options(as_of=AS_OF)).findings}
            # What the new stage brings is foreseen, wherever in the rollout it is; and nothing else is.
            assert then - today <= places(case, ready.stage)
            assert places(case, ready.stage) <= then | today


@pytest.mark.parametrize("folder", ROLLOUTS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_a_supposed_rollout_shows_what_a_changed_one_has(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for case in cases(opened(folder, monkeypatch)):
        rollout = opened(folder, monkeypatch).rollout
        use_case = rollout.get("UseCase", case.name)
        assert use_case is not None
        if not use_case.valid:
            continue
        supposed, stand_in = at_stage(rollout, use_case, "retired")
        copy = tmp_path / case.name
        shutil.copytree(folder, copy)
        move(copy, case, "retired")
        changed = opened(copy, monkeypatch).rollout
        assert [each.data for each in supposed.resources] == [each.data for each in changed.resources]
        assert supposed.get("UseCase", case.name) is stand_in
        assert (supposed.name, supposed.unread) == (changed.name, changed.unread)
        for one, other in zip(supposed.resources, changed.resources, strict=True):
            kind = one.kind
            assert [each.id for each in supposed.of_kind(kind)] == [each.id for each in changed.of_kind(kind)]
            assert supposed.names(kind) == changed.names(kind)
            for ask in ("edges_from", "edges_to"):
                mine, theirs = getattr(supposed, ask)(one), getattr(changed, ask)(other)
                assert [(each.source.data, each.path, each.target and each.target.data) for each in mine] == [
                    (each.source.data, each.path, each.target and each.target.data) for each in theirs
                ]
            assert [each.data for each in supposed.referrers(one)] == [
                each.data for each in changed.referrers(other)
            ]
        assert len(list(supposed.edges)) == len(list(changed.edges))
        # The place of the stage is still that in the file.
        assert stand_in.location(("spec", "stage")) == case.location


def test_a_stage_that_is_there_already_is_no_supposition(monkeypatch: pytest.MonkeyPatch) -> None:
    rollout = opened(ROLLOUTS[0], monkeypatch).rollout
    use_case = rollout.of_kind("UseCase")[0]
    assert at_stage(rollout, use_case, use_case.data["spec"]["stage"]) == (rollout, use_case)


def test_there_are_examples() -> None:
    assert len(ROLLOUTS) >= 6
