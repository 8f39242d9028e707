"""What other languages write, and what CEL writes for it: the tables behind the messages of a syntax error.

Data only. A hint ends a sentence such as "`and` is not an operator; write `&&`".
"""
# ruff: noqa: RUF001 - the characters that look like others are the mistakes

from __future__ import annotations

FOREIGN_CONSTANTS = {
    **dict.fromkeys(("True", "TRUE"), "true"),
    **dict.fromkeys(("False", "FALSE"), "false"),
    **dict.fromkeys(("None", "NULL", "Null", "nil", "undefined"), "null"),
}
"""What other languages call CEL's constants."""

OPERATORS = frozenset(
    {"&&", "||", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "!", "?", ":", "in", "."}
)
CHOICE = "a choice is written `condition ? value : other`"
_LOOP = "there are no loops: use `list.all(x, …)`, `list.exists(x, …)`, `list.filter(x, …)` or `list.map(x, …)`"
_BINDING = "a value gets a name by `cel.bind(name, value, expression)`"
_LAMBDA = "a macro takes the variable and the expression: `list.all(x, x > 0)`"
_MATCH = "write `a.matches(b)`"

RESERVED = {
    **dict.fromkeys(("if", "else"), CHOICE),
    **dict.fromkeys(("for", "while", "loop"), _LOOP),
    **dict.fromkeys(("let", "var", "const"), _BINDING),
    "return": "an expression is its own result",
}

WORDS = {
    **dict.fromkeys(("and", "AND"), "write `&&`"),
    **dict.fromkeys(("or", "OR"), "write `||`"),
    **dict.fromkeys(("is", "eq", "equals"), "write `==`"),
    **dict.fromkeys(("ne", "xor"), "write `!=`"),
    **dict.fromkeys(("if", "then", "else"), CHOICE),
    **dict.fromkeys(("matches", "like"), _MATCH),
    "lt": "write `<`",
    "le": "write `<=`",
    "gt": "write `>`",
    "ge": "write `>=`",
    "mod": "write `%`",
    "div": "write `/`",
    "IN": "write `in`",
    "contains": "write `a.contains(b)`",
    "startsWith": "write `a.startsWith(b)`",
    "endsWith": "write `a.endsWith(b)`",
    "for": _LOOP,
}
"""Words between two values."""

PAIRS = {
    **dict.fromkeys(("<>", "><", "=!"), "write `!=`"),
    **dict.fromkeys(("->", "=>"), _LAMBDA),
    **dict.fromkeys(("??", "?:"), "write `a.?b.orValue(other)`"),
    **dict.fromkeys(("=~", "~="), _MATCH),
    "!~": "write `!a.matches(b)`",
    "=<": "write `<=`",
    "===": "write `==`",
    "!==": "write `!=`",
    ":=": _BINDING,
    "++": "write `x + 1`",
    "+=": "nothing can be assigned",
    "-=": "nothing can be assigned",
    "**": "there are no powers",
    "/*": "a comment begins with `//` and ends with its line",
    "&&&": "write `&&`",
    "|||": "write `||`",
    "<<": "for bits, see `math.bitShiftLeft(a, b)`",
    ">>": "for bits, see `math.bitShiftRight(a, b)`",
    "::": "write `.`",
    "..": "there are no ranges: see `lists.range(n)`",
    "?.": "an optional field is written `a.?b`",
}
"""Characters side by side that are an operator elsewhere."""

CHARACTERS = {
    "=": "write `==`",
    "&": "write `&&`; for bits, see `math.bitAnd(a, b)`",
    "|": "write `||`; for bits, see `math.bitOr(a, b)`",
    "^": "for bits, see `math.bitXor(a, b)`",
    "~": "for bits, see `math.bitNot(a)`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "×": "write `*`",
    "÷": "write `/`",
    "∧": "write `&&`",
    "∨": "write `||`",
    "¬": "write `!`",
    "∈": "write `in`",
}
"""Single characters that look like operators, or are operators elsewhere."""

SIGNS = {
    ";": "an expression ends with its text",
    "#": "a comment begins with `//`",
    "$": "a name has letters, digits and `_`",
    "@": "a name has letters, digits and `_`",
    "\\": "a backslash can only stand in a string, and lines need no joining",
}
"""Single characters that mean something else elsewhere."""

QUOTES = frozenset("‘’‚‛“”„‟«»‹›´")
DASHES = frozenset("‐‑‒–—―−")

UNITS = {
    **dict.fromkeys(("ns", "us", "ms", "s", "m", "h"), "a length of time is written `duration('{}')`"),
    **dict.fromkeys(("d", "day", "days"), "a length of time has hours at most: a day is `duration('24h')`"),
    **dict.fromkeys(("L", "l", "f", "F", "n"), "a number needs no ending but the `u` of an unsigned one"),
}
"""What people write behind a number."""
