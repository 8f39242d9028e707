"""The picture on the page about access is what the command gives for the rollout on the page."""

from __future__ import annotations

import re
from pathlib import Path

from penstock.access import access_map
from penstock.access.pair import Status
from penstock.cli.access import _VIEWS
from penstock.manifest.load import load
from penstock.render.access import FORMATS, VIEWS, render, words
from penstock.source import SourceFile, read

PAGE = (Path(__file__).parents[2] / "docs" / "access.md").read_text(encoding="utf-8")


def test_the_picture_is_fresh() -> None:
    files = re.findall(r"```yaml file=(\S+)\n(.*?)```", PAGE, flags=re.DOTALL)
    readings = [read(SourceFile(name, text)) for name, text in sorted(files)]
    found = access_map(load("acme", ".", readings).rollout, "2026-11-20")
    (picture,) = re.findall(r"```mermaid\n(.*?)```", PAGE, flags=re.DOTALL)
    assert picture == render(found, "mermaid", ("agents", "people"))


def test_every_status_has_a_row_and_words() -> None:
    section = PAGE.split("\n## The statuses\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \|", section, flags=re.MULTILINE)
    assert rows == [status.value for status in Status]
    assert set(words.STATUS) == set(words.MEANING) == set(Status)


def test_every_format_and_view_is_on_the_page() -> None:
    assert [name for name in FORMATS if name != "text" and f"--output {name}" not in PAGE] == []
    assert VIEWS == _VIEWS
