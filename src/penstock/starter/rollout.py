"""The starter rollout: templates -> the files of a new folder.

The templates lie in ``files/`` as the rollout will: ``files/manifests/use-cases/….yaml.template`` becomes
``use-cases/….yaml``. They carry a suffix of their own so that no tool takes them for manifests, and ``dot-`` where
a name begins with a dot, which packaging and search tools like to leave out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Template

from penstock.manifest import shapes
from penstock.starter.dates import dates
from penstock.starter.layout import SCHEMAS, modeline
from penstock.starter.origin import Origin, install_step, pre_commit_hook
from penstock.starter.text import scalar

_FILES = Path(__file__).parent / "files"
_SUFFIX = ".template"


def starter(name: str, today: date, found: Origin | None = None, *, ci: bool = True) -> dict[str, str]:
    """The text of every file by its path, in alphabetical order.

    ``name`` is the rollout's, ``found`` where CI and pre-commit are to install penstock from; ``ci`` says whether
    there are files for those.

    Raises:
        OverflowError: the dates would lie behind the year 9999.
    """
    values = {**dates(today), "name": scalar(name)}
    values |= {"install": install_step(found), "hook": pre_commit_hook(found)}
    files = {f"{SCHEMAS}/{schema}.schema.json": schema_text(schema) for schema in ("config", "rollout")}
    for folder in ("manifests", "ci") if ci else ("manifests",):
        files.update(_rendered(_FILES / folder, values))
    return dict(sorted(files.items()))


def schema_text(schema: str) -> str:
    """The self-contained schema that a manifest, or the configuration file, names for editors."""
    schema_id = {"config": "config/v1/config", "rollout": "rollout/v1/rollout"}[schema]
    return json.dumps(shapes.bundled(schema_id), indent=2, ensure_ascii=False) + "\n"


def _rendered(folder: Path, values: Mapping[str, str]) -> dict[str, str]:
    files = {}
    for template in folder.rglob(f"*{_SUFFIX}"):
        parts = template.relative_to(folder).as_posix().removesuffix(_SUFFIX).split("/")
        path = "/".join(f".{part.removeprefix('dot-')}" if part.startswith("dot-") else part for part in parts)
        line = modeline(path, "config" if path == "penstock.yaml" else "rollout")
        text = Template(template.read_text(encoding="utf-8"))
        files[path] = text.substitute(values, modeline=line)
    return files
