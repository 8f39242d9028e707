"""Packs in installed Python packages: found by what the installation says of itself, and never run.

Takes the name of a package; gives the YAML files of the folder that its entry point in the group
``penstock.packs`` names. No module of the package is imported: its files are looked up in its list of files or,
where it is installed for editing, through the place of its top-level package, which the import system tells and
does not run. The working directory is no place of installed packages: what is checked must not bring its judge.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from penstock.errors import PolicyError
from penstock.policy.pack_files import PackFiles, is_pack_file, pack_files, read_folder
from penstock.policy.reference import PackageReference
from penstock.source.files import raw_content
from penstock.suggest import choices, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUP = "penstock.packs"
_PLACE = re.compile(r"[^\W\d]\w*(\.\w+)*(:\w+(\.\w+)*)?")


def installed_pack(reference: PackageReference) -> PackFiles:
    """The files of a pack in an installed package.

    Raises:
        PolicyError: the package is not installed, or has no such pack.
        GroupedError: a file of it cannot be read.
    """
    distribution = _distribution(reference.package)
    name, value = _entry(distribution, reference)
    if not _PLACE.fullmatch(value):
        message = f"the entry point {name} of the package {reference.package} names no folder: `{value}`"
        raise PolicyError(
            message, hint="its value is an importable package, as in acme_pack or acme_pack:policies"
        )
    parts = value.replace(":", ".").split(".")
    origin = f"package {reference.package} {distribution.version}"
    shown = reference.package if reference.pack is None else f"{reference.package}/{name}"
    contents = _listed(distribution, parts)
    if contents is None:
        folder = _folder(distribution, parts)
        if folder is None:
            message = (
                f"the package {reference.package} has no folder {'/'.join(parts)}, which its pack {name} names"
            )
            raise PolicyError(message, hint="install it again; if that does not help, its makers can")
        contents = read_folder(folder, shown, origin).contents
    return pack_files(shown, contents, name, origin, needs_pack_file=True)


def _distribution(package: str) -> metadata.Distribution:
    """The first of that name outside the working directory, as the import system would find it."""
    for found in metadata.distributions(name=package, path=_path()):
        return found
    raise PolicyError(
        f"the package {package} is not installed where penstock is",
        hint=f"install it beside penstock, in the same environment: `pip install {package}`",
    )


def _path() -> list[str]:
    here = Path.cwd()
    return [entry for entry in sys.path if entry and Path(entry).absolute() != here]


def _entry(distribution: metadata.Distribution, reference: PackageReference) -> tuple[str, str]:
    """The name and the value of the entry point that is meant."""
    entries = {entry.name: entry.value for entry in distribution.entry_points if entry.group == GROUP}
    if not entries:
        message = f"the package {reference.package} has no pack of policies"
        raise PolicyError(message, hint=f"a package with packs has entry points in the group {GROUP}")
    if reference.pack is None and len(entries) > 1:
        message = f"the package {reference.package} has {len(entries)} packs: {choices(sorted(entries))}"
        raise PolicyError(message, hint="say which: add `pack:` with its name")
    name = reference.pack or next(iter(entries))
    if name not in entries:
        hint = did_you_mean(name, entries) or f"it has {choices(sorted(entries))}"
        raise PolicyError(f"the package {reference.package} has no pack `{name}`", hint=hint)
    return name, entries[name]


def _listed(distribution: metadata.Distribution, parts: Sequence[str]) -> Mapping[str, bytes] | None:
    """The files of the folder that the installation put there; None when it lists none in it."""
    below = tuple(parts)
    contents: dict[str, bytes] = {}
    found = False
    for file in _record(distribution):
        if file.parts[: len(below)] == below and ".." not in file.parts:
            found = True
            path = PurePosixPath(*file.parts[len(below) :]).as_posix()
            if is_pack_file(path):
                contents[path] = _content(Path(str(distribution.locate_file(str(file)))))
    return contents if found else None


def _record(distribution: metadata.Distribution) -> Iterator[PurePosixPath]:
    """The files that the installation says it put there.

    Not ``distribution.files``: from Python 3.12 on that leaves out those that are missing, and a pack would lose a
    rule without a word.
    """
    record = distribution.read_text("RECORD")
    if record is None:
        yield from distribution.files or ()
        return
    yield from (PurePosixPath(row[0]) for row in csv.reader(record.splitlines()) if row)


def _content(file: Path) -> bytes:
    try:
        content, why = raw_content(file), "it is not a regular file"
    except OSError as error:
        content, why = None, error.strerror or str(error)
    if content is None:
        message = f"a file of an installed pack cannot be read: {file}: {why}"
        raise PolicyError(message, hint="install the package again")
    return content


def _folder(distribution: metadata.Distribution, parts: Sequence[str]) -> Path | None:
    """The folder of a package that lists no files in it: one for editing, or one installed in an old manner."""
    source = _source(distribution)
    if source is None:
        tops = [Path(str(distribution.locate_file(parts[0])))]
    else:
        # Asked for the place of a top-level package, the import system runs nothing of it.
        try:
            spec = find_spec(parts[0])
        except ValueError:  # a module of that name is there, but not from a file
            spec = None
        tops = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
        tops = [top for top in tops if source in top.resolve().parents]
    folders = (top.joinpath(*parts[1:]) for top in tops)
    return next((folder for folder in folders if folder.is_dir()), None)


def _source(distribution: metadata.Distribution) -> Path | None:
    """The folder that a package installed for editing is edited in; None for any other package (PEP 610)."""
    try:
        told = json.loads(distribution.read_text("direct_url.json") or "{}")
        if told["dir_info"]["editable"] is not True:
            return None
        return Path(url2pathname(urlsplit(told["url"]).path)).resolve()
    except (ValueError, KeyError, TypeError):
        return None
