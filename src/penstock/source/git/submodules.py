"""The repository of a submodule: in the submodule's folder, or where git keeps it while that is not checked out.

Takes the repository that it is recorded in, a path and the commit recorded; gives the submodule's repository.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from itertools import product

from penstock.errors import InputError
from penstock.source.git.located import repository
from penstock.source.git.repository import Repository
from penstock.source.shown import absolute, shown


def submodule_repository(outer: Repository, recorded_in: str, path: str, commit: str, name: str) -> Repository:
    """The repository of the submodule at ``path``, which holds ``commit``.

    ``recorded_in`` is the commit of the outer repository, ``name`` the user's word for it.

    Raises:
        InputError: the submodule, or that commit of it, is not here; with the command that fetches it.
    """
    folder = outer.top / path
    here = list(_candidates(outer, recorded_in, path))
    found = next((each for each in here if each.has(commit)), None)
    if found is not None:
        return found
    if not here:
        where = shlex.quote(shown(outer.top))
        raise InputError(
            f"{name} has the submodule {path}, which is not here",
            hint=f"`git -C {where} submodule update --init -- {shlex.quote(path)}` fetches it",
        )
    place = f"-C {shlex.quote(shown(folder))}"
    if not folder.is_dir():
        place = f"--git-dir={shlex.quote(shown(here[0].git_dir))}"
    raise InputError(
        f"{name} has the submodule {path} at commit {commit}, which is not here",
        hint=f"`git {place} fetch origin {commit}` fetches it",
    )


def _candidates(outer: Repository, recorded_in: str, path: str) -> Iterator[Repository]:
    """The repositories that may be the submodule's: that of its folder, and what git keeps under its name."""
    folder = outer.top / path
    if os.path.lexists(folder / ".git"):
        yield repository(folder)
    modules = outer.settings(r"^submodule\..*\.path$", blob=f"{recorded_in}:.gitmodules")
    names = (key.split(".", 1)[1].rsplit(".", 1)[0] for key, value in modules.items() if value == path)
    for base, name in product((outer.git_dir, outer.common_dir), names):
        kept = absolute(base / "modules" / name)
        # The name is whatever the commit says: it must not lead out of the folder.
        if kept.is_relative_to(absolute(base / "modules")) and (kept / "HEAD").is_file():
            yield Repository(folder, kept)
