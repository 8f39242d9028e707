"""Makes an expression smaller while it still does what is wrong with it.

Takes text and a test of texts; gives the smallest text found that passes the test. Parts are replaced by parts of
themselves, then by short literals; must not know what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from penstock.cel.errors import ParseError
from penstock.cel.parser import parse
from penstock.cel.syntax import walk

_SHORT = ("1", "true", "'a'", "[]", "null", "1u", "1.0", "b'a'", "i", "s")
_ROUNDS = 60


def shrunk(text: str, fails: Callable[[str], bool]) -> str:
    """The text, or a shorter one that ``fails``, too."""
    for _ in range(_ROUNDS):
        smaller = next((each for each in _smaller(text) if fails(each)), None)
        if smaller is None:
            return text
        text = smaller
    return text


def _smaller(text: str) -> Iterator[str]:
    try:
        nodes = list(walk(parse(text).root))
    except ParseError:
        return
    spans = sorted({(node.start, node.end) for node in nodes}, key=lambda span: span[0] - span[1])
    seen: set[str] = set()
    for start, end in spans:
        inside = [
            text[low:high] for low, high in spans if start <= low and high <= end and high - low < end - start
        ]
        for part in (*reversed(inside), *(short for short in _SHORT if len(short) < end - start)):
            for made in (f"{text[:start]}{part}{text[end:]}", f"{text[:start]}({part}){text[end:]}"):
                if len(made) < len(text) and made not in seen:
                    seen.add(made)
                    yield made
