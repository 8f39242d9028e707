"""Text from a manifest, made safe to show: takes any string, gives one without characters that act.

A manifest is written by whoever opens a pull request. Shown raw, a control character rewrites the terminal, a
bidi override reverses what the reader sees, and a line break starts a command of the CI system. Such characters
are shown as what they are, e.g. ``\\x1b`` or ``\\u202e``. Nothing here knows of findings or formats' layouts.
"""

from __future__ import annotations

from penstock.pattern import late

ACTIVE_RANGES = (
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners and fillers without a glyph
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero-width, line separators, bidi marks, overrides, isolates
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"  # fillers, BOM, interlinear marks, noncharacters
    "\ud800-\udfff"  # lone surrogates: no encoding takes them
    "\U000e0000-\U000e0fff"  # tags and further variation selectors
)
ACTIVE = late(f"[{ACTIVE_RANGES}]")
"""A character that is never printed as it stands."""

CI_COMMAND = late(r"##(?=[A-Za-z]*\[)")
"""How Azure Pipelines, TeamCity and old GitHub runners start a command, anywhere in a line of the log."""

_NAMED = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
_LINE_BREAK = late(r"\r\n|\r|\n")
_COMMAND_LINE = late(r"^(\s*):(?=:)")


def shown(char: str) -> str:
    """How one active character is written: ``\\t``, ``\\x1b``, ``\\u202e`` or ``\\U000e0041``."""
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """``text`` on one line, with every active character shown."""
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    text = CI_COMMAND.sub(r"\\x23#", text)
    return ACTIVE.sub(lambda match: shown(match[0]), text)


def line_start(text: str) -> str:
    """``text``, which opens a line of output, unable to start a GitHub workflow command (``::name::``)."""
    return _COMMAND_LINE.sub(r"\1\\x3a", text)


def visible_lines(text: str) -> list[str]:
    """The lines of ``text``, each made visible and free of outer blanks; blank lines are dropped."""
    lines = (visible(line.strip(" \t")) for line in split_lines(text))
    return [line for line in lines if line] or [""]


def one_line(text: str) -> str:
    """``text`` made visible, its line breaks replaced by spaces."""
    return " ".join(visible_lines(text))


def split_lines(text: str) -> list[str]:
    """The lines of ``text`` as YAML 1.2 counts them: only LF, CR and CRLF end a line."""
    return _LINE_BREAK.split(text) if "\r" in text else text.split("\n")
