"""Traces: which nodes were evaluated, to what, and which turns of a macro are kept."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from penstock import cel
from penstock.cel import closures
from penstock.cel.trace import Outcome, Step, Traced, trace, walk


def traced(text: str, bindings: Mapping[str, object] | None = None) -> Traced:
    return trace(cel.compile(text), bindings or {})


def shown(outcome: Outcome | None) -> object:
    if outcome is None:
        return "not evaluated"
    return outcome.value if outcome.error is None else f"error: {outcome.error.message}"


def shape(step: Step) -> dict[str, object]:
    return {each.text: shown(each.outcome) for each in walk(step)}


def test_each_node_has_its_value_or_was_not_evaluated() -> None:
    trace = traced("a.n > 1 || a.missing == 2", {"a": {"n": 2}})
    assert shape(trace.root) == {
        "a.n > 1 || a.missing == 2": True,
        "a.n > 1": True,
        "a.n": 2,
        "a": "not evaluated",  # the last `a` of the text
        "1": 1,
        "a.missing == 2": "not evaluated",
        "a.missing": "not evaluated",
        "2": "not evaluated",
    }
    assert (trace.text, trace.stopped) == ("a.n > 1 || a.missing == 2", None)
    assert [step.text for step in trace.root.steps] == ["a.n > 1", "a.missing == 2"]


def test_an_error_is_the_outcome_of_every_node_it_came_through() -> None:
    root = traced("size(a.b) > 2 && true", {"a": {}}).root
    assert shape(root) == {
        "size(a.b) > 2 && true": "error: no such key: `b`",
        "size(a.b) > 2": "error: no such key: `b`",
        "size(a.b)": "error: no such key: `b`",
        "a.b": "error: no such key: `b`",
        "a": {},
        "2": "not evaluated",
        "true": True,
    }


def test_an_absorbed_error_stays_with_its_node() -> None:
    root = traced("1 / 0 == 1 || true").root
    assert shown(root.outcome) is True
    assert shown(root.steps[0].outcome) == "error: division by zero: int 1 / int 0"


def test_the_turns_of_a_macro_are_the_first_few_and_the_deciding_one() -> None:
    root = traced("[1, 2, 3, 4, 5, 6, 7, 8].all(x, x < 7)").root
    assert (shown(root.outcome), root.turn_count, root.decided_by) == (False, 7, 7)
    assert [(turn.number, dict(turn.variables)) for turn in root.turns] == [
        (1, {"x": 1}),
        (2, {"x": 2}),
        (3, {"x": 3}),
        (7, {"x": 7}),
    ]
    assert shape(root.turns[-1].steps[0]) == {"x < 7": False, "x": 7, "7": 7}
    assert [step.text for step in root.steps] == ["[1, 2, 3, 4, 5, 6, 7, 8]"]


def test_a_macro_that_went_to_its_end_keeps_the_first_of_each_outcome_and_the_last() -> None:
    root = traced("[1, 1, 1, 1, 0, 1, 0, 1, 1].exists(x, 1 / x == 2)").root
    assert (root.turn_count, root.decided_by) == (9, None)
    assert [turn.number for turn in root.turns] == [1, 2, 3, 5, 9]
    assert shown(root.turns[3].steps[0].outcome) == "error: division by zero: int 1 / int 0"


def test_a_filter_that_fails_for_an_element_has_no_result_there() -> None:
    root = traced("{'a': 1, 'b': 2}.transformList(k, v, v > 1, k)").root
    assert shown(root.outcome) == ["b"]
    assert [[shown(step.outcome) for step in turn.steps] for turn in root.turns] == [[False], [True, "b"]]
    assert dict(root.turns[1].variables) == {"k": "b", "v": 2}


def test_a_bound_value_is_shown_under_its_bind_wherever_it_was_read() -> None:
    root = traced("cel.bind(v, 2 * 3, [1].exists(x, x < v))").root
    assert [(step.text, shown(step.outcome)) for step in root.steps] == [
        ("2 * 3", 6),
        ("[1].exists(x, x < v)", True),
    ]
    unread = traced("cel.bind(v, 2 * 3, true)").root
    assert shown(unread.steps[0].outcome) == "not evaluated"


def test_a_name_space_is_no_step() -> None:
    root = traced("math.greatest(1, 2)").root
    assert [step.text for step in root.steps] == ["1", "2"]


def test_functions_and_both_branches() -> None:
    program = cel.compile("f(1) ? 'yes' : 'no'")
    root = trace(program, {}, {"f": lambda n: n == 1}).root
    assert [shown(step.outcome) for step in root.steps] == [True, "yes", "not evaluated"]


def test_a_long_sum_is_traced_too() -> None:
    assert shown(traced("1" + " + 1" * 1500).root.outcome) == 1501


def test_a_stopped_evaluation_says_so_and_keeps_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closures, "MAX_WORK", 200_000)
    trace = traced("lists.range(4000).all(x, lists.range(4000).all(y, x + y >= 0))")
    assert trace.stopped == "the evaluation was stopped after 10,000,000 steps"
    assert trace.root.outcome is None
    assert sum(1 for _ in walk(trace.root)) < 500
