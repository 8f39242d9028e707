"""find, findAll and the regex functions."""

from __future__ import annotations

import time

import pytest

from penstock.cel import EvalError, program
from penstock.cel.errors import BudgetError
from penstock.cel.standard import regex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"'abc 123'.find('[0-9]+')", "123"),
        (r"'abc 123'.find('xyz')", ""),
        (r"'abc 123'.find('[0-9]*')", ""),
        (r"'é1'.find('[0-9]')", "1"),
        (r"'123 abc 456'.findAll('[0-9]+')", ["123", "456"]),
        (r"'123 abc 456'.findAll('[0-9]+', 1)", ["123"]),
        (r"'123 abc 456'.findAll('[0-9]+', 0)", []),
        (r"'123 abc 456'.findAll('[0-9]+', -1)", ["123", "456"]),
        (r"'123 abc 456'.findAll('xyz')", []),
        (r"'12é3'.findAll('[0-9]*')", ["12", "3"]),
        (r"'éé'.findAll('')", ["", "", ""]),
        (r"'banana'.findAll('ana')", ["ana"]),
        (r"regex.extract('hello world', 'hello(.*)').value()", " world"),
        (r"regex.extract('item-A, item-B', r'item-(\w+)').value()", "A"),
        (r"regex.extract('brand', 'brand').value()", "brand"),
        (r"regex.extract('HELLO', 'hello').hasValue()", False),
        (r"regex.extract('4122345432', '22').orValue('777')", "22"),
        (r"regex.extract('ac', 'a(b)?c').hasValue()", False),
        (r"regex.extract('val=', 'val=(.*)').value()", ""),
        (r"regex.extractAll('id:123, id:456', r'id:\d+')", ["id:123", "id:456"]),
        (r"regex.extractAll('f_1.txt, f_2.csv', r'f_(\d+)')", ["1", "2"]),
        (r"regex.extractAll('id:123', 'assa')", []),
        (r"regex.extractAll('val=a, val=, val=c', 'val=([^,]*)')", ["a", "c"]),
        (r"regex.extractAll('a b c', r'(\S*)\s*')", ["a", "b", "c"]),
        (r"regex.extractAll('banananana', '(ana)')", ["ana", "ana"]),
        (r"regex.extractAll('item:a1, topic:b2', r'(?:item:|topic:)([a-z]\d)')", ["a1", "b2"]),
        (r"regex.replace('abc', '^', 'start_')", "start_abc"),
        (r"regex.replace('abc', '$', '_end')", "abc_end"),
        (r"regex.replace('a-b', r'\b', '|')", "|a|-|b|"),
        (r"regex.replace('foo bar', '(fo)o (ba)r', r'\2 \1')", "ba fo"),
        (r"regex.replace('foo bar', 'foo', r'\\')", "\\ bar"),
        (r"regex.replace('abc def', '(abc)', r'\\1')", "\\1 def"),
        (r"regex.replace('banana', 'ana', 'x')", "bxna"),
        (r"regex.replace('ac', 'a(b)?c', r'[\1]')", "[]"),
        (r"regex.replace('foo bar baz', r'\w+', r'(\0)')", "(foo) (bar) (baz)"),
        (r"regex.replace('', 'a', 'b')", ""),
        (r"regex.replace('hello ☃', '☃', '❄')", "hello ❄"),
        (r"regex.replace('id=123', r'id=(?P<value>\d+)', r'value: \1')", "value: 123"),
        (r"regex.replace('a', 'a', '${x}')", "${x}"),
        (r"regex.replace('banana', 'a', 'x', 0)", "banana"),
        (r"regex.replace('banana', 'a', 'x', 1)", "bxnana"),
        (r"regex.replace('banana', 'a', 'x', 100)", "bxnxnx"),
        (r"regex.replace('banana', 'a', 'x', -100)", "bxnxnx"),
        (r"regex.replace('éa', '', '-')", "-é-a-"),
    ],
)
def test_value(text: str, expected: object) -> None:
    assert program.compile(text)({}) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("'a'.find('(')", "invalid regular expression: missing ): ("),
        ("'a'.findAll('[a-z')", "invalid regular expression: missing ]: [a-z"),
        ("'a'.findAll('(', 0)", "invalid regular expression: missing ): ("),
        ("regex.extract('a', '(')", "invalid regular expression: missing ): ("),
        ("regex.replace('a', '(', '')", "invalid regular expression: missing ): ("),
        (
            "regex.extract('a', '((a)-)?')",
            "the pattern may have one group, not 2; (?:…) groups without counting as one",
        ),
        ("regex.extractAll('a', '(.*)@([^.]*)')", "the pattern may have one group, not 2"),
        (r"regex.replace('test', '(.)', r'\2')", "the replacement names the group \\2; the pattern has 1"),
        (r"regex.replace('id', 'id', r'\v')", "a digit or another backslash must follow a backslash"),
        (r"regex.replace('id', 'id', r'a\\\ '.trim())", "a digit or another backslash must follow a backslash"),
        ("regex.extract(dyn(1), '1')", "no such overload"),
    ],
)
def test_error(text: str, message: str) -> None:
    with pytest.raises(EvalError) as error:
        program.compile(text)({})
    assert message in error.value.message


def test_a_replacement_cannot_grow_without_end() -> None:
    start = time.perf_counter()
    with pytest.raises(ValueError, match="the result would be longer than 10,000,000"):
        regex._replace("a" * 10_000, "a", "b" * 10_000)
    assert time.perf_counter() - start < 5


def test_what_would_take_too_long_ends_the_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.regex._MAX_SCANNED", 1_000_000)
    with pytest.raises(BudgetError):
        regex._find_all("a" * 10_000, "a.*b|a")
    with pytest.raises(BudgetError):
        regex._replace("a" * 10_000, "a.*b|a", "")


def test_half_a_surrogate_pair_has_no_match() -> None:
    assert regex._find("a\ud800", "a") == ""
    assert regex._replace("a\ud800", "a", "b") == "a\ud800"
