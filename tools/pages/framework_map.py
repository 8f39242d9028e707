"""The page that maps every section of the framework's documents, and every control, to the rules that check it.

Takes the rules with their packs; gives Markdown. A section without a rule shows the reason that pack.yaml gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from penstock.model import Rule
from penstock.policy.model import QuotedDocument
from penstock.render.markdown_escape import escape
from penstock.workspace.catalog import Entry

GROUPS = {
    "Step": "Steps",
    "Principle": "Principles",
    "Mistake": "Mistakes",
    "Input": "Inputs",
    "Example": "Worked examples",
    "Key term": "Key terms",
}
"""What the sections whose names begin so are; all others are questions and headings."""
OTHERS = "Questions and headings"


def map_page(rules: Mapping[str, Entry]) -> str:
    """The whole page."""
    lines = ["# From the framework to its rules", "", _INTRODUCTION]
    for document in _documents(rules):
        lines += ["", f"## {escape(document.title)}"]
        for group, names in _grouped(document).items():
            lines += ["", f"### {group}", "", "| Section | Rules |", "| --- | --- |"]
            lines += [_row(document, name, rules) for name in names]
    lines += ["", "## Controls of public standards", "", _CONTROLS, ""]
    lines += ["| Standard | Clause | Rules |", "| --- | --- | --- |", *_controls(rules)]
    return "\n".join(lines) + "\n"


def _documents(rules: Mapping[str, Entry]) -> Iterable[QuotedDocument]:
    packs = {entry.pack.name: entry.pack for entry in rules.values() if entry.pack is not None}
    return [document for pack in packs.values() for document in pack.documents.values()]


def _grouped(document: QuotedDocument) -> Mapping[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name in document.sections:
        first = "Step" if name.startswith("Step ") else name.partition(":")[0]
        groups.setdefault(GROUPS.get(first, OTHERS), []).append(name)
    return groups


def _row(document: QuotedDocument, name: str, rules: Mapping[str, Entry]) -> str:
    shown = name.partition(": ")[2] if name.partition(":")[0] in GROUPS else name
    found = [entry.rule for entry in rules.values() if _cites(entry.rule, document.title, name)]
    note = document.sections[name]
    return f"| {escape(shown)} | {_links(found) or escape(note or 'none')} |"


def _cites(rule: Rule, title: str, section: str) -> bool:
    return any((source.document, source.section) == (title, section) for source in rule.sources)


def _controls(rules: Mapping[str, Entry]) -> Iterator[str]:
    clauses: dict[tuple[str, str], list[Rule]] = {}
    for entry in rules.values():
        for control in entry.rule.controls:
            clauses.setdefault((control.standard, control.id), []).append(entry.rule)
    for (standard, clause), found in sorted(clauses.items()):
        yield f"| {escape(standard)} | {escape(clause)} | {_links(found)} |"


def _links(rules: Iterable[Rule]) -> str:
    return ", ".join(f"[{rule.id}]({rule.name}.md)" for rule in dict.fromkeys(rules))


_INTRODUCTION = (
    "Every step, principle, mistake, question, input, example and key term of the three documents that the "
    "built-in pack is made from, with the rules that check it. Where there is none, it says why."
)
_CONTROLS = (
    "Clauses that the rules support. Supporting a clause is not complying with it; the articles of the EU AI Act "
    "bind high-risk systems only. Steps without an honest mapping (the arc, the mosaic, cost owners, interfaces, "
    "headcount) name none."
)
