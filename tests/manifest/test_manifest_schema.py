"""Violations: one for each defect, with the place, the value found and what to write. See also test_messages."""

from __future__ import annotations

from typing import Any

import pytest
from manifest_samples import manifest

from penstock.manifest import schema, shapes
from penstock.manifest.breach import Breach, SchemaViolation, Subject
from penstock.manifest.explain import explain
from penstock.model import Path


def only(violations: list[SchemaViolation]) -> SchemaViolation:
    assert len(violations) == 1, violations
    return violations[0]


@pytest.mark.parametrize(
    ("kind", "spec", "path", "message", "hint"),
    [
        ("VendorContract", {"colour": 1}, ("colour",), "unknown field `colour`", "the fields `vendor`"),
        ("VendorContract", {"startOn": "x"}, ("startOn",), "did you mean `startsOn`?", None),
        ("VendorContract", {"ends_on": "x"}, ("ends_on",), "did you mean `endsOn`?", None),
        ("VendorContract", {"dataExport": "x"}, ("dataExport",), "it belongs in `spec.exit`", None),
        (
            "VendorContract",
            {"vendor": None},
            ("vendor",),
            "lacks the required field `vendor`",
            "add `vendor: Acme Lab`",
        ),
        ("VendorContract", {"vendr": 1, "vendor": None}, ("vendr",), "did you mean `vendor`?", None),
        ("VendorContract", {"term": "1 year"}, ("term",), 'found the string "1 year"', "write `P1Y`"),
        ("VendorContract", {"term": "PT12H"}, ("term",), "does not have the form of a period", "P90D ninety days"),
        ("VendorContract", {"term": 12}, ("term",), "must be an ISO 8601 period", None),
        ("VendorContract", {"pricing": "Both"}, ("pricing",), "did you mean `both`?", None),
        ("VendorContract", {"pricing": True}, ("pricing",), "found the boolean true", None),
        ("VendorContract", {"pricing": {}}, ("pricing",), "found an empty mapping", None),
        ("FteOwner", {"allocationPercent": -5}, ("allocationPercent",), "at least 0; found -5", "percent"),
        ("FteOwner", {"allocationPercent": "50"}, ("allocationPercent",), "must be a number", "remove the quotes"),
        ("FteOwner", {"allocationPercent": [50]}, ("allocationPercent",), "found a list of 1 element", None),
        ("FteOwner", {"duties": "wiring"}, ("duties",), "must be a list", 'write a list: `duties: ["wiring"]`'),
        ("FteOwner", {"duties": "wiring, checkpoints"}, ("duties",), "must be a list", "one element a line"),
        ("FteOwner", {"duties": ["wiring", "wirign"]}, ("duties", 1), "did you mean `wiring`?", None),
        ("FteOwner", {"duties": ["wiring", "wiring"]}, ("duties", 1), "`duties[1]` repeats `duties[0]`", "delete"),
        ("HeadcountForecast", {"net": "-3"}, ("net",), "must be a number", "remove the quotes: `net: -3`"),
        ("Waiver", {"rules": ["LV801", 802]}, ("rules", 1), "`rules[1]` must be a string", "quotes"),
    ],
)
def test_a_violation(kind: str, spec: dict[str, Any], path: Path, message: str, hint: str | None) -> None:
    violation = only(schema.validate(kind, manifest(kind, **spec)))
    assert violation.path == ("spec", *path)
    assert message in violation.message
    if hint is None:
        assert violation.key or violation.hint is None or "write" not in violation.hint
    else:
        assert hint in (violation.hint or "")


def test_an_unknown_field_is_at_its_key_and_a_missing_one_where_it_belongs() -> None:
    data = manifest("VendorContract", category=None, colour="blue")
    missing, unknown = sorted(schema.validate("VendorContract", data), key=lambda found: found.path)
    assert (missing.path, missing.key) == (("spec", "category"), False)
    assert (unknown.path, unknown.key) == (("spec", "colour"), True)


def test_a_field_of_the_root_that_belongs_in_the_spec() -> None:
    violation = only(schema.validate("FteOwner", {**manifest("FteOwner"), "employment": "internal"}))
    assert violation.message == "unknown field `employment` in the document; it belongs in `spec`"


@pytest.mark.parametrize(
    "data", [None, [], "text", 3, True, {}, {"spec": []}, {"metadata": None, "spec": {"a": []}}]
)
@pytest.mark.parametrize("kind", shapes.kinds())
def test_any_data_has_violations_and_none_raises(kind: str, data: Any) -> None:
    violations = schema.validate(kind, data)
    assert violations
    assert len(set(violations)) == len(violations)


def test_all_violations_are_given_and_one_value_gives_one() -> None:
    data = manifest("AccessGrant", permission=["read"], dataSource=3, expiresOn="", approver="x")
    assert sorted(found.path[-1] for found in schema.validate("AccessGrant", data)) == [
        "approver",
        "dataSource",
        "expiresOn",
        "permission",
    ]


@pytest.mark.parametrize(
    "value", ["\x1b[31mred\x1b[0m", "a\nb\r\nc", "\u202egnp.exe", "x" * 10_000, "\ud800", "::error::x", 10**500]
)
def test_a_message_is_short_and_safe_whatever_the_value(value: Any) -> None:
    data = manifest("VendorContract", pricing=value, term=value, renewal={"automatic": value})
    data["metadata"]["name"] = value
    if isinstance(value, str):
        data["spec"][value] = 1
    for violation in schema.validate("VendorContract", data):
        assert violation.message.isprintable()
        assert (violation.hint or "").isprintable()
        assert len(violation.message) < 300


def test_the_configuration_and_policies_have_the_same_messages() -> None:
    found = schema.validate_against(
        "config/v1/config", {"apiVersion": "config/v1", "failon": "error", "name": "A B"}
    )
    assert {(violation.path, violation.message.partition("; ")[2]) for violation in found} == {
        (("failon",), "did you mean `failOn`?"),
        (("name",), 'found the string "A B"; did you mean `a-b`?'),
    }
    found = schema.validate_against("policy/v1/Policy", {"apiVersion": "policy/v1", "kind": "Policy"})
    assert {violation.path for violation in found} == {("metadata",), ("spec",)}


def test_an_unfit_key_is_at_the_key() -> None:
    params = {"max-months": {"type": "integer", "default": 1, "description": "x"}}
    found = schema.validate_against("policy/v1/Policy", {"apiVersion": "policy/v1", "spec": {"params": params}})
    (violation,) = (each for each in found if "max-months" in each.message)
    assert violation.path == ("spec", "params", "max-months")
    assert violation.key


@pytest.mark.parametrize(
    ("forEach", "message"),
    [
        ({}, "must have exactly one of path or expression; found none"),
        ({"path": "spec.tasks", "expression": "x"}, "found 2: path and expression"),
    ],
)
def test_exactly_one_of_several_fields(forEach: dict[str, str], message: str) -> None:  # noqa: N803
    found = schema.validate_against("policy/v1/Policy", {"spec": {"forEach": forEach}})
    (violation,) = (each for each in found if each.path == ("spec", "forEach"))
    assert message in violation.message


def test_of_alternatives_the_nearest_is_explained() -> None:
    def breach(keyword: str, path: Path, expected: Any = "", value: Any = 1) -> Breach:
        return Breach(keyword, expected, value, path, {"type": expected} if keyword == "type" else {})

    subject = Subject("config/v1/config", {"a": 1})
    far = (breach("type", ("a",), "string"),)
    near = (breach("minimum", ("a", "b"), 3), breach("minimum", ("a", "c"), 3))
    assert [found.path for found in explain([Breach("anyOf", [], 1, ("a",), {}, (far, near))], subject)] == [
        ("a", "b"),
        ("a", "c"),
    ]
    choice = tuple((breach("required", (), [field], {}),) for field in ("x", "y"))
    violation = only(explain([Breach("oneOf", [], {}, (), {}, choice)], subject))
    assert violation.message == "the document lacks a required field: `x` or `y`"


def test_a_keyword_without_words_of_its_own_says_what_the_schema_says() -> None:
    breach = Breach("contains", {}, [1, 2], ("a",), {"description": "At least one text."})
    violation = only(explain([breach], Subject("config/v1/config", {"a": [1, 2]})))
    assert "found a list of 2 elements" in violation.message
    assert violation.hint == "At least one text."
