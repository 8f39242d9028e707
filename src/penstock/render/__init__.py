"""Every way a report is written: takes a ``penstock.model.Report``, gives a string, and does nothing else.

One module per format, named as the format and imported when asked for. ``FORMATS`` names them.
"""

from __future__ import annotations

from importlib import import_module

from penstock.errors import UsageError
from penstock.model import Report

FORMATS = {
    "text": "for a person at a terminal: each finding with its lines, what to do and why",
    "concise": "one line per finding, for grep and editors",
    "json": "everything, by the published schema report/v1",
    "sarif": "SARIF 2.1.0, for code scanning",
    "github": "GitHub workflow commands: annotations on the changed lines",
    "gitlab": "GitLab Code Quality",
    "junit": "JUnit XML: a test suite per rule, for CI test reports",
    "markdown": "a comment for a pull or merge request",
}
"""The name of every format and what it is for."""


def render(
    report: Report,
    format: str,  # noqa: A002 - what users and the command line call it
    *,
    color: bool = False,
    width: int = 100,
    link_base: str = "",
    show_passed: bool = False,
) -> str:
    """``report`` in one of ``FORMATS``.

    ``color``, ``width`` (columns) and ``show_passed``, what every rule said of every resource, matter to ``text``
    alone; ``link_base``, what a file's path is put behind to make a link, to ``markdown``.

    Raises:
        UsageError: there is no such format.
    """
    if format not in FORMATS:
        raise UsageError(f"there is no output format {format!r}", hint=f"one of {', '.join(FORMATS)}")
    module = import_module(f"penstock.render.{format}")
    if format == "text":
        return str(module.render(report, color=color, width=width, show_passed=show_passed))
    if format == "markdown":
        return str(module.render(report, link_base=link_base))
    return str(module.render(report))
