"""The engine named ``penstock``: our own parser, evaluators and library behind the ``protocol``.

Takes expression text, gives a ``Program``. Knows no environment, so it checks no types: whoever knows one compiles
with ``program.compile``.
"""

from __future__ import annotations

from penstock.cel import program
from penstock.cel.checker import Checked


class Native:
    name = "penstock"

    def compile(self, text: str) -> program.Program:
        return program.compile(text)

    def program(self, checked: Checked) -> program.Program:
        return program.Program(checked.expression, checked.resolution, checked)
