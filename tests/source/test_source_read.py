"""Documents, and what is wrong with them short of their syntax."""

from __future__ import annotations

import pickle
import threading

import pytest
from source_texts import data, document, fault, place, reading, written

from penstock.model import Position
from penstock.source import SourceFile, read


def test_documents_know_their_number_and_start(any_parser: str) -> None:
    result = reading("# one\na: 1\n---\n  b: 2\n...\n---\n[c]\n")
    assert [each.data for each in result.documents] == [{"a": 1}, {"b": 2}, ["c"]]
    assert [each.index for each in result.documents] == [0, 1, 2]
    assert [each.start for each in result.documents] == [Position(2, 1), Position(4, 3), Position(7, 1)]


@pytest.mark.parametrize(
    "text", ["", "\n", "# only a comment\n", "---\n", "---\n---\n...\n", "---\n# c\n---\n# d\n"]
)
def test_empty_documents_are_not_counted(text: str, any_parser: str) -> None:
    assert reading(text).documents == ()
    assert reading(text).faults == ()


def test_empty_documents_between_others(any_parser: str) -> None:
    result = reading("---\n---\na: 1\n---\n# nothing\n---\nb: 2\n---\n")
    assert [(each.index, each.data) for each in result.documents] == [(0, {"a": 1}), (1, {"b": 2})]
    assert written(result.file.text, result.documents[1].locate(("b",)).span) == "2"


@pytest.mark.parametrize(
    ("text", "value"), [("~", None), ("--- null", None), ("''", ""), ("&a", None), ("!!str", "")]
)
def test_what_is_written_is_a_document(text: str, value: object) -> None:
    assert data(text) == value


def test_a_syntax_error_keeps_the_documents_before_it(any_parser: str) -> None:
    result = reading("a: 1\n---\nb: 2\n---\nc: [\n---\nd: 4\n")
    assert [each.data for each in result.documents] == [{"a": 1}, {"b": 2}]
    (found,) = result.faults
    assert (place(found.span), found.document) == ((5, 4), 2)


@pytest.mark.parametrize("text", ["key:value\nother: 1\n", "{a: 1} trailing\n", "[1]]\n", '"quoted" more: 1\n'])
def test_a_broken_document_is_not_given_in_part(text: str, any_parser: str) -> None:
    result = reading(f"good: 1\n---\n{text}")
    assert [each.data for each in result.documents] == [{"good": 1}]
    assert [each.document for each in result.faults] == [1]


def test_an_error_behind_an_ended_document_keeps_it(any_parser: str) -> None:
    assert [each.data for each in reading("a: 1\n...\n@\n").documents] == [{"a": 1}]


def test_duplicate_keys(any_parser: str) -> None:
    source = "a: 1\nb:\n  - x: 1\n    y: 2\n    x: 3\na: {deep: 1}\na: 5\n"
    result = reading(source)
    assert result.documents[0].data == {"a": 1, "b": [{"x": 1, "y": 2}]}
    assert [(each.kind, each.message, each.path) for each in result.faults] == [
        ("duplicate-key", "the key x is written twice", ("b", 0, "x")),
        ("duplicate-key", "the key a is written twice", ("a",)),
        ("duplicate-key", "the key a is written twice", ("a",)),
    ]
    assert [place(each.span) for each in result.faults] == [(5, 5), (6, 1), (7, 1)]
    for each, first in zip(result.faults, [(3, 5), (1, 1), (1, 1)], strict=True):
        ((span, message),) = each.related
        assert (place(span), message) == (first, "first written here")
        assert written(source, span) == written(source, each.span)


@pytest.mark.parametrize("again", ["'a'", '"a"', "!!str a", "&x a", '"\\x61"', "? a\n"])
def test_keys_repeat_however_they_are_written(again: str, any_parser: str) -> None:
    assert fault(f"a: 1\n{again}: 2\n").kind == "duplicate-key"


def test_a_duplicate_in_a_broken_document_is_still_said() -> None:
    result = reading("a: 1\na: 2\nb: [\n")
    assert [each.kind for each in result.faults] == ["duplicate-key", "syntax-error"]
    assert [place(span) for span, _ in result.faults[0].related] == [(1, 1)]


def test_a_duplicate_in_a_later_document() -> None:
    result = reading("a: 1\n---\nb: 1\nb: 2\n")
    assert (result.faults[0].document, place(result.faults[0].related[0][0])) == (1, (3, 1))


@pytest.mark.parametrize(
    ("key", "message", "kept"),
    [
        ("1", "the key 1 is a number: keys are texts", "1"),
        ("1.5", "the key 1.5 is a number: keys are texts", "1.5"),
        ("true", "the key true is a truth value: keys are texts", "true"),
        ("~", "the key ~ is null: keys are texts", "~"),
        ("!!int '3'", "the key 3 is a number: keys are texts", "3"),
        ("[x]", "a key here is a list: keys are texts", None),
        ("{x: 1}", "a key here is a mapping: keys are texts", None),
        ("? [x]\n  ", "a key here is a list: keys are texts", None),
    ],
)
def test_keys_that_are_no_texts(key: str, message: str, kept: str | None, any_parser: str) -> None:
    source = f"in:\n  first: 1\n  {key}: {{y: 2}}\n  last: 3\n"
    result = reading(source)
    (found,) = result.faults
    assert (found.message, place(found.span)[0], found.path) == (message, 3, ("in",))
    assert found.hint
    middle = {} if kept is None else {kept: {"y": 2}}
    assert result.documents[0].data == {"in": {"first": 1, **middle, "last": 3}}


@pytest.mark.parametrize(
    ("anchored", "message"),
    [
        ("~", "a key here is null: keys are texts"),
        ("7", "a key here is a number: keys are texts"),
        ("[x]", "a key here is a list: keys are texts"),
    ],
)
def test_aliases_that_are_no_keys(anchored: str, message: str) -> None:
    found = fault(f"a: &x {anchored}\nb: {{*x : 1, c: 2}}\n")
    assert (found.message, place(found.span), found.path) == (message, (2, 5), ("b",))


def test_a_missing_key() -> None:
    found = fault("a: 1\n?\n: 2\n")
    assert (found.message, place(found.span)[0]) == ("a key is missing", 2)


def test_a_template_is_recognised() -> None:
    assert "template" in (fault("name: {{ .Values.name }}\n").hint or "")


@pytest.mark.parametrize("key", ["no", "on", "012x", "12:30", "-", "<", "<<<", "'1'", "'<<'", "''"])
def test_keys_that_look_like_something_else(key: str) -> None:
    assert data(f"{key}: 1\n" if key != "-" else "'-': 1\n") == {key.strip("'"): 1}


def test_aliases_share_what_they_name(any_parser: str) -> None:
    read = data("a: &x {n: [1]}\nb: *x\nc: [*x, *x]\nd: &t text\n*t : key\n")
    assert read == {"a": {"n": [1]}, "b": {"n": [1]}, "c": [{"n": [1]}] * 2, "d": "text", "text": "key"}
    assert read["a"] is read["b"] is read["c"][0]


def test_an_anchor_may_be_given_anew() -> None:
    assert data("- &a 1\n- *a\n- &a 2\n- *a\n") == [1, 1, 2, 2]
    assert data("&a [&a 1, *a]") == [1, 1]


def test_anchors_end_with_their_document(any_parser: str) -> None:
    result = reading("a: &x 1\n---\nb: *x\n")
    assert (result.faults[0].document, place(result.faults[0].span)) == (1, (3, 4))


@pytest.mark.parametrize(
    ("source", "words", "path"),
    [
        ("a: *nothing\n", "the alias *nothing stands for nothing", ("a",)),
        ("a: [1, *later]\nb: &later 2\n", "the alias *later stands for nothing", ("a", 1)),
        ("a: &x [1, *x]\n", "the alias *x stands inside the value it stands for", ("a", 1)),
        ("a: &x {b: {c: *x}}\n", "the alias *x stands inside the value it stands for", ("a", "b", "c")),
        ("&x a: *y\n", "the alias *y stands for nothing", ("a",)),
        ("a: &x\n  <<: *x\n", "the alias *x stands inside the value it stands for", ("a",)),
    ],
)
def test_aliases_that_stand_for_nothing(
    source: str, words: str, path: tuple[str | int, ...], any_parser: str
) -> None:
    found = fault(source)
    assert found.message.startswith(words)
    assert written(source, found.span).startswith("*")
    assert found.path == path
    assert reading(source).documents[0].nearest(path)  # the rest can still be looked at


MERGES = [
    ("b: &b {x: 1, y: 2}\nm: {<<: *b, y: 3}\n", {"x": 1, "y": 3}),
    ("b: &b {x: 1, y: 2}\nm: {y: 3, <<: *b}\n", {"x": 1, "y": 3}),
    ("b: &b {x: 1}\nc: &c {x: 2, z: 3}\nm: {<<: [*b, *c]}\n", {"x": 1, "z": 3}),
    ("b: &b {x: 1}\nc: &c {<<: *b, z: 3}\nm: {<<: *c}\n", {"x": 1, "z": 3}),
    ("m: {<<: {x: 1}, y: 2}\n", {"x": 1, "y": 2}),
    ("m: {<<: [{x: 1}, {x: 2}]}\n", {"x": 1}),
    ("l: &l [{x: 1}, {y: 2}]\nm: {<<: *l}\n", {"x": 1, "y": 2}),
    ("m: {<<: []}\n", {}),
    ("m: {'<<': 1}\n", {"<<": 1}),
    ("m: {!!str <<: 1}\n", {"<<": 1}),
]


@pytest.mark.parametrize(("source", "value"), MERGES)
def test_merge_keys(source: str, value: object, any_parser: str) -> None:
    assert data(source)["m"] == value


def test_merged_values_are_not_copied() -> None:
    read = data("b: &b {x: [1]}\nm: {<<: *b}\n")
    assert read["b"]["x"] is read["m"]["x"]


@pytest.mark.parametrize("value", ["text", "12", "", "[1]", "*list", "*text", "[*text]", "*null"])
def test_what_cannot_be_merged(value: str, any_parser: str) -> None:
    source = f"list: &list [1]\ntext: &text x\nnone: &null\nm:\n  a: 1\n  <<: {value}\n"
    result = reading(source)
    assert [each.message for each in result.faults] == ["<< takes in a mapping, or a list of mappings"]
    assert place(result.faults[0].span)[0] == 6
    assert result.documents[0].data["m"] == {"a": 1}


def test_two_merge_keys() -> None:
    found = fault("b: &b {x: 1}\nm:\n  <<: *b\n  <<: {x: 2, y: 2}\n")
    assert (found.kind, found.message, place(found.span)) == ("duplicate-key", "<< is written twice", (4, 3))


def test_faults_come_in_the_order_of_the_text() -> None:
    result = reading("a: !x 1\nb: *y\na: 2\n3: 4\n")
    assert [place(each.span) for each in result.faults] == [(1, 4), (2, 4), (3, 1), (4, 1)]


def test_documents_survive_pickling() -> None:
    before = reading("a: 1\n---\nb: &x {c: 2}\nd: *x\n").documents[1]
    before.locate(("b",))
    after = pickle.loads(pickle.dumps(before))
    assert (after.data, after.index, after.start) == (before.data, 1, before.start)
    assert after.locate(("d", "c")) == before.locate(("d", "c"))


def test_threads_may_share_a_document() -> None:
    text = "".join(f"k{number}: {{v: {number}}}\n" for number in range(300))
    shared = document(text)
    expected = {number: document(text).locate((f"k{number}", "v")) for number in (0, 299)}
    wrong: list[object] = []

    def look() -> None:
        for number, spot in expected.items():
            if shared.locate((f"k{number}", "v")) != spot:
                wrong.append(number)
            if read(SourceFile("other.yaml", text)).documents[0].data != shared.data:
                wrong.append("data")

    threads = [threading.Thread(target=look) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
