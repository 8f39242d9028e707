"""The fenced blocks of a Markdown page.

Takes the page's text; gives each block with what stands behind its fence and where its lines are. A block's first
word is its language; the words after it say what it is for, and readers do not see them:

    ```console run           commands and what they print; ``tools/transcripts.py`` runs them
    ```yaml file=a/b.yaml    the whole content of a file, for the commands that follow
    ```diff file=a/b.yaml    a change of that file
    ```yaml manifest         one or several manifests
    ```yaml config           a penstock.yaml
    ```yaml policy           a policy file
    ```yaml part=a/b.yaml    lines out of a file of this repository; ``# ...`` stands for those left out
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"( *)(`{3,}|~{3,})(.*)")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block. ``first`` and ``last`` are the indexes of its fences among the page's lines."""

    language: str
    words: tuple[str, ...]
    body: str
    first: int
    last: int

    def value(self, key: str) -> str | None:
        """The value of a ``key=value`` word."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(f"{key}=")), None)


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a page, in order.

    Raises:
        ValueError: a block is not closed.
    """
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        opening = _FENCE.fullmatch(lines[index])
        if opening is None:
            index += 1
            continue
        indent, fence, info = opening.groups()
        closing = index + 1
        while closing < len(lines) and lines[closing].strip() != fence:
            closing += 1
        if closing == len(lines):
            raise ValueError(f"the block that starts at line {index + 1} is not closed")
        language, *words = info.split() or [""]
        body = "".join(f"{line.removeprefix(indent)}\n" for line in lines[index + 1 : closing])
        yield Block(language, tuple(words), body, index, closing)
        index = closing + 1
