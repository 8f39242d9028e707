"""A check against a revision: what it compares with, and what ``--changed`` leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from git_history import History, scrub
from penstock.errors import UsageError
from penstock.model import Report
from penstock.workspace.check import Options, check
from penstock.workspace.comparison import Wanted, compare

CONTRACT = """apiVersion: rollout/v1
kind: VendorContract
metadata: {{name: {name}}}
spec: {{vendor: {name}, category: model-lab, startsOn: 2026-01-01, endsOn: {end}}}
"""
TIER = """apiVersion: rollout/v1
kind: ModelTier
metadata: {name: frontier}
spec: {tier: frontier, primary: large, models: [{name: large, contract: CONTRACT}]}
"""
POLICY = """apiVersion: policy/v1
kind: Policy
metadata: {name: contract-after-2026}
spec:
  id: ACME001
  title: A contract ends after 2026
  severity: error
  step: 8
  why: The budget is for one year.
  remediation: End it in 2026.
  match: {kinds: [VendorContract]}
  validations:
    - expression: object.spec.?endsOn.orValue('') <= 'DAY'
      at: spec.endsOn
      message: too late
  examples:
    good: [{name: good, manifests: [{kind: VendorContract, metadata: {name: a}, spec: {endsOn: 2026-01-31}}]}]
    bad:
      - name: bad
        manifests: [{kind: VendorContract, metadata: {name: a}, spec: {endsOn: 2036-01-01}}]
        findings: [{resource: VendorContract/a, at: spec.endsOn}]
"""


def contract(name: str, end: str = "2028-12-31") -> str:
    return CONTRACT.format(name=name, end=end)


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """Two contracts that break LV801, and a tier that refers to the first; committed."""
    scrub(monkeypatch, tmp_path)
    made = History(tmp_path / "repo")
    monkeypatch.chdir(made.folder)
    made.commit(
        {
            "penstock.yaml": "select: [LV801, LV006]\n",
            "one.yaml": contract("one"),
            "two.yaml": contract("two"),
            "tier.yaml": TIER.replace("CONTRACT", "one"),
        }
    )
    return made


def changed(base: str | None = None) -> Report:
    return check(Options(as_of="2026-11-20", changed=True, base=base))


def resources(report: Report) -> list[str | None]:
    return [found.location.resource for found in report.findings]


def test_without_a_change_nothing_is_shown(history: History) -> None:
    report = changed()
    assert resources(report) == []
    assert report.failed is False
    (base,) = report.bases
    assert (base.added, base.changed, base.removed, base.not_shown, base.everything) == (0, 0, 0, 2, False)
    assert base.commit == history.git("rev-parse", "HEAD")


def test_what_is_changed_is_shown(history: History) -> None:
    history.write({"two.yaml": contract("two", "2029-12-31")})
    assert resources(changed()) == ["VendorContract/two"]


def test_what_a_changed_manifest_refers_to_is_shown(history: History) -> None:
    history.write({"tier.yaml": TIER.replace("CONTRACT", "one").replace("primary: large", "primary: large, x: 1")})
    assert "VendorContract/one" in resources(changed())
    assert "VendorContract/two" not in resources(changed())


def test_what_referred_to_a_removed_manifest_is_shown(history: History) -> None:
    (history.folder / "one.yaml").unlink()
    assert [(found.rule, found.location.resource) for found in changed().findings] == [
        ("LV006", "ModelTier/frontier")
    ]


def test_what_a_removed_manifest_referred_to_is_shown(history: History) -> None:
    (history.folder / "tier.yaml").unlink()
    assert resources(changed()) == ["VendorContract/one"]


def test_a_file_that_moved_is_no_change(history: History) -> None:
    (history.folder / "labs").mkdir()
    (history.folder / "one.yaml").rename(history.folder / "labs" / "first.yaml")
    assert resources(changed()) == []


@pytest.mark.parametrize("excused_by", ["a comment", "the baseline"])
def test_a_finding_that_was_excused_before_is_new(history: History, excused_by: str) -> None:
    files = {
        "a comment": {"two.yaml": "# penstock: ignore[LV801] known\n" + contract("two")},
        "the baseline": {
            "penstock-baseline.yaml": "apiVersion: baseline/v1\nentries:\n"
            "  - {rule: LV801, resource: VendorContract/two, path: spec.endsOn, since: 2026-11-01}\n"
        },
    }
    history.commit(files[excused_by])
    assert resources(changed()) == []
    if excused_by == "a comment":
        history.write({"two.yaml": contract("two")})
    else:
        (history.folder / "penstock-baseline.yaml").unlink()
    assert resources(changed()) == ["VendorContract/two"]


def test_a_second_finding_of_one_identity_is_new(history: History) -> None:
    history.write({"more.yaml": contract("two")})
    assert "LV005" in [found.rule for found in changed().findings]


@pytest.mark.parametrize("what", ["the configuration", "a pack"])
def test_a_change_of_the_rules_concerns_everything(history: History, what: str) -> None:
    pack = {"own/contract-after-2026.yaml": POLICY.replace("DAY", "2027-12-31")}
    config = "select: [LV801, ACME001]\npacks: [levie, ./own]\nmanifests: {exclude: [own/]}\n"
    history.commit({**pack, "penstock.yaml": config})
    assert resources(changed()) == []
    if what == "a pack":
        history.write({"own/contract-after-2026.yaml": POLICY.replace("DAY", "2026-12-31")})
    else:
        history.write({"penstock.yaml": config + "name: another\n"})
    report = changed()
    assert resources(report).count("VendorContract/two") == 2
    assert report.bases[0].everything is True
    assert report.bases[0].not_shown == 0


def test_a_comment_in_the_configuration_changes_nothing(history: History) -> None:
    history.write({"penstock.yaml": "# As agreed.\nselect: [LV801, LV006]\n"})
    assert resources(changed()) == []


def test_the_base_is_where_the_branch_began(history: History) -> None:
    history.git("checkout", "-q", "-b", "work")
    began = history.commit({"three.yaml": contract("three")}, message="work")
    history.git("checkout", "-q", "main")
    history.commit({"two.yaml": contract("two", "2026-12-31")}, message="others mend two")
    history.git("checkout", "-q", "work")
    report = changed("main")
    assert resources(report) == ["VendorContract/three"]
    assert report.bases[0].commit == history.git("rev-parse", f"{began}~1")


def test_a_change_that_mends_a_broken_configuration_is_compared(history: History) -> None:
    history.commit({"penstock.yaml": "selct: [LV801]\n"}, message="broken")
    history.write({"penstock.yaml": "select: [LV801]\n", "two.yaml": contract("two", "2026-12-31")})
    report = changed()
    assert resources(report) == ["VendorContract/one"]
    assert report.bases[0].everything is True
    comparison = compare(Wanted("HEAD", as_of="2026-11-20"))
    (rollout,) = comparison.rollouts
    assert "judged by the new ones" in rollout.remarks[0]


def test_each_rollout_has_its_own_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scrub(monkeypatch, tmp_path)
    history = History(tmp_path / "repo")
    monkeypatch.chdir(history.folder)
    history.commit({f"{name}/penstock.yaml": "select: [LV801]\n" for name in ("east", "west")})
    history.commit({f"{name}/lab.yaml": contract("lab") for name in ("east", "west")})
    history.write({"west/lab.yaml": contract("lab", "2029-12-31")})
    report = changed()
    assert [found.location.file for found in report.findings] == ["west/lab.yaml"]
    assert [(base.rollout, base.changed, base.not_shown) for base in report.bases] == [
        ("east", 0, 1),
        ("west", 1, 0),
    ]


ENTRY = """apiVersion: baseline/v1
entries:
  - {rule: LV801, resource: VendorContract/NAME, path: spec.endsOn, since: 2026-11-01}
"""


def test_the_baseline_lists_what_was_there_before_the_change(history: History) -> None:
    history.write({"penstock-baseline.yaml": ENTRY.replace("NAME", "one")})
    report = check(Options(as_of="2026-11-20", base="HEAD"))
    assert resources(report) == ["VendorContract/two"]


def test_the_baseline_does_not_take_what_the_change_brings(history: History) -> None:
    history.commit({"two.yaml": contract("two", "2026-12-31")})
    history.write({"two.yaml": contract("two"), "penstock-baseline.yaml": ENTRY.replace("NAME", "two")})
    report = check(Options(as_of="2026-11-20", base="HEAD"))
    found = [each for each in report.findings if each.rule == "LV015"]
    assert [(each.location.file, each.location.path_text) for each in found] == [
        ("penstock-baseline.yaml", "entries[0]")
    ]
    # Once it is in, it is a debt as any other.
    history.commit()
    assert "LV015" not in [each.rule for each in check(Options(as_of="2026-11-20", base="HEAD")).findings]


def test_an_entry_follows_a_manifest_that_the_change_renames(history: History) -> None:
    history.commit({"penstock-baseline.yaml": ENTRY.replace("NAME", "two")})
    history.write(
        {
            "two.yaml": contract("two").replace("name: two", "name: second"),
            "penstock-baseline.yaml": ENTRY.replace("NAME", "second"),
        }
    )
    report = check(Options(as_of="2026-11-20", base="HEAD"))
    assert "LV015" not in [each.rule for each in report.findings]


def test_what_a_new_rule_finds_may_be_listed_with_it(history: History) -> None:
    history.commit({"penstock.yaml": "select: [LV809]\n"})
    history.write({"penstock.yaml": "select: [LV801]\n", "penstock-baseline.yaml": ENTRY.replace("NAME", "two")})
    report = check(Options(as_of="2026-11-20", base="HEAD"))
    assert "LV015" not in [each.rule for each in report.findings]


def test_an_empty_base_is_refused(history: History) -> None:
    with pytest.raises(UsageError):
        check(Options(as_of="2026-11-20", base=""))
