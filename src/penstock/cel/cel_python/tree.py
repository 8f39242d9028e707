"""celpy's grammar: expression text to lark's tree, with syntax errors for people.

Takes text whose literals are masked, gives a tree that is not too deep to walk. Knows nothing of values.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias, cast

import lark
from celpy import celparser

from penstock.cel.errors import ParseError

MAX_DEPTH = 150  # levels of the tree without its ladder; one costs an evaluation two or three Python frames

Tree: TypeAlias = "lark.Tree[lark.Token]"
_LADDER = frozenset(
    (
        *("expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication", "unary"),
        *("member", "primary", "paren_expr"),
    )
)
# These do not nest an evaluation any deeper.
_FLAT = frozenset({"exprlist", "mapinits"})

_OPERATIONS = ("relation_", "addition_", "multiplication_", "unary_")


class Name(NamedTuple):
    """A word of the text and its place, counted from 1."""

    text: str
    line: int
    column: int


def trees(tree: Tree) -> list[Tree]:
    return [child for child in tree.children if isinstance(child, lark.Tree)]


def token_at(tree: Tree, index: int) -> lark.Token:
    return cast("lark.Token", tree.children[index])


def place(tree: Tree) -> tuple[int, int]:
    return tree.meta.line, tree.meta.column


def check_depth(tree: Tree) -> None:
    """Before anything recurses into the tree."""
    pending = [(tree, 0)]
    while pending:
        current, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise ParseError(f"the expression is more than {MAX_DEPTH} levels deep", *place(current))
        for child in trees(current):
            flat = child.data in _FLAT or child.data.startswith(_OPERATIONS) or _chained(current, child)
            pending.append((child, depth + (not flat)))


def _chained(tree: Tree, child: Tree) -> bool:
    return child.data == tree.data and tree.data in ("conditionalor", "conditionaland")


def arguments_of(tree: Tree) -> list[Tree]:
    return [argument for child in trees(tree) if child.data == "exprlist" for argument in trees(child)]


_MEANT = {"=": "==", "and": "&&", "or": "||", "&": "&&", "|": "||", "is": "=="}


@lru_cache(maxsize=1)
def _parser() -> lark.Lark:
    """celpy's grammar with lark's options as celpy sets them, but our own parser: celpy's is one for the process.

    Rules of one thing only are left out of the tree, and ``true`` and ``false`` keep their place, which celpy's
    callback takes away.
    """
    grammar = Path(celparser.__file__).with_name("cel.lark").read_text(encoding="utf-8")
    rules = "|".join(_LADDER)
    return lark.Lark(
        re.sub(rf"^(?:{rules})(?=\s*:)", r"?\g<0>", grammar, flags=re.MULTILINE),
        parser="lalr",
        start="expr",
        g_regex_flags=re.MULTILINE,
        lexer_callbacks={"IDENT": _true_or_false},
        propagate_positions=True,
        maybe_placeholders=False,
        priority="invert",
    )


def _true_or_false(token: lark.Token) -> lark.Token:
    return lark.Token.new_borrow_pos("BOOL_LIT", token, token) if token in ("true", "false") else token


# Nobody promises that lark's parser is thread safe.
_PARSING = threading.Lock()


def parse(text: str, masked: str) -> Tree:
    """The tree of an expression whose literals are masked. Raises ParseError with a place in ``text``."""
    try:
        with _PARSING:
            return _parser().parse(masked)
    except lark.UnexpectedInput as error:
        raise _syntax_error(text, error) from None


def _syntax_error(text: str, error: lark.UnexpectedInput) -> ParseError:
    start = error.pos_in_stream
    if start is None or (isinstance(error, lark.UnexpectedToken) and error.token.type == "$END"):
        lines = text.rstrip().split("\n")
        return ParseError("the expression ends where more is expected", len(lines), len(lines[-1]) + 1)
    length = len(error.token) if isinstance(error, lark.UnexpectedToken) else 1
    found = text[start : start + min(length, 40)]
    hint = f"; write `{_MEANT[found]}`" if found in _MEANT else ""
    return ParseError(f"`{found}` is not expected here{hint}", error.line, error.column)
