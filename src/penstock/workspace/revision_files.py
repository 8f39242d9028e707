"""The files of a git repository that change when a revision may come to name another commit.

Takes a folder and a revision; tells ``Seen`` of the files: HEAD and where it has been, the branches and tags of
that name, what was fetched. Asks git where the repository is, and nothing else.
"""

from __future__ import annotations

from pathlib import Path

from penstock.answers.seen import Seen
from penstock.errors import PenstockError
from penstock.source.git import repository

_OF_WORKTREE = ("HEAD", "logs/HEAD", "FETCH_HEAD")
_SHARED = ("packed-refs", "refs/heads", "refs/tags", "refs/remotes")


def look_at_revision(folder: Path, revision: str, seen: Seen) -> None:
    """Look at the files of the repository that the folder is in; at nothing where it is in none."""
    try:
        found = repository(folder)
    except PenstockError:
        return  # whoever reads the revision says so
    shared = found.common_dir
    places = [found.git_dir / name for name in _OF_WORKTREE]
    places += [shared / _SHARED[0], *(shared / name / revision for name in _SHARED[1:])]
    for place in places:
        if seen.kind(str(place)) != "folder":
            seen.file(str(place))
