"""Patterns as .gitignore files write them, judged as git judges them.

Takes lines and single paths, tells whether a line fits a path. However a pattern is made, matching does not run
away. It must not know files or folders on disk.

https://git-scm.com/docs/gitignore. Our own, because pathspec lets a pattern for a folder decide over what lies in
it, which git does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from penstock.pattern import late
from penstock.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    Name: TypeAlias = Callable[[str], object]

_IN_CLASS = r"\[:[a-z]+:\]|\\.|[^\]\\]"
_ITEM = late(rf"\*+|\?|\\(.)|\[([!^]|(?![!^]))((?:\]|{_IN_CLASS})(?:{_IN_CLASS})*)\]|([^\\\[])", re.DOTALL)
_MEMBER = late(r"\[:([a-z]+):\]|(\\?.)(?:-(\\?.))?", re.DOTALL)
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\0-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line. ``parts`` fit the names on a path one by one; None stands for any number of folders."""

    negated: bool
    folders_only: bool
    anywhere: bool
    """Whether only the last name counts, in whatever folder."""
    parts: tuple[Name | None, ...]
    literal: str | None = None
    """The name, when it is a pattern for one name without wildcards."""

    def fits(self, names: Sequence[str], is_folder: bool) -> bool:
        """Whether the path of these names fits: the entry itself, not what lies in it."""
        if self.folders_only and not is_folder:
            return False
        if self.anywhere:
            first = self.parts[0]
            return first is not None and bool(first(names[-1]))
        return _fits(self.parts, names)


def _fits(parts: Sequence[Name | None], names: Sequence[str]) -> bool:
    """Greedy matching: only the last ``**`` ever has to take one folder more."""
    part = name = 0
    star, taken = -1, 0
    while name < len(names):
        here = parts[part] if part < len(parts) else None
        if part < len(parts) and here is None:
            star, taken = part, name
            part += 1
        elif here is not None and here(names[name]):
            part += 1
            name += 1
        elif star >= 0:
            taken += 1
            part, name = star + 1, taken
        else:
            return False
    return part == len(parts)


def compile_line(line: str) -> Pattern | None:
    """The pattern on a line; None for a blank line or a comment.

    Raises:
        ValueError: the line cannot fit anything.
    """
    text = line.removesuffix("\r")
    if text.startswith("#"):
        return None
    while text.endswith(" ") and not text.endswith("\\ "):
        text = text[:-1]
    if not text:
        return None
    negated = text.startswith("!")
    text = text.removeprefix("!")
    folders_only = text.endswith("/")
    text = text.removesuffix("/")
    if not text:
        raise ValueError("nothing is left to fit")
    if "/" not in text:
        literal = text if not any(each in "*?[\\" for each in text) else None
        return Pattern(negated, folders_only, True, (_name(text),), literal)
    pieces = text.removeprefix("/").split("/")
    parts = [None if len(piece) > 1 and not piece.strip("*") else _name(piece) for piece in pieces]
    if parts[-1] is None:
        parts.append(_name("*"))  # `a/**` is what lies in a, not a itself
    return Pattern(negated, folders_only, False, tuple(parts))


def compile_lines(lines: Iterable[str]) -> list[Pattern]:
    """The patterns on the lines; lines that cannot fit anything are passed over, as git does."""
    patterns = []
    for line in lines:
        try:
            pattern = compile_line(line)
        except ValueError:
            continue
        if pattern is not None:
            patterns.append(pattern)
    return patterns


def _name(text: str) -> Name:
    """What tells whether one name fits."""
    if not any(each in "*?[\\" for each in text):
        return text.__eq__
    try:
        return re.compile(_expression(text), re.DOTALL).fullmatch
    except re.error as error:
        raise ValueError(str(error)) from error


def _expression(text: str) -> str:
    """A regular expression in which each star but the last takes as little as it can, for good."""
    pieces = [""]
    end = 0
    for found in _ITEM.finditer(text):
        if found.start() != end:
            break
        end = found.end()
        escaped, negation, members, plain = found.groups()
        if found[0].startswith("*"):
            pieces.append("")
        elif found[0] == "?":
            pieces[-1] += "."
        elif members is not None:
            inner = "".join(_members(members))
            # No member at all: nothing fits, or anything when negated.
            pieces[-1] += f"[{'^' if negation else ''}{inner}]" if inner else "." if negation else "(?!)"
        else:
            pieces[-1] += re.escape(escaped or plain)
    if end != len(text):
        raise ValueError("a bracket is not closed, or nothing follows a backslash")
    expression = pieces[0]
    for number, piece in enumerate(pieces[1:-1]):
        expression += f"(?=(?P<g{number}>.*?{piece}))(?P=g{number})" if piece else ""
    return expression if len(pieces) == 1 else f"{expression}.*{pieces[-1]}"


def _members(text: str) -> Iterator[str]:
    """What stands between brackets, for a regular expression."""
    for found in _MEMBER.finditer(text):
        named, first, last = found.groups()
        if named is not None:
            yield _CLASSES.get(named, "")
        elif last is None:
            yield re.escape(first[-1])
        elif first[-1] <= last[-1]:
            yield f"{re.escape(first[-1])}-{re.escape(last[-1])}"
