"""Which rollouts a path means, and what of them is reported, from wherever the command runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.errors import UsageError
from penstock.workspace.check import Options, check
from penstock.workspace.roots import find_roots

LAB = """apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme-lab}
spec: {vendor: Acme Lab, category: model-lab, startsOn: 2026-01-01, endsOn: 2028-12-31}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder in ("repo/east/contracts", "repo/west", "repo/docs", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    for rollout in ("east", "west"):
        (tmp_path / "repo" / rollout / "penstock.yaml").write_text("")
    (tmp_path / "repo/east/contracts/lab.yaml").write_text(LAB)
    (tmp_path / "repo/west/lab.yaml").write_text(LAB)
    return tmp_path / "repo"


@pytest.mark.parametrize(
    ("here", "given", "found"),
    [
        ("repo", "east/contracts", ["east/contracts/lab.yaml"]),
        ("repo", "east/contracts/lab.yaml", ["east/contracts/lab.yaml"]),
        ("repo/docs", "../east/contracts", ["../east/contracts/lab.yaml"]),
        ("repo/docs", "..", ["../east/contracts/lab.yaml", "../west/lab.yaml"]),
        ("repo/east/contracts", ".", ["lab.yaml"]),
        ("repo/east/contracts", "lab.yaml", ["lab.yaml"]),
        ("elsewhere", "../repo/west", ["../repo/west/lab.yaml"]),
    ],
)
def test_a_path_means_the_same_from_everywhere(
    tree: Path, monkeypatch: pytest.MonkeyPatch, here: str, given: str, found: list[str]
) -> None:
    monkeypatch.chdir(tree.parent / here)
    report = check(Options(paths=(given,), as_of="2026-11-20", select=("LV801",)))
    assert [finding.location.file for finding in report.findings if finding.rule == "LV801"] == found
    assert {finding.rule for finding in report.findings} == {"LV801"}


def test_two_paths_into_one_rollout_are_one_check(tree: Path) -> None:
    (root,) = find_roots([str(tree / "east/contracts"), str(tree / "east/penstock.yaml")])
    assert root.folder == tree / "east"
    assert len(root.scope) == 2


def test_the_whole_rollout_swallows_a_part_of_it(tree: Path) -> None:
    (root,) = find_roots([str(tree / "east/contracts"), str(tree / "east")])
    assert root.scope == ()


def test_rollouts_are_told_apart_in_the_report(tree: Path) -> None:
    report = check(Options(paths=(str(tree),), as_of="2026-11-20", select=("LV801",)))
    assert [finding.rollout for finding in report.findings] == ["east", "west"]
    assert report.stats.rollouts == 2


def test_a_rollout_inside_another_is_its_own(tree: Path) -> None:
    (tree / "penstock.yaml").write_text("")
    (tree / "own.yaml").write_text(LAB)
    report = check(Options(paths=(str(tree),), as_of="2026-11-20", select=("LV801", "LV005")))
    assert [(finding.rule, Path(finding.location.file).name) for finding in report.findings] == [
        ("LV801", "own.yaml")
    ]


def test_a_path_that_is_not_there_is_a_usage_fault(tree: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        find_roots([str(tree / "nowhere")])
