"""PyYAML's syntax errors, said for people: what is wrong, where, and what to do about the usual cause.

Takes a parser's Failure and the text, gives a Problem. Both parsers' words are known; a failure that is not keeps
the parser's own. It must not know documents or files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from penstock.source.brackets import CLOSING, DOCUMENT_MARKS, is_closed, last_open
from penstock.source.site import Problem, Site
from penstock.source.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from penstock.source.parser import Failure

_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7})(?:\s|$)")
_NO_SPACE = re.compile(r"(?:- +)*[^\s:'\"\[{]+(:)\S")
_BAD_CODE = re.compile(r"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|U[0-9a-fA-F]{8})")
_LONGEST_KEY = 1024


def explain(failure: Failure, text: str) -> Problem:
    """The failure in words that say what to mend."""
    site = Site(failure, text)
    for index in (site.opened, site.at):
        if _CONFLICT.match(site.line(index)):
            start = site.line_start(index)
            return site.problem_on_line(
                start, "a merge conflict is left in the file", "settle it and remove the marks"
            )
    for words, say in _EXPLANATIONS:
        if any(each in site.problem or each == site.context for each in words):
            problem = say(site)
            if problem is not None:
                return problem
    message = f"{site.context}: {site.problem}" if site.context else site.problem
    return site.problem_at(site.at, message or "this is not YAML", None)


def _token(site: Site) -> Problem | None:
    if site.character == "\t":
        return _tab(site)
    hint = f'a text that begins with {site.character} must be in quotes, as in "{site.character}name"'
    return site.problem_at(site.at, f"a value cannot begin with {site.character}", hint)


def _tab(site: Site) -> Problem:
    length = len(site.text[site.at :]) - len(site.text[site.at :].lstrip("\t"))
    if site.before():
        return site.problem_at(site.at, "a tab stands where YAML wants a space", "write a space", length)
    return site.problem_at(
        site.at, "a tab is used for indentation", "indent with spaces: YAML takes no tabs", length
    )


def _quote(site: Site) -> Problem | None:
    quote = site.text[site.opened : site.opened + 1]
    if quote not in ("'", '"'):
        return None
    inner = "an apostrophe inside is written twice: ''" if quote == "'" else 'a quote inside is written \\"'
    return site.problem_on_line(site.opened, f"the quote {quote} is never closed", f"close it; {inner}")


def _no_colon(site: Site) -> Problem:
    line = site.line(site.opened).strip()
    if len(line) > _LONGEST_KEY:
        return _long_key(site, site.opened)
    missing = _missing_space(site, site.opened)
    if missing is not None:
        return missing
    if re.match(r"-[^\s-]", line):
        return site.problem_at(site.opened, "a space is missing behind the dash", f"write - {line[1:].split()[0]}")
    return _no_entry(site, site.opened)


def _no_entry(site: Site, start: int) -> Problem:
    return site.problem_on_line(
        start,
        "this line is neither a key with a value nor an element of a list",
        "write it as key: value; the further lines of a text are indented below its key",
    )


def _missing_space(site: Site, index: int) -> Problem | None:
    start = site.line_start(index) + site.indent(index)
    found = _NO_SPACE.match(site.text, start)
    if found is None:
        return None
    colon = found.start(1)
    example = shown(f"write {site.text[start:colon]}: {site.rest(colon + 1)}")
    end = max(start + len(site.word(start)), colon + 1)
    return Problem("a space is missing behind the colon", example, start, end)


def _long_key(site: Site, start: int) -> Problem:
    return site.problem_at(start, f"the key is longer than {_LONGEST_KEY:,} characters", "shorten it", 1)


def _flow_colon(site: Site) -> Problem:
    return site.problem_at(
        site.at, "a space is missing behind the colon", "put a text that holds a colon in quotes", 1
    )


def _second_value(site: Site) -> Problem:
    before = site.before()
    start = site.at - len(before)
    if len(before) > _LONGEST_KEY:
        return _long_key(site, start)
    first = re.search(r":\s", before)
    if first is not None:
        return site.problem_at(
            site.at,
            "a second colon on one line: only one key can stand there",
            f"put the value in quotes if the colon is part of it: {_in_quotes(site.rest(start + first.end()))}",
            1,
        )
    above = site.line_above(site.at)
    missing = _missing_space(site, above) if above is not None else None
    if missing is not None:
        return missing
    if above is not None and site.indent(site.at) > site.indent(above):
        return site.problem_on_line(
            start,
            "this line is indented deeper than the one above it, which has its value already",
            "align it with the line above, or remove the value there",
        )
    hint = "begin it on its own line, aligned with the other keys; put a text that holds a colon in quotes"
    return site.problem_at(site.at, "a key cannot stand here", hint, 1)


def _in_quotes(value: str) -> str:
    quote = '"' if "'" in value else "'"
    return f"{quote}{shown(value)}{quote}"


def _not_a_key(site: Site) -> Problem:
    """Something stands where the next key, or the next element of a list, was due."""
    before = site.before()
    if site.character in ("]", "}"):
        return site.problem_at(site.at, f"{site.character} closes nothing", "remove it", 1)
    if before and before.rstrip()[-1] in ("'", '"'):
        return site.problem_at(
            site.at,
            "text follows the closing quote",
            "put the whole value in quotes; inside, '' stands for ' and \\\" for \"",
        )
    if before.rstrip("- "):
        return site.problem_at(site.at, "this cannot follow the value before it", "write one value for a key")
    if site.character == ":":
        return site.problem_at(site.at, "a key is missing before the colon", "write the key", 1)
    if "collection" in site.context and not site.line(site.at).strip().startswith("-"):
        return site.problem_on_line(
            site.at,
            "this line is not an element of the list above",
            "begin it with a dash, or indent it differently",
        )
    if site.character == "-" and site.indent(site.at) == site.indent(site.opened):
        return site.problem_on_line(
            site.at, "a list element stands among the keys of a mapping", "indent it below the key it belongs to"
        )
    return _indentation(site)


def _indentation(site: Site) -> Problem:
    own, outer = site.indent(site.at), site.opened - site.line_start(site.opened)
    above = site.line_above(site.at)
    fitting = {outer}
    if above is not None:
        fitting.add(site.indent(above))
    if own in fitting:
        return _no_entry(site, site.at)
    return site.problem_on_line(
        site.at,
        f"the indentation fits no line above: {_spaces(own)}",
        f"indent by {' or '.join(_spaces(each) for each in sorted(fitting))}, like the lines it belongs to",
    )


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"


def _element(site: Site) -> Problem:
    if site.before():
        return site.problem_at(
            site.at,
            "a list cannot begin on the line of its key",
            "put its first dash on the next line; put a text that begins with a dash in quotes",
            1,
        )
    return _indentation(site)


def _question(site: Site) -> Problem:
    return site.problem_at(site.at, "a key cannot begin here", "put a text that begins with ? in quotes", 1)


def _flow(site: Site) -> Problem:
    """A list or mapping in brackets has neither a comma nor its end where one was due."""
    bracket = site.text[site.opened : site.opened + 1]
    closing = CLOSING.get(bracket, "its end")
    related = ((site.opened, site.opened + 1, "opened here"),)
    if site.character and site.character in "]}":
        message = f"{bracket} is closed by {site.character}"
        return Problem(message, f"close it with {closing}", site.at, site.at + 1, related)
    if not is_closed(site.text, site.opened):
        return _never_closed(site, site.opened)
    if len(site.line(site.at)) > _LONGEST_KEY and site.character == ":":
        return _long_key(site, site.at)
    if bracket == "{" and site.character not in ("", ":"):
        hint = "write a comma between entries, and a colon between key and value"
    else:
        hint = "write a comma between entries; put a text that holds a colon in quotes"
    return Problem(
        "a comma or colon is missing before this", hint, site.at, site.at + len(site.character), related
    )


def _no_value(site: Site) -> Problem:
    line = site.line(site.at)
    if "{{" in line or "{%" in line:
        return site.problem_on_line(
            site.line_start(site.at) + site.indent(site.at),
            "this looks like a template, which is not YAML",
            "render the file first, or put a text in braces in quotes",
        )
    if site.character == ",":
        return site.problem_at(site.at, "no value stands before this comma", "remove the comma", 1)
    if site.character == ":":
        return site.problem_at(site.at, "a key is missing before the colon", "write the key", 1)
    if "flow" in site.context and (not site.character or line.startswith(DOCUMENT_MARKS)):
        opened = last_open(site.text[: site.at])
        if opened is not None:
            return _never_closed(site, opened)
    return site.problem_at(site.at, "a value is missing here", "write the value, in quotes if it is a text")


def _never_closed(site: Site, opened: int) -> Problem:
    bracket = site.text[opened]
    return site.problem_on_line(
        opened, f"the bracket {bracket} is never closed", f"close it with {CLOSING[bracket]}"
    )


def _escape(site: Site) -> Problem:
    start = site.at if site.character == "\\" else site.at - 1
    return site.problem_at(
        start,
        f"{site.text[start : start + 2]} is not an escape",
        "in double quotes write \\\\ for a backslash; in single quotes a backslash is a backslash",
        2,
    )


def _short_escape(site: Site) -> Problem | None:
    if "quoted" not in site.context:
        return None
    start = site.text.rfind("\\", site.opened, site.at)
    return site.problem_at(
        max(start, site.opened),
        "the escape lacks hexadecimal digits",
        "\\x takes 2, \\u takes 4, \\U takes 8; write \\\\ for a backslash",
        site.at - start + 1,
    )


def _bad_code(site: Site) -> Problem:
    found = _BAD_CODE.search(site.text, max(site.at - 12, site.opened))
    start, end = found.span() if found is not None else (site.at, site.at + 1)
    return Problem(
        f"the escape {site.text[start:end]} is no character",
        "write the character itself, or its code as \\U and 8 hexadecimal digits",
        start,
        end,
    )


def _no_name(site: Site) -> Problem | None:
    mark = site.text[site.opened : site.opened + 1]
    if mark not in ("*", "&"):
        return None
    kind = "an alias" if mark == "*" else "an anchor"
    word = site.word(site.opened)
    return site.problem_at(
        site.opened,
        f"{mark} begins {kind}, and no name follows",
        f'put a text that begins with {mark} in quotes: "{word}"',
    )


def _block_header(site: Site) -> Problem | None:
    mark = site.text[site.opened : site.opened + 1]
    if mark not in ("|", ">"):
        return None
    return site.problem_on_line(
        site.at,
        f"this cannot stand behind {mark} on its line",
        f"begin the text on the next line, indented; put a text that begins with {mark} in quotes",
    )


def _document_start(site: Site) -> Problem:
    if site.character in ("]", "}"):
        return site.problem_at(site.at, f"{site.character} closes nothing", "remove it", 1)
    above = site.line_above(site.at)
    if above is not None and site.text.startswith("%", above):
        return _directive_at(site, above)
    if not site.before() and above is not None and site.indent(above) > site.indent(site.at):
        return site.problem_on_line(
            site.at, "this line is indented less than the first one", "indent all keys of the document alike"
        )
    return site.problem_on_line(
        site.at, "text follows the end of the document", "remove it, or begin a new document with a line ---"
    )


def _tag_handle(site: Site) -> Problem:
    return site.problem_at(site.opened, "this tag is not allowed", "remove it: a manifest is plain data")


def _directive(site: Site) -> Problem | None:
    start = site.line_start(site.opened)
    return _directive_at(site, start) if site.text.startswith("%", start) else None


def _directive_at(site: Site, start: int) -> Problem:
    return site.problem_on_line(start, "this line cannot be used: % begins a directive to the parser", "remove it")


_EXPLANATIONS: tuple[tuple[tuple[str, ...], Callable[[Site], Problem | None]], ...] = (
    (("cannot start any token",), _token),
    (("found a tab character",), _tab),
    (("unexpected end of stream", "unexpected document"), _quote),
    (("could not find expected ':'",), _no_colon),
    (("found unexpected ':'",), _flow_colon),
    (("mapping values are not allowed",), _second_value),
    (("did not find expected key", "expected <block end>", "expected '-' indicator"), _not_a_key),
    (("sequence entries are not allowed",), _element),
    (("mapping keys are not allowed",), _question),
    (("expected ',' or",), _flow),
    (("expected node content", "expected the node content"), _no_value),
    (("unknown escape character",), _escape),
    (("hexdecimal number", "hexadecimal number"), _short_escape),
    (("invalid Unicode character escape",), _bad_code),
    (("expected alphabetic or numeric character",), _no_name),
    (
        ("comment or line break", "comment or a line break", "chomping or indentation", "indentation indicator"),
        _block_header,
    ),
    (("<document start>",), _document_start),
    (("undefined tag handle", "while scanning a tag", "while parsing a tag"), _tag_handle),
    (
        ("directive", "YAML document", "version number", "duplicate tag handle", "while scanning a directive"),
        _directive,
    ),
)
