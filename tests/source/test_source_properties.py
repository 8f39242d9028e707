"""What holds for every text: nothing raises, places lie in the file, data is what other readers see."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from source_texts import inside, paths, reading, written

from penstock.source import Reading, SourceFile, parser, read, read_bytes, resolver

settings.register_profile("source", derandomize=True, max_examples=150)
PROFILE = settings.get_profile("source")

PIECES = [
    "a",
    "b",
    "key: ",
    ": ",
    ":",
    "\n",
    "\n  ",
    "\n    ",
    "- ",
    "-",
    "\n- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    '"',
    "'",
    "#",
    " # c",
    "&x ",
    "*x",
    "<<: *x",
    "<<: ",
    "!!str ",
    "!!int ",
    "!x ",
    "|\n",
    ">-\n",
    "|2\n",
    "? ",
    "\t",
    "---\n",
    "...\n",
    "1",
    "0x1F",
    "~",
    "true",
    "\\n",
    "\\",
    "\\u00e9",
    "é",
    "😀",
    "\r\n",
    "\r",
    "%",
    "@",
    "`",
    " ",
    "''",
    "=",
    "\u0000",
    "\u2028",
    "\ufeff",
    "\ud800",
]
YAMLISH = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029\ufeff", exclude_categories=["Cs", "Cc"])
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.sampled_from(
        ["no", "on", "12:30", "010", "1_000", "2026-01-31", "~", "", " x", "x ", "- a", "a: b", "<<", "0o7"]
    ),
)
KEYS = st.one_of(TEXTS, st.sampled_from(["metadata", "name", "spec", "1", "true", "<<", "null", ""])).filter(
    lambda key: len(key) < 100
)
JSONABLE = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


def check(result: Reading) -> None:
    """Every place of a reading lies inside its text."""
    text = result.file.text
    for found in result.faults:
        assert found.message
        if found.span is not None:
            assert inside(text, found.span), found
        assert all(inside(text, span) for span, _ in found.related)
    for index, each in enumerate(result.documents):
        assert each.index == index
        for path in paths(each.data):
            assert each.nearest(path) == path
            for spot in (each.locate(path), each.locate_key(path), each.locate((*path, "?"))):
                assert inside(text, spot.span), path
                assert spot.anchor is None or inside(text, spot.anchor), path
            for line, column, length in ((1, 1, 1), (1, 4, 3), (2, 2, 9)):
                assert inside(text, each.locate_in(path, line, column, length)), path


@PROFILE
@given(st.one_of(YAMLISH, st.text()))
def test_no_text_raises(text: str) -> None:
    check(reading(text))
    check(reading(text, "file.json"))


@PROFILE
@given(st.one_of(YAMLISH, st.text()))
def test_no_text_raises_without_libyaml(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser, "PARSER", parser.PythonParser)
        check(reading(text))


@PROFILE
@given(st.binary(max_size=60), st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]))
def test_no_bytes_raise(raw: bytes, mark: bytes) -> None:
    check(read_bytes(mark + raw, "file.yaml"))


def both(text: str) -> list[tuple[object, ...]]:
    """What the two parsers make of a text: data, starts and places."""
    results = []
    for each in (parser.PARSER, parser.PythonParser):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parser, "PARSER", each)
            result = reading(text)
            results.append(
                (
                    [(found.data, found.start) for found in result.documents],
                    [found.locate(path) for found in result.documents for path in paths(found.data)],
                    result.faults,
                )
            )
    return results


DUMPED = st.builds(
    lambda value, flow, indent, unicode, end: yaml.safe_dump(
        value, default_flow_style=flow, indent=indent, allow_unicode=unicode, line_break=end, sort_keys=False
    ),
    JSONABLE,
    st.sampled_from([True, False, None]),
    st.integers(2, 5),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\r"]),
)


@PROFILE
@given(st.one_of(DUMPED, JSONABLE.map(lambda value: json.dumps(value, ensure_ascii=False, indent="\t"))))
def test_both_parsers_agree(text: str) -> None:
    with_libyaml, without = both(text)
    assert with_libyaml == without


# Tags, directives and tabs in odd places are read by the two parsers with errors of different words or places.
AGREED = st.lists(
    st.sampled_from([each for each in PIECES if each not in ("!x ", "!!str ", "!!int ", "%", "\t", "|2\n")]),
    max_size=12,
).map("".join)


@PROFILE
@given(AGREED)
def test_both_parsers_agree_on_the_data_of_odd_texts(text: str) -> None:
    with_libyaml, without = both(text)
    assert with_libyaml[:2] == without[:2]
    assert bool(with_libyaml[2]) == bool(without[2])


@PROFILE
@given(JSONABLE, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_is_read_as_json(value: object, indent: int | str | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    result = read(SourceFile("file.json", text))
    if "\x7f" in text:
        return  # YAML forbids what JSON allows: a fault, tested elsewhere
    assert result.faults == ()
    assert result.documents[0].data == json.loads(text)
    check(result)


@PROFILE
@given(JSONABLE, st.sampled_from([True, False, None]), st.integers(2, 5))
def test_yaml_is_read_as_dumped(value: object, flow: bool | None, indent: int) -> None:
    text = yaml.dump(value, Dumper=Quoting, default_flow_style=flow, indent=indent)
    result = reading(text)
    assert result.faults == ()
    assert result.documents[0].data == value
    check(result)


class Quoting(yaml.SafeDumper):
    """Dumps texts in quotes, so that only YAML 1.1's plain null, bool, int and float remain; no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def quoted(dumper: Quoting, data: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style='"')


def plain_float(dumper: Quoting, data: float) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", repr(data))


Quoting.add_representer(str, quoted)
Quoting.add_representer(float, plain_float)


@PROFILE
@given(DUMPED)
def test_a_scalar_s_place_reads_back_as_the_scalar(text: str) -> None:
    for found in reading(text).documents:
        for path in paths(found.data):
            value: object = found.data
            for element in path:
                value = value[element]  # type: ignore[index]
            if isinstance(value, (dict, list)) or path == ():
                continue
            covered = written(text, found.locate(path).span)
            if covered[:1] in ("'", '"'):
                assert read(SourceFile("x", covered)).documents[0].data == value
            elif "\n" not in covered and covered[:1] not in ("|", ">"):
                assert resolver.plain(covered) == value or found.locate_key(path) == found.locate(path)


@PROFILE
@given(st.lists(JSONABLE.filter(lambda value: value is not None), min_size=1, max_size=4))
def test_several_documents(values: list[object]) -> None:
    text = yaml.dump_all(values, Dumper=Quoting, explicit_start=True)
    result = reading(text)
    assert result.faults == ()
    assert [each.data for each in result.documents] == values
    check(result)


@PROFILE
@given(st.text(), st.integers(-1, 4), st.integers(-1, 30), st.integers(-1, 30))
def test_the_place_inside_a_block_is_the_character(value: str, line: int, column: int, length: int) -> None:
    lines = [each for each in value.replace("\r", "\n").split("\n") if each.isprintable()]
    body = "\n".join(lines)
    text = "key: |2\n" + "".join(f"  {each}\n" if each else "\n" for each in lines)
    result = reading(text)
    if result.faults or result.documents[0].data["key"].rstrip("\n") != body.rstrip("\n"):  # type: ignore[index]
        return
    span = result.documents[0].locate_in(("key",), line, column, length)
    assert inside(text, span)
    if 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]):
        assert (span.start.line, span.start.column) == (line + 1, column + 2) or not lines[line - 1].strip()
