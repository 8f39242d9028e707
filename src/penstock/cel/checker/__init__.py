"""The type checker: all that can be said of an expression without evaluating it.

Takes a parsed expression and an environment, gives the types, the problems and what a condition establishes.
"""

from __future__ import annotations

from penstock.cel.checker.checked import Checked, Facts, Key, facts_of, known_fields
from penstock.cel.checker.checking import check

__all__ = ["Checked", "Facts", "Key", "check", "facts_of", "known_fields"]
