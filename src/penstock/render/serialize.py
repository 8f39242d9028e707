"""Data as JSON text that may be printed: exact for a program, inert for a terminal."""

from __future__ import annotations

import json
import re

from penstock.render.escape import ACTIVE_RANGES

# A line break in the serialised text is layout: json.dumps writes those of the data as \n.
_ACTIVE = re.compile(f"(?!\n)[{ACTIVE_RANGES}]")


def json_text(data: object) -> str:
    """``data`` as JSON: two spaces, keys in their order, a final newline, active characters as ``\\uXXXX``.

    The data comes back exactly, except that a lone surrogate, which UTF-8 cannot carry, becomes U+FFFD.
    """
    return _ACTIVE.sub(_escape, json.dumps(data, indent=2, ensure_ascii=False)) + "\n"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xD800 <= code <= 0xDFFF:
        return "\\ufffd"
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
