"""``penstock diff`` over the history of a rollout that grew commit by commit, and over one that parted.

What each range must print is in ``diff/``; PENSTOCK_UPDATE_GOLDEN=1 writes it anew: then read it. Commit ids are
left out of it.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from grown_rollout import POLICY, grow
from jsonschema import Draft202012Validator

import git_history
from penstock.bundle import folder
from penstock.cli import main

GOLDEN = Path(__file__).parent / "diff"
UPDATE = os.environ.get("PENSTOCK_UPDATE_GOLDEN") == "1"
ON_GITHUB = {
    "GITHUB_REPOSITORY": "acme/rollout",
    "GITHUB_SHA": "f" * 40,
    "GITHUB_SERVER_URL": "https://git.acme.example",
}


class Grown:
    """The repository, and the ids of its commits by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ids = grow(folder)

    def diff(self, *words: str, exit_code: int = 0, **environment: str) -> str:
        """What the command prints."""
        out, errors = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(errors):
            patch.chdir(self.folder)
            for name in os.environ:
                if name.startswith(("GITHUB_", "CI_", "FORCE_COLOR", "NO_COLOR")):
                    patch.delenv(name)
            for name, value in {"COLUMNS": "100", **environment}.items():
                patch.setenv(name, value)
            code = main(["diff", *words, "--as-of", "2026-06-30"])
        assert (code, errors.getvalue()) == (exit_code, "")
        return self.masked(out.getvalue())

    def masked(self, text: str) -> str:
        for name, commit in self.ids.items():
            text = text.replace(commit, name).replace(commit[:10], "0123456789")
        return text


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        git_history.scrub(patch, home)
        yield Grown(home / "rollout")


def check(name: str, text: str) -> None:
    """The text is what the golden file holds."""
    file = GOLDEN / name
    if UPDATE:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_each_decision_by_itself(grown: Grown) -> None:
    names = list(grown.ids)
    told = []
    for before, after in itertools.pairwise(names):
        if after not in ("topic", "later"):
            told.append(f"===== {after}\n{grown.diff(before, after)}")
    check("steps.txt", "\n".join(told))


def test_the_whole_way_as_text(grown: Grown) -> None:
    check("whole.txt", grown.diff("start", "stage"))


def test_the_whole_way_as_a_comment(grown: Grown) -> None:
    check("whole.md", grown.diff("start", "stage", "-o", "markdown", **ON_GITHUB))


def test_the_whole_way_back(grown: Grown) -> None:
    # The commits stand in one line: where they parted is the older one, so nothing is undone.
    assert grown.diff("stage", "start").startswith("No change in meaning between stage (merge base")


def test_a_narrow_terminal(grown: Grown) -> None:
    text = grown.diff("start", "stage", COLUMNS="50")
    assert text.replace("\n", " ").split() == grown.diff("start", "stage").replace("\n", " ").split()


def test_a_branch_is_compared_from_where_it_parted(grown: Grown) -> None:
    check("branch.txt", grown.diff("main", "topic"))
    check("branch-back.txt", grown.diff("topic", "main"))


def test_the_working_tree(grown: Grown) -> None:
    file = grown.folder / "finance/budgets/claims.yaml"
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("maxBudget: 40000", "maxBudget: 50000"), encoding="utf-8")
    try:
        check("working-tree.txt", grown.diff("HEAD"))
    finally:
        file.write_text(before, encoding="utf-8")
    assert (
        grown.diff("HEAD")
        == "No change in meaning between HEAD (0123456789) and the working tree, as of 2026-06-30.\n"
    )


def test_no_change_is_one_quiet_line_of_a_comment(grown: Grown) -> None:
    told = grown.diff("stage", "stage", "-o", "markdown")
    first, second = told.splitlines()
    assert first == "<!-- penstock diff -->"
    assert second.startswith("No change in meaning between ")


def test_the_exit_code_tells_only_when_asked(grown: Grown) -> None:
    grown.diff("parameter", "policy")
    grown.diff("parameter", "policy", "--exit-code", exit_code=1)
    grown.diff("fte", "moves", "--exit-code")
    # A waiver mends what fails; nothing fails newly.
    grown.diff("policy", "waiver", "--exit-code")


def test_the_json_keeps_its_schema_and_tells_causes_apart(grown: Grown) -> None:
    told = json.loads(grown.diff("start", "stage", "-o", "json"))
    schema = json.loads((folder("schemas") / "diff/v1/diff.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(told)
    (rollout,) = told["rollouts"]
    assert [each["rule"] for each in rollout["byManifests"]["new"]] == ["LV601", "LV303"]
    assert [each["rule"] for each in rollout["byRules"]["new"]] == ["ACME001"]
    assert [each["rule"] for each in rollout["byRules"]["mended"]] == ["LV104"]
    assert [(each["finding"]["rule"], each["excuse"]["kind"]) for each in rollout["excused"]] == [
        ("LV801", "waiver")
    ]
    assert sorted(each["rule"] for each in rollout["failing"]) == ["ACME001", "LV303", "LV601"]
    assert told["fails"] is True
    assert (told["base"]["name"], told["head"]["commit"]) == ("start", "stage")


def test_a_file_that_moved_is_no_change(grown: Grown) -> None:
    (rollout,) = json.loads(grown.diff("fte", "moves", "-o", "json"))["rollouts"]
    assert [each["sentence"] for each in rollout["changes"]] == ["renamed from triage-crm to triage-reads-crm"]
    assert rollout["byManifests"] == {"new": [], "mended": [], "hidden": []}


def test_old_policies_that_cannot_be_used_do_not_stand_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git_history.scrub(monkeypatch, tmp_path)
    made = Grown(tmp_path / "rollout")
    broken = made.folder / "policies/small-run-ceiling.yaml"
    broken.write_text(POLICY.replace("params.maxPerRun", "params.unknown"), encoding="utf-8")
    git_history.git(made.folder, "commit", "-qam", "broken")
    made.ids["broken"] = git_history.git(made.folder, "rev-parse", "HEAD")
    broken.write_text(POLICY, encoding="utf-8")
    told = made.diff("HEAD")
    assert "The rules of HEAD cannot be used, so both sides are judged by the new ones:" in re.sub(
        r"\s+", " ", told
    )


def test_a_commit_id_is_not_told_in_full(grown: Grown) -> None:
    commit = grown.ids["contract"]
    told = grown.diff(commit, "fte")
    assert commit not in told
    assert told.startswith("Changes between 0123456789 and fte (0123456789), as of 2026-06-30\n")
    assert "--> 0123456789:people/dana.yaml:3:18" in told


def test_a_revision_that_is_not_there(grown: Grown) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "penstock", "diff", "nowhere"],
        cwd=grown.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "there is no revision `nowhere`" in done.stderr
