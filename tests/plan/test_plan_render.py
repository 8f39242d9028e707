"""A plan as text, Markdown and JSON, and the command that writes it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from plan_rollout import UNIT, manifest, planned, policy, use_case, write

from penstock.bundle import folder
from penstock.cli import main
from penstock.plan import Plan
from penstock.render.plan import FORMATS, render
from penstock.render.plan.text import GLYPHS
from penstock.render.plan.words import brief
from penstock.render.width import columns

SCHEMA = json.loads((folder("schemas") / "plan/v1/plan.schema.json").read_text("utf-8"))
DATA = "classification: internal, governance: governed, system: DB"
NEEDS = "dataSources: [{name: claims-db, permission: read}]"
RUN = ["--as-of", "2026-11-20"]


@pytest.fixture
def rollout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(
        tmp_path,
        UNIT,
        use_case("pilot", f"{NEEDS}\npilot: {{endedOn: 2027-01-31}}\ngoLiveOn: 2027-01-01"),
        manifest("DataSource", "claims-db", f"{DATA}, owner: dba@acme.example"),
        manifest("DataSource", "spare", DATA),
        use_case("assess", "", "letters"),
        use_case("retired", "", "old"),
        manifest("TokenBudget", "triage", "useCase: triage, currency: EUR, budgetDuration: P1M"),
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def plan(rollout: Path) -> Plan:
    return planned(Path())


def test_json_is_by_the_schema_and_holds_everything(plan: Plan) -> None:
    data = json.loads(render(plan, "json"))
    Draft202012Validator(SCHEMA).validate(data)
    triage, letters, old = data["useCases"]
    assert (data["apiVersion"], data["asOf"], data["horizon"]) == ("plan/v1", "2026-11-20", "2027-02-18")
    assert [step["step"] for step in triage["steps"]] == list(range(13))
    assert triage["readiness"] == [
        {
            "stage": "production",
            "ready": False,
            "toMend": 2,
            "toWaitFor": 1,
            "earliest": "2027-01-31",
            "unjudged": [],
        }
    ]
    assert [(each["rule"], each["stage"], each["resolvesOn"], each["blocking"]) for each in triage["actions"]] == [
        ("ACME201", None, None, True),
        ("ACME701", "production", None, True),
        ("ACME1001", "production", "2027-01-31", True),
        ("ACME202", None, None, False),
    ]
    assert triage["actions"][0]["owner"] == {
        "person": "dba@acme.example",
        "capacity": "owner of DataSource/claims-db",
        "missing": None,
    }
    assert triage["actions"][0]["findings"][0]["location"]["pointer"] == "/spec/dataSources/0"
    assert triage["steps"][2]["obstacles"][0]["finding"] == triage["actions"][0]["findings"][0]
    assert [ready["stage"] for ready in letters["readiness"]] == ["prepare", "pilot"]
    assert old["readiness"] == []
    assert [finding["rule"] for finding in data["elsewhere"]] == ["LV007", "ACME202"]


def test_the_schema_refuses_what_is_not_in_it(plan: Plan) -> None:
    data = json.loads(render(plan, "json"))
    data["useCases"][0]["steps"][0]["extra"] = 1
    assert [error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(data)] == [
        "$.useCases[0].steps[0]"
    ]


def test_a_plan_without_use_cases_is_by_the_schema(tmp_path: Path) -> None:
    data = json.loads(render(planned(write(tmp_path, UNIT)), "json"))
    Draft202012Validator(SCHEMA).validate(data)
    assert data["useCases"] == []


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_steps_add_up_to_the_findings_that_block(rollout: Path, form: str) -> None:
    written = " ".join(render(planned(rollout, only="triage"), form).split())
    assert (
        "Not ready for production: 3 blocking findings in steps 2, 7 and 10, 1 of which passes on 2027-01-31. "
        "Earliest 2027-01-31, however soon the others are mended, because of ACME1001."
    ) in written
    assert [each for each in ("ACME201 today", "ACME701 before", "ACME1001 before") if each not in written] == []
    (case,) = planned(rollout, only="triage").use_cases
    listed = [each for step in case.steps for each in step.obstacles if each.blocking]
    assert len(listed) == sum(len(action.obstacles) for action in case.actions if action.blocking) == 3
    assert brief(case) == "production blocked by 3 findings, not before 2027-01-31"


TWICE = policy(
    "ACME601",
    6,
    """  match: {kinds: [UseCase]}
  validations:
    - {expression: has(object.spec.roi), message: nothing is measured, at: spec.stage}
    - {expression: has(object.spec.goLiveOn), message: no day is planned, at: spec.stage}""",
)


def test_a_place_is_written_once_where_no_message_tells_its_findings_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cases = (use_case("assess"), use_case("assess", "", "letters"))
    write(tmp_path, UNIT, *cases, policies=(TWICE,))
    several, alone = (render(planned(Path(), only=only), "text") for only in (None, "triage"))
    assert [line.strip() for line in several.splitlines() if "-->" in line] == [
        "--> 02.yaml:8:10  UseCase/triage spec.stage",
        "--> 03.yaml:8:10  UseCase/letters spec.stage",
    ]
    assert several.count("ACME601 (2) today") == 2
    assert alone.count("--> 02.yaml:8:10") == 2
    assert (alone.count("nothing is measured"), alone.count("no day is planned")) == (1, 1)


def test_colour_adds_nothing_but_colour(plan: Plan) -> None:
    coloured = render(plan, "text", color=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(plan, "text")


def test_signs_give_way_to_plain_characters(plan: Plan) -> None:
    plain = render(plan, "text", plain=True)
    assert plain.isascii()
    assert "  triage   pilot    .x.+..x..~." in plain
    signs = str.maketrans(dict(zip(GLYPHS, "+~x.", strict=True)))
    assert render(plan, "text").translate(signs) == plain


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_keep_to_the_width(rollout: Path, width: int) -> None:
    for only in (None, "triage"):
        for line in render(planned(rollout, only=only), "text", width=width).splitlines():
            # A word longer than the line stands alone.
            assert columns(line) <= width or " " not in line.strip().removeprefix("--> "), line


def test_every_action_is_in_the_page(plan: Plan) -> None:
    page = render(plan, "markdown")
    assert page.count("- [ ] ") == sum(len(case.actions) for case in plan.use_cases)
    assert page.count("\n| 11 | Jevons audit |") == 3


def test_files_are_written_beside_standard_output(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "triage", *RUN, "-o", "json=plan.json", "-o", "markdown=plan.md", "-o", "text"]) == 0
    assert capsys.readouterr().out.startswith("Plan of acme as of 2026-11-20: 1 use case\n")
    assert [case["name"] for case in json.loads(Path("plan.json").read_text("utf-8"))["useCases"]] == ["triage"]
    assert Path("plan.md").read_text("utf-8").startswith("# Plan of acme")


@pytest.mark.parametrize("word", ["triage", "UseCase/triage"])
def test_a_use_case_is_named_with_or_without_its_kind(
    rollout: Path, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    assert main(["plan", word, *RUN, "-o", "json"]) == 0
    assert [case["name"] for case in json.loads(capsys.readouterr().out)["useCases"]] == ["triage"]


def test_another_rollout_is_planned_from_afar(
    rollout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir("/")
    assert main(["plan", "letters", "--rollout", str(tmp_path), *RUN]) == 0
    assert "letters  Claims triage\n  at assess" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["letter"], "there is no use case 'letter'\n  = help: did you mean `letters`?"),
        (["zzz"], "there is no use case 'zzz'\n  = help: the rollout's use cases: `letters`, `old` and `triage`"),
        (["-o", "sarif"], "there is no output format 'sarif'\n  = help: formats: text, json, markdown"),
        (["-o", "json", "-o", "text"], "only one format can go to standard output"),
        (["--config", "none.yaml"], "there is no configuration file none.yaml"),
        (["--rollout", "nowhere"], "there is no file or folder nowhere"),
        (["--as-of", "soon"], "--as-of takes a date such as 2026-01-31, not 'soon'"),
    ],
)
def test_faults(rollout: Path, capsys: pytest.CaptureFixture[str], words: list[str], fault: str) -> None:
    assert main(["plan", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"penstock: error: {fault}")


def test_every_format_says_what_it_is_for() -> None:
    assert list(FORMATS) == ["text", "json", "markdown"]


BAD = sorted((Path(__file__).resolve().parents[1] / "manifest" / "bad").glob("*.yaml"))


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_plan_comes_of_the_worst_manifests(tmp_path: Path, file: Path) -> None:
    nameless = use_case("prepare").replace("name: triage, ", "")
    odd = use_case("prepare", name="odd").partition("spec:")[0] + "spec: [1]\n"
    write(tmp_path, file.read_text("utf-8"), nameless, odd, use_case("plot", name="plot"))
    made = planned(tmp_path)
    assert len(made.use_cases) >= 3
    Draft202012Validator(SCHEMA).validate(json.loads(render(made, "json")))
    assert "(without a name)" in render(made, "text")
    assert "`(without a name)`" in render(made, "markdown")
    assert "nothing can be said of the stages ahead" in render(made, "text", width=200)


def test_there_are_bad_manifests() -> None:
    assert len(BAD) > 5
