"""To be written."""

from penstock.cel.env import Function

FUNCTIONS: tuple[Function, ...] = ()
