"""Files and bytes to readings.

Takes paths or raw bytes and the name to show for them, gives Readings; a file that cannot be read, or is no
text, is a fault and never an exception. It must not know YAML.
"""

from __future__ import annotations

import codecs
import os
import stat
from typing import TYPE_CHECKING

from penstock.source import limits
from penstock.source.document import Fault, Reading, SourceFile
from penstock.source.text import Lines

if TYPE_CHECKING:
    from pathlib import Path

# A FIFO must not block the run; Windows knows neither flag, and needs its own to leave line ends alone.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_CHUNK = 32 * 1024  # with buffers of 1 MiB reading takes twice as long


def read_path(path: Path, shown: str) -> Reading:
    """Read the file at ``path``; findings name it ``shown``."""
    try:
        raw = raw_content(path)
    except OSError as error:
        return _unreadable(shown, f"the file cannot be read: {error.strerror or error}")
    except ValueError as error:  # a NUL in the path
        return _unreadable(shown, f"the file cannot be read: {error}")
    if raw is None:
        return _unreadable(shown, "this is not a regular file")
    return read_bytes(raw, shown)


def read_bytes(raw: bytes, shown: str) -> Reading:
    """Read a file's content; findings name it ``shown``."""
    file, fault = decode(raw, shown)
    if fault is not None:
        return Reading(file, (), (fault,))
    # Late: a run whose files are all cached must not pay for what only parsing needs.
    from penstock.source.yaml import read

    return read(file)


def decode(raw: bytes, shown: str) -> tuple[SourceFile, Fault | None]:
    """The text of a file in UTF-8, or in UTF-16 with its byte order mark.

    With a fault, the text is what could be made of it, right up to the fault's place.
    """
    if len(raw) > limits.BYTES:
        message, hint = limits.TOO_LARGE
        return SourceFile(shown, ""), Fault("unreadable-file", message, None, hint)
    encoding = "UTF-8"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "UTF-16"
    elif raw.startswith(codecs.BOM_UTF8):
        raw = raw[len(codecs.BOM_UTF8) :]
    try:
        return SourceFile(shown, raw.decode(encoding)), None
    except UnicodeDecodeError as error:
        text = raw.decode(encoding, errors="replace")
        index = len(raw[: error.start].decode(encoding))
        message = f"byte 0x{raw[error.start]:02x} is not {encoding}"
        span = Lines(text).span(index, min(index + 1, len(text)))
        return SourceFile(shown, text), Fault("syntax-error", message, span, "save the file as UTF-8")


def raw_content(path: Path | str) -> bytes | None:
    """The content of a regular file, None for anything else; never more than a little above the limit.

    Raises:
        OSError: it cannot be read.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        content = os.read(descriptor, min(status.st_size, _CHUNK) + 1)
        if len(content) == status.st_size:
            return content
        chunks = [content]  # a large file, or one that is growing
        size = len(content)
        while size <= limits.BYTES and (chunk := os.read(descriptor, _CHUNK)):
            chunks.append(chunk)
            size += len(chunk)
        return b"".join(chunks)
    finally:
        os.close(descriptor)


def _unreadable(shown: str, message: str) -> Reading:
    return Reading(SourceFile(shown, ""), (), (Fault("unreadable-file", message),))
