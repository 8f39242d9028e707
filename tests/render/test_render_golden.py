"""Every format of the sample report against its golden file.

After an intended change, write the files anew and read the difference before it is committed:

    PENSTOCK_UPDATE_GOLDEN=1 pytest tests/render/test_render_golden.py
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_report import build

from penstock.model import Report, Stats
from penstock.render import FORMATS, github, render

GOLDEN = Path(__file__).parent / "golden"

MAKERS: dict[str, Callable[[Report], str]] = {
    "report.txt": lambda report: render(report, "text"),
    "report.evidence.txt": lambda report: render(report, "text", show_passed=True),
    "report.narrow.txt": lambda report: render(report, "text", width=60),
    "report.ansi.txt": lambda report: render(report, "text", color=True),
    "report.concise.txt": lambda report: render(report, "concise"),
    "report.json": lambda report: render(report, "json"),
    "report.sarif": lambda report: render(report, "sarif"),
    "report.github.txt": lambda report: render(report, "github"),
    "report.summary.md": lambda report: github.summary(report, link_base="https://forge.example/bank/blob/abc/"),
    "report.gitlab.json": lambda report: render(report, "gitlab"),
    "report.junit.xml": lambda report: render(report, "junit"),
    "report.md": lambda report: render(report, "markdown"),
}


def clean(report: Report) -> Report:
    return Report((), report.rules, Stats(1, 40, 42, 7, 310), report.as_of, report.version)


@pytest.mark.parametrize("name", MAKERS)
def test_format_is_as_recorded(name: str) -> None:
    compare(GOLDEN / name, MAKERS[name](build()))


@pytest.mark.parametrize("name", FORMATS)
def test_clean_run_is_as_recorded(name: str) -> None:
    compare(GOLDEN / f"clean.{name}", render(clean(build()), name))


@pytest.mark.parametrize("name", MAKERS)
def test_two_renderings_are_byte_identical(name: str) -> None:
    assert MAKERS[name](build()) == MAKERS[name](build())


def test_every_format_has_a_golden_file() -> None:
    recorded = {path.name for path in GOLDEN.iterdir()}
    assert recorded == {*MAKERS, *(f"clean.{name}" for name in FORMATS)}


def compare(path: Path, text: str) -> None:
    if os.environ.get("PENSTOCK_UPDATE_GOLDEN"):
        path.write_bytes(text.encode("utf-8"))
    assert text == path.read_bytes().decode("utf-8")
