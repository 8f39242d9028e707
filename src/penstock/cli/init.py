"""``penstock init``: a starter rollout that passes its check, in comments that teach."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HELP = "write a starter rollout to make your own"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "folder", nargs="?", default=".", metavar="FOLDER", help="where to write it (default: here)"
    )
    parser.add_argument("--name", metavar="NAME", help="the rollout's name (default: the folder's)")
    parser.add_argument("--no-ci", action="store_true", help="write no files for GitHub, GitLab and pre-commit")
    parser.add_argument("--today", metavar="DATE", help="count every date from this day (default: today in UTC)")


def run(arguments: argparse.Namespace) -> int:
    """Write every file of the starter, or none."""
    from penstock.cli.days import parse_day
    from penstock.errors import UsageError
    from penstock.starter.origin import origin
    from penstock.starter.place import in_the_way, put
    from penstock.starter.rollout import starter
    from penstock.workspace import check

    folder = Path(arguments.folder)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", hint="name an empty or a new folder: penstock init my-rollout")
    today = parse_day(arguments.today or check.today(), "--today")
    found = origin()
    try:
        files = starter(_name(arguments.name, folder), today, found, ci=not arguments.no_ci)
    except OverflowError:
        raise UsageError(f"--today {today} is too late: a starter plans a year ahead") from None
    present = in_the_way(files, folder)
    if present:
        raise UsageError(
            f"nothing was written, because this exists already: {', '.join(map(_shown, present))}",
            hint=_way_out(present, folder, arguments.no_ci),
        )
    put(files, folder)
    _report(files, folder, installable=found is not None)
    return 0


def _name(given: str | None, folder: Path) -> str:
    """The name given, or what the folder's name allows."""
    import re

    from penstock.starter.names import check_name

    if given is not None:
        return check_name(given, "--name")
    words = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.casefold())
    return words[:63].strip("-") or "rollout"


def _way_out(present: Iterable[Path], folder: Path, no_ci: bool) -> str:
    names = {path.relative_to(folder).parts[0] for path in present if path.is_relative_to(folder)}
    if not no_ci and names <= {".github", ".gitlab-ci.yml", ".pre-commit-config.yaml"}:
        return "--no-ci leaves out the files for GitHub, GitLab and pre-commit"
    if "penstock.yaml" in names:
        return "a rollout is here already: `penstock new` adds a manifest to it"
    return "name an empty or a new folder: penstock init my-rollout"


def _report(files: Iterable[str], folder: Path, *, installable: bool) -> None:
    """What was written, and what to do next."""
    from penstock.render.escape import visible
    from penstock.starter.origin import VARIABLE

    lines = [f"Wrote {_shown(folder / path)}" for path in files]
    lines += _notes(set(files), folder)
    if not installable and ".gitlab-ci.yml" in files:
        lines += ["", f"CI installs penstock from the variable {VARIABLE}: set it in the repository's settings,"]
        lines += [
            "for example to git+ADDRESS@COMMIT. The name alone belongs to another project in the public index."
        ]
    change = [] if folder.resolve() == Path.cwd() else [f"  cd {_quoted(str(folder))}"]
    lines += ["", "Next:", *change]
    lines += ["  penstock check            finds nothing yet: the example is sound"]
    lines += ["  read penstock.yaml        its comments say what to make your own, in which order"]
    lines += ["  penstock new UseCase NAME adds a manifest to fill in"]
    sys.stdout.write("\n".join(map(visible, lines)) + "\n")


def _notes(files: set[str], folder: Path) -> list[str]:
    """What the user must know of the place: files that belong elsewhere, and files that are no manifests."""
    from penstock.source import discover
    from penstock.source.discovery import INCLUDE, MARKER
    from penstock.starter.text import scalar

    lines = []
    top = _repository_above(folder)
    if top is not None and ".pre-commit-config.yaml" in files:
        lines += ["", f"GitHub, GitLab and pre-commit look for their files at the top of a repository, {top}:"]
        lines += ["move .github, .gitlab-ci.yml and .pre-commit-config.yaml there. They need no change."]
    here = folder.resolve()
    found = (path.relative_to(here).as_posix() for path in discover(here, INCLUDE, (), MARKER).files)
    others = [path for path in found if path not in files]
    if others:
        more = ", ..." if len(others) > 3 else ""
        lines += ["", f"This folder has other YAML or JSON files: {', '.join(others[:3])}{more}."]
        lines += ["`penstock check` takes them for manifests. To leave one out, add to penstock.yaml:"]
        lines += [f"  manifests: {{exclude: [{scalar(others[0])}]}}"]
    return lines


def _repository_above(folder: Path) -> Path | None:
    """The repository's top folder, where that is not ``folder`` itself."""
    for parent in (folder.resolve(), *folder.resolve().parents):
        if (parent / ".git").exists():
            return None if parent == folder.resolve() else parent
    return None


def _shown(path: Path) -> str:
    return path.as_posix()


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
