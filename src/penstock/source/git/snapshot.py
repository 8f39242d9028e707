"""The files of one commit, those of its submodules among them, as if they were checked out.

Takes a repository and a commit; gives what stands under a path, what lies below a folder, and contents. Must not
know which files are wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from penstock.errors import InputError
from penstock.record import dataclass
from penstock.source.git.repository import Entry, MissingObjectError, Repository
from penstock.source.git.submodules import submodule_repository
from penstock.source.shown import shown


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """An entry of a commit, with the commit it is of: a submodule's has a repository of its own."""

    entry: Entry
    """Its path is relative to the top of ``origin``'s repository."""
    origin: Snapshot


class Snapshot:
    """The files of one commit. Paths are relative to the repository's top, with forward slashes.

    Every method raises ``InputError`` when git does not hold an object that is asked for.
    """

    def __init__(self, repository: Repository, commit: str, name: str, folder: str = "") -> None:
        """``name``: the revision in the user's words; ``folder``: the one that matters."""
        self.repository = repository
        self.commit = commit
        self.name = name
        self._folder = folder
        self._found: dict[str, Kept | None] = {}
        self._listed: list[str] = []
        """Folders, with a slash, of which all that lies below is in ``_found``."""
        self._contents: dict[str, bytes] = {}
        self._inside: dict[str, Snapshot] = {}

    def find(self, path: str) -> Kept | None:
        """What stands under a path; None when there is nothing. Links are not followed."""
        if not path:
            return Kept(Entry("", "040000", self.commit), self)
        if path not in self._found and not path.startswith(tuple(self._listed)):
            self._look_up([path])
        found = self._found.get(path)
        if found is None:
            folder = path.rpartition("/")[0]
            above = self.find(folder) if folder else None
            if above is not None and above.entry.is_submodule:
                return self.inside(above).find(path[len(folder) + 1 :])
            if above is not None and above.origin is not self:
                # The path leads through a submodule further up, which knows the rest.
                return above.origin.find(f"{above.entry.path}/{path[len(folder) + 1 :]}")
        return found

    def find_all(self, paths: Sequence[str]) -> dict[str, Kept]:
        """What stands under each of several paths, as far as there is something."""
        self._look_up([path for path in paths if path not in self._found])
        found = ((path, self.find(path)) for path in paths)
        return {path: kept for path, kept in found if kept is not None}

    def below(self, folder: str) -> dict[str, Kept] | None:
        """All files, links and submodules below a folder, by path relative to it; None without such a folder.

        What lies in the submodules is not among them: ``inside`` gives it.
        """
        at = self.find(folder)
        if at is None or at.entry.is_file or at.entry.is_link:
            return None
        if at.entry.is_submodule:
            return self.inside(at).below("")
        if at.origin is not self:
            return at.origin.below(at.entry.path)
        prefix = f"{folder}/" if folder else ""
        if prefix.startswith(tuple(self._listed)):
            known = ((path, kept) for path, kept in self._found.items() if path.startswith(prefix))
            return {path[len(prefix) :]: kept for path, kept in known if kept and not kept.entry.is_tree}
        with self._explained(folder):
            entries = self.repository.tree(at.entry.oid) or ()
        below = {each.path: Kept(each._replace(path=prefix + each.path), self) for each in entries}
        self._found.update((kept.entry.path, kept) for kept in below.values())
        for path in {parent for each in entries for parent in _parents(each.path)}:
            self._found[prefix + path] = Kept(Entry(prefix + path, "040000", ""), self)
        self._listed.append(prefix)
        return below

    def all_below(self, folder: str) -> dict[str, Kept]:
        """All files and links below a folder, also those in submodules, by path relative to it."""
        found: dict[str, Kept] = {}
        waiting = [("", self.below(folder) or {})]
        while waiting:
            base, below = waiting.pop()
            for path, kept in below.items():
                if kept.entry.is_submodule:
                    waiting.append((f"{base}{path}/", self.inside(kept).below("") or {}))
                else:
                    found[base + path] = kept
        return found

    def inside(self, submodule: Kept) -> Snapshot:
        """The files of a submodule, at the commit that is recorded of it."""
        path = submodule.entry.path
        if submodule.origin is not self:
            return submodule.origin.inside(submodule)
        if path not in self._inside:
            commit = submodule.entry.oid
            inner = submodule_repository(self.repository, self.commit, path, commit, self.name)
            self._inside[path] = Snapshot(inner, commit, f"{self.name}:{path}")
        return self._inside[path]

    def read(self, files: Sequence[Kept], most: int | None = None) -> Iterator[bytes]:
        """The contents of files, in order. Of one above ``most`` bytes come only the first ``most + 1``."""
        start = 0
        while start < len(files):
            origin = files[start].origin
            end = next((at for at in range(start, len(files)) if files[at].origin is not origin), len(files))
            part = [each.entry for each in files[start:end]]
            with origin._explained(*(entry.path for entry in part)):
                yield from origin.repository.contents([entry.oid for entry in part], most)
            start = end

    def load(self, files: Iterable[Kept]) -> None:
        """Read what ``content`` will be asked for, in one go."""
        wanted = [kept for kept in files if kept.entry.oid not in self._contents]
        for kept, content in zip(wanted, self.read(wanted), strict=True):
            self._contents[kept.entry.oid] = content

    def content(self, kept: Kept) -> bytes:
        """The content of one file."""
        self.load([kept])
        return self._contents[kept.entry.oid]

    def _look_up(self, paths: Sequence[str]) -> None:
        with self._explained(*paths):
            entries = {each.path: each for each in self.repository.entries(self.commit, paths)}
        self._found.update((path, Kept(entries[path], self) if path in entries else None) for path in paths)

    @contextmanager
    def _explained(self, *paths: str) -> Iterator[None]:
        """Say what to do when an object is missing."""
        try:
            yield
        except MissingObjectError as missing:
            if not self.repository.partial:
                where = shown(self.repository.top)
                raise InputError(
                    f"the git repository {where} lacks a part of {self.name}: {missing.message}",
                    hint="`git fsck` says more; `git fetch --refetch` brings what a remote has",
                ) from missing
            prefix = f"{self._folder}/" if self._folder else ""
            wanted = [self._folder, *_ignore_files(self._folder)]
            wanted += (path for path in paths if not f"{path}/".startswith(prefix) and path not in wanted)
            raise InputError(
                f"this is a partial clone, and not all of {self.name} is in it",
                hint=f"`{self.repository.fetching(self.commit, wanted)}` fetches the rest",
            ) from missing


def _ignore_files(folder: str) -> Iterator[str]:
    """The ignore files above a folder."""
    while folder:
        folder = folder.rpartition("/")[0]
        yield f"{folder}/.gitignore".removeprefix("/")


def _parents(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path
