"""The tree of every construct: its shape, its places, its literals' values; and the message of every mistake."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from penstock.cel import ParseError, UInt, parse
from penstock.cel import hints as hint_tables
from penstock.cel.standard import functions_by_name
from penstock.cel.syntax import (
    Binary,
    Bind,
    Call,
    Comprehension,
    Conditional,
    Ident,
    Index,
    ListLiteral,
    Literal,
    Logic,
    MapLiteral,
    Node,
    OptionalMap,
    Present,
    Select,
    Unary,
    walk,
)

MISTAKES = Path(__file__).with_name("syntax-errors.txt")
CARETS = re.compile(r" *\^+ ")


def root(text: str) -> Node:
    return parse(text).root


def shape(node: Node) -> str:
    """A tree in brackets: every operator with its operands, everything else as it is written."""
    if isinstance(node, Binary):
        return f"({shape(node.left)} {node.operator} {shape(node.right)})"
    if isinstance(node, Logic):
        return "(" + f" {node.operator} ".join(map(shape, node.operands)) + ")"
    if isinstance(node, Unary):
        return f"({node.operator}{shape(node.operand)})"
    if isinstance(node, Conditional):
        return f"({shape(node.condition)} ? {shape(node.then)} : {shape(node.otherwise)})"
    if isinstance(node, Ident):
        return f"{'.' if node.rooted else ''}{node.name}"
    if isinstance(node, Literal):
        return repr(node.value)
    if isinstance(node, Select):
        return f"{shape(node.operand)}.{'?' if node.optional else ''}{node.field.text}"
    if isinstance(node, Index):
        return f"{shape(node.operand)}[{'?' if node.optional else ''}{shape(node.index)}]"
    if isinstance(node, Present):
        return f"has({shape(node.operand)}.{node.field.text})"
    if isinstance(node, Call):
        receiver = f"{shape(node.receiver)}." if node.receiver else ""
        return f"{receiver}{node.function.text}({', '.join(map(shape, node.arguments))})"
    if isinstance(node, ListLiteral):
        marked = [("?" if at in node.optional else "") + shape(each) for at, each in enumerate(node.elements)]
        return f"[{', '.join(marked)}]"
    if isinstance(node, MapLiteral):
        pairs = zip(node.keys, node.values, strict=True)
        entries = [f"{shape(key)}: {shape(value)}" for key, value in pairs]
        return (
            "{" + ", ".join(("?" if at in node.optional else "") + each for at, each in enumerate(entries)) + "}"
        )
    return macro_shape(node)


def macro_shape(node: Node) -> str:
    if isinstance(node, Bind):
        return f"let {node.variable.text} = {shape(node.value)} in {shape(node.body)}"
    if isinstance(node, OptionalMap):
        word = "optFlatMap" if node.flat else "optMap"
        return f"{shape(node.operand)}.<{word}>({node.variable.text}, {shape(node.body)})"
    assert isinstance(node, Comprehension)
    variables = ", ".join(word.text for word in node.variables)
    condition = f" if {shape(node.condition)}" if node.condition else ""
    result = f" gives {shape(node.result)}" if node.result else ""
    return f"{shape(node.items)}.<{node.macro.text}>({variables}{condition}{result})"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c - d", "((a + (b * c)) - d)"),
        ("a * b + c", "((a * b) + c)"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c % d", "(((a / b) * c) % d)"),
        ("a - (b - c)", "(a - (b - c))"),
        ("a + b < c * d", "((a + b) < (c * d))"),
        ("a == b != c", "((a == b) != c)"),
        ("a < b == c >= d in e", "((((a < b) == c) >= d) in e)"),
        ("a + b in c + d", "((a + b) in (c + d))"),
        ("a || b && c || d", "(a || (b && c) || d)"),
        ("a && b && c", "(a && b && c)"),
        ("(a && b) && c", "((a && b) && c)"),
        ("a == b && c", "((a == b) && c)"),
        ("!a && !b.c", "((!a) && (!b.c))"),
        ("!a in b", "((!a) in b)"),
        ("-a * b", "((-a) * b)"),
        ("-a.b[0]", "(-a.b[0])"),
        ("!!!a", "(!(!(!a)))"),
        ("--a", "(-(-a))"),
        ("a - -b", "(a - (-b))"),
        ("a - -1", "(a - -1)"),
        ("a -1", "(a - 1)"),
        ("--1", "(--1)"),
        ("!-1", "(!-1)"),
        ("-1.abs()", "-1.abs()"),
        ("-(1)", "(-1)"),
        ("- 1", "-1"),
        ("-1u", "(-1)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("(a ? b : c) ? d : e", "((a ? b : c) ? d : e)"),
        ("a || b ? c && d : e || f", "((a || b) ? (c && d) : (e || f))"),
        ("a ? (b ? c : d) : e", "(a ? (b ? c : d) : e)"),
        ("((((a))))", "a"),
    ],
)
def test_precedence(text: str, expected: str) -> None:
    assert shape(root(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".a", ".a"),
        (". a . b", ".a.b"),
        ("a.b.c", "a.b.c"),
        ("a.?b.c", "a.?b.c"),
        ("a . ? b", "a.?b"),
        ("a.if.for.null_", "a.if.for.null_"),
        ("a.`b-c/d e.f`", "a.b-c/d e.f"),
        ("a.?`in`", "a.?in"),
        ("a[0][b]", "a[0][b]"),
        ("a[?'b']", "a[?'b']"),
        ("a[b ? 0 : 1]", "a[(b ? 0 : 1)]"),
        ("f()", "f()"),
        ("f(a, g(b))", "f(a, g(b))"),
        (".f(a)", "f(a)"),
        ("a.f(b).g()", "a.f(b).g()"),
        ("a.while()", "a.while()"),
        ("math.greatest(1, 2)", "math.greatest(1, 2)"),
        ("f(a)[b]", "f(a)[b]"),
        ("1.size()", "1.size()"),
        ("[]", "[]"),
        ("[,]", "[]"),
        ("[1, 2,]", "[1, 2]"),
        ("[?a, b, ?c]", "[?a, b, ?c]"),
        ("{}", "{}"),
        ("{,}", "{}"),
        ("{a: 1, 'b': 2,}", "{a: 1, 'b': 2}"),
        ("{?a: b, c: d ? e : f}", "{?a: b, c: (d ? e : f)}"),
        ("[a ? b : c]", "[(a ? b : c)]"),
        ("{a ? b : c: d}", "{(a ? b : c): d}"),
        ("1in[1]", "(1 in [1])"),
        ("a?-1:.5", "(a ? -1 : 0.5)"),
        ("inn.index", "inn.index"),
        ("truest", "truest"),
        (".True", ".True"),
        ("a.None", "a.None"),
    ],
)
def test_fields_elements_calls_lists_and_maps(text: str, expected: str) -> None:
    assert shape(root(text)) == expected


@pytest.mark.parametrize("space", [" ", "\t", "\n", "\r", "\f", "\r\n", "// a comment: ' ( [ \n", "//\n//\n  "])
def test_white_space_and_comments_stand_between_any_tokens(space: str) -> None:
    text = " [ a . b ( 1 , 'x' ) , - 2 ] [ ? 0 ] == { true : null } ".replace(" ", space)
    assert shape(root(text)) == "([a.b(1, 'x'), -2][?0] == {True: None})"


def test_a_comment_may_end_the_text() -> None:
    assert shape(root("a // b")) == "a"
    assert shape(root("a //")) == "a"
    assert shape(root("a / b // c / d")) == "(a / b)"
    assert shape(root("'//' + a")) == "('//' + a)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.all(i, i > 0)", "x.<all>(i if (i > 0))"),
        ("x.all(i, v, v > i)", "x.<all>(i, v if (v > i))"),
        ("x.exists(i, i)", "x.<exists>(i if i)"),
        ("x.exists(i, v, i)", "x.<exists>(i, v if i)"),
        ("x.exists_one(i, i)", "x.<exists_one>(i if i)"),
        ("x.exists_one(i, v, i)", "x.<exists_one>(i, v if i)"),
        ("x.existsOne(i, i)", "x.<existsOne>(i if i)"),
        ("x.existsOne(i, v, i)", "x.<existsOne>(i, v if i)"),
        ("x.filter(i, i)", "x.<filter>(i if i)"),
        ("x.map(i, i)", "x.<map>(i gives i)"),
        ("x.map(i, i > 0, -i)", "x.<map>(i if (i > 0) gives (-i))"),
        ("x.transformList(i, v, v)", "x.<transformList>(i, v gives v)"),
        ("x.transformList(i, v, i, v)", "x.<transformList>(i, v if i gives v)"),
        ("x.transformMap(i, v, v)", "x.<transformMap>(i, v gives v)"),
        ("x.transformMap(i, v, i, v)", "x.<transformMap>(i, v if i gives v)"),
        ("x.transformMapEntry(k, v, {v: k})", "x.<transformMapEntry>(k, v gives {v: k})"),
        ("x.transformMapEntry(k, v, k, {v: k})", "x.<transformMapEntry>(k, v if k gives {v: k})"),
        ("x.sortBy(i, i.b)", "x.<sortBy>(i gives i.b)"),
        ("x.optMap(i, i)", "x.<optMap>(i, i)"),
        ("x.optFlatMap(i, i)", "x.<optFlatMap>(i, i)"),
        ("has(a.b)", "has(a.b)"),
        ("has(a.?b.c)", "has(a.?b.c)"),
        ("has(a.`b-c`)", "has(a.b-c)"),
        ("has((a.b))", "has(a.b)"),
        ("cel.bind(x, 1, x + x)", "let x = 1 in (x + x)"),
        ("cel.block([1, cel.index(0)], cel.index(1))", "let @index0 = 1 in let @index1 = @index0 in @index1"),
        ("cel.block([], 1)", "1"),
        ("x.map(cel.iterVar(0, 1), cel.iterVar(0, 1))", "x.<map>(@it:0:1 gives @it:0:1)"),
        ("x.all((i), i)", "x.<all>(i if i)"),
    ],
)
def test_macros(text: str, expected: str) -> None:
    assert shape(root(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("has()", "has(a.b, c)", "a.has(b.c)", ".has(a.b)", "x.all(1)", "x.all(a, b, c, d)"),
        *("x.filter(a, b, c)", "x.map(a)", "x.sortBy(a)", "x.optMap(a)", "x.optMap(a, b, c)", "all(a, b)"),
        *(
            "x.transformMap(k, v)",
            "cel.bind(a, b)",
            "cel.block([])",
            "cel.index()",
            "cel.iterVar(0)",
            "x.bind(a, b, c)",
        ),
        *("cel.size()", "a.cel.bind(x, 1, x)", "x.cel(1)"),
    ],
)
def test_a_macro_of_another_form_is_a_call(text: str) -> None:
    assert isinstance(root(text), Call)


def test_cel_is_a_name_like_any_other() -> None:
    assert shape(root("x.map(cel, cel + cel.a)")) == "x.<map>(cel gives (cel + cel.a))"
    assert shape(root("cel.bind(cel, 1, cel)")) == "let cel = 1 in cel"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("007", 7),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("- 9223372036854775808", -(2**63)),
        ("0x7fffffffFFFFFFFF", 2**63 - 1),
        ("-0x8000000000000000", -(2**63)),
        ("0" * 5000 + "1", 1),
        ("1.5", 1.5),
        (".5", 0.5),
        ("-.5e2", -50.0),
        ("1e3", 1000.0),
        ("1E-3", 0.001),
        ("6.02e+23", 6.02e23),
        ("1e-999", 0.0),
        ("true", True),
        ("false", False),
        ("null", None),
        ("''", ""),
        ('""', ""),
        ("'a\"b'", 'a"b'),
        ("''''''", ""),
        ("'''a'b''c'''", "a'b''c"),
        ('"""a\nb"c"""', 'a\nb"c'),
        (r"'\a\b\f\n\r\t\v\\\'\"\`\?'", "\a\b\f\n\r\t\v\\'\"`?"),
        (r"'\x41\X4a\u00e9\U0001F62C\101'", "AJé😬A"),
        (r"r'\d+\'", "\\d+\\"),
        (r"r'''\'''", "\\"),
        ("b'é'", "é".encode()),
        (r"b'\xff\377\n'", b"\xff\xff\n"),
        (r"br'\n'", rb"\n"),
        (r"rB'''\n'''", rb"\n"),
        ("B'''a\nb'''", b"a\nb"),
    ],
)
def test_literals(text: str, expected: object) -> None:
    node = root(text)
    assert isinstance(node, Literal)
    assert node.value == expected
    assert type(node.value) is type(expected)
    assert (node.start, node.end) == (0, len(text))


def test_an_unsigned_number_is_of_its_own_type() -> None:
    for text, expected in (("7u", 7), ("0xFFFFFFFFFFFFFFFFU", 2**64 - 1), ("18446744073709551615u", 2**64 - 1)):
        node = root(text)
        assert isinstance(node, Literal)
        assert node.value == expected
        assert type(node.value) is UInt


def test_zero_keeps_its_minus() -> None:
    node = root("-0.0")
    assert isinstance(node, Literal)
    assert isinstance(node.value, float)
    assert math.copysign(1, node.value) == -1


# --- places -------------------------------------------------------------------------------------------------

PLACES = [
    (Literal, "f( 'a' )", ["'a'"]),
    (Literal, "f( - 1 )", ["- 1"]),
    (Ident, "( .  a ) + b", [".  a", "b"]),
    (Select, "(a) . b .? c + d", ["(a) . b .? c", "(a) . b"]),
    (Present, " has( a.b ) ", ["has( a.b )"]),
    (Index, "1 + a [ 0 ] [ ? 1 ] ", ["a [ 0 ] [ ? 1 ]", "a [ 0 ]"]),
    (Call, " . f( a.g( ) ) ", [". f( a.g( ) )", "a.g( )"]),
    (Unary, "1 + ! ! a.b", ["! ! a.b", "! a.b"]),
    (Binary, "( a + b ) * c - d", ["( a + b ) * c - d", "( a + b ) * c", "a + b"]),
    (Binary, "a == b * (c)", ["a == b * (c)", "b * (c)"]),
    (Logic, "x ? a && (b || c) || d : 0", ["a && (b || c) || d", "a && (b || c)", "b || c"]),
    (Conditional, "[ a ? b : (c) ? d : e ]", ["a ? b : (c) ? d : e", "(c) ? d : e"]),
    (ListLiteral, " [ a, [ ] , ] ", ["[ a, [ ] , ]", "[ ]"]),
    (MapLiteral, " { a : { } } ", ["{ a : { } }", "{ }"]),
    (Comprehension, "!(x).y.all( i, i )", ["(x).y.all( i, i )"]),
    (Bind, " cel.bind( a, 1, a ) ", ["cel.bind( a, 1, a )"]),
    (OptionalMap, "x.?y.optMap( v, v ).z", ["x.?y.optMap( v, v )"]),
]


@pytest.mark.parametrize(("kind", "text", "expected"), PLACES)
def test_places(kind: type[Node], text: str, expected: list[str]) -> None:
    found = [text[node.start : node.end] for node in walk(root(text)) if isinstance(node, kind)]
    assert found == expected


def test_every_kind_of_node_has_a_test_of_its_places() -> None:
    # By name: a dataclass with slots is made twice, and the first may still be there.
    assert {kind.__name__ for kind, _, _ in PLACES} == {kind.__name__ for kind in Node.__subclasses__()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.bc", "bc"),
        ("a. `b c`", "`b c`"),
        ("has(a . bc)", "bc"),
        ("abc(1)", "abc"),
        ("a . bcd (1)", "bcd"),
        ("x.all( abc, true)", "abc"),
        ("cel.bind( abc, 1, 2)", "abc"),
        ("x.optMap( abc, 2)", "abc"),
    ],
)
def test_places_of_words(text: str, expected: str) -> None:
    node = root(text)
    if isinstance(node, (Select, Present)):
        word = node.field
    elif isinstance(node, Call):
        word = node.function
    elif isinstance(node, Comprehension):
        assert text[node.macro.start : node.macro.end] == "all"
        word = node.variables[0]
    else:
        assert isinstance(node, (Bind, OptionalMap))
        word = node.variable
    assert text[word.start : word.end] == expected
    assert word.text == expected.strip("`")


def test_an_operator_has_its_own_place() -> None:
    text = "(a + b) \n == c"
    node = root(text)
    assert isinstance(node, Binary)
    assert text[node.operator_start :].startswith("== c")
    assert isinstance(node.left, Binary)
    assert text[node.left.operator_start :].startswith("+ b")


# --- mistakes -----------------------------------------------------------------------------------------------


def mistakes() -> list[str]:
    return MISTAKES.read_text(encoding="utf-8").rstrip("\n").split("\n\n")


def rendered(text: str) -> str:
    """The text with carets and the message below the line at fault."""
    with pytest.raises(ParseError) as caught:
        parse(text)
    error = caught.value
    assert error.line is not None
    assert error.column is not None
    assert error.end_column is not None
    lines = text.split("\n")
    last = error.end_column if error.end_line == error.line else len(lines[error.line - 1]) + 1
    carets = " " * (error.column - 1) + "^" * max(last - error.column, 1)
    lines.insert(error.line, f"{carets} {error.message}")
    return "\n".join(lines)


@pytest.mark.parametrize("entry", mistakes(), ids=lambda entry: entry.split("\n")[0])
def test_the_message_and_the_place_of_a_mistake(entry: str) -> None:
    text = "\n".join(line for line in entry.split("\n") if not CARETS.match(line))
    assert rendered(text) == entry


def test_the_mistakes_are_all_there() -> None:
    assert len(mistakes()) > 150


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the expression is empty"),
        (" \n\t", "the expression is empty"),
        ("  // a\n", "the expression is empty: there is nothing but a comment"),
        ("x" * 8193, "the expression has 8,193 characters; at most 8,192 are allowed"),
    ],
)
def test_a_text_with_nothing_in_it_or_too_much(text: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert (caught.value.message, caught.value.line, caught.value.column) == (message, 1, 1)


@pytest.mark.parametrize(
    ("letter", "message"),
    [
        ("\u00a0", "the invisible character U+00A0 is not expected here; write a space"),
        ("\u2028", "the invisible character U+2028 is not expected here; write a space"),
        ("\ufeff", "the invisible character U+FEFF is not expected here; take it out"),
        ("\u200b", "the invisible character U+200B is not expected here; take it out"),
        ("\0", "the invisible character U+0000 is not expected here; take it out"),
    ],
)
def test_a_character_that_cannot_be_seen_is_named(letter: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(f"a {letter}== b")
    assert (caught.value.message, caught.value.column, caught.value.end_column) == (message, 3, 4)


def test_what_the_hints_name_exists() -> None:
    tables = (
        hint_tables.RESERVED,
        hint_tables.WORDS,
        hint_tables.PAIRS,
        hint_tables.CHARACTERS,
        hint_tables.UNITS,
    )
    named = {name for table in tables for hint in table.values() for name in re.findall(r"([\w.]+)\(", hint)}
    macros = {"list.all", "list.exists", "list.filter", "list.map", "cel.bind"}
    plain = {name.removeprefix("a.").removeprefix("?b.").removeprefix("b.") for name in named - macros}
    assert "math.bitAnd" in plain
    assert not plain - set(functions_by_name())
    for word in ("all", "exists", "filter", "map"):
        assert isinstance(root(f"list.{word}(x, x > 0)"), Comprehension)
