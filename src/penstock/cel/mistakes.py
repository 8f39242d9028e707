"""What is wrong with a text that is no expression, in words for who wrote it.

Takes the tokens and where the parser stopped, gives the ParseError. Nothing here runs for a correct text. Must
not know the tree.
"""

from __future__ import annotations

from penstock.cel import hints, literals
from penstock.cel.errors import ParseError
from penstock.cel.faults import fault
from penstock.cel.lexer import KEYWORDS, Tokens

_CLOSES = {")": "(", "]": "[", "}": "{"}
_CLOSER = {opener: closer for closer, opener in _CLOSES.items()}
_BEGIN_VALUES = frozenset({"name", "plain", "string", "number", "true", "false", "null", "(", "{"})
_LONGEST_SHOWN = 40

KEY_END = "the `:` of this key"
"""What the parser wants behind a key of a map."""


def reserved(text: str, tokens: Tokens, at: int) -> ParseError:
    word = tokens.words[at]
    hint = f"; {hints.RESERVED[word]}" if word in hints.RESERVED else ""
    return _over(text, tokens, at, at, f"`{word}` is a reserved word{hint}")


def foreign_constant(text: str, tokens: Tokens, at: int) -> ParseError:
    word = tokens.words[at]
    return _over(text, tokens, at, at, f"`{word}` is not a word of CEL; write `{hints.FOREIGN_CONSTANTS[word]}`")


def message(text: str, tokens: Tokens, start: int, at: int) -> ParseError:
    return fault(text, start, tokens.ends[at], "messages (`Name{...}`) are not supported; write a map")


def mixed_signs(text: str, tokens: Tokens, first: int, at: int) -> ParseError:
    one, other = tokens.words[first], tokens.words[at]
    reason = f"`{other}` cannot follow `{one}` without brackets: write `{one}({other}x)`"
    return _over(text, tokens, first, at, reason)


def no_field(text: str, tokens: Tokens, at: int) -> ParseError:
    """No name stands behind a dot."""
    kind, word = tokens.kinds[at], _shown(tokens.words[at])
    if kind == "bad":
        return _bad(text, tokens, at)
    if kind in KEYWORDS:
        return _over(text, tokens, at, at, f"`{word}` is a keyword; this field is written .`{word}` or ['{word}']")
    if kind in ("plain", "string"):
        return _over(text, tokens, at - 1, at, f"a field in quotes stands in brackets: `[{word}]`")
    if kind == "number" and word[0] == ".":
        return _over(text, tokens, at - 1, at, f"`..` is not an operator; {hints.PAIRS['..']}")
    if kind == "number":
        return _over(text, tokens, at - 1, at, f"an element stands in brackets: `[{word}]`")
    if at > 1 and tokens.kinds[at - 2] == "number" and tokens.starts[at - 1] == tokens.ends[at - 2]:
        return _over(text, tokens, at - 2, at - 1, "the digits behind the point are missing")
    return _pair(text, tokens, at) or _over(
        text, tokens, at - 1, at - 1, "the name of a field is missing behind `.`"
    )


def no_function(text: str, tokens: Tokens, at: int) -> ParseError:
    """A name that cannot be called is called."""
    if tokens.kinds[at] == "quoted_name":
        return _over(text, tokens, at, at, "a name in backticks can only be a field, not a function")
    return _over(text, tokens, at - 2, at, "`.?` takes a field; a function is called with `.`")


def no_value(text: str, tokens: Tokens, at: int) -> ParseError:
    """A value is expected, and the next token cannot begin one."""
    kind, word = tokens.kinds[at], tokens.words[at]
    before = tokens.kinds[at - 1] if at else ""
    if kind == "bad":
        return _bad(text, tokens, at)
    if kind == "end" and not at:
        return fault(text, 0, 0, "the expression is empty: there is nothing but a comment")
    pair = _pair(text, tokens, at)
    if pair is not None:
        return pair
    if kind == "quoted_name":
        return _over(text, tokens, at, at, "a name in backticks can only be a field, after a dot")
    if before in hints.OPERATORS and kind not in hints.OPERATORS:
        return _over(text, tokens, at - 1, at - 1, f"a value is missing behind `{before}`")
    if kind == "end" or kind in _CLOSES:
        return _early_end(text, tokens, at)
    if kind == ".":
        return no_field(text, tokens, at + 1)
    if before in hints.OPERATORS:
        return _over(text, tokens, at - 1, at, f"a value is missing between `{before}` and `{word}`")
    return _over(text, tokens, at, at, f"a value is missing in front of `{word}`")


def _early_end(text: str, tokens: Tokens, at: int) -> ParseError:
    """The text or a bracket ends too early, and no operator is to blame."""
    kind, before = tokens.kinds[at], tokens.kinds[at - 1] if at else ""
    opened = _open_bracket(tokens, at)
    if opened is None:
        return _over(text, tokens, at, at, f"`{kind}` closes nothing")
    bracket = tokens.kinds[opened]
    if kind == "end":
        return _over(text, tokens, opened, opened, f"`{bracket}` is not closed: `{_CLOSER[bracket]}` is missing")
    if bracket != _CLOSES[kind]:
        line = text.count("\n", 0, tokens.starts[opened]) + 1
        reason = f"`{kind}` does not close the `{bracket}` of line {line}: `{_CLOSER[bracket]}` is missing"
        return _over(text, tokens, at, at, reason)
    if before == ",":
        return _over(
            text, tokens, at - 1, at, f"a value is missing between `,` and `{kind}`, or the `,` is too much"
        )
    return _over(text, tokens, opened, at, f"a value is missing between `{bracket}` and `{kind}`")


def after_a_value(text: str, tokens: Tokens, at: int, wanted: str | None) -> ParseError:
    """A value is complete, and the next token cannot follow it. ``wanted``: what could, beside an operator."""
    kind, before = tokens.kinds[at], tokens.kinds[at - 1]
    if before == "," or before in _CLOSER:
        return no_value(text, tokens, at)
    if kind == "bad":
        return _bad(text, tokens, at)
    hinted = _side_by_side(text, tokens, at) or (_pair(text, tokens, at + 1) if kind == ":" else None)
    if hinted is not None:
        return hinted
    if wanted == "`:`" and kind != "?":
        return _half_conditional(text, tokens, at)
    opened = _open_bracket(tokens, at)
    bracket = "" if opened is None else tokens.kinds[opened]
    if kind == "end" or (kind in _CLOSES and bracket != _CLOSES[kind]):
        return _early_end(text, tokens, at)
    return _over(text, tokens, at, at, _not_expected(tokens, at, bracket, wanted))


def _not_expected(tokens: Tokens, at: int, bracket: str, wanted: str | None) -> str:
    kind = tokens.kinds[at]
    if kind == "?":
        return "a conditional between `?` and `:` needs brackets: `a ? (b ? c : d) : e`"
    if kind == ":" and bracket == "[":
        return "`:` cannot stand between `[` and `]`; a part of a list is `list.slice(from, to)`"
    if kind == ":" and bracket != "{":
        return "this `:` belongs to no `?`"
    if kind == "!":
        return "`!` cannot stand behind a value; write `a != b` or `!(a in b)`"
    if kind in (",", "}") and wanted == KEY_END:
        return "a key has no value: a map is written `{key: value}`, a list `[value]`"
    if kind in _BEGIN_VALUES:
        missing = (
            " or `,`" if wanted and wanted.startswith("`,`") else f" or {KEY_END}" if wanted == KEY_END else ""
        )
        return f"an operator{missing} is missing in front of `{_shown(tokens.words[at])}`"
    allowed = f"an operator{', ' if wanted and ' or ' in wanted else ' or '}{wanted or 'the end'}"
    return f"`{_shown(tokens.words[at])}` is not expected here; {allowed} is"


def _half_conditional(text: str, tokens: Tokens, at: int) -> ParseError:
    question = _question(tokens, at)
    if tokens.kinds[question + 1] == "." and tokens.ends[question] == tokens.starts[question + 1]:
        reason = f"`?.` is not an operator; {hints.PAIRS['?.']}"
        return _over(text, tokens, question, question + 1, reason)
    return _over(text, tokens, question, question, f"the `:` of this `?` is missing; {hints.CHOICE}")


def _side_by_side(text: str, tokens: Tokens, at: int) -> ParseError | None:
    """A word that is an operator elsewhere, or two tokens that were meant to be one."""
    kind, word, following = tokens.kinds[at], tokens.words[at], tokens.words[min(at + 1, len(tokens.words) - 1)]
    before_kind, before = tokens.kinds[at - 1], tokens.words[at - 1]
    if before_kind == "name" and before in ("not", "NOT") and kind != "end" and kind not in _CLOSES:
        return _over(text, tokens, at - 1, at - 1, f"`{before}` is not an operator; write `!`")
    if tokens.starts[at] == tokens.ends[at - 1]:
        return _touching(text, tokens, at)
    if (kind == "name" and word in ("not", "NOT") and following == "in") or (kind == "!" and following == "in"):
        found = text[tokens.starts[at] : tokens.ends[at + 1]]
        return _over(text, tokens, at, at + 1, f"`{_shown(found)}` is not an operator; write `!(a in b)`")
    if kind == "name" and word == "is" and following in ("not", "NOT"):
        return _over(text, tokens, at, at + 1, "`is not` is not an operator; write `!=`")
    if kind == "name" and word in hints.WORDS:
        return _over(text, tokens, at, at, f"`{word}` is not an operator; {hints.WORDS[word]}")
    return None


def _touching(text: str, tokens: Tokens, at: int) -> ParseError | None:
    """Nothing stands between this token and the one before."""
    kind, word = tokens.kinds[at], tokens.words[at]
    before_kind, before = tokens.kinds[at - 1], tokens.words[at - 1]
    if before_kind == "number" and kind in ("name", "number"):
        return _number_goes_on(text, tokens, at)
    if kind == "number" and word[0] == ".":
        return _over(text, tokens, at, at, f"an element stands in brackets: `[{_shown(word[1:])}]`")
    if kind == "name" and before_kind in ("plain", "string"):
        quote = before[-1]
        reason = f"the string ends in front of `{_shown(word)}`; a {quote} in it is written \\{quote}"
        return _over(text, tokens, at, at, reason)
    if kind in ("plain", "string") and before_kind == "name":
        reason = f"`{_shown(before)}` cannot stand in front of a string, only `r`, `b` and `br`"
        reason += "; strings are joined by `+`" if before in ("f", "F") else ""
        return _over(text, tokens, at - 1, at, reason)
    return None


def _number_goes_on(text: str, tokens: Tokens, at: int) -> ParseError:
    number, word = tokens.words[at - 1], tokens.words[at]
    whole = number + word
    if word in hints.UNITS:
        hint = hints.UNITS[word].format(whole)
    elif word[0] == "_":
        hint = "digits are written without `_`"
    elif tokens.kinds[at] == "number":
        hint = "it has more than one point"
    elif number == "0" and word[0] in "bBoOxX":
        hint = "a number is decimal, or hexadecimal behind `0x`"
    else:
        hint = "a name cannot begin with a digit, nor a number end in a letter other than `u`"
    return _over(text, tokens, at - 1, at, f"`{_shown(whole)}` is not a number; {hint}")


def _pair(text: str, tokens: Tokens, at: int) -> ParseError | None:
    """Two operators side by side that other languages write as one."""
    if not at or tokens.starts[at] != tokens.ends[at - 1]:
        return None
    pair = tokens.words[at - 1] + tokens.words[at]
    if tokens.kinds[at - 1] not in hints.OPERATORS or pair not in hints.PAIRS:
        return None
    return _over(text, tokens, at - 1, at, f"`{pair}` is not an operator; {hints.PAIRS[pair]}")


def _bad(text: str, tokens: Tokens, at: int) -> ParseError:
    """The character that begins no token."""
    start, letter = tokens.starts[at], tokens.words[at]
    if literals.starts_string(text, start):
        return _unclosed(text, start)
    if letter == "`":
        return literals.bad_name(text, start)
    before = tokens.words[at - 1] if at and tokens.ends[at - 1] == start else ""
    for first in (start - len(before), start):
        for length in (3, 2):
            found = text[first : first + length]
            if found in hints.PAIRS and first + len(found) > start:
                return fault(
                    text, first, first + len(found), f"`{found}` is not an operator; {hints.PAIRS[found]}"
                )
    if letter in hints.CHARACTERS:
        return fault(text, start, start + 1, f"`{letter}` is not an operator; {hints.CHARACTERS[letter]}")
    if letter in hints.SIGNS:
        return fault(text, start, start + 1, f"`{letter}` is not expected here; {hints.SIGNS[letter]}")
    return _strange(text, start)


def _unclosed(text: str, start: int) -> ParseError:
    quote = text[start]
    line_end = text.find("\n", start)
    if line_end >= 0 and quote in text[line_end:] and text[start : start + 3] != quote * 3:
        return literals.unclosed(
            text, start, f"; a string over several lines stands between {quote * 3} and {quote * 3}"
        )
    return literals.unclosed(text, start)


def _strange(text: str, start: int) -> ParseError:
    letter = text[start]
    if letter in hints.QUOTES:
        message = f"{letter} is a typographic quotation mark; a string stands between ' and ' or \" and \""
        return fault(text, start, start + 1, message)
    if letter in hints.DASHES:
        return fault(text, start, start + 1, f"`{letter}` is a typographic dash; minus is `-`")
    if letter.isalnum():
        return _strange_name(text, start)
    code = f"U+{ord(letter):04X}"
    if letter.isspace() or not letter.isprintable():
        hint = "write a space" if letter.isspace() else "take it out"
        return fault(text, start, start + 1, f"the invisible character {code} is not expected here; {hint}")
    return fault(text, start, start + 1, f"`{letter}` ({code}) can only stand in a string")


def _strange_name(text: str, start: int) -> ParseError:
    first, end = start, start + 1
    while first and _in_name(text[first - 1]):
        first -= 1
    while end < len(text) and _in_name(text[end]):
        end += 1
    name = _shown(text[first:end])
    reason = f"`{name}` is not a name: a name has the letters a to z, digits and `_`; a field is `['{name}']`"
    return fault(text, first, end, reason)


def _in_name(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _open_bracket(tokens: Tokens, at: int) -> int | None:
    """The innermost bracket that is open at a token."""
    opened: list[int] = []
    for token in range(at):
        if tokens.kinds[token] in _CLOSER:
            opened.append(token)
        elif tokens.kinds[token] in _CLOSES:
            opened.pop()
    return opened[-1] if opened else None


def _question(tokens: Tokens, at: int) -> int:
    """The ``?`` whose ``:`` is expected at a token."""
    level = 0
    token = at
    while level or tokens.kinds[token - 1] != "?":
        token -= 1
        level += (tokens.kinds[token] in _CLOSES) - (tokens.kinds[token] in _CLOSER)
    return token - 1


def _shown(word: str) -> str:
    return word if len(word) <= _LONGEST_SHOWN else word[: _LONGEST_SHOWN - 1] + "…"


def _over(text: str, tokens: Tokens, first: int, last: int, message: str) -> ParseError:
    return fault(text, tokens.starts[first], tokens.ends[last], message)
