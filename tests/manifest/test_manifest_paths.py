"""Paths as text, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.manifest.paths import parse_path, path_text, value_at
from penstock.model import Path

DATA: dict[str, Any] = {
    "spec": {
        "tasks": [{"name": "classify", "x": 1}, {"x": 2}, {"name": "12"}],
        "models": [{"name": "Acme Frontier 2"}, {"name": "a]b"}, {"name": "twin"}, {"name": "twin"}],
        "duties": ["wiring", "checkpoints"],
    },
    "metadata": {"labels": {"example.com/team": "a", "tier": "b", "": "c"}},
}

PATHS: list[tuple[Path, str]] = [
    ((), ""),
    (("spec",), "spec"),
    (("spec", "tasks", 0, "x"), "spec.tasks[classify].x"),
    (("spec", "tasks", 1, "x"), "spec.tasks[1].x"),
    (("spec", "tasks", 2), 'spec.tasks["12"]'),
    (("spec", "tasks", 9, "y"), "spec.tasks[9].y"),
    (("spec", "models", 0, "name"), "spec.models[Acme Frontier 2].name"),
    (("spec", "models", 1), 'spec.models["a]b"]'),
    (("spec", "models", 2), "spec.models[2]"),
    (("spec", "models", 3), "spec.models[3]"),
    (("spec", "duties", 1), "spec.duties[1]"),
    (("spec", "absent", "deeper"), "spec.absent.deeper"),
    (("metadata", "labels", "tier"), "metadata.labels.tier"),
    (("metadata", "labels", "example.com/team"), 'metadata.labels["example.com/team"]'),
    (("metadata", "labels", ""), 'metadata.labels[""]'),
    (("odd key", "x"), '["odd key"].x'),
]


@pytest.mark.parametrize(("path", "text"), PATHS, ids=[text for _, text in PATHS])
def test_a_path_and_its_text(path: Path, text: str) -> None:
    assert path_text(DATA, path) == text
    assert parse_path(text, DATA) == path


def test_a_path_without_names_needs_no_data() -> None:
    assert parse_path("item.renewal.automatic") == ("item", "renewal", "automatic")
    assert parse_path('spec.tasks[3]["a b"]') == ("spec", "tasks", 3, "a b")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (".spec", "column 1"),
        ("spec..x", "column 5"),
        ("spec.", "column 5"),
        ("spec[", "column 5"),
        ("spec[]", "column 5"),
        ("spec.tasks.[0]", "column 11"),
        ("spec.tasks[0]x", "column 14"),
        ("spec.a b", "column 7"),
        ("spec.tasks[clasify]", 'no element named "clasify"'),
        ("spec[tasks]", 'no element named "tasks"'),
        ('spec["\\q"]', "escape"),
    ],
)
def test_what_is_no_path_says_where(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_path(text, DATA)


def test_what_does_not_print_is_escaped_in_a_path() -> None:
    path = ("metadata", "labels", "a\x1b[31m\u202e\n")
    text = path_text(DATA, path)
    assert text.isprintable()
    assert parse_path(text) == path


_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
_DATA = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(
            st.fixed_dictionaries({"name": st.text(max_size=4) | _LEAVES}, optional={"x": inner}), max_size=4
        )
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=15,
)


def _all_paths(data: object, at: Path = ()) -> list[Path]:
    if isinstance(data, dict):
        return [at] + [path for key, value in data.items() for path in _all_paths(value, (*at, key))]
    if isinstance(data, list):
        return [at] + [path for index, value in enumerate(data) for path in _all_paths(value, (*at, index))]
    return [at]


@given(_DATA)
def test_every_paths_text_parses_back_to_the_path(data: object) -> None:
    paths = _all_paths(data)
    for path in paths:
        text = path_text(data, path)
        assert text.isprintable()
        assert parse_path(text, data) == path
    assert len({path_text(data, path) for path in paths}) == len(paths)


def test_the_value_at_a_path() -> None:
    assert value_at(DATA, ("spec", "tasks", 0, "name")) == "classify"
    assert value_at(DATA, ("spec", "tasks", "name")) is None
    assert value_at(DATA, ("spec", 0)) is None
    assert value_at(DATA, ("spec", "duties", -1)) is None
    assert value_at(DATA, ()) is DATA
