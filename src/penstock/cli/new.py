"""``penstock new``: a manifest to fill in, made from its kind's schema."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.manifest.rollout import Rollout
    from penstock.starter.skeleton import Names

HELP = "write a manifest to fill in"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("kind", metavar="KIND", help="what it describes, e.g. UseCase; in any case")
    parser.add_argument("name", metavar="NAME", help="its name: lower-case letters, digits and hyphens")
    parser.add_argument(
        "--file", metavar="FILE", help="where to write it (default: in its kind's folder); - prints it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the manifest, unless its file or its name is taken."""
    from penstock.source.shown import shown
    from penstock.starter.layout import SCHEMAS, modeline, place
    from penstock.starter.names import check_name, find_kind
    from penstock.starter.skeleton import skeleton
    from penstock.workspace.roots import nearest

    kind, name = find_kind(arguments.kind), check_name(arguments.name)
    root = nearest(Path.cwd())
    rollout = _rollout(root) if root else None
    if rollout:
        _check_free(rollout, kind, name)
    text = skeleton(kind, name, _names(rollout, kind) if rollout else None)
    if arguments.file == "-":
        sys.stdout.write(text)
        return 0
    top = root or Path.cwd()
    file = Path(arguments.file).absolute() if arguments.file else top / place(kind, name)
    inside = file.is_relative_to(top)
    if inside and (top / SCHEMAS / "rollout.schema.json").is_file():
        text = f"{modeline(file.relative_to(top).as_posix())}\n{text}"
    _write(file, text)
    sys.stdout.write(_next(shown(file), root))
    return 0


def _write(file: Path, text: str) -> None:
    import os

    from penstock.cli.files import write_atomically
    from penstock.errors import UsageError
    from penstock.source.shown import shown

    if os.path.lexists(file):
        raise UsageError(
            f"{shown(file)} exists already", hint="--file FILE writes to another file, --file - prints"
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {shown(file.parent)}: {error.strerror}") from None
    write_atomically(file, text)


def _rollout(root: Path) -> Rollout:
    """The manifests there are, as far as they can be read: what is wrong with them is for ``check`` to say."""
    from penstock.manifest.load import load
    from penstock.source import discover, read_path
    from penstock.source.discovery import MARKER
    from penstock.source.shown import shown
    from penstock.workspace.config import config_of

    config = config_of(root / MARKER, root)
    paths = discover(root, config.include, config.exclude, MARKER).files
    return load(config.name, shown(root), [read_path(path, shown(path)) for path in paths]).rollout


def _check_free(rollout: Rollout, kind: str, name: str) -> None:
    from penstock.errors import UsageError

    taken = rollout.get(kind, name)
    if taken is not None:
        raise UsageError(f"{kind} {name} exists already, in {taken.file}", hint="choose another name")


def _names(rollout: Rollout, kind: str) -> Names:
    """The names in the rollout that each reference of the kind may use."""
    from penstock.manifest.references import references

    names = {}
    for reference in references(kind):
        if reference.kind is None:
            continue
        holders = rollout.of_kind(reference.kind)
        if reference.items is None:
            found = [holder.name for holder in holders]
        else:
            found = [name for holder in holders for name in rollout.element_names(holder, reference.items)]
        names[reference] = list(dict.fromkeys(filter(None, found)))
    return names


def _next(shown: str, root: Path | None) -> str:
    lines = [
        f"Wrote {shown}",
        "",
        "Next:",
        "  replace the example values, and remove the # of the fields you need",
    ]
    lines += ["  penstock check"]
    if root is None:
        lines += ["", "There is no penstock.yaml here or above: `penstock init` starts a rollout."]
    return "\n".join(lines) + "\n"
