"""What policy, pack and configuration files may say."""

from __future__ import annotations

import copy

import pytest
from schema_tree import DOCUMENTS, errors, pack

POLICY = "policy/v1/Policy.schema.json"
PACK_FILE = "policy/v1/Pack.schema.json"
CONFIG = "config/v1/config.schema.json"

FULL = {
    "apiVersion": "policy/v1",
    "kind": "Policy",
    "metadata": {"name": "contract-term-over-a-year"},
    "spec": {
        "id": "LV801",
        "title": "A lab or orchestration-platform contract runs longer than one year",
        "severity": "error",
        "step": 8,
        "sources": [{"document": "framework", "section": "Step 8", "quote": "one-year deals"}],
        "why": "The next breakthrough outdates any architecture.",
        "remediation": "Sign for one year.",
        "controls": [{"standard": "ISO/IEC 42001", "id": "A.10.3"}],
        "params": {
            "maxMonths": {"type": "integer", "default": 12, "unit": "months", "description": "Longest term."}
        },
        "match": {"kinds": ["VendorContract"]},
        "stage": {"from": "pilot", "useCase": "object"},
        "matchConditions": [{"name": "has-an-end", "expression": "has(object.spec.endsOn)"}],
        "variables": [{"name": "term", "expression": "months(object.spec.startsOn, object.spec.endsOn)"}],
        "forEach": {"path": "spec.tools.*.dataSources"},
        "validations": [
            {
                "expression": "variables.term < params.maxMonths",
                "messageExpression": "'too long'",
                "at": "item.name",
                "severity": "warning",
                "related": [{"resource": "object", "at": "spec.startsOn", "message": "it starts here"}],
            }
        ],
        "examples": {
            "good": [
                {
                    "name": "exactly-a-year",
                    "asOf": "2026-06-30",
                    "params": {"maxMonths": 12},
                    "manifests": [
                        {"kind": "VendorContract", "metadata": {"name": "acme"}, "spec": {"exit": None}}
                    ],
                }
            ],
            "bad": [
                {
                    "name": "three-years",
                    "manifests": [{"kind": "VendorContract", "metadata": {"name": "acme"}}],
                    "findings": [
                        {
                            "resource": "VendorContract/acme",
                            "at": "spec.endsOn",
                            "message": "x",
                            "severity": "error",
                        }
                    ],
                }
            ],
        },
    },
}


def changed(document, path, value):
    """A copy of ``document`` with one value replaced; ``...`` removes the field."""
    data = copy.deepcopy(document)
    where = data
    for step in path[:-1]:
        where = where[step]
    if value is ...:
        del where[path[-1]]
    else:
        where[path[-1]] = value
    return data


def described(found):
    return [(list(error.absolute_path), error.validator) for error in found]


def test_a_policy_with_every_field_is_valid():
    assert described(errors(POLICY, FULL)) == []


@pytest.mark.parametrize(
    "field", ["sources", "controls", "params", "stage", "matchConditions", "variables", "forEach"]
)
def test_these_fields_of_a_policy_may_be_left_out(field):
    assert described(errors(POLICY, changed(FULL, ["spec", field], ...))) == []


@pytest.mark.parametrize(
    ("path", "value", "at", "validator"),
    [
        (["metadata", "name"], "Contract_Term", ["metadata", "name"], "pattern"),
        (["metadata", "title"], "x", ["metadata"], "additionalProperties"),
        (["spec", "id"], "lv801", ["spec", "id"], "pattern"),
        (["spec", "id"], ..., ["spec"], "required"),
        (["spec", "severity"], "off", ["spec", "severity"], "enum"),
        (["spec", "step"], 14, ["spec", "step"], "maximum"),
        (["spec", "why"], " ", ["spec", "why"], "pattern"),
        (["spec", "rationale"], "x", ["spec"], "additionalProperties"),
        (["spec", "match", "kinds"], ["Contract"], ["spec", "match", "kinds", 0], "enum"),
        (["spec", "match", "kinds"], [], ["spec", "match", "kinds"], "minItems"),
        (["spec", "stage", "from"], "retired", ["spec", "stage", "from"], "enum"),
        (["spec", "forEach"], {}, ["spec", "forEach"], "minProperties"),
        (["spec", "forEach", "expression"], "[1]", ["spec", "forEach"], "maxProperties"),
        (["spec", "forEach", "path"], "spec..tasks", ["spec", "forEach", "path"], "pattern"),
        (["spec", "validations"], [], ["spec", "validations"], "minItems"),
        (["spec", "validations", 0, "messageExpression"], ..., ["spec", "validations", 0], "required"),
        (["spec", "validations", 0, "at"], ..., ["spec", "validations", 0], "required"),
        (["spec", "validations", 0, "at"], "spec.", ["spec", "validations", 0, "at"], "pattern"),
        (["spec", "variables", 0, "name"], "max-months", ["spec", "variables", 0, "name"], "pattern"),
        (["spec", "params", "maxMonths", "default"], "12", ["spec", "params", "maxMonths", "default"], "type"),
        (["spec", "params", "maxMonths", "type"], "int", ["spec", "params", "maxMonths", "type"], "enum"),
        (["spec", "params", "max-months"], {}, ["spec", "params"], "pattern"),
        (["spec", "examples", "bad"], [], ["spec", "examples", "bad"], "minItems"),
        (["spec", "examples", "good", 0, "findings"], [], ["spec", "examples", "good", 0], "additionalProperties"),
        (["spec", "examples", "bad", 0, "findings"], ..., ["spec", "examples", "bad", 0], "required"),
        (
            ["spec", "examples", "bad", 0, "findings", 0, "resource"],
            "acme",
            ["spec", "examples", "bad", 0, "findings", 0, "resource"],
            "pattern",
        ),
        (
            ["spec", "examples", "bad", 0, "manifests", 0, "kind"],
            "Contract",
            ["spec", "examples", "bad", 0, "manifests", 0, "kind"],
            "enum",
        ),
    ],
)
def test_a_bad_policy_is_refused_where_it_is_bad(path, value, at, validator):
    found = described(errors(POLICY, changed(FULL, path, value)))
    assert (at, validator) in found
    # An empty parameter lacks its required fields besides having a bad name.
    assert len(found) == (4 if path[-1] == "max-months" else 1)


def test_a_message_may_stand_for_the_expression():
    data = changed(FULL, ["spec", "validations", 0, "messageExpression"], ...)
    assert not errors(POLICY, changed(data, ["spec", "validations", 0, "message"], "too long"))


def test_a_policy_about_the_rollout_points_at_nothing_in_particular():
    data = changed(FULL, ["spec", "match", "kinds"], ["Rollout"])
    data = changed(data, ["spec", "validations", 0, "at"], "")
    data["spec"]["examples"]["bad"][0]["findings"] = [{"resource": "Rollout/example", "at": ""}]
    assert not errors(POLICY, data)


@pytest.mark.parametrize(
    ("of_type", "good", "bad"),
    [
        ("integer", 1, 1.5),
        ("number", 1.5, "1.5"),
        ("string", "x", 1),
        ("boolean", True, "true"),
        ("array", ["x"], "x"),
        ("array", [], [1]),
    ],
)
def test_a_parameters_default_is_of_its_type(of_type, good, bad):
    path = ["spec", "params", "maxMonths"]
    declared = {"type": of_type, "description": "Some value."}
    assert not errors(POLICY, changed(FULL, path, declared | {"default": good}))
    assert errors(POLICY, changed(FULL, path, declared | {"default": bad}))


@pytest.mark.parametrize(
    ("path", "value", "at", "validator"),
    [
        (["spec", "version"], "1.0", ["spec", "version"], "pattern"),
        (["spec", "manifests"], ["rollout-2"], ["spec", "manifests", 0], "pattern"),
        (["spec", "requires"], {}, ["spec", "requires"], "required"),
        (["spec", "requires"], {"penstock": "~=0.1"}, ["spec", "requires", "penstock"], "pattern"),
        (["spec", "requires"], {"penstock": ">=0.1,"}, ["spec", "requires", "penstock"], "pattern"),
        (["spec", "documents", "framework"], {}, ["spec", "documents", "framework"], "required"),
        (["spec", "examples", "asOf"], "2026-06-31", ["spec", "examples", "asOf"], "format"),
        (["spec", "examples", "base", "Contract"], ..., None, None),
        (["spec", "examples", "base", "Agent", "spec"], ..., ["spec", "examples", "base", "Agent"], "required"),
    ],
)
def test_a_bad_pack_is_refused_where_it_is_bad(path, value, at, validator):
    if at is None:
        data = pack()
        data["spec"]["examples"]["base"]["Contract"] = data["spec"]["examples"]["base"]["Agent"]
        assert described(errors(PACK_FILE, data)) == [(["spec", "examples", "base"], "enum")]
        return
    assert described(errors(PACK_FILE, changed(pack(), path, value))) == [(at, validator)]


CONFIGURATION = {
    "apiVersion": "config/v1",
    "name": "acme",
    "manifests": {"include": ["rollout/**/*.yaml"], "exclude": ["rollout/drafts/"]},
    "packs": ["levie", "./policies", "../shared"],
    "select": ["ALL", "step:8", "step:13", "severity:error", "pack:levie"],
    "ignore": ["LV104", "contract-term-over-a-year", "ACME1001"],
    "rules": {
        "LV104": {"severity": "info", "params": {"maxMonths": 9, "kinds": ["a"], "strict": True}},
        "contract-term-over-a-year": {"severity": "off"},
    },
    "failOn": "warning",
}


@pytest.mark.parametrize("data", [{}, CONFIGURATION], ids=["empty", "full"])
def test_a_configuration_may_say_all_or_nothing(data):
    assert described(errors(CONFIG, data)) == []


@pytest.mark.parametrize(
    ("path", "value", "at", "validator"),
    [
        (["name"], "Acme Inc", ["name"], "pattern"),
        (["exclude"], [], [], "additionalProperties"),
        (["manifests", "include"], "*.yaml", ["manifests", "include"], "type"),
        (["manifests", "include"], [], ["manifests", "include"], "minItems"),
        (["packs"], ["policies"], ["packs", 0], "pattern"),
        (["select"], ["step:14"], ["select", 0], "pattern"),
        (["select"], ["severity:fatal"], ["select", 0], "pattern"),
        (["ignore"], ["LV104", "LV104"], ["ignore"], "uniqueItems"),
        (["rules", "LV 1"], {}, ["rules"], "pattern"),
        (["rules", "LV104", "severity"], "fatal", ["rules", "LV104", "severity"], "enum"),
        (["rules", "LV104", "level"], "info", ["rules", "LV104"], "additionalProperties"),
        (["rules", "LV104", "params", "maxMonths"], None, ["rules", "LV104", "params", "maxMonths"], "type"),
        (["failOn"], "off", ["failOn"], "enum"),
        (["apiVersion"], "config/v2", ["apiVersion"], "const"),
    ],
)
def test_a_bad_configuration_is_refused_where_it_is_bad(path, value, at, validator):
    assert described(errors(CONFIG, changed(CONFIGURATION, path, value))) == [(at, validator)]


def test_the_defaults_are_those_of_a_plain_check():
    properties = DOCUMENTS[CONFIG]["properties"]
    assert {name: properties[name]["default"] for name in ("packs", "select", "ignore", "failOn")} == {
        "packs": ["levie"],
        "select": ["ALL"],
        "ignore": [],
        "failOn": "error",
    }
