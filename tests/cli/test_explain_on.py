"""``penstock explain RULE --on FILE``: verdicts with their reasons, and what may be named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from penstock.cli import main
from penstock.errors import UsageError
from penstock.workspace import packs
from penstock.workspace.target import parse_target

LAB = """apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme-lab}
spec: {vendor: Acme Lab, category: model-lab, startsOn: 2026-01-01, endsOn: 2028-12-31}
---
apiVersion: rollout/v1
kind: VendorContract
metadata: {name: beta-lab}
spec: {vendor: Beta Lab, category: model-lab, startsOn: 2026-01-01, endsOn: 2026-12-31}
---
apiVersion: rollout/v1
kind: VendorContract
metadata: {name: crm}
spec: {vendor: CRM, category: enterprise-software, startsOn: 2026-01-01, endsOn: 2028-12-31}
"""
AGENT = """apiVersion: rollout/v1
kind: Agent
metadata: {name: triager}
spec: {useCase: claims}
"""
USE_CASE = """apiVersion: rollout/v1
kind: UseCase
metadata: {name: claims}
spec: {workflow: Sort claims, businessUnit: claims, domain: knowledge-work, stage: STAGE}
"""
WAIVER = """apiVersion: rollout/v1
kind: Waiver
metadata: {name: long-lab}
spec:
  rules: [LV801]
  resources: [{kind: VendorContract, name: acme-lab}]
  reason: signed before the policy
  approver: cio@acme.example
  grantedOn: 2026-10-05
  expiresOn: 2026-12-31
"""
AS_OF = ["--as-of", "2026-11-20"]
LOADED: dict[object, object] = {}


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The built-in pack takes a while: these tests share it."""
    load = packs.load_pack

    def cached(reference: str, *others: object) -> object:
        if reference != "levie":
            return load(reference, *others)  # type: ignore[arg-type]
        if reference not in LOADED:
            LOADED[reference] = load(reference, *others)  # type: ignore[arg-type]
        return LOADED[reference]

    monkeypatch.setattr(packs, "load_pack", cached)


@pytest.fixture(autouse=True)
def rollout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "penstock.yaml").write_text("name: acme\n")
    (tmp_path / "lab.yaml").write_text(LAB)
    (tmp_path / "agent.yaml").write_text(AGENT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["explain", *words, *AS_OF]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def fault(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["explain", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def headlines(text: str) -> list[str]:
    """The first line of each verdict."""
    return [block.split("\n")[0] for block in text.split("\n\n")]


def test_every_manifest_that_the_rule_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    rule = "LV801 contract-term-over-a-year"
    assert headlines(told(capsys, "LV801", "--on", "lab.yaml")) == [
        f"{rule} fails on VendorContract/acme-lab",
        f"{rule} passes on VendorContract/beta-lab",
        f"{rule} does not apply to VendorContract/crm",
    ]


@pytest.mark.parametrize(
    "name",
    ["lab.yaml:beta-lab", "lab.yaml:VendorContract/beta-lab", "VendorContract/beta-lab", "beta-lab", ".:beta-lab"],
)
def test_one_resource(capsys: pytest.CaptureFixture[str], name: str) -> None:
    out = told(capsys, "LV801", "--on", name)
    assert headlines(out) == ["LV801 contract-term-over-a-year passes on VendorContract/beta-lab"]
    assert "├─ object.spec.endsOn                    = " in out.replace("│     ", "").replace("   ├─", "├─")


def test_several_rules_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    found = headlines(told(capsys, "LV801", "contract-term-over-a-year", "--on", "lab.yaml:crm"))
    assert found == ["LV801 contract-term-over-a-year does not apply to VendorContract/crm"] * 2


def test_a_match_condition_that_is_false_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "LV801", "--on", "lab.yaml:crm")
    assert out.splitlines()[2:] == [
        "  the match condition lab-or-orchestration-platform is false",
        "├─ match condition lab-or-orchestration-platform: false",
        "│  object.spec.category in ['model-lab', 'orchestration-platform']",
        '│  └─ object.spec.category  = "enterprise-software"',
        "└─ match condition not-ended: not evaluated",
        "   contractEnd(object, asOf) >= asOf",
    ]


def test_a_stage_that_was_not_reached(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (rollout / "use-case.yaml").write_text(USE_CASE.replace("STAGE", "assess"))
    out = told(capsys, "LV301", "--on", "agent.yaml")
    assert out.splitlines()[0].startswith("LV301 agent-lacks-needed-grant does not apply to Agent/triager")
    assert out.splitlines()[2:] == [
        "  UseCase/claims is at assess; the rule applies from pilot on",
        "└─ stage, from pilot on: not reached",
        "   └─ UseCase/claims is at assess",
    ]


def test_a_reference_that_leads_nowhere_leaves_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "LV301", "--on", "agent.yaml")
    assert out.splitlines()[0].startswith("LV301 agent-lacks-needed-grant gives no verdict on Agent/triager")
    assert out.splitlines()[2:] == [
        "  no verdict: there is no UseCase named 'claims'; a reference that leads nowhere is a finding of its",
        "  own",
        "└─ stage, from pilot on: error: there is no UseCase named 'claims'",
    ]


def test_a_manifest_that_breaks_its_schema(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (rollout / "lab.yaml").write_text(LAB.split("---")[0].replace("model-lab", "lab"))
    assert told(capsys, "LV801", "--on", "lab.yaml").splitlines() == [
        "LV801 contract-term-over-a-year gives no verdict on VendorContract/acme-lab",
        " --> lab.yaml:3:18, as of 2026-11-20",
        "  VendorContract/acme-lab breaks its schema, which is a finding of its own; rules judge what",
        "  satisfies it",
    ]


def test_waivers_in_force_are_told(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (rollout / "waiver.yaml").write_text(WAIVER)
    words = "Waiver/long-lab (waiver.yaml:3:18) waives it until 2026-12-31: signed before the policy."
    out = " ".join(told(capsys, "LV801", "--on", "lab.yaml:acme-lab").split())
    assert f"{words} A check does not report it." in out
    assert "Waiver/" not in told(capsys, "LV801", "--on", "lab.yaml:beta-lab")
    (rollout / "waiver.yaml").write_text(WAIVER.replace("2026-12-31", "2026-10-31"))
    assert "Waiver/" not in told(capsys, "LV801", "--on", "lab.yaml:acme-lab")


def test_the_configuration_counts(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (rollout / "penstock.yaml").write_text("rules: {LV801: {severity: off, params: {maxMonths: 36}}}\n")
    out = told(capsys, "LV801", "--on", "lab.yaml:acme-lab")
    assert out.startswith("LV801 contract-term-over-a-year passes on")
    assert "  A check of this rollout leaves LV801 out: it is off or not selected.\n" in out
    (rollout / "other.yml").write_text("rules: {LV801: {severity: info}}\n")
    out = told(capsys, "LV801", "--on", "lab.yaml:acme-lab", "--config", "other.yml")
    assert "\n  info at spec.endsOn (lab.yaml:4:77): the contract" in out
    assert "leaves LV801 out" not in out


def test_the_rollout_as_a_whole(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = rollout / "ours" / "no-agents.yaml"
    policy.parent.mkdir()
    policy.write_text(
        """apiVersion: policy/v1
kind: Policy
metadata: {name: no-agents}
spec:
  id: OUR101
  title: There are agents
  severity: error
  step: 1
  why: Because.
  remediation: Remove them.
  match: {kinds: [Rollout]}
  validations: [{expression: "size(resources('Agent')) == 0", message: there are, at: ""}]
  examples:
    good: [{name: good, manifests: [{kind: UseCase, metadata: {name: a}}]}]
    bad:
      - name: bad
        manifests: [{kind: Agent, metadata: {name: a}}]
        findings: [{resource: Rollout/example, at: ""}]
"""
    )
    (rollout / "penstock.yaml").write_text("name: acme\npacks: [./ours]\nmanifests: {exclude: [ours]}\n")
    for name in ("penstock.yaml", ".", "Rollout/acme"):
        out = told(capsys, "OUR101", "--on", name)
        assert out.splitlines()[:3] == [
            "OUR101 no-agents fails on Rollout/acme",
            " --> penstock.yaml:1:7, as of 2026-11-20",
            "  error: there are",
        ]
        assert out.endswith("resources('Agent')     = [Agent/triager]\n")


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["LV801", "--on", "nowhere.yaml"], "there is no file or folder nowhere.yaml", "FILE:Kind/name"),
        (["LV801", "--on", "nowhere.yaml:acme-lab"], "there is no file or folder nowhere.yaml", None),
        (
            ["LV801", "--on", "lab.yaml:acme-lap"],
            "lab.yaml has no resource `acme-lap`; did you mean `acme-lab`?",
            "it has",
        ),
        (
            ["LV801", "--on", "lab.yaml:Agent/triager"],
            "lab.yaml has no resource `Agent/triager`",
            "VendorContract/crm",
        ),
        (["LV801", "--on", "Agent/nobody"], "the rollout acme has no resource `Agent/nobody`", "Agent/triager"),
        (
            ["LV801", "--on", "agent.yaml"],
            "the rule applies to VendorContract; agent.yaml holds `Agent/triager`",
            None,
        ),
        (
            ["LV801", "--on", "agent.yaml:triager"],
            "the rule applies to VendorContract; this is `Agent/triager`",
            None,
        ),
        (["LV801", "--on", "empty.yaml"], "empty.yaml holds no manifest", "penstock check"),
        (
            ["LV801", "--on", "left-out.yaml"],
            "left-out.yaml belongs to no rollout: penstock.yaml leaves it out",
            None,
        ),
        (["LV002", "--on", "lab.yaml"], "LV002 is about the manifests themselves", "`penstock explain LV002`"),
        (["LV999", "--on", "lab.yaml"], "there is no rule `LV999`", None),
        (["LV801", "--on", "lab.yaml", "--as-of", "today"], "--as-of takes a date", None),
        (["LV801", "--on", "lab.yaml", "--config", "none.yaml"], "there is no configuration file none.yaml", None),
        (["LV801", "--as-of", "2026-11-20"], "--as-of says how to judge a manifest: name one by --on", None),
        (["LV801", "--config", "penstock.yaml"], "--config says how to judge a manifest: name one by --on", None),
    ],
)
def test_what_cannot_be_explained(
    rollout: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str, hint: str | None
) -> None:
    (rollout / "penstock.yaml").write_text("name: acme\nmanifests: {exclude: [left-out.yaml]}\n")
    (rollout / "left-out.yaml").write_text(AGENT)
    (rollout / "empty.yaml").write_text("# nothing\n")
    said = fault(capsys, *words)
    assert said.startswith(f"penstock: error: {message}")
    assert (hint or "") in said


def test_a_file_outside_every_rollout_is_one_by_itself(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (rollout / "penstock.yaml").unlink()
    assert len(headlines(told(capsys, "LV801", "--on", "lab.yaml"))) == 3


def test_the_colon_of_a_windows_drive_parts_nothing(rollout: Path) -> None:
    for path in ("C:\\rollout\\lab.yaml", "C:/rollout/lab.yaml"):
        with pytest.raises(UsageError, match="there is no file or folder C:"):
            parse_target(path)
    (rollout / "C").write_text(AGENT)
    with pytest.raises(UsageError, match="there is no file or folder C:"):
        parse_target("C:\\rollout\\lab.yaml")
    assert parse_target("C:triager").resource == "triager"


@pytest.mark.skipif(sys.platform == "win32", reason="a colon is no part of a file's name")
def test_a_file_whose_name_has_a_colon(rollout: Path) -> None:
    (rollout / "a:b.yaml").write_text(AGENT)
    assert (parse_target("a:b.yaml").path, parse_target("a:b.yaml").resource) == (Path("a:b.yaml"), None)
    target = parse_target("a:b.yaml:Agent/triager")
    assert (target.path, target.resource) == (Path("a:b.yaml"), "Agent/triager")


def test_colour_is_for_terminals_or_as_asked(capsys: pytest.CaptureFixture[str]) -> None:
    plain = told(capsys, "LV801", "--on", "lab.yaml")
    painted = told(capsys, "LV801", "--on", "lab.yaml", "--color", "always")
    assert "\x1b" not in plain
    assert "\x1b[1;31mfails on\x1b[0m" in painted


def test_a_terminal_without_box_characters_gets_others() -> None:
    command = [sys.executable, "-m", "penstock", "explain", "LV801", "--on", "lab.yaml:crm", *AS_OF]
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, env=env, capture_output=True, timeout=120, check=True)
    assert b"\n|- match condition lab-or-orchestration-platform: false\n" in done.stdout
    assert b"\n`- match condition not-ended: not evaluated\n" in done.stdout


def test_control_characters_of_a_manifest_are_shown(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (rollout / "lab.yaml").write_text(LAB.split("---")[0].replace("Acme Lab", '"\\e[31m\\u202Elab"'))
    out = told(capsys, "LV801", "--on", "lab.yaml")
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\x1b[31m\\u202elab" in out
