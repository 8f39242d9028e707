"""Writes docs/reference/cel-functions.md: the operators, macros and functions of CEL, each with an example.

Takes the declarations of the standard library and of policies, and the tables of ``pages/language.py``; gives
Markdown. ``--check`` fails when the page is not what it would write. It must not hold a fact about a function:
what the page lacks is missing from the declaration.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib import import_module

from pages.language import CONSTANTS, FAMILY_TITLES, MACROS, OPERATORS, Row
from pages.settle import ROOT, checking, settle
from pages.signatures import signatures

from penstock.cel.env import Function
from penstock.cel.standard import FAMILIES, functions_by_name
from penstock.policy import knowledge

TOOL = "tools/cel_functions.py"
PAGE = ROOT / "docs" / "reference" / "cel-functions.md"


def main() -> int:
    """Write or check the page."""
    check = checking(TOOL)
    return settle({PAGE: page()}, TOOL, check=check)


def page() -> str:
    lines = [f"<!-- Written by {TOOL} from the declarations in src/penstock/. Run the tool, do not edit. -->", ""]
    lines += ["# CEL reference", "", _INTRODUCTION, ""]
    lines += [f"- [{title}](#{_slug(title)})" for title in _titles()]
    lines += ["", "## Types and constants", "", _TYPES, "", *_rows("Type", CONSTANTS)]
    lines += ["", "## Operators", "", _OPERATORS, "", *_rows("Operator", OPERATORS)]
    lines += ["", "## Macros", "", _MACROS, "", *_rows("Macro", MACROS)]
    lines += [
        "",
        "## Functions of policies",
        "",
        _POLICIES,
        "",
        *_functions(map(_one_way, knowledge.functions())),
    ]
    for family in FAMILIES:
        lines += ["", *_family(family)]
    return "\n".join(lines) + "\n"


def _titles() -> Iterator[str]:
    yield from ("Types and constants", "Operators", "Macros", "Functions of policies")
    yield from (FAMILY_TITLES[family] for family in FAMILIES)


def _family(family: str) -> Iterator[str]:
    module = import_module(f"penstock.cel.standard.{family}")
    known = functions_by_name()
    yield f"## {FAMILY_TITLES[family]}"
    yield ""
    yield from _functions(known[function.name] for function in module.FUNCTIONS)
    shared = getattr(module, "SHARED_OVERLOADS", {})
    if shared:
        yield ""
        yield f"Also for these: {', '.join(f'`{name}`' for name in shared)}, described above."


def _one_way(function: Function) -> Function:
    """A policy's function may be called in both ways; the page shows the one of its example."""
    receiver = f".{function.name}(" in function.example
    overloads = (overload for overload in function.overloads if overload.receiver is receiver)
    return Function(function.name, tuple(overloads), summary=function.summary, example=function.example)


def _functions(functions: Iterable[Function]) -> Iterator[str]:
    yield "| Function | Gives | Example |"
    yield "| --- | --- | --- |"
    for function in functions:
        shown = "<br>".join(_code(signature) for signature in signatures(function))
        yield f"| {shown} | {_cell(function.summary)} | {_code(function.example)} |"


def _rows(what: str, rows: Iterable[Row]) -> Iterator[str]:
    yield f"| {what} | Meaning | Example |"
    yield "| --- | --- | --- |"
    for row in rows:
        yield f"| {'<br>'.join(map(_code, row.forms))} | {_cell(row.summary)} | {_code(row.example)} |"


def _code(text: str) -> str:
    return f"`{_cell(text)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _slug(title: str) -> str:
    return "".join(each for each in title.lower() if each.isalnum() or each in "- ").replace(" ", "-")


_INTRODUCTION = (
    "Everything an expression can use, with an example of each that is true. Which names it can read beside, "
    "such as `object` and `params`, depends on where it stands: in [policies](../policies.md#names), or in a "
    "[program of your own](../cel.md)."
)
_TYPES = (
    "In the signatures below, `A` and `B` stand for any type, the same one throughout a line, and `T` for one "
    "of the types behind the line. `number` is an int or a double, which JSON and YAML do not tell apart. `dyn` "
    "is a type that is known only when the expression is evaluated."
)
_OPERATORS = (
    "From those that bind most to those that bind least: `a + b * c` is `a + (b * c)`, and `!a == b` is `(!a) "
    "== b`."
)
_MACROS = (
    "A macro names a variable and computes an expression with it, shown as `…`, for each element of a list or "
    "each key of a map. With two variables they are the place and the element of a list, or the key and the "
    "value of a map. `if` stands for a condition: where it is false, there is no result."
)
_POLICIES = (
    "Policies have these in addition. Each may be called in two ways: `days(a, b)` and `a.days(b)`. `date` is a "
    "text such as `'2026-06-30'`, or a timestamp. Where the kind is written out, the fields of the manifests "
    "that `ref`, `referrers` and `resources` give are known from its schema. `sum` and `join` take the place of "
    "the functions of those names below."
)


if __name__ == "__main__":
    sys.exit(main())
