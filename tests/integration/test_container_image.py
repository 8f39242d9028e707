"""The Dockerfile and its context, read as text; ``test_real_installs.py`` runs what needs a package index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


@pytest.fixture
def instructions(checkout: Path) -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order."""
    lines = (checkout / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines) if word and word != "#"]


def values(instructions: list[tuple[str, str]], word: str) -> list[str]:
    return [rest for name, rest in instructions if name == word]


def test_base_images_are_pinned_to_a_python_version(instructions: list[tuple[str, str]]) -> None:
    images = values(instructions, "FROM")
    assert images
    for image in images:
        assert re.fullmatch(r"python:3\.1\d-slim( AS \w+)?", image), image


def test_the_image_runs_as_nobody(instructions: list[tuple[str, str]]) -> None:
    (user,) = values(instructions, "USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user), "a number, so that a cluster can see that it is not root"
    last_build = max(index for index, (word, _) in enumerate(instructions) if word in {"RUN", "COPY"})
    assert instructions.index(("USER", user)) > last_build


def test_the_image_is_the_command(instructions: list[tuple[str, str]]) -> None:
    assert values(instructions, "ENTRYPOINT") == ['["/opt/penstock/bin/penstock"]']
    assert values(instructions, "CMD") == ['["check"]']


def test_the_context_holds_only_what_the_wheel_is_built_from(checkout: Path) -> None:
    lines = (checkout / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    kept = [line[1:] for line in lines if line.startswith("!")]
    read = ["LICENSE", "README.md", "hatch_build.py", "pyproject.toml"]
    assert kept == [*read, "policies", "schemas", "src", "tools/compiled"]
    assert [name for name in kept if not (checkout / name).exists()] == []
