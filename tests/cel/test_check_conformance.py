"""The checker against the official conformance cases: the types it deduces, and what it lets pass or not."""

from __future__ import annotations

import pytest
from conformance import CASES, Case, all_cases, declared, env, identity, value

from penstock.cel import Type, parse, types
from penstock.cel.checker import Checked, check
from penstock.cel.types import Union
from penstock.cel.values import type_name

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason=f"no conformance cases at {CASES}")

# The official checker leaves these to evaluation although it has been told not to check: nothing in them is wrong
# by type, or the data declares what makes them right.
ACCEPTED_UNCHECKED = {
    "qualified_identifier_resolution_unchecked",
    "self_eval_container_lookup_unchecked",
    "comprehension_shadowing_parse_only",
    "comprehension_shadowing_selector_parse_only",
    "comprehension_shadowing_namespaced_selector_parse_only",
    "skip_check",
}


def checked(case: Case) -> Checked:
    return check(parse(case["expr"]), env(case))


def test_no_case_with_a_value_has_a_problem() -> None:
    cases = [case for case in all_cases() if case["res"]["k"] != "error" and not case["disable_check"]]
    found = [f"{identity(case)}: {problem.message}" for case in cases for problem in checked(case).problems]
    assert not found, "\n".join(found)
    assert len(cases) > 1400


def test_every_deduced_type_is_the_official_one() -> None:
    cases = [case for case in all_cases() if "dt" in case["res"]]
    wrong = [
        f"{identity(case)}: {found} instead of {wanted}"
        for case in cases
        if str(found := checked(case).type) != str(wanted := declared(case["res"]["dt"]))
    ]
    assert not wrong, "\n".join(wrong)
    assert sum(case["file"] == "type_deduction" for case in cases) >= 26


def test_what_the_official_checker_rejects_is_rejected() -> None:
    cases = [
        case
        for case in all_cases()
        if case["disable_check"] and case["name"] not in ACCEPTED_UNCHECKED and case["section"] != "format_errors"
    ]
    accepted = [identity(case) for case in cases if not checked(case).errors]
    assert not accepted, "\n".join(accepted)
    assert len(cases) > 80


def test_every_node_that_is_evaluated_has_a_type() -> None:
    for case in all_cases():
        checking = checked(case)
        assert checking.types[checking.expression.root] == checking.type
        assert not any(kind == types.Parameter("nothing") for kind in checking.types.values())


def holds(kind: Type, found: object) -> bool:
    """Whether a value is of a type, all the way down."""
    if kind.name == "dyn":
        return True
    if isinstance(kind, Union):
        return any(holds(member, found) for member in kind.members)
    if type_name(found) != kind.name:
        return False
    if isinstance(found, list):
        return all(holds(kind.parameters[0], each) for each in found)
    if isinstance(found, dict):
        return all(
            holds(kind.parameters[0], key) and holds(kind.parameters[1], each) for key, each in found.items()
        )
    return True


def test_every_expected_value_is_of_the_type_that_the_checker_finds() -> None:
    cases = [case for case in all_cases() if case["res"]["k"] == "value" and not case["disable_check"]]
    wrong = [
        f"{identity(case)}: {expected!r} is no {found}"
        for case in cases
        if not holds(found := checked(case).type, expected := value(case["res"]["v"]))
    ]
    assert not wrong, "\n".join(wrong)
