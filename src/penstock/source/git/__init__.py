"""Files as they are at a revision, read from git's objects without a checkout.

Takes a folder and a revision; gives the repository, the files of a commit and their contents. Runs ``git`` itself,
by its plumbing commands: never a shell, never the network. It must not know what the files mean.
"""

from __future__ import annotations

from penstock.source.git.links import follow
from penstock.source.git.located import repository
from penstock.source.git.repository import Entry, MissingObjectError, Repository
from penstock.source.git.selection import Selected, select
from penstock.source.git.snapshot import Kept, Snapshot

__all__ = [
    "Entry",
    "Kept",
    "MissingObjectError",
    "Repository",
    "Selected",
    "Snapshot",
    "follow",
    "repository",
    "select",
]
