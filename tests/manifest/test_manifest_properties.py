"""Whatever a file holds: loading never raises, and every finding is inside the file."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from manifest_samples import SPECS, manifest
from test_manifest_fast import mutated

from penstock.manifest.load import Loaded, load
from penstock.manifest.paths import parse_path
from penstock.manifest.waivers import waiver_findings
from penstock.model import Finding, Span
from penstock.source.document import SourceFile
from penstock.source.yaml import read

# Beyond it, JSON escapes a character as two halves of a surrogate pair, which YAML does not read.
TEXT = st.text(st.characters(max_codepoint=0xD7FF), max_size=8)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["name", "rules", "resources", "useCase", "tasks", "models", "primary", "businessUnits", "x"]
)
SPEC = JSON | st.dictionaries(
    FIELDS, JSON | st.lists(st.dictionaries(FIELDS, JSON, max_size=3), max_size=3), max_size=5
)
ENVELOPE = st.fixed_dictionaries(
    {"kind": st.sampled_from(sorted(SPECS)) | JSON},
    optional={
        "apiVersion": st.sampled_from(["rollout/v1", "rollout/v2", "apps/v1"]) | JSON,
        "metadata": st.fixed_dictionaries({"name": st.sampled_from(["a", "b"]) | JSON}) | JSON,
        "spec": SPEC,
        "extra": JSON,
    },
)


def _load(documents: list[Any], indent: int | None) -> tuple[Loaded, list[str]]:
    text = "\n---\n".join(json.dumps(document, indent=indent) for document in documents)
    return load("r", ".", [read(SourceFile("a.yaml", text))]), text.split("\n")


def _check(findings: tuple[Finding, ...], lines: list[str]) -> None:
    for finding in findings:
        assert finding.message.isprintable()
        for location in (finding.location, *(related.location for related in finding.related)):
            assert location.file == "a.yaml"
            assert location.span is not None
            _inside(location.span, lines)


def _inside(span: Span, lines: list[str]) -> None:
    assert span.start <= span.end
    for position in (span.start, span.end):
        assert 1 <= position.line <= len(lines)
        assert 1 <= position.column <= len(lines[position.line - 1]) + 1


@given(st.lists(ENVELOPE | JSON, max_size=4), st.sampled_from([None, 1]))
def test_any_documents_load(documents: list[Any], indent: int | None) -> None:
    result, lines = _load(documents, indent)
    _check(result.findings, lines)
    _check(waiver_findings(result.rollout, "2026-06-30", {"LV801"}), lines)
    assert _load(documents, indent)[0].findings == result.findings
    assert not any(finding.rule in ("LV001", "LV014") for finding in result.findings)


@given(mutated())
def test_a_manifest_is_valid_or_has_a_finding_that_names_its_field(case: tuple[str, Any]) -> None:
    kind, data = case
    others = [manifest(other) for other in SPECS if other != kind]
    result, lines = _load([data, *others], 1)
    _check(result.findings, lines)
    for resource in result.rollout.resources:
        reported = {found.location.resource for found in result.findings if found.rule in ("LV003", "LV004")}
        assert resource.valid == (resource.id not in reported)
    for finding in result.findings:
        if finding.location.resource and finding.location.resource.startswith(f"{kind}/"):
            where = finding.location
            assert parse_path(where.path_text, data) == where.path
