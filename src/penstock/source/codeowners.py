"""CODEOWNERS: who owns a file of a repository, as GitHub reads it; GitLab's sections are understood.

Takes the file's text and paths from the top of the repository, tells which lines decide and whom they name. It
must not know people behind handles, nor read files.

The patterns are GitHub's: those of .gitignore, of which the last that fits decides, except that ``dir/*`` does not
reach below the folder, and that ``!`` and ``[ ]`` make a line invalid. Invalid lines are passed over. In GitLab's
form each section decides for itself; owners in a heading hold for its lines without owners.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from penstock.model import Span
from penstock.pattern import late
from penstock.record import dataclass, field
from penstock.source.wildmatch import Pattern, compile_line

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where the file may be, from the top of the repository; the first that exists is the one that counts."""

_WORD = late(r"(?:\\.|\\\Z|[^\s\\])+")
_HEADING = late(r"(?P<optional>\^)?\[(?P<name>[^\]]+)\](?:\[[0-9]+\])?(?P<owners>\s.*)?\Z")
_OWNER = late(r"@{1,2}[^\s@]+\Z|[^\s@]+@[^\s@]+\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a pattern and whom it names."""

    pattern: Pattern
    shallow: bool
    """Whether it is about what lies directly in a folder, and nothing below (``docs/*``)."""
    owners: tuple[str, ...]
    """E-mail addresses, ``@user`` and ``@organization/team``; none takes ownership away."""
    span: Span
    """The line, without its comment."""

    def fits(self, names: Sequence[str]) -> bool:
        """Whether the file of this path, or a folder that it lies in, is meant."""
        if self.shallow:
            return self.pattern.fits(names, False)
        return any(self.pattern.fits(names[:end], end < len(names)) for end in range(1, len(names) + 1))


@dataclass(slots=True)
class _Section:
    optional: bool = False
    entries: list[Entry] = field(default_factory=list)


class CodeOwners:
    """The lines of one file."""

    __slots__ = ("_sections",)

    def __init__(self, text: str) -> None:
        self._sections = tuple(_sections(text))

    def deciding(self, path: str) -> tuple[Entry, ...]:
        """The lines that decide about a file; ``path`` is relative to the repository, with forward slashes.

        One line, or one of each section: those of required sections, and only where these name nobody, those of
        optional ones. None when no line fits.
        """
        names = path.split("/")
        found: dict[bool, list[Entry]] = {False: [], True: []}
        for section in self._sections:
            last = next((entry for entry in reversed(section.entries) if entry.fits(names)), None)
            if last is not None:
                found[section.optional].append(last)
        for entries in (found[False], found[True]):
            naming = tuple(entry for entry in entries if entry.owners)
            if naming:
                return naming
        return (*found[False], *found[True])


def _sections(text: str) -> list[_Section]:
    """The sections by name; the lines above the first heading are one without a name."""
    section = _Section()
    sections = {"": section}
    defaults: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        heading = _HEADING.match(line.strip())
        if heading is not None:
            defaults = _owners(_WORD.findall(heading["owners"] or "")) or ()
            # Headings that differ in case alone are one section.
            name = heading["name"].strip().casefold()
            section = sections.setdefault(name, _Section(heading["optional"] is not None))
            continue
        entry = _entry(number, line, defaults)
        if entry is not None:
            section.entries.append(entry)
    return list(sections.values())


def _entry(number: int, line: str, defaults: tuple[str, ...]) -> Entry | None:
    """A line's entry; None for a blank line, a comment and a line that is not valid."""
    words = list(_WORD.finditer(line))
    comment = next((index for index, word in enumerate(words) if word[0].startswith("#")), len(words))
    words = words[:comment]
    if not words:
        return None
    text = words[0][0]
    owners = _owners([word[0] for word in words[1:]])
    if owners is None or text.startswith(("!", "\\#")) or re.search(r"(?<!\\)[\[\]]", text):
        return None
    try:
        pattern = compile_line(text)
    except ValueError:
        return None
    if pattern is None:
        return None
    start = words[0].start()
    span = Span.at(number, start + 1, words[-1].end() - start)
    return Entry(pattern, text.endswith("/*"), owners or defaults, span)


def _owners(words: Sequence[str]) -> tuple[str, ...] | None:
    """The owners that the words name, up to a comment; None when one of them is no owner."""
    named: list[str] = []
    for word in words:
        if word.startswith("#"):
            break
        if not _OWNER.match(word):
            return None
        named.append(word)
    return tuple(named)
