"""Named formats of texts: ``format.dns1123Label().validate(name)`` gives what is wrong with a name, if anything.

Takes and gives native values and ``Format``. Source of the behaviour: Kubernetes' CEL format library; the words
of the faults are our own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar

from penstock.cel import moments
from penstock.cel.env import Function, Overload
from penstock.cel.standard import url
from penstock.cel.types import STRING, Type, list_of, optional_of
from penstock.cel.values import MadeList, Optional
from penstock.record import dataclass
from penstock.regex import occurs

FORMAT = Type("kubernetes.NamedFormat")

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_HEX = "[0-9A-Fa-f]"
_UUID = f"{_HEX}{{8}}-?{_HEX}{{4}}-?{_HEX}{{4}}-?{_HEX}{{4}}-?{_HEX}{{12}}"
_BASE64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})"

Check = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Format:
    cel_name: ClassVar[str] = FORMAT.name

    name: str


def _shaped(pattern: str, fault: str, longest: int | None = None) -> Check:
    """Texts that the whole pattern fits, of at most so many characters."""

    def faults(text: str) -> list[str]:
        found = []
        if longest is not None and len(text) > longest:
            found.append(f"must have at most {longest} characters, not {len(text)}")
        if not occurs(f"^({pattern})$", text):
            found.append(fault)
        return found

    return faults


def _prefix(check: Check) -> Check:
    """The beginning of a name may end with a dash: what is added to it comes behind."""
    return lambda text: check(f"{text[:-2]}a" if len(text) > 1 and text.endswith("-") else text)


_label = _shaped(
    _LABEL, "must be lower case letters, digits and dashes, with a letter or digit at both ends: my-name", 63
)
_subdomain = _shaped(
    rf"{_LABEL}(\.{_LABEL})*",
    "must be lower case letters, digits, dashes and dots, letters or digits around each dot: example.com",
    253,
)
_letter_label = _shaped(
    "[a-z]([-a-z0-9]*[a-z0-9])?",
    "must be lower case letters, digits and dashes, with a letter first and a letter or digit last: my-name",
    63,
)
_name = _shaped(
    _NAME, "must be letters, digits, dashes, dots and underscores, with a letter or digit at both ends: MyName", 63
)
_label_value = _shaped(
    f"({_NAME})?",
    "must be empty or letters, digits, dashes, dots and underscores, a letter or digit at both ends: my_value",
    63,
)


def _qualified_name(text: str) -> list[str]:
    *prefix, name = text.split("/")
    if len(prefix) > 1:
        return ["must be a name such as MyName with, at most, one prefix before a slash: example.com/MyName"]
    faults = [f"its name {fault}" for fault in _name(name)]
    return [f"its prefix {fault}" for part in prefix for fault in _subdomain(part)] + faults


def _parsed(parse: Callable[[str], object]) -> Check:
    def faults(text: str) -> list[str]:
        try:
            parse(text)
        except ValueError as error:
            return [str(error)]
        return []

    return faults


def _date(text: str) -> None:
    if not occurs("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", text):
        raise ValueError("not a date such as 2026-06-30")
    try:
        moments.parse_timestamp(f"{text}T00:00:00Z")
    except ValueError:
        raise ValueError("there is no such day") from None


_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "dns1123Label": _label,
        "dns1123Subdomain": _subdomain,
        "dns1035Label": _letter_label,
        "qualifiedName": _qualified_name,
        "dns1123LabelPrefix": _prefix(_label),
        "dns1123SubdomainPrefix": _prefix(_subdomain),
        "dns1035LabelPrefix": _prefix(_letter_label),
        "labelValue": _label_value,
        "uri": _parsed(url.parse),
        "uuid": _shaped(_UUID, "not a UUID such as 123e4567-e89b-12d3-a456-426614174000"),
        "byte": _shaped(_BASE64, "not base64 with its padding, such as aGVsbG8="),
        "date": _parsed(_date),
        "datetime": _parsed(moments.parse_timestamp),
    }
)


def _named(name: str) -> Optional:
    return Optional(True, Format(name)) if name in _CHECKS else Optional()


def _validate(form: Format, text: str) -> Optional:
    faults = _CHECKS[form.name](text)
    return Optional(True, MadeList(faults)) if faults else Optional()


_ABOUT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "dns1123Label": ("small letters, digits and dashes, at most 63", "my-name"),
        "dns1123Subdomain": ("such labels with dots between them, at most 253 characters", "my-name.example.com"),
        "dns1035Label": ("small letters, digits and dashes, a letter first, at most 63", "my-name"),
        "qualifiedName": ("a name, with a domain and a slash before it if need be", "example.com/MyName"),
        "dns1123LabelPrefix": ("the beginning of a `dns1123Label`, which may end with a dash", "my-"),
        "dns1123SubdomainPrefix": ("the beginning of a `dns1123Subdomain`, which may end with a dash", "my-"),
        "dns1035LabelPrefix": ("the beginning of a `dns1035Label`, which may end with a dash", "my-"),
        "labelValue": ("nothing, or letters, digits, dashes, dots and underscores, at most 63", "My_value"),
        "uri": ("an absolute URL, or a path that begins with a slash", "https://example.com/a"),
        "uuid": ("a UUID", "123e4567-e89b-12d3-a456-426614174000"),
        "byte": ("base64", "aGVsbG8="),
        "date": ("a day of the calendar", "2026-06-30"),
        "datetime": ("a day, a time and a zone", "2026-06-30T12:00:00Z"),
    }
)
"""What texts of a format are, and one of them."""


def _constant(name: str) -> Function:
    form, (texts, one) = Format(name), _ABOUT[name]
    return Function(f"format.{name}", (Overload((), FORMAT, lambda: form),)).about(
        f"The format of {texts}.", f"!format.{name}().validate('{one}').hasValue()"
    )


FUNCTIONS: tuple[Function, ...] = (
    Function("format.named", (Overload((STRING,), optional_of(FORMAT), _named),)).about(
        "An optional of the format of that name; nothing when there is none.", "format.named('uuid').hasValue()"
    ),
    *map(_constant, _CHECKS),
    Function(
        "validate", (Overload((FORMAT, STRING), optional_of(list_of(STRING)), _validate, receiver=True),)
    ).about(
        "An optional of what is wrong with a text, a list; nothing when it has the format.",
        "format.dns1123Label().validate('My_Name').hasValue()",
    ),
)
