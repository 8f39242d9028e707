"""Suppressions: which findings a comment excuses, and what is told of comments that are wrong or of no use."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.lint.authority import Authority
from penstock.lint.directive import Directive, Misunderstood, directive
from penstock.lint.suppressions import Suppressions, suppressions
from penstock.manifest.integrity import RULES
from penstock.manifest.load import load
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import ExcuseKind, Finding, Location, Path, Rule, Severity, Span
from penstock.source import Document, SourceFile, read
from penstock.source.comments import blank

KNOWN = {
    **RULES,
    **{
        rule: Rule(rule, name, name, Severity.ERROR, 8, "why", "remediation")
        for rule, name in [
            ("LV601", "agent-without-fte"),
            ("LV801", "contract-term-over-a-year"),
            ("LV802", "contract-renews-by-itself"),
        ]
    },
}
EVERY = tuple(KNOWN)
HEAD = "apiVersion: rollout/v1\nkind: VendorContract\nmetadata: {name: lab}\n"
SPEC = "spec:\n  vendor: Acme Lab\n  category: model-lab\n  startsOn: 2026-01-01\n"
ENDS = ("spec", "endsOn")
LAB = HEAD + SPEC + "  endsOn: 2028-12-31"


def rollout_of(*texts: str) -> Rollout:
    """A rollout of files; their names are f0.yaml, f1.yaml, ..."""
    return load(
        "acme", ".", [read(SourceFile(f"f{number}.yaml", text)) for number, text in enumerate(texts)]
    ).rollout


def asked_of(
    *texts: str, authority: Authority | None = None, config: Document | None = None
) -> tuple[Suppressions, Rollout]:
    rollout = rollout_of(*texts)
    return suppressions(rollout, KNOWN, authority or Authority(), config), rollout


def a_finding(resource: Resource, path: Path = ENDS, rule: str = "LV801") -> Finding:
    return Finding(rule, KNOWN[rule].name, Severity.ERROR, "too long", resource.location(path))


def reason(text: str, path: Path = ENDS, rule: str = "LV801") -> str | None:
    """The reason why a finding on the only resource of a text does not count; None when it does."""
    made, rollout = asked_of(text)
    excuse = made.excuse(a_finding(rollout.resources[0], path, rule))
    return excuse.reason if excuse is not None else None


def told(made: Suppressions, checked: tuple[str, ...] = EVERY) -> list[tuple[str, str]]:
    """What is wrong: rule and message."""
    return [(found.rule, found.message) for found in made.findings(checked)]


def wrong(comment: str, authority: Authority | None = None) -> list[tuple[str, str, str]]:
    """What is wrong with a comment behind a field: rule, message, and the text that it points at."""
    text = f"{LAB}  {comment}\n"
    made, _ = asked_of(text, authority=authority)
    lines = text.split("\n")
    return [
        (found.rule, found.message, lines[span.start.line - 1][span.start.column - 1 : span.end.column - 1])
        for found in made.findings(())
        if (span := found.location.span) is not None
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{LAB}  # penstock: ignore[LV801] signed already\n",
        f"{LAB}  #penstock:ignore[ lv801 ]: signed already \t\n",
        f"{LAB}  # penstock: ignore [contract-term-over-a-year] -- signed already\n",
        f"{LAB}  # penstock: ignore[LV802, LV801,] signed already\r\n",
        f"{HEAD}{SPEC}  # penstock: ignore[LV801] signed already\n  endsOn: 2028-12-31\n",
        f"{HEAD}# penstock: ignore[LV801] signed already\n{SPEC}  endsOn: 2028-12-31\n",
        f"{HEAD}spec:  # penstock: ignore[LV801] signed already\n  endsOn: 2028-12-31\n",
        f"{HEAD}spec:  # penstock: ignore[LV801] signed already\n  vendor: the field itself is not there\n",
        f"# penstock: ignore[LV801] signed already\n{LAB}\n",
        f"--- # penstock: ignore[LV801] signed already\n{LAB}\n",
    ],
)
def test_a_comment_excuses_what_is_at_or_below_it(text: str) -> None:
    assert reason(text) == "signed already"


@pytest.mark.parametrize(
    "text",
    [
        f"{LAB}\n",
        f"{LAB}  # penstock: ignore[LV802] another rule\n",
        f"{LAB}  # penstock: ignore[LV801]\n",
        f"{LAB}  # penstock: ignore[LV801] ...\n",
        f"{LAB}  # penstock: ignore LV801 no brackets\n",
        f'{LAB}\n  note: "# penstock: ignore[LV801] no comment"\n',
        f"{LAB}\n  renews: true  # penstock: ignore[LV801] another field\n",
        f"{LAB}\n# penstock: ignore[LV801] behind the end\n",
        f"{HEAD}spec:\n  endsOn:\n    deep: 1  # penstock: ignore[LV801] below\n",
    ],
)
def test_a_comment_excuses_nothing_else(text: str) -> None:
    assert reason(text) is None


def test_a_comment_is_about_its_own_manifest_alone() -> None:
    commented = f"{LAB}  # penstock: ignore[LV801] x\n"
    other = LAB.replace("name: lab", "name: other")
    made, rollout = asked_of(f"{commented}---\n{other}\n", f"{LAB}\n")
    assert [made.excuse(a_finding(resource)) is not None for resource in rollout.resources] == [True, False, False]


def test_a_comment_at_an_anchor_is_not_about_the_alias() -> None:
    text = f"{HEAD}spec:\n  one: &a 1  # penstock: ignore[LV801] x\n  two: *a\n"
    assert reason(text, ("spec", "one")) == "x"
    assert reason(text, ("spec", "two")) is None


def test_the_excuse_tells_the_comment() -> None:
    made, rollout = asked_of(f"{LAB}  # penstock: ignore[LV802, LV801] it is signed\n")
    excuse = made.excuse(a_finding(rollout.resources[0]))
    assert excuse is not None
    assert (excuse.kind, excuse.reason, excuse.since, excuse.until) == (
        ExcuseKind.SUPPRESSION,
        "it is signed",
        None,
        None,
    )
    assert excuse.location == Location(
        "f0.yaml", Span.at(8, 23, 45), "VendorContract/lab", ("spec", "endsOn"), "spec.endsOn"
    )


def test_the_nearest_comment_is_told_and_all_are_of_use() -> None:
    made, rollout = asked_of(
        f"# penstock: ignore[LV801] far\n{HEAD}# penstock: ignore[LV801] near\n{SPEC}"
        "  # penstock: ignore[LV801] nearest\n  # penstock: ignore[LV801] again\n  endsOn: 2028-12-31\n"
    )
    excuse = made.excuse(a_finding(rollout.resources[0]))
    assert excuse is not None
    assert excuse.reason == "nearest"
    assert told(made) == []


def test_a_comment_behind_several_elements_is_about_each() -> None:
    text = f"{HEAD}spec:\n  list: [\n    a, b,  # penstock: ignore[LV801] x\n    c]\n"
    assert [reason(text, ("spec", "list", index)) for index in range(3)] == ["x", "x", None]


def test_a_finding_above_the_comment_stands_and_is_named() -> None:
    made, rollout = asked_of(f"{LAB}  # penstock: ignore[LV801] x\n")
    (resource,) = rollout.resources
    assert made.excuse(a_finding(resource, ("spec",))) is None
    assert made.excuse(a_finding(resource, ("spec", "vendor"))) is None
    (found,) = made.findings(EVERY)
    assert found.rule == "LV009"
    assert found.message == (
        "the suppression of LV801 has no effect: the rule finds nothing on spec.endsOn of VendorContract/lab"
    )
    assert found.help == "LV801 finds something on spec: put the comment there, or delete it"


def test_what_excuses_nothing_is_told_at_the_rule() -> None:
    text = f"{LAB}  # penstock: ignore[LV802, LV801] x\n"
    made, rollout = asked_of(text)
    assert made.excuse(a_finding(rollout.resources[0])) is not None
    (found,) = made.findings(EVERY)
    assert found.location == Location("f0.yaml", Span.at(8, 42, 5), "VendorContract/lab", ENDS, "spec.endsOn")
    assert "the suppression of LV802 has no effect" in found.message
    assert found.severity is Severity.WARNING


def test_a_rule_that_was_not_checked_may_have_its_use_in_another_run() -> None:
    made, _ = asked_of(f"{LAB}  # penstock: ignore[LV801, LV802] x\n")
    assert [message.split()[3] for _, message in told(made, ("LV802",))] == ["LV802"]
    assert told(made, ()) == []


@pytest.mark.parametrize(
    "broken",
    ["apiVersion: rollout/v1\nkind: VendorContract\nmetadata: {name: b}\nspec: {}\n", "a: ["],
)
def test_where_something_could_not_be_judged_nothing_is_called_idle(broken: str) -> None:
    made, _ = asked_of(f"{LAB}  # penstock: ignore[LV801] x\n", broken)
    assert told(made) == []


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        (
            "# penstock: ignore[LV801]",
            ("LV010", "the suppression of `LV801` gives no reason", "# penstock: ignore[LV801]"),
        ),
        ("# penstock: ignore", ("LV010", "this suppression names no rules", "# penstock: ignore")),
        ("# penstock: ignore[]  x", ("LV010", "this suppression names no rules", "# penstock: ignore[]  x")),
        ("# penstock: ignore[ , ] x", ("LV010", "this suppression names no rules", "# penstock: ignore[ , ] x")),
        (
            "# penstock: ignore LV801 x",
            ("LV010", "this suppression names no rules", "# penstock: ignore LV801 x"),
        ),
        (
            "# penstock: ignore[LV801 x",
            (
                "LV010",
                "the rules of this suppression are not closed with a bracket `]`",
                "# penstock: ignore[LV801 x",
            ),
        ),
        (
            "# penstock: ignore[LV801 LV802] x",
            ("LV010", "`LV801 LV802` is not one rule", "# penstock: ignore[LV801 LV802] x"),
        ),
        (
            "# penstock:ignroe[LV801] x",
            (
                "LV010",
                "penstock does not know what `ignroe` in a comment asks for; did you mean `ignore`?",
                "# penstock:ignroe[LV801] x",
            ),
        ),
        (
            "# penstock: see the wiki",
            ("LV010", "penstock does not know what `see` in a comment asks for", "# penstock: see the wiki"),
        ),
        ("# penstock:", ("LV010", "this comment for penstock asks for nothing", "# penstock:")),
        (
            "# Penstock: Ignore[LV801] x",
            (
                "LV010",
                "this comment is meant for penstock, but does not begin with `# penstock:`",
                "# Penstock: Ignore[LV801] x",
            ),
        ),
        (
            "# penstock ignore[LV801] x",
            (
                "LV010",
                "this comment is meant for penstock, but does not begin with `# penstock:`",
                "# penstock ignore[LV801] x",
            ),
        ),
        ("# penstock: ignore[LV8O2] x", ("LV009", "there is no rule `LV8O2`; did you mean `LV802`?", "LV8O2")),
        (
            "# penstock: ignore[LV801, contract-terms-over-a-year] x",
            (
                "LV009",
                "there is no rule `contract-terms-over-a-year`; did you mean `contract-term-over-a-year`?",
                "contract-terms-over-a-year",
            ),
        ),
        ("# penstock: ignore[ALL] x", ("LV009", "there is no rule `ALL`", "ALL")),
        (
            "# penstock: ignore[\x1b] x".replace("\x1b", "\u202e"),
            ("LV009", r"there is no rule `\u202e`", "\u202e"),
        ),
        (
            "# penstock: ignore[lv601] x",
            ("LV015", "LV601 (agent-without-fte) may not be suppressed in this rollout", "lv601"),
        ),
        (
            "# penstock: ignore[LV801,  LV004 ] x",
            ("LV015", "LV004 (schema-violation) cannot be suppressed: no exception can be made from it", "LV004"),
        ),
        (
            "# penstock: ignore[waiver-without-effect] x",
            (
                "LV015",
                "LV009 (waiver-without-effect) cannot be suppressed: no exception can be made from it",
                "waiver-without-effect",
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_comment_is_told_where_it_is(comment: str, found: tuple[str, str, str]) -> None:
    assert wrong(comment) == [found]


def test_everything_wrong_with_a_comment_is_told() -> None:
    assert [(rule, text) for rule, _, text in wrong("# penstock: ignore[LV601, LV9999]")] == [
        ("LV010", "# penstock: ignore[LV601, LV9999]"),
        ("LV015", "LV601"),
        ("LV009", "LV9999"),
    ]


def test_a_comment_that_is_wrong_about_one_rule_holds_for_another() -> None:
    assert reason(f"{LAB}  # penstock: ignore[LV9999, LV601, LV801] x\n") == "x"


def test_what_may_not_be_suppressed_is_not() -> None:
    text = f"{LAB}  # penstock: ignore[LV601, LV801] x\n"
    assert reason(text, rule="LV601") is None
    authority = Authority(never_suppress=("step:8",))
    made, rollout = asked_of(text, authority=authority)
    assert made.excuse(a_finding(rollout.resources[0])) is None
    assert [rule for rule, _ in told(made)] == ["LV015", "LV015"]
    made, rollout = asked_of(text, authority=Authority(never_suppress=()))
    assert made.excuse(a_finding(rollout.resources[0], rule="LV601")) is not None


@pytest.mark.parametrize("rule", ["LV004", "LV009", "LV010", "LV016"])
def test_nothing_suppresses_what_nothing_excuses(rule: str) -> None:
    text = f"# penstock: ignore[{rule}] x\n{LAB}\n"
    made, rollout = asked_of(text, authority=Authority(never_suppress=()))
    assert made.excuse(a_finding(rollout.resources[0], rule=rule)) is None


def test_a_comment_that_belongs_to_nothing_is_told() -> None:
    made, _ = asked_of(f"{LAB}\n  # penstock: ignore[LV801, LV802] x\n")
    (found,) = made.findings(EVERY)
    assert (found.rule, found.message) == (
        "LV009",
        "the suppression of `LV801` and `LV802` belongs to no field or list element",
    )
    assert found.location == Location("f0.yaml", Span.at(9, 3, 34), "VendorContract/lab")
    assert found.help == "put it above the field or list element that it is about, or behind it on the same line"


CONFIG = (
    "penstock.yaml",
    "# penstock: ignore[LV801] all\nselect: [ALL]\nname: acme  # penstock: ignore[LV802] name\n",
)


def of_the_rollout(rule: str, resource: str = "Rollout/acme") -> Finding:
    return Finding(rule, KNOWN[rule].name, Severity.ERROR, "x", Location("penstock.yaml", Span.at(1, 1), resource))


def test_comments_of_the_configuration_are_about_the_rollout_as_a_whole() -> None:
    (document,) = read(SourceFile(*CONFIG)).documents
    made, rollout = asked_of(f"{LAB}\n", config=document)
    assert [
        excuse.reason if (excuse := made.excuse(of_the_rollout(rule))) else None
        for rule in ("LV801", "LV802", "LV601")
    ] == ["all", "name", None]
    assert made.excuse(of_the_rollout("LV801", "Rollout/other")) is None
    assert made.excuse(a_finding(rollout.resources[0])) is None
    assert told(made) == []


def test_another_field_of_the_configuration_is_not_the_rollout() -> None:
    text = CONFIG[1].replace("[ALL]", "[ALL]  # penstock: ignore[LV601] x")
    (document,) = read(SourceFile("penstock.yaml", text)).documents
    made, _ = asked_of(f"{LAB}\n", config=document, authority=Authority(never_suppress=()))
    assert made.excuse(of_the_rollout("LV601")) is None
    assert [(found.location.path, found.message) for found in made.findings(("LV601", "LV802"))] == [
        (("select",), "the suppression of LV601 has no effect: the rule finds nothing on select of Rollout/acme"),
        (("name",), "the suppression of LV802 has no effect: the rule finds nothing on Rollout/acme"),
    ]


def test_a_configuration_of_comments_alone_is_about_the_rollout() -> None:
    file = SourceFile("penstock.yaml", "# penstock: ignore[LV801] all\n")
    assert read(file).documents == ()
    made, _ = asked_of(f"{LAB}\n", config=blank(file))
    assert made.excuse(of_the_rollout("LV801")) is not None
    assert told(made) == []


def test_a_manifest_without_comments_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from penstock.source import layout

    rollout = rollout_of(f"{LAB}\n", f"{LAB}\n  note: |\n    penstock: ignore\n")

    def refuse(*_: object) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr(layout, "compose", refuse)
    assert told(suppressions(rollout, KNOWN, Authority())) == []


REASONS = ["\u202egnp.exe", "a\tb\u200bc", "::error::x", "é 😀 ]", "a" * 100_000]


@pytest.mark.parametrize("text", REASONS, ids=["bidi", "invisible", "command", "unicode", "long"])
def test_a_reason_is_given_as_it_is_written(text: str) -> None:
    assert reason(f"{LAB}  # penstock: ignore[LV801] {text}\n") == text.lstrip(":")


@given(st.text(st.characters(exclude_characters="\r\n")))
def test_any_comment_is_understood_or_told_to_be_wrong(text: str) -> None:
    for comment in (f"# penstock:{text}", f"#penstock: ignore{text}", f"# penstock: ignore[{text}] x"):
        asked = directive(comment)
        if isinstance(asked, Misunderstood):
            assert asked.message
            assert asked.help
        else:
            assert asked.words
            assert [comment[word.offset :][: len(word.text)] for word in asked.words] == [
                word.text for word in asked.words
            ]


def test_a_directive_keeps_the_places_of_its_rules() -> None:
    asked = directive("#penstock: ignore[ LV801,\tname-of-rule ,] - so be it.")
    assert isinstance(asked, Directive)
    assert [(word.text, word.offset) for word in asked.words] == [("LV801", 19), ("name-of-rule", 26)]
    assert asked.reason == "so be it."


def seconds(count: int, line: str) -> float:
    """How long it takes to have so many comments judged, all of which excuse one finding."""
    fields = "".join(f"  f{number}: 1\n{line.format(number)}" for number in range(count))
    rollout = rollout_of(f"{HEAD}spec:\n{fields}  last: 1\n")
    start = time.process_time()
    made = suppressions(rollout, KNOWN, Authority())
    for number in range(count):
        made.excuse(a_finding(rollout.resources[0], ("spec", f"f{number}")))
    list(made.findings(EVERY))
    return time.process_time() - start


@pytest.mark.parametrize(
    "line",
    ["  # penstock: ignore[LV801] x\n", "  # penstock: ignore[X{}] x\n", "  # penstock: {}\n"],
    ids=["used", "unknown", "wrong"],
)
def test_thousands_of_comments_take_time_in_proportion(line: str) -> None:
    seconds(50, line)
    few, many = seconds(100, line), seconds(1600, line)
    # Sixteen times as many: quadratic would be 256 times as long.
    assert many < 80 * max(few, 0.005)


def test_thousands_of_comments_on_one_field_take_time_in_proportion() -> None:
    count = 3000
    comments = "# penstock: ignore[LV801] x\n" * count
    made, rollout = asked_of(f"{HEAD}{comments}spec:\n" + "".join(f"  f{number}: 1\n" for number in range(count)))
    start = time.process_time()
    found = [a_finding(rollout.resources[0], ("spec", f"f{number}")) for number in range(count)]
    between = time.process_time()
    assert all(made.excuse(each) for each in found)
    assert time.process_time() - between < 5 * max(between - start, 0.01)
    assert told(made, ("LV802",)) == []
