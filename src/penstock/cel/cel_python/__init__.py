"""The engine on cel-python: the only package that knows celpy and lark, and what is wrong with them.

Takes expression text, gives a ``Program``. From celpy come the grammar, the parser, arithmetic with its
overflows, and the text and time functions. Evaluation is ours (``closures``), because what celpy's evaluator
(0.5.0) gets wrong cannot be mended around it: ``1 == 1.0`` is an error and ``true == 1`` is true, has(a.b.c)
is false when b is missing, an error becomes another error once it was an operand, and nothing short-circuits.
Its lexer takes exponential time over an unclosed quote, so it never sees what is in quotes (``scan``).
Known deviations from CEL: tests/cel/cel-python-deviations.txt.
"""

from penstock.cel.cel_python.engine import CelPython

__all__ = ["CelPython"]
