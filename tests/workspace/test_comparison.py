"""Two states of rollouts, compared: several of them, new and gone ones, exceptions, packs of either side."""

from __future__ import annotations

from pathlib import Path

import pytest

import git_history
from penstock.workspace.compared import Comparison, RolloutDiff
from penstock.workspace.comparison import Wanted, compare

CONTRACT = """\
apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme}
spec: {vendor: Acme, category: model-lab, startsOn: 2026-01-01, endsOn: 2026-12-31}
"""
LONGER = CONTRACT.replace("2026-12-31", "2028-12-31")
CONFIG = "name: one\nselect: [LV801]\n"
WAIVER = """\
apiVersion: rollout/v1
kind: Waiver
metadata: {name: w}
spec:
  rules: [LV801]
  resources: [{kind: VendorContract, name: acme}]
  reason: A shorter one is being negotiated.
  approver: cio@acme.example
  grantedOn: 2026-06-01
  expiresOn: 2026-07-31
"""
PACK = """\
apiVersion: policy/v1
kind: Pack
metadata: {name: acme}
spec:
  version: 1.0.0
  title: Acme
  description: Rules.
  manifests: [rollout/v1]
  documents: {handbook: {title: The handbook}}
  examples: {asOf: "2026-06-30", base: {}}
"""
POLICY = """\
apiVersion: policy/v1
kind: Policy
metadata: {name: vendor-is-acme}
spec:
  id: ACME001
  title: Every vendor is Acme
  severity: warning
  step: 8
  why: So it is.
  remediation: Choose Acme.
  match: {kinds: [VendorContract]}
  validations: [{expression: "object.spec.vendor == 'Acme'", message: not Acme, at: spec.vendor}]
  examples:
    good: [{name: good, manifests: [{apiVersion: rollout/v1, kind: VendorContract, metadata: {name: x}}]}]
    bad:
      - name: bad
        manifests: [{apiVersion: rollout/v1, kind: VendorContract, metadata: {name: x}, spec: {vendor: Bell}}]
        findings: [{resource: VendorContract/x, at: spec.vendor}]
"""


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> git_history.History:
    git_history.scrub(monkeypatch, tmp_path)
    made = git_history.History(tmp_path / "repository")
    monkeypatch.chdir(made.folder)
    return made


def since(base: str = "HEAD", head: str | None = None, path: str = ".") -> Comparison:
    return compare(Wanted(base, head, path, "2026-06-30"))


def only(comparison: Comparison) -> RolloutDiff:
    (found,) = comparison.rollouts
    return found


def sentences(diff: RolloutDiff) -> list[str]:
    return [each.sentence for each in diff.changes]


def test_the_working_tree_is_compared_where_no_head_is_named(history: git_history.History) -> None:
    history.commit({"penstock.yaml": CONFIG, "a.yaml": CONTRACT})
    assert only(since()).is_empty
    history.write({"a.yaml": LONGER})
    found = only(since())
    assert sentences(found) == ["contract ends 24 months later (2026-12-31 -> 2028-12-31)"]
    assert [each.rule for each in found.by_manifests.new] == ["LV801"]
    assert [each.rule for each in found.failing] == ["LV801"]
    assert found.by_manifests.new[0].location.file == "a.yaml"


def test_mended_findings_are_placed_in_the_old_files(history: git_history.History) -> None:
    history.commit({"penstock.yaml": CONFIG, "a.yaml": LONGER})
    history.commit({"a.yaml": CONTRACT})
    (mended,) = only(since("HEAD~1", "HEAD")).by_manifests.mended
    assert mended.location.file == "HEAD~1:a.yaml"


def test_each_rollout_is_compared_by_itself_also_those_that_came_and_went(history: git_history.History) -> None:
    history.commit(
        {
            "one/penstock.yaml": CONFIG,
            "one/a.yaml": CONTRACT,
            "same/penstock.yaml": "name: same\n",
            "same/a.yaml": CONTRACT,
            "gone/penstock.yaml": "name: gone\n",
            "gone/a.yaml": CONTRACT,
        }
    )
    history.git("rm", "-rq", "gone")
    history.write(
        {"one/a.yaml": LONGER, "new/penstock.yaml": "name: new\nselect: [LV801]\n", "new/a.yaml": LONGER}
    )
    for found in (since(), _committed(history)):
        by_name = {each.name: each for each in found.rollouts}
        assert list(by_name) == ["gone", "new", "one", "same"]
        assert (by_name["gone"].existed, by_name["gone"].exists) == (True, False)
        assert (by_name["new"].existed, by_name["new"].exists) == (False, True)
        assert by_name["same"].is_empty
        assert sentences(by_name["gone"]) == ["removed contract with Acme (ends 2026-12-31)"]
        assert sentences(by_name["new"]) == ["new contract with Acme (ends 2028-12-31)"]
        assert [each.rule for each in by_name["new"].failing] == ["LV801"]
        assert by_name["gone"].failing == ()


def _committed(history: git_history.History) -> Comparison:
    history.commit()
    return since("HEAD~1", "HEAD")


def test_a_waiver_that_comes_excuses_and_one_that_goes_fails(history: git_history.History) -> None:
    history.commit({"penstock.yaml": CONFIG, "a.yaml": LONGER})
    history.commit({"w.yaml": WAIVER})
    found = only(since("HEAD~1"))
    assert [(each.finding.rule, each.excuse.location.resource) for each in found.excused] == [
        ("LV801", "Waiver/w")
    ]
    assert found.by_manifests.new == ()
    assert found.failing == ()
    (history.folder / "w.yaml").unlink()
    back = only(since())
    assert [each.finding.rule for each in back.no_longer_excused] == ["LV801"]
    assert [each.rule for each in back.failing] == ["LV801"]


def test_what_the_rules_change_is_told_apart(history: git_history.History) -> None:
    bell = CONTRACT.replace("vendor: Acme", "vendor: Bell")
    history.commit({"penstock.yaml": CONFIG, "a.yaml": bell})
    config = "name: one\nselect: [LV801, ACME001]\npacks: [levie, ./policies]\nfailOn: warning\n"
    files = {"penstock.yaml": config, "policies/pack.yaml": PACK, "policies/vendor-is-acme.yaml": POLICY}
    history.write({**files, "a.yaml": bell.replace("2026-12-31", "2028-12-31")})
    found = only(since())
    assert [each.rule for each in found.by_manifests.new] == ["LV801"]
    assert [each.rule for each in found.by_rules.new] == ["ACME001"]
    assert sorted(each.rule for each in found.failing) == ["ACME001", "LV801"]


def test_each_side_has_the_packs_that_it_had(history: git_history.History) -> None:
    config = "name: one\nselect: [ACME001]\npacks: [./policies]\n"
    bell = CONTRACT.replace("vendor: Acme", "vendor: Bell")
    files = {
        "penstock.yaml": config,
        "policies/pack.yaml": PACK,
        "policies/vendor-is-acme.yaml": POLICY,
        "a.yaml": bell,
    }
    history.commit(files)
    history.write({"policies/vendor-is-acme.yaml": POLICY.replace("== 'Acme'", "in ['Acme', 'Bell']")})
    found = only(since())
    assert [each.rule for each in found.by_rules.mended] == ["ACME001"]
    (change,) = found.changes
    assert change.resource == "Policy/vendor-is-acme"
    assert change.sentence.startswith("rule ACME001: validation spec.vendor: expression changed: ")
    history.write({"policies/vendor-is-acme.yaml": POLICY.replace("severity: warning", "severity: error")})
    weighed = only(since())
    assert [(each.finding.rule, each.was.value) for each in weighed.reweighed] == [("ACME001", "warning")]
    assert [each.rule for each in weighed.failing] == ["ACME001"]


def test_a_rule_that_is_turned_off_mends_by_the_rules(history: git_history.History) -> None:
    history.commit({"penstock.yaml": CONFIG, "a.yaml": LONGER})
    history.write({"penstock.yaml": CONFIG + "rules: {LV801: {severity: 'off'}}\n"})
    found = only(since())
    assert [each.rule for each in found.by_rules.mended] == ["LV801"]
    assert sentences(found) == ["rule LV801 turned off (was error)"]
    history.write({"penstock.yaml": CONFIG + "rules: {LV801: {params: {maxMonths: 48}}}\n"})
    assert [each.rule for each in only(since()).by_rules.mended] == ["LV801"]


def test_a_finding_follows_its_manifest_to_a_new_name_and_file(history: git_history.History) -> None:
    history.commit({"penstock.yaml": CONFIG, "a.yaml": LONGER})
    (history.folder / "a.yaml").unlink()
    history.write({"b/c.yaml": LONGER.replace("name: acme", "name: acme-lab")})
    found = only(since())
    assert sentences(found) == ["renamed from acme to acme-lab"]
    assert (found.by_manifests.new, found.by_manifests.mended) == ((), ())


def test_a_file_that_broke_is_told_and_one_that_stayed_broken_is_not(history: git_history.History) -> None:
    history.commit({"penstock.yaml": CONFIG, "a.yaml": CONTRACT, "b.yaml": "spec: ["})
    history.write({"a.yaml": CONTRACT + "broken: ["})
    found = only(since())
    assert found.unread == ("a.yaml",)
    assert sentences(found) == ["cannot be compared: the file that held it cannot be read"]


def test_a_configuration_that_comes_changes_what_is_asked(history: git_history.History) -> None:
    history.commit({"a.yaml": LONGER})
    history.write({"penstock.yaml": "ignore: [LV801]\n"})
    found = only(since())
    assert sentences(found) == ["ignore: LV801 added"]
    assert "LV801" in [each.rule for each in found.by_rules.mended]


def test_rules_about_changes_judge_the_new_state_against_the_old(history: git_history.History) -> None:
    grant = """\
apiVersion: rollout/v1
kind: AccessGrant
metadata: {name: g}
spec: {principal: {group: ops}, dataSource: crm, permission: read, grantedOn: 2026-06-01}
"""
    source = "apiVersion: rollout/v1\nkind: DataSource\nmetadata: {name: crm}\n"
    source += "spec: {system: CRM, classification: restricted, governance: governed}\n"
    history.commit({"penstock.yaml": "select: [LV1302]\n", "a.yaml": grant, "b.yaml": source})
    history.write({"a.yaml": grant.replace("permission: read", "permission: admin")})
    assert [each.rule for each in only(since()).by_manifests.new] == ["LV1302"]


def test_a_folder_or_file_inside_a_rollout_means_all_of_it(history: git_history.History) -> None:
    history.commit({"penstock.yaml": CONFIG, "a.yaml": CONTRACT, "b/c.yaml": "", "d/e.yaml": ""})
    history.write({"a.yaml": LONGER})
    assert len(only(since(path="b")).changes) == 1
    assert len(only(since(path="a.yaml")).changes) == 1


GRANT = """\
apiVersion: rollout/v1
kind: AccessGrant
metadata: {name: g}
spec: {principal: {group: ops}, dataSource: crm, permission: read, grantedOn: 2026-06-01}
"""
SOURCE = """\
apiVersion: rollout/v1
kind: DataSource
metadata: {name: crm}
spec: {system: CRM, classification: restricted, governance: governed}
"""


@pytest.mark.parametrize("rules", ["ignore: [LV1302]\n", "rules: {LV1302: {severity: 'off'}}\n"])
def test_a_change_that_turns_off_the_rule_that_it_breaks_is_told(history: git_history.History, rules: str) -> None:
    history.commit({"penstock.yaml": "select: [LV1302]\n", "a.yaml": GRANT, "b.yaml": SOURCE})
    history.write({"a.yaml": GRANT.replace("read", "admin"), "penstock.yaml": "select: [LV1302]\n" + rules})
    compared = since()
    found = only(compared)
    assert [each.rule for each in found.by_rules.hidden] == ["LV1302"]
    assert found.by_rules.hidden[0].location.file == "a.yaml"
    assert (found.failing, compared.fails) == ((), True)


def test_a_new_rollout_hides_nothing(history: git_history.History) -> None:
    history.commit({"README.md": ""})
    history.write({"penstock.yaml": "ignore: [LV801]\n", "a.yaml": LONGER})
    found = only(since())
    assert (found.by_rules.hidden, found.failing_by_old_rules) == ((), ())


@pytest.mark.parametrize("is_committed", [False, True])
def test_what_is_only_left_out_is_not_mended(history: git_history.History, is_committed: bool) -> None:
    history.commit({"penstock.yaml": CONFIG, "old/a.yaml": LONGER, "b.yaml": CONTRACT.replace("acme", "bell")})
    history.write({"penstock.yaml": CONFIG + "manifests: {exclude: [old/]}\n"})
    found = only(_committed(history) if is_committed else since())
    assert sentences(found) == [
        "no longer checked, by `manifests` in penstock.yaml: contract with Acme (ends 2028-12-31)",
        "manifests exclude: old/ added",
    ]
    assert all(each.weight.is_risk for each in found.changes)
    assert [each.rule for each in found.by_rules.mended] == ["LV801"]
    assert found.by_manifests.mended == ()


def test_what_an_invalid_manifest_had_is_not_mended_but_cannot_be_judged(history: git_history.History) -> None:
    history.commit({"penstock.yaml": CONFIG, "a.yaml": LONGER})
    history.write({"a.yaml": LONGER.replace("startsOn", "startOn")})
    found = only(since())
    assert [each.rule for each in found.not_judged] == ["LV801"]
    assert found.by_manifests.mended == ()
    assert {each.rule for each in found.by_manifests.new} == {"LV004"}
    history.commit()
    history.write({"a.yaml": LONGER})
    back = only(since())
    assert [each.rule for each in back.not_judged_before] == ["LV801"]
    assert {each.rule for each in back.by_manifests.mended} == {"LV004"}


def test_what_stood_in_a_file_that_broke_cannot_be_judged(history: git_history.History) -> None:
    history.commit({"penstock.yaml": CONFIG, "a.yaml": LONGER})
    history.write({"a.yaml": "spec: ["})
    found = only(since())
    assert ([each.rule for each in found.not_judged], found.by_manifests.mended) == (["LV801"], ())


def test_a_baseline_that_grows_is_a_change(history: git_history.History) -> None:
    entry = "  - {rule: LV801, resource: VendorContract/acme, path: spec.endsOn, since: 2026-06-01, until: %s}\n"
    head = "apiVersion: baseline/v1\nentries:\n"
    history.commit(
        {"penstock.yaml": CONFIG, "a.yaml": LONGER, "penstock-baseline.yaml": head + entry % "2026-12-31"}
    )
    history.write({"penstock-baseline.yaml": head + entry % "2029-12-31"})
    (change,) = only(since()).changes
    assert change.sentence == "LV801 at spec.endsOn of VendorContract/acme holds longer: 2026-12-31 -> 2029-12-31"
    assert (change.weight.is_risk, change.location.file) == (True, "penstock-baseline.yaml")
    (history.folder / "penstock-baseline.yaml").unlink()
    gone = only(since())
    assert [(each.is_gone, each.location.file) for each in gone.changes] == [(True, "HEAD:penstock-baseline.yaml")]
    assert [each.finding.rule for each in gone.no_longer_excused] == ["LV801"]
