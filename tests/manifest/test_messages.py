"""Every message that a bad manifest gives, with its place, against ``messages.golden``.

The file is for reading: whoever changes a message reviews it there. Regenerate it with
``PENSTOCK_UPDATE_GOLDEN=1 pytest tests/manifest/test_messages.py``.
"""

from __future__ import annotations

import os
from pathlib import Path

from manifest_samples import place

from penstock.manifest.load import load
from penstock.manifest.waivers import waiver_findings
from penstock.model import Finding, Span
from penstock.source.document import SourceFile
from penstock.source.yaml import read

HERE = Path(__file__).parent
GOLDEN = HERE / "messages.golden"
UPDATE = os.environ.get("PENSTOCK_UPDATE_GOLDEN") == "1"
AS_OF = "2026-09-01"
OF_THE_READER = frozenset({"LV001", "LV002", "LV014"})
"""Their words are the YAML reader's, and reviewed there."""
RULES = frozenset({"LV801", "LV802", "LV104"})


def test_messages_are_those_of_the_golden_file() -> None:
    rendered = "\n".join(_messages(file) for file in sorted((HERE / "bad").glob("*.yaml")))
    if UPDATE:
        GOLDEN.write_text(rendered, encoding="utf-8")
    assert rendered == GOLDEN.read_text(encoding="utf-8")


def _messages(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    result = load(file.stem, ".", [read(SourceFile(file.name, text))])
    findings = (*result.findings, *waiver_findings(result.rollout, AS_OF, RULES))
    assert findings
    return "".join(_shown(finding, text.splitlines()) for finding in findings)


def _shown(finding: Finding, lines: list[str]) -> str:
    shown = f"{place(finding)}\n{_frame(finding.location.span, lines)}"
    if finding.rule in OF_THE_READER:
        return f"{shown}\n"
    shown += f"  {finding.message}\n"
    if finding.help:
        shown += f"  help: {finding.help}\n"
    for related in finding.related:
        shown += f"  see: {related.message}\n{_frame(related.location.span, lines)}"
    return shown + "\n"


def _frame(span: Span | None, lines: list[str]) -> str:
    assert span is not None
    line = lines[span.start.line - 1] if span.start.line <= len(lines) else ""
    width = span.end.column - span.start.column if span.start.line == span.end.line else len(line)
    return f"    | {line}\n    | {' ' * (span.start.column - 1)}{'^' * max(1, width)}\n"
