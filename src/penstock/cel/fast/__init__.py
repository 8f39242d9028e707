"""The fast path: a syntax tree becomes Python source, and that a code object that can be kept on disk.

``generate`` makes it, or ``write`` its source alone, ``code.Code`` keeps and loads it, ``runtime`` is all that
loaded code imports. What the code returns is right; where it raises, of whatever kind, nothing is known and the
exact evaluation decides.
Importing this package imports nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.cel.fast.code import Code
    from penstock.cel.resolve import Resolution
    from penstock.cel.syntax import Expression, Node
    from penstock.cel.types import Type


def generate(expression: Expression, resolution: Resolution, types: Mapping[Node, Type] | None = None) -> Code:
    """The code of one expression. ``types``, from the checker, are believed for the variables it names."""
    return generate_many([("", expression, resolution, types)])


def generate_many(
    expressions: Iterable[tuple[str, Expression, Resolution, Mapping[Node, Type] | None]],
) -> Code:
    """One module's code for many expressions, each with its name."""
    from penstock.cel.fast.generator import generate_module

    return generate_module(expressions)


def write(expression: Expression, resolution: Resolution, types: Mapping[Node, Type]) -> tuple[str, str]:
    """The source of one expression's module, and the name of its function: what ``code.late`` takes."""
    from penstock.cel.fast.generator import write_module

    source, names = write_module([("", expression, resolution, types)])
    return source, names[""]
