"""Named formats."""

from __future__ import annotations

import pytest

from penstock.cel import EvalError, program
from penstock.cel.standard.formats import _CHECKS

NAMES = tuple(_CHECKS)


def faults(form: str, text: str) -> object:
    return program.compile(f"format.{form}().validate(x).orValue([])")({"x": text})


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("dns1123Label", "my-label-name"),
        ("dns1123Label", "1"),
        ("dns1123Label", "a" * 63),
        ("dns1123Subdomain", "apiextensions.k8s.io"),
        ("dns1123Subdomain", "a." * 126 + "a"),
        ("dns1035Label", "my-label-name1"),
        ("qualifiedName", "apiextensions.k8s.io/v1beta1"),
        ("qualifiedName", "My.name_x"),
        ("dns1123LabelPrefix", "my-label-prefix-"),
        ("dns1123SubdomainPrefix", "mysubdomain.prefix.-"),
        ("dns1035LabelPrefix", "my-label-prefix-"),
        ("labelValue", "my-cool-label-Value"),
        ("labelValue", ""),
        ("uri", "http://example.com"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000"),
        ("uuid", "123E4567E89B12D3A456426614174000"),
        ("byte", "aGVsbG8="),
        ("date", "2024-02-29"),
        ("datetime", "2021-01-01T00:00:00.5+02:00"),
    ],
)
def test_valid(form: str, text: str) -> None:
    assert faults(form, text) == []


LABEL = "must be lower case letters, digits and dashes, with a letter or digit at both ends: my-name"
SUBDOMAIN = "must be lower case letters, digits, dashes and dots, letters or digits around each dot: example.com"
LETTER = "must be lower case letters, digits and dashes, with a letter first and a letter or digit last: my-name"
NAME = "must be letters, digits, dashes, dots and underscores, with a letter or digit at both ends: MyName"
VALUE = "must be empty or letters, digits, dashes, dots and underscores, a letter or digit at both ends: my_value"


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("dns1123Label", "contains a space", [LABEL]),
        ("dns1123Label", "a\n", [LABEL]),
        ("dns1123Label", "a" * 64, ["must have at most 63 characters, not 64"]),
        ("dns1123Label", "-" * 64, ["must have at most 63 characters, not 64", LABEL]),
        ("dns1123Subdomain", "a..b", [SUBDOMAIN]),
        ("dns1123Subdomain", "a." * 127 + "a", ["must have at most 253 characters, not 255"]),
        ("dns1035Label", "1a", [LETTER]),
        ("dns1035LabelPrefix", "1a-", [LETTER]),
        ("dns1123LabelPrefix", "a b-", [LABEL]),
        ("dns1123SubdomainPrefix", "a_b-", [SUBDOMAIN]),
        ("qualifiedName", "A/b!", [f"its prefix {SUBDOMAIN}", f"its name {NAME}"]),
        (
            "qualifiedName",
            "a/b/c",
            ["must be a name such as MyName with, at most, one prefix before a slash: example.com/MyName"],
        ),
        ("labelValue", "a!\n", [VALUE]),
        ("uri", "../a", ["a URL is absolute: it begins with a scheme such as https: or with a slash"]),
        ("uuid", "123", ["not a UUID such as 123e4567-e89b-12d3-a456-426614174000"]),
        ("byte", "aGVsbG8", ["not base64 with its padding, such as aGVsbG8="]),
        ("byte", "", ["not base64 with its padding, such as aGVsbG8="]),
        ("date", "2020-01-32", ["there is no such day"]),
        ("date", "2020-1-3", ["not a date such as 2026-06-30"]),
        ("datetime", "2020-01-01", ["not an RFC 3339 timestamp such as 2026-06-30T00:00:00Z"]),
    ],
)
def test_faults(form: str, text: str, expected: list[str]) -> None:
    assert faults(form, text) == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_a_name_and_a_function(name: str) -> None:
    assert program.compile(f"format.named('{name}').value() == format.{name}()")({}) is True
    others = [other for other in NAMES if other != name]
    assert program.compile(" || ".join(f"format.{name}() == format.{other}()" for other in others))({}) is False


def test_the_names() -> None:
    labels = ["dns1123Label", "dns1123Subdomain", "dns1035Label", "qualifiedName"]
    prefixes = ["dns1123LabelPrefix", "dns1123SubdomainPrefix", "dns1035LabelPrefix"]
    assert list(NAMES) == [*labels, *prefixes, "labelValue", "uri", "uuid", "byte", "date", "datetime"]


def test_other_uses() -> None:
    assert program.compile("format.named('unknown').hasValue()")({}) is False
    assert program.compile("'%s!'.format(['a'])")({}) == "a!"
    with pytest.raises(EvalError, match="no such overload"):
        program.compile("format.uuid().validate(dyn(1))")({})
