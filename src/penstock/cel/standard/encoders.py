"""``base64.encode`` and ``base64.decode``. Takes and gives native values. Source: the CEL encoders extension."""

from __future__ import annotations

import base64
import binascii

from penstock.cel.env import Function, Overload
from penstock.cel.types import BYTES, STRING


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decode(text: str) -> bytes:
    digits = text.rstrip("=")
    padding = len(text) - len(digits)
    if len(digits) % 4 == 1 or (padding and padding != -len(digits) % 4):
        raise ValueError("not base64: it has the wrong length")
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64: only A to Z, a to z, 0 to 9, + and / are digits") from None


FUNCTIONS: tuple[Function, ...] = (
    Function("base64.encode", (Overload((BYTES,), STRING, _encode),)).about(
        "Bytes as base64.", "base64.encode(b'hello') == 'aGVsbG8='"
    ),
    Function("base64.decode", (Overload((STRING,), BYTES, _decode),)).about(
        "The bytes that base64 stands for.", "base64.decode('aGVsbG8=') == b'hello'"
    ),
)
