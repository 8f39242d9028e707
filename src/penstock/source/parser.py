"""The only importer of PyYAML: event classes, and a parser that gives the same events with and without libyaml.

Takes a text, gives parser events and, for a text that is not YAML, a ``Failure``. It must not know documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError
from yaml.tokens import ScalarToken

from penstock.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    NextEvent: TypeAlias = Callable[[], Any]

Alias: type[Any] = yaml.AliasEvent
DocumentEnd: type[Any] = yaml.DocumentEndEvent
DocumentStart: type[Any] = yaml.DocumentStartEvent
MappingEnd: type[Any] = yaml.MappingEndEvent
MappingStart: type[Any] = yaml.MappingStartEvent
ScalarEvent: type[Any] = yaml.ScalarEvent
SequenceEnd: type[Any] = yaml.SequenceEndEvent
SequenceStart: type[Any] = yaml.SequenceStartEvent

_BLANK = "\0 \t\r\n"

# ValueError: PyYAML's own scanner lets it through for a version directive of thousands of digits.
ERRORS: tuple[type[Exception], ...] = (yaml.YAMLError, ValueError)
"""What a parser raises for a text that is not YAML."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A syntax error in the parser's own words; indices into the text it was given."""

    problem: str
    at: int
    context: str | None = None
    opened: int | None = None
    """Where the construct began that could not be read to its end."""


class PythonParser(Reader, Scanner, Parser):
    """PyYAML's pure-Python parser, brought in line with libyaml where the two read differently."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def scan_to_next_token(self) -> None:
        """Skip white space and comments; like libyaml also tabs, where they cannot be indentation."""
        while True:
            while self.peek() == " " or (self.peek() == "\t" and (self.flow_level or not self.allow_simple_key)):
                self.forward()
            if self.peek() == "#":
                while self.peek() not in "\0\r\n":
                    self.forward()
            if not self.scan_line_break():  # type: ignore[no-untyped-call]
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> ScalarToken:
        """A plain scalar; as libyaml with tabs between its words, and with question marks in brackets."""
        chunks: list[str] = []
        start_mark = end_mark = self.get_mark()
        indent = self.indent + 1
        spaces: list[str] = []
        while self.peek() != "#" and (length := self._plain_length(start_mark)):
            self.allow_simple_key = False
            chunks += [*spaces, self.prefix(length)]
            self.forward(length)
            end_mark = self.get_mark()
            spaces = self._plain_spaces(indent, start_mark)
            if not spaces or (not self.flow_level and self.column < indent):
                break
        return ScalarToken("".join(chunks), True, start_mark, end_mark)

    def _plain_length(self, start_mark: Any) -> int:
        length = 0
        while True:
            character = self.peek(length)
            if character in _BLANK or (character == ":" and self.peek(length + 1) in _BLANK):
                return length
            if self.flow_level and character == ":" and self.peek(length + 1) in ",?[]{}":
                self.forward(length)
                raise ScannerError(
                    "while scanning a plain scalar", start_mark, "found unexpected ':'", self.get_mark()
                )
            if self.flow_level and character in ",[]{}":
                return length
            length += 1

    def _plain_spaces(self, indent: int, start_mark: Any) -> list[str]:
        length = 0
        while self.peek(length) in " \t":
            length += 1
        blanks = self.prefix(length)
        self.forward(length)
        if self.peek() not in "\r\n":
            return [blanks] if blanks else []
        first = self.scan_line_break()  # type: ignore[no-untyped-call]
        self.allow_simple_key = True
        breaks: list[str] = []
        while not self._at_document_mark() and self.peek() in " \t\r\n":
            if self.peek() == "\t" and self.column < indent:
                raise ScannerError(
                    "while scanning a plain scalar",
                    start_mark,
                    "found a tab character that violates indentation",
                    self.get_mark(),
                )
            if self.peek() in " \t":
                self.forward()
            else:
                breaks.append(self.scan_line_break())  # type: ignore[no-untyped-call]
        if self._at_document_mark():
            return []
        return breaks or ([" "] if first == "\n" else [first])

    def _at_document_mark(self) -> bool:
        return self.column == 0 and self.prefix(3) in ("---", "...") and self.peek(3) in _BLANK

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Any) -> list[str]:
        """As inherited, but escapes of what is no character are an error, as they are to libyaml."""
        try:
            chunks: list[str] = super().scan_flow_scalar_non_spaces(double, start_mark)
            "".join(chunks).encode()
        except (ValueError, OverflowError):
            raise ScannerError(
                "while parsing a quoted scalar",
                start_mark,
                "found invalid Unicode character escape code",
                self.get_mark(),
            ) from None
        return chunks


def _libyaml() -> type[Any] | None:
    try:
        from yaml._yaml import CParser
    except ImportError:  # PyYAML installed without libyaml
        return None
    return CParser


PARSER: type[Any] = _libyaml() or PythonParser
"""The parser in use: libyaml's where PyYAML was built with it."""


def event_source(text: str) -> NextEvent:
    """A function that gives the next event of ``text`` each time it is called; raises one of ERRORS."""
    source: NextEvent = PARSER(text).get_event
    return source


def failure(error: Exception) -> Failure:
    """What went wrong, as data."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        opened = error.context_mark.index if error.context_mark is not None else None
        return Failure(error.problem or "", error.problem_mark.index, error.context, opened)
    return Failure(str(error), 0)
