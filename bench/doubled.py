"""A second pack with as many rules: copies of the built-in policies under other ids and names.

Takes a folder to write to; gives a configuration that has both packs, and what a rollout's findings then are.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

from commands import HERE, Rollout

_PACK = HERE.parent / "policies" / "levie"
_ID = re.compile(r"^  id: LV([0-9]+)$", re.MULTILINE)
_NAME = re.compile(r"^  name: (\S+)$", re.MULTILINE)


def write(folder: Path) -> Path:
    """Write the pack to `folder`/copied; gives the configuration beside it."""
    shutil.rmtree(folder, ignore_errors=True)
    copied = folder / "copied"
    for source in sorted(_PACK.rglob("*.yaml")):
        target = copied / source.relative_to(_PACK)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        if source.name == "pack.yaml":
            target.write_text(_NAME.sub("  name: copied", text, count=1), encoding="utf-8")
        else:
            text = _NAME.sub(r"  name: \1-copied", _ID.sub(r"  id: CP\1", text, count=1), count=1)
            target.with_name(f"{source.stem}-copied.yaml").write_text(text, encoding="utf-8")
    config = folder / "penstock.yaml"
    config.write_text("apiVersion: config/v1\nname: generated\npacks: [levie, ./copied]\n", encoding="utf-8")
    return config


def findings(of: Rollout) -> Rollout:
    """The same rollout with what both packs find. Integrity rules are in neither, and count once."""
    pack = {
        rule for path in _PACK.rglob("step-*/*.yaml") for rule in _ID.findall(path.read_text(encoding="utf-8"))
    }
    twice = Counter((f"CP{rule[2:]}", path) for rule, path in of.expected.elements() if rule[2:] in pack)
    return Rollout(of.folder, of.expected + twice)
