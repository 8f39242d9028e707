"""Writes docs/rules/: a page for each rule, an index by step, and the map from the framework's documents to rules.

Takes the integrity rules and the built-in pack; gives Markdown. ``--check`` fails when a page is not what it would
write. It must not hold a fact about a rule: what a page lacks is missing from the policy's file.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from pages.framework_map import map_page
from pages.settle import ROOT, checking, settle

from penstock.render.rule_index import index_page
from penstock.render.rule_markdown import integrity_page, policy_page
from penstock.workspace.catalog import Entry, catalog

TOOL = "tools/rule_pages.py"
FOLDER = ROOT / "docs" / "rules"
INDEX = "README.md"
MAP = "framework.md"
PROOF = "proof.md"
"""Another generator's page in the same folder."""


def main() -> int:
    """Write or check the pages."""
    check = checking(TOOL)
    rules = catalog(ROOT)
    files = {FOLDER / f"{entry.rule.name}.md": rule_page(entry) for entry in rules.values()}
    files[FOLDER / INDEX] = _marked("policies/levie", index_of(rules))
    files[FOLDER / MAP] = _marked("policies/levie", map_page(rules))
    surplus = [path for path in FOLDER.glob("*.md") if path not in files and path.name != PROOF]
    return settle(files, TOOL, check=check, surplus=surplus)


def rule_page(entry: Entry) -> str:
    """The page of one rule."""
    if entry.policy is None or entry.pack is None:
        return _marked("src/penstock/manifest/integrity.py", integrity_page(entry.rule))
    file = f"policies/{entry.policy.document.file.path}"
    stem = file.rpartition("/")[2]
    return _marked(file, policy_page(entry.policy, entry.pack.base, f"[{stem}](../../{file})"))


def index_of(rules: Mapping[str, Entry]) -> str:
    """The rules by step."""
    listed = [(entry.rule, entry.policy) for entry in rules.values()]
    return index_page(listed, _INTRODUCTION.format(count=len(rules)))


def _marked(origin: str, page: str) -> str:
    return f"<!-- Written by {TOOL} from {origin}. Change that, then run the tool. -->\n\n{page}"


_INTRODUCTION = (
    "All {count} rules that come with penstock: those of the Levie Enterprise AI Diffusion Framework by its "
    "eleven steps, those of orchestration and autonomy, and those about the manifests themselves. The "
    "[map](framework.md) says which rules check each step, principle, mistake and question of the framework's "
    "documents; the [proof](proof.md), how each rule is tested. `penstock rules` and `penstock explain RULE` show "
    "the same in the terminal.\n\n"
    '"From pilot" means that the use case is at `pilot` or `production`; before that, '
    "[`penstock plan`](../plan.md) shows what would be found. A `retired` use case is at no stage."
)


if __name__ == "__main__":
    sys.exit(main())
