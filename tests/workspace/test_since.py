"""A check against a revision: what it compares with, and what ``--changed`` leaves out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from git_history import History, scrub
from penstock.errors import UsageError
from penstock.model import Report
from penstock.render.totals import remarks
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


def found(report: Report) -> list[tuple[str, str]]:
    return [(each.rule, each.location.file) for each in report.findings]


def since(base: str, *paths: str, **more: object) -> Report:
    return check(replace(Options(as_of="2026-11-20", base=base, paths=paths), **more))


def lab(name: str, end: str = "2026-12-31") -> str:
    return contract(name, end)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    scrub(monkeypatch, tmp_path)
    made = History(tmp_path / "repo")
    monkeypatch.chdir(made.folder)
    return made


AMENDED = [("LV1304", "VendorContract/a"), ("LV1304", "VendorContract/b")]


def amended(report: Report) -> list[tuple[str, str | None]]:
    return [(each.rule, each.location.resource) for each in report.findings if each.rule == "LV1304"]


@pytest.mark.parametrize("config", ["", "name: claims\n"])
@pytest.mark.parametrize("committed", [True, False])
def test_a_rollout_that_moved_is_compared_with_itself(empty: History, config: str, *, committed: bool) -> None:
    other = {"other/penstock.yaml": "", "other/a.yaml": lab("a")}
    empty.commit({"ro/penstock.yaml": config, "ro/a.yaml": lab("a"), "ro/b.yaml": lab("b"), **other})
    empty.git("tag", "base")
    empty.git("mv", "ro", "ro2")
    empty.write({"ro2/a.yaml": lab("a", "2027-12-31"), "ro2/b.yaml": lab("b", "2027-12-31")})
    if committed:
        empty.commit()
    report = since("base", "ro2")
    assert amended(report) == AMENDED
    (base,) = report.bases
    assert (base.moved_from, base.added, base.changed, base.removed) == ("ro/", 0, 2, 0)
    assert remarks(report)[-1].endswith(", moved from ro/): 2 manifests changed.")


def test_a_rollout_of_the_same_name_is_the_one_that_moved(empty: History) -> None:
    empty.commit(
        {
            "one/penstock.yaml": "name: claims\n",
            "one/a.yaml": lab("a"),
            "two/penstock.yaml": "",
            "two/a.yaml": lab("a"),
            "two/b.yaml": lab("b"),
        }
    )
    empty.git("mv", "one", "three")
    empty.git("rm", "-qr", "two")
    assert since("HEAD", "three").bases[0].moved_from == "one/"
    empty.write({"three/penstock.yaml": "name: other\n", "three/b.yaml": lab("b")})
    assert since("HEAD", "three").bases[0].moved_from == "two/"


def test_a_rollout_whose_configuration_moved_up_is_compared_with_itself(empty: History) -> None:
    empty.commit({"ro/penstock.yaml": "", "ro/a.yaml": lab("a"), "ro/b.yaml": lab("b")})
    empty.git("mv", "ro/penstock.yaml", "penstock.yaml")
    empty.write({"ro/a.yaml": lab("a", "2027-12-31"), "ro/b.yaml": lab("b", "2027-12-31")})
    report = since("HEAD")
    assert amended(report) == AMENDED
    assert report.bases[0].moved_from == "ro/"


def test_a_new_rollout_beside_those_that_stay_is_new(empty: History) -> None:
    empty.commit({"ro/penstock.yaml": "", "ro/a.yaml": lab("a")})
    empty.write({"ro2/penstock.yaml": "", "ro2/a.yaml": lab("a", "2027-12-31")})
    (base,) = since("HEAD", "ro2").bases
    assert (base.moved_from, base.added) == (None, 1)


def test_what_a_moved_rollout_had_found_is_not_new(empty: History) -> None:
    files = {"penstock.yaml": "select: [LV801]\n", "a.yaml": contract("a"), "broken.yaml": "a: [\n"}
    empty.commit({f"ro/{name}": content for name, content in files.items()})
    empty.git("mv", "ro", "ro2")
    report = since("HEAD", "ro2", changed=True)
    assert found(report) == []
    assert report.bases[0].not_shown == 2


def test_a_file_that_moved_is_compared_with_itself(empty: History) -> None:
    empty.commit({"a.yaml": lab("a"), "other.yaml": lab("other")})
    empty.git("mv", "a.yaml", "b.yaml")
    empty.git("rm", "-q", "other.yaml")
    empty.write({"b.yaml": lab("a", "2027-12-31")})
    report = since("HEAD", "b.yaml")
    assert amended(report) == AMENDED[:1]
    (base,) = report.bases
    assert (base.moved_from, base.added, base.changed, base.removed) == ("a.yaml", 0, 1, 0)


def a_rollout_of_two(history: History) -> None:
    history.commit({"penstock.yaml": "select: [LV801]\n", "uses/one.yaml": lab("one"), "two.yaml": lab("two")})


def a_nested_rollout(history: History) -> str:
    history.commit({"uses/penstock.yaml": "ignore: [ALL]\n"})
    return "uses/one.yaml"


def an_ignored_folder(history: History) -> str:
    history.commit({".gitignore": "uses/\n"})
    return "uses/one.yaml"


def a_hidden_folder(history: History) -> str:
    history.git("mv", "uses", ".uses")
    return ".uses/one.yaml"


def a_hidden_folder_git_knows_nothing_of(history: History) -> str:
    (history.folder / "uses").rename(history.folder / ".uses")
    return ".uses/one.yaml"


def a_hidden_file_edited(history: History) -> str:
    history.git("mv", "uses/one.yaml", ".one.yaml")
    history.write({".one.yaml": "# still running\n" + lab("one", "2027-12-31")})
    return ".one.yaml"


def an_exclusion(history: History) -> str:
    history.write({"penstock.yaml": "select: [LV801]\nmanifests: {exclude: [uses/]}\n"})
    return "uses/one.yaml"


def other_suffixes(history: History) -> str:
    history.write({"penstock.yaml": "select: [LV801]\nmanifests: {include: [t*.yaml]}\n"})
    return "uses/one.yaml"


def another_suffix(history: History) -> str:
    history.git("mv", "uses/one.yaml", "uses/one.txt")
    return "uses/one.txt"


@pytest.mark.parametrize(
    ("leave", "why"),
    [
        (a_nested_rollout, "uses/penstock.yaml makes it part of another rollout"),
        (an_ignored_folder, "an ignore file of git leaves it out"),
        (a_hidden_folder, "`.uses` is hidden, and nothing hidden is checked"),
        (a_hidden_folder_git_knows_nothing_of, "`.uses` is hidden, and nothing hidden is checked"),
        (a_hidden_file_edited, "`.one.yaml` is hidden, and nothing hidden is checked"),
        (an_exclusion, "`manifests.exclude` in penstock.yaml leaves it out"),
        (other_suffixes, "`manifests.include` in penstock.yaml does not take it in"),
        (another_suffix, "`manifests.include` in penstock.yaml does not take it in"),
    ],
)
def test_a_manifest_that_leaves_the_check_is_told_of(
    empty: History, leave: Callable[[History], str], why: str
) -> None:
    a_rollout_of_two(empty)
    empty.git("tag", "base")
    file = leave(empty)
    for only_changed in (False, True):
        report = since("base", ".", changed=only_changed)
        assert found(report) == [("LV018", file)]
        assert report.failed is True
        assert report.findings[0].message == (
            f"`VendorContract/one` was checked at base and is not any more, though the file is here: {why}"
        )
    assert "LV018" in report.rules


def test_a_manifest_that_is_deleted_moved_or_renamed_is_not_left_out(empty: History) -> None:
    a_rollout_of_two(empty)
    empty.git("mv", "uses/one.yaml", "one.yaml")
    assert found(since("HEAD")) == []
    empty.write({"one.yaml": lab("new")})
    assert found(since("HEAD")) == []
    (empty.folder / "one.yaml").unlink()
    assert found(since("HEAD")) == []
    report = check(Options(as_of="2026-11-20"))
    assert "LV018" not in report.rules


def test_what_was_never_checked_is_not_left_out(empty: History) -> None:
    a_rollout_of_two(empty)
    empty.commit({".archive/one.yaml": lab("one")})
    (empty.folder / "uses/one.yaml").unlink()
    assert found(since("HEAD")) == []


def test_an_edited_file_is_what_the_editor_holds(empty: History) -> None:
    a_rollout_of_two(empty)
    report = since("HEAD", stdin=("uses/one.yaml", lab("new").encode()))
    assert found(report) == []


WAIVER = """apiVersion: rollout/v1
kind: Waiver
metadata: {name: long}
spec:
  rules: [LV801]
  resources: [{kind: VendorContract, name: one}]
  reason: Under negotiation.
  approver: APPROVER
  grantedOn: 2026-11-01
  expiresOn: 2026-12-31
"""
BY_OWNERS = "select: [LV801]\nexceptions: {waive: {codeOwners: true}}\n"


def test_a_change_does_not_name_its_own_code_owners(empty: History) -> None:
    empty.commit({"penstock.yaml": BY_OWNERS, "one.yaml": contract("one"), "CODEOWNERS": "* ciso@acme.example\n"})
    waiver = WAIVER.replace("APPROVER", "me@acme.example")
    empty.write({"waiver.yaml": waiver, "CODEOWNERS": "* me@acme.example\n"})
    assert found(check(Options(as_of="2026-11-20"))) == []
    report = since("HEAD")
    assert found(report) == [("LV801", "one.yaml"), ("LV015", "waiver.yaml")]
    assert report.findings[1].message == (
        "`me@acme.example` is no code owner of waiver.yaml: line 1 of HEAD:CODEOWNERS names `ciso@acme.example`"
    )
    empty.write({"waiver.yaml": WAIVER.replace("APPROVER", "ciso@acme.example")})
    assert found(since("HEAD")) == []


def test_the_first_code_owners_may_come_with_the_change_that_asks_for_them(empty: History) -> None:
    waiver = WAIVER.replace("APPROVER", "me@acme.example")
    empty.commit({"penstock.yaml": "select: [LV801]\n", "one.yaml": contract("one"), "waiver.yaml": waiver})
    empty.write({"penstock.yaml": BY_OWNERS, "CODEOWNERS": "* me@acme.example\n"})
    assert found(since("HEAD")) == []
    empty.git("add", "penstock.yaml")
    empty.git("commit", "-qm", "asked for, without a file")
    report = since("HEAD")
    assert found(report) == [("LV801", "one.yaml"), ("LV015", "waiver.yaml")]
    assert report.findings[1].message.endswith("the repository has no CODEOWNERS file at HEAD")


def test_a_change_of_code_owners_concerns_everything(empty: History) -> None:
    empty.commit({"penstock.yaml": BY_OWNERS, "one.yaml": contract("one"), "CODEOWNERS": "* ciso@acme.example\n"})
    assert found(changed()) == []
    empty.write({"CODEOWNERS": "* ciso@acme.example\n/docs/ me@acme.example\n"})
    report = changed()
    assert found(report) == [("LV801", "one.yaml")]
    assert report.bases[0].everything is True
    empty.write({"penstock.yaml": "select: [LV801]\n"})
    empty.git("commit", "-qam", "not asked for any more")
    empty.write({"CODEOWNERS": ""})
    assert changed().bases[0].everything is False


def test_an_entry_put_before_others_makes_none_of_them_new(empty: History) -> None:
    head, entry = (
        "apiVersion: baseline/v1\nentries:\n",
        "  - {{rule: LV801, resource: {}, path: x, since: 2026-11-01}}\n",
    )
    stale = "".join(entry.format(f"VendorContract/{name}") for name in ("c", "d"))
    empty.commit(
        {"penstock.yaml": "select: [LV801]\n", "one.yaml": contract("one"), "penstock-baseline.yaml": head + stale}
    )
    assert found(changed()) == []
    empty.write({"penstock-baseline.yaml": head + entry.format("VendorContract/b") + stale})
    (only,) = changed().findings
    assert only.rule == "LV017"
    assert "VendorContract/b" in only.message


def test_before_the_first_commit_everything_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scrub(monkeypatch, tmp_path)
    history = History(tmp_path / "repo")
    monkeypatch.chdir(history.folder)
    history.write({"penstock.yaml": "select: [LV801]\n", "one.yaml": contract("one")})
    report = changed()
    assert resources(report) == ["VendorContract/one"]
    assert report.bases == ()
