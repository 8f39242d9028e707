"""Which rules of the built-in pack look at more than one manifest: read from their expressions."""

from __future__ import annotations

import re
from pathlib import Path

_PACK = Path(__file__).parent.parent / "policies" / "levie"
_ID = re.compile(r"^  id: (\w+)$", re.MULTILINE)
_ELSEWHERE = re.compile(r"\b(?:ref|referrers|resources)\(|\borganization\.")
_GATHERS = re.compile(r"\b(?:referrers|resources)\(")


def across_rules(gathering: bool = False) -> tuple[str, ...]:
    """Their ids; with `gathering`, of those that gather manifests rather than follow a reference to one.

    Rules about changes are left out: without a base they do not run.
    """
    seen = _GATHERS if gathering else _ELSEWHERE
    found = []
    for path in sorted(_PACK.glob("step-*/*.yaml")):
        text = path.read_text(encoding="utf-8").partition("\n  examples:")[0]
        rule = _ID.search(text)
        if rule and seen.search(text) and not path.parent.name.endswith("-changes"):
            found.append(rule[1])
    return tuple(found)
