"""The exact evaluator: the syntax tree as closures, with every error absorbed or placed as CEL prescribes.

Takes an expression and the meaning of its names, gives a node of ``closures`` and the number of slots its frame
needs. Slow beside ``fast``, always right. Must not know the checker, nor where bindings and functions come from.
"""

from penstock.cel.exact.builder import Built, build

__all__ = ["Built", "build"]
