"""What a file may hold, and that going beyond it costs neither time nor memory."""

from __future__ import annotations

import time
import tracemalloc
from itertools import pairwise

import pytest
from source_texts import data, document, fault, place, reading, written

from penstock.source import limits


def bomb(levels: int = 9, width: int = 9) -> str:
    """Lists of aliases of lists of aliases: some hundred bytes that would unfold to ``width ** levels`` values."""
    names = "abcdefghij"[:levels]
    lines = [f"a: &a [{', '.join(['lol'] * width)}]"]
    lines += [f"{b}: &{b} [{', '.join(['*' + a] * width)}]" for a, b in pairwise(names)]
    return "\n".join(lines) + "\n"


def test_an_alias_bomb_is_a_fault_at_the_alias(any_parser: str) -> None:
    text = bomb()
    assert len(text) < 400
    tracemalloc.start()
    began = time.process_time()
    found = fault(text)
    assert time.process_time() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert found.message == "the alias *e makes the file more than 500,000 values large"
    assert written(text, found.span) == "*e"
    assert found.path[0] == "f"
    assert reading(text).documents == ()


def test_a_bomb_keeps_the_documents_before_it() -> None:
    result = reading(f"good: 1\n---\n{bomb()}---\nnever: read\n")
    assert [each.data for each in result.documents] == [{"good": 1}]
    assert result.faults[0].document == 1


def test_a_bomb_of_merge_keys() -> None:
    text = "m0: &m0 {" + ", ".join(f"k{number}: 1" for number in range(100)) + "}\n"
    for number in range(1, 20):
        text += f"m{number}: &m{number} {{x: [{', '.join([f'*m{number - 1}'] * 9)}], <<: *m{number - 1}}}\n"
    assert "makes the file more than" in fault(text).message


def test_moderate_sharing_is_fine() -> None:
    text = "base: &base {a: [1, 2, 3], b: {c: d}}\nuses:\n" + "  - *base\n" * 5_000
    assert len(data(text)["uses"]) == 5_000


def test_a_chain_of_merges_is_fine_and_found(any_parser: str) -> None:
    lines = ["- &m0 {k0: 0}"] + [f"- &m{n} {{<<: *m{n - 1}, k{n}: {n}}}" for n in range(1, 300)]
    text = "\n".join(lines) + "\n"
    found = document(text)
    assert found.data[-1] == {f"k{n}": n for n in range(300)}
    spot = found.locate((299, "k0"))
    assert (written(text, spot.span), place(spot.anchor)) == ("*m298", (1, 12))


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")])
def test_depth(opening: str, closing: str, any_parser: str) -> None:
    deepest = limits.DEPTH
    fits = opening * deepest + "x" + closing * deepest
    assert [each.message for each in reading(fits).faults if "nested" in each.message] == []
    for depth in (deepest + 1, 2_000):
        text = opening * depth + "x" + closing * depth
        found = next(each for each in reading(text).faults if "nested" in each.message)
        assert found.message == "nested deeper than 64 levels"
        assert place(found.span) == (1, deepest * len(opening) + 1)
        assert reading(text).documents == ()


def test_depth_counts_what_aliases_bring(any_parser: str) -> None:
    half = limits.DEPTH // 2
    text = f"a: &a {'[' * half}{']' * half}\nb: {'[' * (half - 1)}*a{']' * (half - 1)}\n"
    assert reading(text).faults == ()
    text = f"a: &a {'[' * half}{']' * half}\nb: {'[' * half}*a{']' * half}\n"
    found = fault(text)
    assert found.message == "the alias *a nests the data deeper than 64 levels"
    assert written(text, found.span) == "*a"


def test_a_chain_of_anchors_cannot_grow_deep() -> None:
    text = "- &a0 [x]\n" + "".join(f"- &a{n} [*a{n - 1}]\n" for n in range(1, 1_000))
    assert fault(text).message == "the alias *a62 nests the data deeper than 64 levels"


@pytest.mark.parametrize(
    "text",
    [
        "- x\n" * 101,
        "[" + "x," * 101 + "]",
        "x: {" + "".join(f"k{n}: 1, " for n in range(50)) + "}",
        "---\n" * 101,
    ],
    ids=["block list", "flow list", "mapping", "empty documents"],
)
def test_values_of_a_file(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading(text).faults == ()
    monkeypatch.setattr(limits, "NODES", 100)
    found = reading(text).faults
    assert [each.message for each in found] == ["the file holds more than 100 values"]


def test_values_below_the_limit() -> None:
    assert len(data("- x\n" * 200_000)) == 200_000


def test_a_huge_flat_list_is_given_up_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NODES", 100)
    text = "- x\n" * 1_000
    found = fault(text)
    assert found.message == "the file holds more than 100 values"
    assert 100 < place(found.span)[0] < 300


def test_the_size_of_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BYTES", 10)
    found = fault("a: " + "x" * 8)
    assert (found.kind, found.span) == ("unreadable-file", None)
    assert found.message.startswith("the file is larger than 8 MiB")
    assert reading("a: " + "x" * 7).faults == ()


def test_faults_of_a_file() -> None:
    text = "a: 0\n" + "a: 1\n" * 3_000 + "---\nb: 1\n"
    result = reading(text)
    assert len(result.faults) == limits.FAULTS + 1
    assert result.faults[-1].message == "more than 1,000 faults: the rest of the file is not read"
    assert all(each.related for each in result.faults[:-1])
    assert result.documents == ()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000,
        "{a: " * 250_000,
        "'" * 1_000_000,
        '"' * 1_000_001,
        '[a: b: c, "' + '\\"' * 500_000,
        "\t" * 1_000_000,
        ":" * 1_000_000,
        ": " * 500_000,
        "a" * 1_000_000 + ": 1",
        "&a " * 300_000,
        "!" * 1_000_000,
        "*" * 1_000_000,
        "%" * 1_000_000,
        "#" * 1_000_000,
        " " * 1_000_000,
        "\n" * 1_000_000,
        "a: &" + "x" * 1_000_000,
        "- " * 500_000,
        "a: !" + "x" * 1_000_000 + " y",
        "|" + "\n" * 1_000_000,
        "a:\n" + " " * 500_000 + "b",
        "- &a" + " #" * 500_000 + "\n  x",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_odd_megabytes_are_read_quickly(text: str) -> None:
    began = time.process_time()
    for each in reading(text).documents:
        each.locate(())
    assert time.process_time() - began < 10
