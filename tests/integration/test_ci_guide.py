"""docs/ci.md says what the files say: inputs, variables, hooks, options."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def guide(checkout: Path) -> str:
    return (checkout / "docs" / "ci.md").read_text(encoding="utf-8")


def section(guide: str, title: str) -> str:
    """The text under one heading of the second level."""
    return guide.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def first_column(text: str) -> list[str]:
    """What the tables' first cells name in code type."""
    return re.findall(r"(?m)^\| `([^`]+)` \|", text)


def snippets(text: str) -> list[Any]:
    return [yaml.safe_load(block) for block in re.findall(r"(?s)```yaml\n(.*?)```", text)]


def test_the_action_s_inputs_and_outputs_are_all_there(guide: str, load: Callable[[str], Any]) -> None:
    text, action = section(guide, "GitHub Actions"), load("action.yml")
    assert first_column(text) == list(action["inputs"])
    (snippet,) = snippets(text)
    steps = snippet["jobs"]["penstock"]["steps"]
    (used,) = [step["with"] for step in steps if step["uses"].startswith("PENSTOCK_REPOSITORY@")]
    assert set(used) <= set(action["inputs"])
    for output in action["outputs"]:
        assert f"`{output}`" in text


def test_gitlab_s_variables_are_all_there(guide: str, load: Callable[[str], Any]) -> None:
    text = section(guide, "GitLab")
    declared = load("ci/gitlab/penstock.gitlab-ci.yml")["penstock"]["variables"]
    assert first_column(text) == list(declared)
    (snippet,) = snippets(text)
    assert set(snippet["penstock"]["variables"]) <= set(declared)


def test_the_hooks_are_all_there(guide: str, load: Callable[[str], Any]) -> None:
    text = section(guide, "pre-commit")
    published = {hook["id"]: hook["entry"] for hook in load(".pre-commit-hooks.yaml")}
    assert first_column(text) == list(published)
    for identifier, entry in published.items():
        assert re.search(rf"\| `{identifier}` \| `{re.escape(entry)}` ", text)
    (snippet,) = snippets(text)
    assert {hook["id"] for hook in snippet["repos"][0]["hooks"]} <= set(published)


def test_every_option_it_names_exists(guide: str, run: Callable[..., Any], penstock: Path, tmp_path: Path) -> None:
    usage = run(penstock, "check", "--help", cwd=tmp_path)
    assert usage.returncode == 0, usage.stdout
    named = set(re.findall(r"`(--[a-z-]+)", guide)) | set(re.findall(r"penstock check.* (--[a-z-]+)", guide))
    assert {"--as-of", "--output", "--exit-zero"} <= named
    assert [option for option in sorted(named) if option not in usage.stdout] == []


def test_the_addresses_are_left_to_the_reader(guide: str) -> None:
    """The package index has another project of the same name, which nobody must install by mistake."""
    assert not re.search(r"pip install\s+(-\S+\s+)*[\"']?penstock[\"']?\s*$", guide, flags=re.MULTILINE)
