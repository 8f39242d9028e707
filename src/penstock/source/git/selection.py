"""Finds the manifest files of a rollout in a commit: those that ``source.discovery`` would find in a checkout.

Takes a snapshot, a folder and patterns; gives files. The rules are those of the working tree, a second time: there
is nothing on disk to walk through. A property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from penstock.record import dataclass
from penstock.source import ignore
from penstock.source.discovery import MARKER
from penstock.source.git.links import follow
from penstock.source.git.snapshot import Kept, Snapshot
from penstock.source.wildmatch import compile_lines

POINTS_TO_NOTHING = "the link points to nothing"


@dataclass(frozen=True, slots=True)
class Selected:
    """The files found, by path relative to the folder, and the links that lead nowhere."""

    files: dict[str, Kept]
    """Of a link, the file that it leads to."""
    broken: tuple[str, ...] = ()


def select(
    snapshot: Snapshot, folder: str, include: Sequence[str], exclude: Sequence[str], marker: str = MARKER
) -> Selected | None:
    """The files below a folder that fit ``include`` and not ``exclude``; None when there is no such folder.

    Raises:
        InputError: a pattern is not one, or git does not hold what is asked for.
    """
    below = snapshot.below(folder)
    if below is None:
        return None
    walk = _Walk(snapshot, folder, below, marker, ignore.Patterns(exclude))
    wanted = ignore.Patterns(include)
    files: dict[str, Kept] = {}
    links: dict[str, Kept] = {}
    for path, kept in walk.files():
        if wanted.match(path):
            (links if kept.entry.is_link else files)[path] = kept
    taken, broken = _led_to(snapshot, folder, links, files)
    return Selected({**files, **taken}, broken)


class _Walk:
    """Goes through the folders of a commit, past hidden and ignored ones and those of other rollouts."""

    def __init__(
        self, snapshot: Snapshot, folder: str, below: dict[str, Kept], marker: str, unwanted: ignore.Patterns
    ) -> None:
        self._snapshot = snapshot
        self._base = f"{folder}/" if folder else ""
        self._marker = marker
        self._unwanted = unwanted
        self._folders: dict[str, dict[str, Kept | None]] = {"": {}}
        """What each folder holds, by name; None for a folder."""
        self._hang("", below)

    def files(self) -> Iterator[tuple[str, Kept]]:
        """Files and links, by path."""
        level: list[tuple[str, ignore.Ignored | None]] = [("", _above(self._snapshot, self._base))]
        while level:
            level = [each for each in level if not each[0] or self._marker not in self._folders[each[0]]]
            # The ignore files of one depth are read together.
            found = (self._folders[path].get(".gitignore") for path, _ in level)
            self._snapshot.load(kept for kept in found if kept is not None and kept.entry.is_file)
            deeper: list[tuple[str, ignore.Ignored | None]] = []
            for path, above in level:
                rules = _below(self._snapshot, self._base + path, self._folders[path].get(".gitignore"), above)
                for inner, kept in self._wanted(path, rules):
                    if kept is None or kept.entry.is_submodule:
                        deeper.append((inner, rules))
                    else:
                        yield inner, kept
            level = deeper

    def _wanted(self, path: str, rules: ignore.Ignored | None) -> Iterator[tuple[str, Kept | None]]:
        """What a folder holds and nothing leaves out; submodules are opened."""
        for name, kept in self._folders[path].items():
            is_folder = kept is None or kept.entry.is_submodule
            inner = f"{path}{name}/" if is_folder else f"{path}{name}"
            if name.startswith(".") or inner == self._marker or self._unwanted.match(inner):
                continue
            if rules is not None and rules.match(self._base + inner):
                continue
            if kept is not None and kept.entry.is_submodule:
                self._folders[inner] = {}
                self._hang(inner, self._snapshot.inside(kept).below("") or {})
            yield inner, kept

    def _hang(self, base: str, below: dict[str, Kept]) -> None:
        """Take in what lies below a folder, and the folders between."""
        for path, kept in below.items():
            entry: Kept | None = kept
            folder, name = _split(base + path)
            while folder not in self._folders:
                self._folders[folder] = {name: entry}
                folder, name = _split(folder.removesuffix("/"))
                entry = None
            self._folders[folder][name] = entry


def _split(path: str) -> tuple[str, str]:
    """The folder of a path, with its slash, and the name."""
    folder, slash, name = path.rpartition("/")
    return folder + slash, name


def _above(snapshot: Snapshot, base: str) -> ignore.Ignored | None:
    """The rules that hold for the folder ``base`` from above; None when they ignore it or a folder above it."""
    if not snapshot.repository.ignores_above:
        return None
    rules: ignore.Ignored | None = None
    exclude = snapshot.repository.common_dir / "info" / "exclude"
    try:
        if not exclude.is_symlink():
            rules = _rules(exclude.read_bytes(), "", None)
    except OSError:
        pass
    folders = [""]
    for name in base.split("/")[:-1]:
        folders.append(f"{folders[-1]}{name}/")
    found = snapshot.find_all([f"{folder}.gitignore" for folder in folders[:-1]])
    snapshot.load(kept for kept in found.values() if kept.entry.is_file)
    for folder, inner in pairwise(folders):
        rules = _below(snapshot, folder, found.get(f"{folder}.gitignore"), rules)
        if rules is not None and rules.match(inner):
            return None
    return rules


def _below(
    snapshot: Snapshot, base: str, file: Kept | None, above: ignore.Ignored | None
) -> ignore.Ignored | None:
    """The rules inside the folder ``base``, given its ignore file and those that hold above it."""
    if file is None or not file.entry.is_file:
        return above
    return _rules(snapshot.content(file), base, above)


def _rules(content: bytes, base: str, above: ignore.Ignored | None) -> ignore.Ignored:
    text = content.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    return ignore.Ignored(base, compile_lines(text.split("\n")), above)


def _led_to(
    snapshot: Snapshot, folder: str, links: dict[str, Kept], files: dict[str, Kept]
) -> tuple[dict[str, Kept], tuple[str, ...]]:
    """Those of the links that lead to a file inside the folder, each file once and none of ``files``."""
    base = f"{folder}/" if folder else ""
    snapshot.load(links.values())
    seen = set(files)
    taken: dict[str, Kept] = {}
    broken: list[str] = []
    for link in sorted(links, key=lambda path: path.split("/")):
        place = follow(snapshot, base + link)
        if place is None or not f"{place.path}/".startswith(base):
            continue
        name = place.path[len(base) :]
        if place.kept is None:
            broken.append(link)
        elif place.kept.entry.is_file and name not in seen:
            seen.add(name)
            taken[link] = place.kept
    return taken, tuple(broken)
