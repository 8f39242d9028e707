"""What each cause does to the findings, told from three checks."""

from __future__ import annotations

from penstock.lint import Linted
from penstock.lint.changed import identity
from penstock.model import Excuse, Excused, ExcuseKind, Finding, Location, Severity, Stats
from penstock.workspace.verdicts import Outcome, Run, outcome

WAIVED = Excuse(ExcuseKind.WAIVER, Location("w.yaml"), until="2026-12-31")


def finding(rule: str, severity: Severity = Severity.ERROR, path: str = "spec.a", message: str = "m") -> Finding:
    return Finding(rule, rule.lower(), severity, message, Location("a.yaml", None, "Agent/x", (), path))


def run(*findings: Finding | Excused, fail_on: Severity = Severity.ERROR) -> Run:
    standing = tuple(each for each in findings if isinstance(each, Finding))
    excused = tuple(each for each in findings if isinstance(each, Excused))
    return Run(Linted(standing, Stats(), excused), identity, fail_on)


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [each.rule for each in findings]


def told(found: Outcome) -> tuple[list[str], list[str], list[str], list[str]]:
    """New and mended by manifests, new and mended by rules."""
    return (
        rules(found.by_manifests.new),
        rules(found.by_manifests.mended),
        rules(found.by_rules.new),
        rules(found.by_rules.mended),
    )


A, B, C, D = map(finding, ("A001", "B001", "C001", "D001"))


def test_what_the_new_manifests_break_by_the_old_rules_is_theirs() -> None:
    found = outcome(run(A, B), run(B, C), run(B, C, D))
    assert told(found) == (["C001"], ["A001"], ["D001"], [])
    assert rules(found.failing) == ["C001", "D001"]


def test_what_the_new_rules_no_longer_find_is_theirs() -> None:
    found = outcome(run(A, B), run(A, B), run(B))
    assert told(found) == ([], [], [], ["A001"])
    assert found.failing == ()


def test_what_one_cause_breaks_and_the_other_mends_is_neither() -> None:
    # The manifests mend A by the old rules, the new rules find it again: it was there and is there.
    assert told(outcome(run(A), run(), run(A))) == ([], [], [], [])


def test_what_the_new_rules_hide_of_the_new_manifests_is_told_and_fails() -> None:
    # The manifests break B by the old rules, the new rules do not mind.
    found = outcome(run(), run(B), run())
    assert told(found) == ([], [], [], [])
    assert rules(found.by_rules.hidden) == ["B001"]
    assert (found.failing, rules(found.failing_by_old_rules)) == ((), ["B001"])
    # One of two was there: it is no longer found, the other is hidden.
    one, two = finding("A001", message="first"), finding("A001", message="second")
    both = outcome(run(one), run(one, two), run())
    assert [each.message for each in both.by_rules.hidden] == ["second"]
    assert len(both.by_rules.mended) == 1
    # What an exception would have excused anyway is not hidden, nor is what the old rules say of exceptions.
    excused = outcome(run(), run(Excused(B, WAIVED)), run())
    assert (excused.by_rules.hidden, excused.failing_by_old_rules) == ((), ())
    stale = outcome(run(), run(finding("LV017")), run())
    assert (stale.by_rules.hidden, stale.failing_by_old_rules) == ((), ())


def test_a_new_finding_that_the_new_rules_weigh_less_fails_by_the_old_ones() -> None:
    found = outcome(run(), run(finding("A001")), run(finding("A001", Severity.INFO)))
    assert [(each.was, each.finding.severity) for each in found.reweighed] == [(Severity.ERROR, Severity.INFO)]
    assert (found.failing, rules(found.failing_by_old_rules)) == ((), ["A001"])
    stricter = outcome(run(), run(finding("A001", Severity.INFO)), run(finding("A001")))
    assert (stricter.reweighed, rules(stricter.failing)) == ((), ["A001"])


def test_what_cannot_be_judged_any_more_is_not_mended() -> None:
    blind = Run(Linted((), Stats()), identity, Severity.ERROR, lambda key: key[0] != "A001")
    found = outcome(run(A, B), blind, blind)
    assert told(found) == ([], ["B001"], [], [])
    assert rules(found.not_judged) == ["A001"]
    # Turned off, and not merely blind: the old rules are as blind.
    assert rules(outcome(run(), run(A), blind).by_rules.hidden) == []


def test_a_new_finding_where_the_old_state_could_not_be_judged_says_so() -> None:
    blind = Run(Linted((), Stats()), identity, Severity.ERROR, lambda key: key[0] != "A001")
    found = outcome(blind, run(A, B), run(A, B))
    assert told(found) == (["A001", "B001"], [], [], [])
    assert rules(found.not_judged_before) == ["A001"]


def test_findings_that_are_alike_are_counted() -> None:
    one, two, three = (finding("A001", message=text) for text in ("first", "second", "third"))
    found = outcome(run(one), run(one, two), run(one, two, three))
    assert [each.message for each in found.by_manifests.new] == ["second"]
    assert [each.message for each in found.by_rules.new] == ["third"]
    assert len(found.failing) == 2


def test_other_words_or_another_line_are_no_change() -> None:
    other = Finding("A001", "a001", Severity.ERROR, "else", Location("b.yaml", None, "Agent/x", (), "spec.a"))
    assert told(outcome(run(A), run(other), run(other))) == ([], [], [], [])


def test_a_finding_that_becomes_excused_is_not_mended_and_one_that_ceases_to_be_fails() -> None:
    found = outcome(run(A), run(Excused(A, WAIVED)), run(Excused(A, WAIVED)))
    assert told(found) == ([], [], [], [])
    assert [(each.finding.rule, each.excuse.kind) for each in found.excused] == [("A001", ExcuseKind.WAIVER)]
    assert found.failing == ()
    back = outcome(run(Excused(A, WAIVED)), run(A), run(A))
    assert told(back) == ([], [], [], [])
    assert [each.finding.rule for each in back.no_longer_excused] == ["A001"]
    assert rules(back.failing) == ["A001"]


def test_a_new_finding_that_is_excused_at_once_is_told_as_excused() -> None:
    found = outcome(run(), run(Excused(A, WAIVED)), run(Excused(A, WAIVED)))
    assert told(found) == ([], [], [], [])
    assert [each.finding.rule for each in found.excused] == ["A001"]


def test_an_excused_finding_that_is_gone_is_mended() -> None:
    assert told(outcome(run(Excused(A, WAIVED)), run(), run())) == ([], ["A001"], [], [])


def test_another_severity_is_told_and_may_fail() -> None:
    warning, error = finding("A001", Severity.WARNING), finding("A001")
    found = outcome(run(warning), run(warning), run(error))
    assert [(each.finding.severity, each.was) for each in found.reweighed] == [(Severity.ERROR, Severity.WARNING)]
    assert rules(found.failing) == ["A001"]
    assert outcome(run(error), run(error), run(warning)).failing == ()


def test_a_stricter_run_fails_what_was_there() -> None:
    warning = finding("A001", Severity.WARNING)
    new = run(warning, fail_on=Severity.WARNING)
    assert rules(outcome(run(warning), new, new).failing) == ["A001"]
