"""The baseline: what an entry excuses and what not, when it is stale, and how a rollout is adopted and mended."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penstock.lint.authority import Authority
from penstock.lint.baseline import Baseline, BaselineFile, baseline_of
from penstock.lint.exceptions import Exceptions
from penstock.manifest.integrity import RULES
from penstock.manifest.load import load
from penstock.manifest.rollout import Rollout
from penstock.model import ExcuseKind, Finding, Location, Report, Rule, Severity
from penstock.source import SourceFile, read
from penstock.workspace.baselines import parse_baseline
from penstock.workspace.baselining import Terms, create, prune, survey, update
from penstock.workspace.check import Options, check

AS_OF = "2026-11-21"
ALL_RULES = {
    **RULES,
    **{
        rule: Rule(rule, name, "", Severity.ERROR, 8, "", "")
        for rule, name in (("LV801", "contract-term-over-a-year"), ("LV803", "commitment-over-a-year"))
    },
}


def contract(name: str = "lab", term: bool = True, commitment: bool = False, exit_terms: bool = True) -> str:
    """A contract; ``term`` breaks LV801, ``commitment`` LV803, and no ``exit_terms`` LV809."""
    spec = f"vendor: Acme Lab, category: model-lab, startsOn: 2026-01-01, endsOn: {2028 if term else 2026}-12-31"
    spec += ", commitment: {amount: 5, currency: EUR, endsOn: 2028-12-31}" if commitment else ""
    spec += ", exit: {dataExport: JSON, terminationForConvenience: true}" if exit_terms else ""
    return f"apiVersion: rollout/v1\nkind: VendorContract\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"


def rollout(*texts: str) -> Rollout:
    return load("acme", ".", [read(SourceFile(f"{index}.yaml", text)) for index, text in enumerate(texts)]).rollout


def entries(*lines: str) -> BaselineFile:
    text = "apiVersion: baseline/v1\nentries:\n" + "".join(f"  - {{{line}}}\n" for line in lines)
    return parse_baseline(read(SourceFile("penstock-baseline.yaml", text)))


def listed(rule: str = "LV801", resource: str = "VendorContract/lab", more: str = "path: spec.endsOn") -> str:
    return f"rule: {rule}, resource: {resource}, since: 2026-11-01" + (f", {more}" if more else "")


def found(
    rule: str = "LV801", resource: str = "VendorContract/lab", path: str = "spec.endsOn", **more: str
) -> Finding:
    where = Location(more.get("file", "lab.yaml"), None, resource, (), path)
    return Finding(rule, "", Severity.ERROR, more.get("message", "it is too long"), where)


def made(
    file: BaselineFile | None,
    as_of: str = AS_OF,
    authority: Authority | None = None,
    loaded: Rollout | None = None,
) -> Baseline:
    return baseline_of(file, as_of, ALL_RULES, authority or Authority(), loaded or rollout(contract()))


def told(baseline: Exceptions, checked: Iterable[str] = ("LV801", "LV803")) -> list[tuple[str, str]]:
    return [(each.rule, each.location.path_text) for each in baseline.findings(set(checked))]


def test_the_excuse_says_where_it_is_written_and_who_answers() -> None:
    more = "path: spec.endsOn, owner: cfo@acme.example, until: 2027-03-31, reason: in talks"
    excuse = made(entries(listed("LV803"), listed(more=more))).excuse(found())
    assert excuse is not None
    assert (excuse.kind, excuse.since, excuse.until) == (ExcuseKind.BASELINE, "2026-11-01", "2027-03-31")
    assert (excuse.person, excuse.reason) == ("cfo@acme.example", "in talks")
    where = excuse.location
    assert where.span is not None
    assert (where.file, where.path_text, where.span.start.line) == ("penstock-baseline.yaml", "entries[1]", 4)


@pytest.mark.parametrize(
    ("finding", "excused"),
    [
        (found(), True),
        (found(file="elsewhere/moved.yaml", message="in other words"), True),
        (found(rule="LV803"), False),
        (found(path="spec.term"), False),
        (found(path=""), False),
        (found(resource="VendorContract/lab-2"), False),
        (found(resource="Agent/lab"), False),
    ],
)
def test_a_finding_is_known_by_rule_resource_and_path_alone(finding: Finding, excused: bool) -> None:
    assert (made(entries(listed())).excuse(finding) is not None) is excused


def test_the_rollout_is_known_whatever_its_folder_is_called() -> None:
    baseline = made(entries(listed(resource="Rollout", more="")))
    assert baseline.excuse(found(resource="Rollout/checkout-4711", path="")) is not None
    assert told(baseline) == []


def test_no_file_excuses_nothing_and_says_nothing() -> None:
    baseline = made(None)
    assert baseline.excuse(found()) is None
    assert told(baseline) == []


@pytest.mark.parametrize("findings", range(5))
def test_an_entry_excuses_as_many_as_it_counts(findings: int) -> None:
    baseline = made(entries(listed(more="path: spec.endsOn, count: 2")))
    excuses = [baseline.excuse(found(message=str(number))) for number in range(findings)]
    assert [excuse is not None for excuse in excuses] == [number < 2 for number in range(findings)]
    assert told(baseline) == ([("LV017", "entries[0]")] if findings < 2 else [])


@pytest.mark.parametrize(
    ("as_of", "excused", "said"),
    [
        ("2026-10-31", False, []),
        ("2026-11-01", True, []),
        ("2026-11-21", True, []),
        ("2026-11-22", False, [("LV008", "entries[0].until")]),
    ],
)
def test_an_entry_holds_from_its_first_day_to_the_end_of_its_last(
    as_of: str, excused: bool, said: list[tuple[str, str]]
) -> None:
    baseline = made(entries(listed(more="path: spec.endsOn, until: 2026-11-21")), as_of)
    assert (baseline.excuse(found()) is not None) is excused
    assert told(baseline) == said


def test_what_ends_on_one_day_is_told_once() -> None:
    names = [f"VendorContract/lab-{number}" for number in range(5)]
    lines = [listed(resource=name, more="until: 2026-11-10") for name in names]
    baseline = made(entries(*lines, listed("LV803", names[0], "until: 2026-11-20")))
    for name in names:
        assert baseline.excuse(found(resource=name, path="")) is None
    assert baseline.excuse(found("LV803", names[0], "")) is None
    first, second = baseline.findings({"LV801", "LV803"})
    assert first.message == (
        "the last day of 5 entries of the baseline was 2026-11-10, and this run judges by 2026-11-21: "
        "LV801 at VendorContract/lab-0, LV801 at VendorContract/lab-1, LV801 at VendorContract/lab-2 and 2 more "
        "count again"
    )
    assert second.message == (
        "the last day of an entry of the baseline was 2026-11-20, and this run judges by 2026-11-21: "
        "LV803 at VendorContract/lab-0 counts again"
    )


def test_an_entry_that_has_ended_and_is_mended_is_stale() -> None:
    assert told(made(entries(listed(more="until: 2026-11-10")))) == [("LV017", "entries[0]")]


def test_a_rule_that_is_no_more() -> None:
    baseline = made(entries(listed("LV810")))
    (stale,) = baseline.findings(())
    assert stale.message == "there is no rule `LV810` any more, so the entry excuses nothing"
    assert stale.location.path_text == "entries[0].rule"


@pytest.mark.parametrize("word", ["LV801", "contract-term-over-a-year", "step:8", "ALL"])
def test_a_rule_that_may_not_be_listed(word: str) -> None:
    baseline = made(entries(listed()), authority=Authority(never_baseline=(word,)))
    assert baseline.excuse(found()) is None
    assert told(baseline) == [("LV015", "entries[0].rule")]


@pytest.mark.parametrize("rule", ["LV004", "LV009", "LV011", "LV016", "LV017"])
def test_a_rule_that_nothing_excuses(rule: str) -> None:
    assert told(made(entries(listed(rule)))) == [("LV015", "entries[0].rule")]


def test_a_rule_that_was_not_checked_makes_nothing_stale() -> None:
    assert told(made(entries(listed(), listed("LV803"))), ["LV803"]) == [("LV017", "entries[1]")]


@pytest.mark.parametrize(
    "texts",
    [
        [contract(), "a: [\n"],
        [contract(), "apiVersion: rollout/v1\nkind: Contract\n"],
        [contract().replace("2028-12-31", "soon")],
        [contract("other").replace("2028-12-31", "soon")],
        [contract(), contract()],
        [
            contract(),
            "apiVersion: rollout/v1\nkind: ModelTier\nmetadata: {name: mid}\n"
            "spec: {tier: mid, models: [{name: m, contract: lap}], primary: m}\n",
        ],
    ],
    ids=["syntax", "kind", "schema", "schema-elsewhere", "twice", "dangling"],
)
def test_nothing_is_stale_where_a_manifest_could_not_be_judged(texts: list[str]) -> None:
    lines = [listed(), listed("LV803"), listed(resource="VendorContract/gone")]
    assert told(made(entries(*lines), loaded=rollout(*texts))) == []
    assert told(made(entries(*lines), loaded=rollout(contract()))) == [
        ("LV017", f"entries[{index}]") for index in range(3)
    ]


def test_a_resource_that_is_gone_may_be_renamed() -> None:
    (stale,) = made(entries(listed(resource="VendorContract/gone"))).findings({"LV801"})
    assert stale.message.startswith("there is no VendorContract/gone any more")
    assert "`penstock baseline update --renamed VendorContract/gone=NEW`" in str(stale.help)


BREACHES = ("term", "commitment", "exit")
FLAGS = st.fixed_dictionaries({breach: st.booleans() for breach in BREACHES})
ROLLOUTS = st.lists(FLAGS, min_size=1, max_size=4)
OF = {
    "term": ("LV801", "spec.endsOn"),
    "commitment": ("LV803", "spec.commitment.endsOn"),
    "exit": ("LV809", "spec.exit"),
}


def write(folder: Path, contracts: list[dict[str, bool]], *, file: str = "labs.yaml") -> None:
    (folder / "penstock.yaml").write_text("select: [LV801, LV803, LV809]\nfailOn: info\n")
    for old in folder.glob("*labs.yaml"):
        old.unlink()
    texts = [
        contract(f"lab-{number}", broken["term"], broken["commitment"], not broken["exit"])
        for number, broken in enumerate(contracts)
    ]
    (folder / file).write_text("---\n".join(texts))


def breaches(contracts: list[dict[str, bool]]) -> set[tuple[str, str, str]]:
    return {
        (rule, f"VendorContract/lab-{number}", path)
        for number, broken in enumerate(contracts)
        for breach, (rule, path) in OF.items()
        if broken[breach]
    }


def checked(folder: Path) -> Report:
    return check(Options(paths=(str(folder),), as_of=AS_OF))


def rules(report: Report) -> set[tuple[str, str | None, str]]:
    return {(each.rule, each.location.resource, each.location.path_text) for each in report.findings}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_adopting_a_rollout_and_mending_it(tmp_path: Path, data: st.DataObject) -> None:
    contracts = data.draw(ROLLOUTS)
    write(tmp_path, contracts)
    baseline = tmp_path / "penstock-baseline.yaml"
    baseline.unlink(missing_ok=True)
    known = breaches(contracts)
    assert rules(checked(tmp_path)) == known
    made = create(survey(tmp_path, AS_OF), Terms(AS_OF))
    assert {each.identity for each in made.entries} == known
    if made.text is None:
        assert known == set()
        return
    baseline.write_text(made.text.replace("  - rule", "  # by hand\n  - rule"))
    assert checked(tmp_path).findings == ()
    assert {each.finding.rule for each in checked(tmp_path).excused} == {rule for rule, _, _ in known}

    # Another file, some mended, some new: exactly what is mended is stale, and exactly what is new counts.
    later = [{breach: data.draw(st.booleans()) for breach in BREACHES} for _ in contracts]
    write(tmp_path, later, file="moved-labs.yaml")
    mended, new = known - breaches(later), breaches(later) - known
    report = checked(tmp_path)
    stale = [each for each in report.findings if each.rule == "LV017"]
    where = survey(tmp_path, AS_OF).file.entries
    assert {where[int(each.location.path[1])].identity for each in stale} == mended
    assert rules(report) - {(each.rule, None, each.location.path_text) for each in stale} == new
    assert report.failed is bool(mended or new)

    pruned = prune(survey(tmp_path, AS_OF))
    assert {each.identity for each in pruned.gone} == mended
    assert {each.identity for each in pruned.entries} == known - mended
    assert (pruned.text is None) is not bool(mended)
    if pruned.text is not None:
        baseline.write_text(pruned.text)
        assert pruned.text.count("# by hand") == len(known)
    assert rules(checked(tmp_path)) == new
    assert prune(survey(tmp_path, AS_OF)).text is None

    added = update(survey(tmp_path, AS_OF), Terms(AS_OF), {}, ["ALL"])
    assert {each.identity for each in added.added} == new
    assert added.standing == ()
    if added.text is not None:
        baseline.write_text(added.text)
    assert checked(tmp_path).findings == ()
