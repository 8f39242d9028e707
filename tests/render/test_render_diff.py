"""The text, JSON and Markdown of comparisons: hostile words are inert, and a comment has a limit."""

from __future__ import annotations

import json

import pytest

from penstock.change import Change, Weight, What
from penstock.model import Excuse, ExcuseKind, Finding, Location, Severity, Span
from penstock.render.diff import FORMATS, render
from penstock.render.diff.markdown import MARKER
from penstock.render.diff.markdown import render as markdown
from penstock.render.diff.text import render as text
from penstock.render.markdown import MAX_COMMENT
from penstock.workspace.compared import Comparison, Excusal, Reweighed, RolloutDiff, Side, Verdicts

HOSTILE = "\x1b[31m<b>@team</b> | ](http://x.example) ::error::\n`${{ x }}`\u202e"
AT = Location("a.yaml", Span.at(3, 7), "Agent/x", ("spec", "a"), "spec.a")


def change(
    sentence: str = "ceiling raised", weight: Weight = Weight.SPEND, resource: str = "TokenBudget/x"
) -> Change:
    return Change(resource, ("spec", "a"), "spec.a", What.RAISED, weight, sentence, AT)


def finding(message: str = "it is wrong", severity: Severity = Severity.ERROR) -> Finding:
    return Finding("LV801", "contract-term-over-a-year", severity, message, AT)


def comparison(*diffs: RolloutDiff) -> Comparison:
    return Comparison(Side("main", "a" * 40), Side("working tree"), diffs, "2026-06-30", "0")


def diff(**parts: object) -> RolloutDiff:
    return RolloutDiff("acme", ".", existed=True, exists=True, **parts)  # type: ignore[arg-type]


FULL = comparison(
    diff(
        changes=(change(HOSTILE, resource=f"Agent/{HOSTILE}"), change("moved", Weight.OTHER)),
        by_manifests=Verdicts((finding(HOSTILE),), (finding(),)),
        by_rules=Verdicts((finding("new rule"),), (), (finding(HOSTILE),)),
        not_judged=(finding(HOSTILE),),
        reweighed=(Reweighed(finding(), Severity.INFO),),
        excused=(
            Excusal(finding(), Excuse(ExcuseKind.WAIVER, AT, until="2026-12-31", reason=HOSTILE, person=HOSTILE)),
        ),
        failing=(finding(HOSTILE),),
        unread=(HOSTILE,),
        remarks=(HOSTILE,),
    )
)


@pytest.mark.parametrize("format_name", ["text", "markdown"])
def test_nothing_that_a_manifest_says_acts(format_name: str) -> None:
    told = render(FULL, format_name)
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert not any(line.lstrip().startswith("::") for line in told.splitlines())
    if format_name == "markdown":
        assert "<b>" not in told
        assert "](http://x.example)" not in told


def test_colour_changes_no_character() -> None:
    import re

    assert re.sub(r"\x1b\[[0-9;]*m", "", text(FULL, color=True)) == text(FULL)


def test_json_keeps_what_was_said() -> None:
    told = json.loads(render(FULL, "json"))
    assert told["rollouts"][0]["changes"][0]["sentence"] == HOSTILE


def test_json_has_no_number_that_json_has_not() -> None:
    odd = Change("A/x", (), "", What.CHANGED, Weight.OTHER, "x", AT, old=float("nan"), new=[{"a": 10**5000}])
    told = json.loads(render(comparison(diff(changes=(odd,))), "json"), parse_constant=pytest.fail)
    assert told["rollouts"][0]["changes"][0]["old"] == "nan"


def test_the_order_of_a_comment() -> None:
    told = markdown(FULL)
    assert told.startswith(f"{MARKER}\n## penstock diff: ")
    order = [
        "**Spend raised (1)**",
        "**New findings, by changed manifests (1)**",
        "**No longer found, by changed rules (1)**",
        "**New findings, by changed rules (1)**",
        "**Weighing another severity (1)**",
        "**Newly excused (1)**",
        "**Cannot be judged any more (1)**",
        "<details><summary>Other changes (1)</summary>",
        "<details><summary>Mended, by changed manifests (1)</summary>",
    ]
    places = [told.index(each) for each in order]
    assert places == sorted(places)


def test_what_is_gone_has_no_link() -> None:
    gone = Change("Agent/x", (), "", What.REMOVED, Weight.NOTABLE, "removed agent", AT, is_gone=True)
    assert "(`a.yaml:3:7`)" in markdown(comparison(diff(changes=(gone,))))
    assert "([`a.yaml:3:7`](https://x.example/a.yaml#L3))" in markdown(
        comparison(diff(changes=(change(),))), link_base="https://x.example/"
    )


def test_a_comment_keeps_to_its_limit_and_says_what_is_missing() -> None:
    many = tuple(change(f"é{number}" * 40) for number in range(2000))
    found = tuple(finding(f"wrong {number}" * 40) for number in range(500))
    told = markdown(comparison(diff(changes=many, by_manifests=Verdicts(found))))
    assert len(told.encode()) <= MAX_COMMENT
    assert "more changes" in told
    assert "500 more findings did not fit here. `penstock diff` lists all of them." in told


def test_many_rollouts_keep_to_the_limit() -> None:
    told = markdown(comparison(*(diff(changes=(change("x" * 500),)) for _ in range(2000))))
    assert len(told.encode()) <= MAX_COMMENT
    assert "more rollouts" in told


def test_long_lists_are_folded_but_for_their_beginning() -> None:
    told = markdown(comparison(diff(changes=tuple(change(f"number {number}") for number in range(12)))))
    assert told.index("number 9") < told.index("<details><summary>2 more</summary>") < told.index("number 10")


@pytest.mark.parametrize("format_name", ["text", "markdown"])
def test_no_change_is_one_line(format_name: str) -> None:
    told = render(comparison(diff(), diff()), format_name).removeprefix(f"{MARKER}\n")
    assert (
        told
        == "No change in meaning between main \\(aaaaaaaaaa\\) and the working tree, as of 2026-06-30.\n".replace(
            "\\", "\\" if format_name == "markdown" else ""
        )
    )


def test_rollouts_without_a_change_are_one_line_each() -> None:
    told = text(comparison(diff(changes=(change(),)), diff()))
    assert told.count("acme  .  no change\n") == 1
    assert "No change in `acme`." in markdown(comparison(diff(changes=(change(),)), diff()))


def test_every_format_is_there() -> None:
    assert list(FORMATS) == ["text", "json", "markdown"]
    assert all(render(FULL, name) for name in FORMATS)


def test_what_changed_rules_hide_is_counted_apart_and_marked() -> None:
    hidden = finding("it is hidden")
    found = comparison(
        diff(by_rules=Verdicts((), (finding("it was there"),), (hidden,)), failing_by_old_rules=(hidden,))
    )
    told = text(found)
    assert "  No longer found, by changed rules (2)\n" in told
    assert "it is hidden (not there before, hidden by the change of rules)" in told
    assert told.endswith(
        "\n1 hidden by changed rules, 1 no longer found by changed rules.\n"
        "Nothing fails a check that did not fail before; by the rules as they were, 1 would.\n"
    )
    assert found.fails


def test_what_cannot_be_judged_is_no_good_news() -> None:
    told = text(comparison(diff(not_judged=(finding("gone"),), by_manifests=Verdicts((), (finding("other"),)))))
    assert "  Cannot be judged any more (1)\n" in told
    assert "1 that cannot be judged any more, 1 mended." in told.capitalize()
    assert "(`a.yaml:3:7`)" in markdown(comparison(diff(not_judged=(finding("gone"),))))


def test_an_excuse_tells_its_reason_and_a_long_one_is_cut() -> None:
    excuse = Excuse(ExcuseKind.SUPPRESSION, AT, reason="because I\nsay so. " + "word " * 50)
    told = " ".join(text(comparison(diff(excused=(Excusal(finding(), excuse),)))).split())
    assert "(suppressed without an end: because I say so. word word" in told
    assert "word…)" in told


def test_places_are_not_wider_than_the_terminal() -> None:
    where = Location(
        "a-folder/of-some-length/and-a-file.yaml", Span.at(3, 7), f"Agent/{'x' * 30}", (), "spec.tasks"
    )
    wide = Finding("LV801", "n", Severity.ERROR, "it is wrong", where)
    told = text(comparison(diff(by_manifests=Verdicts((wide,)))), width=80)
    assert max(map(len, told.splitlines())) <= 80
    assert f"yaml:3:7\n          Agent/{'x' * 30} spec.tasks\n" in told
    assert "yaml:3:7  Agent/" in text(comparison(diff(by_manifests=Verdicts((wide,)))), width=120)
