"""``exceptions`` in penstock.yaml, and which CODEOWNERS file a rollout has."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.errors import InputError
from penstock.lint.authority import Approvers, Authority
from penstock.model import ExcuseKind, Rule, Severity
from penstock.workspace.authority import repository_of
from penstock.workspace.config import Config, config_of

ALL = """exceptions:
  maxDays: 60
  warnDays: 0
  suppress: {never: [step:3]}
  waive:
    never: [LV801, agent-without-fte]
    approvers:
      - {rules: [step:8, LV601], people: [cfo@acme.example, ceo@acme.example]}
    codeOwners: false
    handles: {"@acme/risk": [ciso@acme.example], "@@owner": [cto@acme.example]}
  baseline: {never: [ALL]}
"""


def rule(rule_id: str, name: str, step: int) -> Rule:
    return Rule(rule_id, name, "", Severity.ERROR, step, "", "")


TERM = rule("LV801", "contract-term-over-a-year", 8)
ACCESS = rule("LV301", "grant-exceeds-need", 3)
FTE = rule("LV601", "agent-without-fte", 6)


def configured(folder: Path, text: str) -> Config:
    (folder / "penstock.yaml").write_text(text)
    return config_of(folder / "penstock.yaml", folder)


def test_every_key(tmp_path: Path) -> None:
    assert configured(tmp_path, ALL).authority == Authority(
        max_days=60,
        warn_days=0,
        never_suppress=("step:3",),
        never_waive=("LV801", "agent-without-fte"),
        never_baseline=("ALL",),
        approvers=(Approvers(("step:8", "LV601"), ("cfo@acme.example", "ceo@acme.example")),),
        handles={"@acme/risk": ("ciso@acme.example",), "@@owner": ("cto@acme.example",)},
        code_owners=None,
    )


@pytest.mark.parametrize("text", ["", "name: x", "exceptions: {}", "exceptions: {waive: {}, suppress: {}}"])
def test_the_defaults(tmp_path: Path, text: str) -> None:
    assert configured(tmp_path, text).authority == Authority()
    assert config_of(None, tmp_path).authority == Authority()


def test_a_list_replaces_the_default(tmp_path: Path) -> None:
    authority = configured(tmp_path, "exceptions: {waive: {never: [step:8]}}").authority
    allowed = {
        kind: [each.id for each in (TERM, ACCESS, FTE) if authority.allows(kind, each)] for kind in ExcuseKind
    }
    assert allowed == {
        ExcuseKind.SUPPRESSION: ["LV801", "LV301"],
        ExcuseKind.WAIVER: ["LV301", "LV601"],
        ExcuseKind.BASELINE: ["LV801", "LV301"],
    }


def test_who_may_approve(tmp_path: Path) -> None:
    authority = configured(tmp_path, ALL).authority
    assert authority.approvers_of(TERM) == authority.approvers_of(FTE) == ("cfo@acme.example", "ceo@acme.example")
    assert authority.approvers_of(ACCESS) is None


def test_who_is_behind_an_owner(tmp_path: Path) -> None:
    authority = configured(tmp_path, ALL).authority
    assert authority.behind("@ACME/Risk") == ("ciso@acme.example",)
    assert authority.behind("@@owner") == ("cto@acme.example",)
    assert authority.behind("@stranger") == ()
    assert authority.behind("lee@acme.example") == ("lee@acme.example",)


WANTED = "exceptions: {waive: {codeOwners: true}}"
PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]


@pytest.mark.parametrize("first", range(4))
def test_the_first_file_in_the_repository_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    (tmp_path / ".git").mkdir()
    for place in PLACES[first:]:
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(f"* @{PLACES.index(place)}\n")
    rollout = tmp_path / "deep" / "er"
    rollout.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep")
    config = configured(rollout, WANTED)
    owners = config.authority.code_owners
    assert owners is not None
    assert owners.file is not None
    assert owners.file.path == f"../{PLACES[first]}"
    assert config.files == (config.file, owners.file)
    ((place, named),) = owners.of("er/waivers/a.yaml")
    assert (place.file, named) == (f"../{PLACES[first]}", (f"@{first}",))


def test_paths_begin_at_the_top_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")  # as in a worktree
    (tmp_path / "CODEOWNERS").write_text("/er/ @wrong\n/deep/er/ @right\n")
    rollout = tmp_path / "deep" / "er"
    rollout.mkdir(parents=True)
    monkeypatch.chdir(rollout)
    owners = configured(rollout, WANTED).authority.code_owners
    assert owners is not None
    assert [named for _, named in owners.of("a.yaml")] == [("@right",)]
    assert owners.of("../../../outside.yaml") == ()


def test_outside_a_repository_the_rollout_is_the_top(tmp_path: Path) -> None:
    assert repository_of(tmp_path) == tmp_path
    (tmp_path / "CODEOWNERS").write_text("* @me\n")
    owners = configured(tmp_path, WANTED).authority.code_owners
    assert owners is not None
    assert owners.top == tmp_path
    assert [named for _, named in owners.of(str(tmp_path / "a.yaml"))] == [("@me",)]


def test_the_rollouts_repository_counts_also_with_a_configuration_from_elsewhere(tmp_path: Path) -> None:
    rollout, central = tmp_path / "rollout", tmp_path / "central"
    for folder in (rollout, central):
        folder.mkdir()
        (folder / "CODEOWNERS").write_text(f"* @{folder.name}\n")
    (central / "penstock.yaml").write_text(WANTED)
    owners = config_of(central / "penstock.yaml", rollout).authority.code_owners
    assert owners is not None
    assert owners.top == rollout


def test_without_a_file_there_is_nobody(tmp_path: Path) -> None:
    config = configured(tmp_path, WANTED)
    owners = config.authority.code_owners
    assert owners is not None
    assert owners.file is None
    assert owners.of(str(tmp_path / "a.yaml")) == ()
    assert config.files == (config.file,)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("CODEOWNERS").write_bytes(b"* @me\n# \xe9\n")
    with pytest.raises(InputError) as raised:
        configured(Path(), WANTED)
    assert (raised.value.file, raised.value.message) == ("CODEOWNERS", "byte 0xe9 is not UTF-8")
    assert raised.value.span is not None
    assert raised.value.span.start.line == 2
