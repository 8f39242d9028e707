"""Which paths to leave out: a configuration's patterns, and the .gitignore files of a tree.

Takes pattern lines and folders, answers for single paths. It must not know what the files hold.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from penstock.errors import InputError
from penstock.pattern import late
from penstock.source.wildmatch import Pattern, compile_line, compile_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from penstock.answers.seen import Seen

_SUFFIX = re.compile(r"\*(\.[A-Za-z0-9]+)")
_GITDIR = late(r"gitdir:\s*(.+)")


class Patterns:
    """Patterns of a configuration, relative to one folder.

    The last one that fits a path, or a folder it lies in, decides; ``!`` takes back.

    Raises:
        InputError: a pattern is not one.
    """

    __slots__ = ("_patterns", "_suffixes")

    def __init__(self, lines: Sequence[str]) -> None:
        # Plain `*.yaml` is what nearly everyone writes.
        suffixes = [found[1] for line in lines if (found := _SUFFIX.fullmatch(line)) is not None]
        self._suffixes = tuple(suffixes) if len(suffixes) == len(lines) else None
        patterns = [_checked(line) for line in lines] if self._suffixes is None else []
        self._patterns = [each for each in reversed(patterns) if each is not None]

    @property
    def suffixes(self) -> tuple[str, ...] | None:
        """The endings of names that fit, where the patterns say nothing else."""
        return self._suffixes

    def match(self, path: str) -> bool:
        """Whether ``path``, relative and with forward slashes, fits; a folder's ends with a slash."""
        if self._suffixes is not None:
            return path.endswith(self._suffixes)
        names = path.removesuffix("/").split("/")
        is_folder = path.endswith("/")
        for pattern in self._patterns:
            for length in range(len(names), 0, -1):
                if pattern.fits(names[:length], is_folder or length < len(names)):
                    return not pattern.negated
        return False


def _checked(line: str) -> Pattern | None:
    try:
        return compile_line(line)
    except ValueError as error:
        raise InputError(
            f"{line!r} is not a file pattern: {error}", hint="patterns are written as in .gitignore"
        ) from error


class Ignored:
    """The ignore rules of one folder, on top of those of the folders above it."""

    __slots__ = ("_above", "_base", "_names", "_others", "_patterns")

    def __init__(self, base: str, patterns: Sequence[Pattern], above: Ignored | None) -> None:
        self._base = base
        self._patterns = patterns[::-1]
        self._above = above
        # Most lines are plain names: one look tells that none of them is meant.
        self._names = frozenset(each.literal for each in patterns if each.literal is not None)
        self._others = [each for each in self._patterns if each.literal is None]

    def match(self, path: str) -> bool:
        """Whether the absolute ``path`` is ignored; a folder's ends with a slash. The deepest word counts."""
        is_folder = path.endswith("/")
        inner = path.removesuffix("/")
        rules: Ignored | None = self
        while rules is not None:
            names = inner[len(rules._base) :].split("/")
            for pattern in rules._patterns if names[-1] in rules._names else rules._others:
                if pattern.fits(names, is_folder):
                    return not pattern.negated
            rules = rules._above
        return False


def below(folder: str, above: Ignored | None) -> Ignored | None:
    """The rules inside ``folder`` (absolute, ending with a slash), given those that hold above it."""
    return _from_file(Path(folder, ".gitignore"), folder, above)


def above(root: Path, seen: Seen) -> Ignored | None:
    """The rules that hold for ``root`` (absolute, resolved) from its git repository, .git/info/exclude included.

    None when they ignore the root itself or a folder above it: it was asked for by name.
    """
    top = next((each for each in (root, *root.parents) if seen.kind(str(each / ".git"))), None)
    if top is None:
        return None
    base = _slashed(top)
    exclude = _git_folder(top, seen) / "info" / "exclude"
    seen.file(str(exclude))
    rules = _from_file(exclude, base, None)
    folder = top
    for name in root.relative_to(top).parts:
        seen.file(str(folder / ".gitignore"))
        rules = below(_slashed(folder), rules)
        folder /= name
        if rules is not None and rules.match(_slashed(folder)):
            return None
    return rules


def _slashed(folder: Path) -> str:
    return folder.as_posix().rstrip("/") + "/"


def _git_folder(top: Path, seen: Seen) -> Path:
    """Where the repository keeps its own files: worktrees and submodules point there with a file."""
    folder = top / ".git"
    try:
        if seen.kind(str(folder)) == "file":
            seen.file(str(folder))
            found = _GITDIR.match(folder.read_text(encoding="utf-8", errors="surrogateescape"))
            folder = top / found[1].strip() if found is not None else folder
            common = folder / "commondir"
            seen.file(str(common))
            if common.is_file():
                folder /= common.read_text(encoding="utf-8", errors="surrogateescape").strip()
    except (OSError, ValueError):
        pass
    return folder


def _from_file(path: Path, base: str, above: Ignored | None) -> Ignored | None:
    try:
        if path.is_symlink():  # git does not follow these either
            return above
        lines = path.read_text(encoding="utf-8-sig", errors="surrogateescape").split("\n")
    except OSError:
        return above
    return Ignored(base, compile_lines(lines), above)
