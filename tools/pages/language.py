"""What CEL has beside functions: types, operators and macros, each with an example that is true; and the titles
of the families of functions.

Data only; ``tests/docs`` tests that nothing is missing and that every example holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Row:
    """What is written, in one or several forms; what it means; an expression with it that is true."""

    forms: tuple[str, ...]
    summary: str
    example: str


FAMILY_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "core": "Sizes, texts and conversions",
        "time": "Parts of timestamps and durations",
        "optionals": "Optionals",
        "strings": "Texts",
        "formatting": "Templates",
        "math": "Mathematics",
        "lists": "Lists",
        "sets": "Lists as sets",
        "encoders": "Base64",
        "regex": "Regular expressions",
        "quantity": "Quantities",
        "url": "URLs",
        "formats": "Named formats",
        "semver": "Versions",
        "network": "IP addresses and networks",
    }
)

CONSTANTS = (
    Row(("int",), "A whole number, of 64 bits with a sign: `42`, `-1`, `0x2a`.", "type(0x2a) == int"),
    Row(("uint",), "A whole number of 64 bits without a sign: `42u`.", "type(42u) == uint"),
    Row(("double",), "A number with a decimal point or an exponent: `2.0`, `1e3`.", "type(1e3) == double"),
    Row(
        ("string",),
        "Text in single or double quotes; `\\n` is a new line, and behind an `r` a backslash is itself: `r'\\d'`.",
        r"r'\d' == '\\d'",
    ),
    Row(("bytes",), "Bytes: `b'abc'`.", "size(b'é') == 2"),
    Row(("bool",), "`true` or `false`.", "type(true) == bool"),
    Row(("null_type",), "`null`, and nothing else.", "type(null) == null_type"),
    Row(("list(A)",), "Several values in their order: `[1, 2]`.", "[1, 2].size() == 2"),
    Row(("map(A, B)",), "Values by their keys: `{'a': 1}`. A manifest is a map.", "{'a': 1}.a == 1"),
    Row(("timestamp",), "A moment: `timestamp('2026-06-30T00:00:00Z')`.", "timestamp(0).getFullYear() == 1970"),
    Row(("duration",), "A length of time: `duration('24h')`.", "duration('24h') < duration('25h')"),
    Row(("optional_type(A)",), "A value that may be missing: `object.?spec`.", "!{'a': 1}.?b.hasValue()"),
)

OPERATORS = (
    Row(("a.b", "a['b']"), "A field of a map. An error when it is not there.", "{'a': 1}.a == {'a': 1}['a']"),
    Row(
        ("a.?b", "a[?'b']"),
        "An optional of a field: no error when it is not there.",
        "{'a': 1}.?b.orValue(0) == 0",
    ),
    Row(("a[0]",), "An element of a list, counted from 0.", "['x', 'y'][1] == 'y'"),
    Row(("f(a)", "a.f()"), "A call of a function.", "'abc'.size() == size('abc')"),
    Row(("!a",), "Not.", "!false"),
    Row(("-a",), "The number with the other sign.", "-(2) == 0 - 2"),
    Row(
        ("a * b", "a / b", "a % b"),
        "Numbers of one type; whole ones divide to a whole one.",
        "7 / 2 * 2 + 7 % 2 == 7",
    ),
    Row(
        ("a + b", "a - b"),
        "Numbers of one type, timestamps and durations; with `+` texts, bytes and lists too.",
        "'a' + 'b' == 'ab' && [1] + [2] == [1, 2]",
    ),
    Row(
        ("a == b", "a != b"),
        "Whether two values are equal, lists and maps by what they hold.",
        "{'a': [1]} == {'a': [1]}",
    ),
    Row(
        ("a < b", "a <= b", "a > b", "a >= b"),
        "The order of numbers, of whatever type, and of texts, bytes, bools, timestamps, durations.",
        "1 < 1.5 && '2026-06-30' < '2026-07-01'",
    ),
    Row(("a in b",), "Whether a list has an element, or a map a key.", "2 in [1, 2] && 'a' in {'a': 1}"),
    Row(
        ("a && b",),
        "And. When one side is false the whole is, even if the other fails.",
        "!(1 / 0 > 1 && false)",
    ),
    Row(("a || b",), "Or. When one side is true the whole is, even if the other fails.", "1 / 0 > 1 || true"),
    Row(
        ("a ? b : c",),
        "b when a is true, else c. Only one of the two is computed.",
        "(2 > 1 ? 'yes' : 'no') == 'yes'",
    ),
    Row(
        ("[a, b]", "[?a]"),
        "A list; with `?` an element only if the optional holds one.",
        "[1, ?optional.none()] == [1]",
    ),
    Row(
        ("{a: b}", "{?a: b}"),
        "A map; with `?` an entry only if the optional holds one.",
        "{?'a': optional.none()} == {}",
    ),
    Row(("// …",), "A comment, up to the end of its line.", "true // of course"),
)

MACROS = (
    Row(("has(a.b)",), "Whether a field is there.", "has({'a': 1}.a) && !has({'a': 1}.b)"),
    Row(("list.all(x, …)", "list.all(i, x, …)"), "Whether it is true for every element.", "[1, 2].all(x, x > 0)"),
    Row(
        ("list.exists(x, …)", "list.exists(i, x, …)"),
        "Whether it is true for one element or more.",
        "[1, 2].exists(x, x > 1)",
    ),
    Row(
        ("list.exists_one(x, …)", "list.existsOne(i, x, …)"),
        "Whether it is true for one element and no more. Both spellings mean the same.",
        "[1, 2].exists_one(x, x > 1)",
    ),
    Row(("list.filter(x, …)",), "The elements for which it is true.", "[1, 2, 3].filter(x, x > 1) == [2, 3]"),
    Row(("list.map(x, …)",), "What it gives for each element.", "[1, 2].map(x, x * 10) == [10, 20]"),
    Row(
        ("list.map(x, if, …)",),
        "The same, for the elements for which the condition is true.",
        "[1, 2].map(x, x > 1, x * 10) == [20]",
    ),
    Row(
        ("list.transformList(i, x, …)", "list.transformList(i, x, if, …)"),
        "What it gives for each place and element, as a list.",
        "['a', 'b'].transformList(i, x, x + string(i)) == ['a0', 'b1']",
    ),
    Row(
        ("map.transformMap(k, v, …)", "map.transformMap(k, v, if, …)"),
        "A map with the same keys, and what it gives for each as values.",
        "{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v * 10) == {'b': 20}",
    ),
    Row(
        ("map.transformMapEntry(k, v, …)", "map.transformMapEntry(k, v, if, …)"),
        "A map of the entries it gives, each a map of one key.",
        "{'a': 1}.transformMapEntry(k, v, {v: k}) == {1: 'a'}",
    ),
    Row(
        ("list.sortBy(x, …)",),
        "The elements in the order of what it gives for each.",
        "['bb', 'a'].sortBy(x, x.size()) == ['a', 'bb']",
    ),
    Row(("cel.bind(x, value, …)",), "Gives a value a name, in what follows.", "cel.bind(x, 2 + 3, x * x) == 25"),
    Row(
        ("optional.optMap(x, …)",),
        "An optional of what it gives for the value of an optional; nothing when that holds nothing.",
        "{'a': 1}.?a.optMap(x, x + 1).orValue(0) == 2",
    ),
    Row(
        ("optional.optFlatMap(x, …)",),
        "The same where what it gives is an optional itself.",
        "{'a': {'b': 1}}.?a.optFlatMap(x, x.?b).orValue(0) == 1",
    ),
)
