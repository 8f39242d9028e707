"""Figures: exact numbers that know how they came about.

Takes fields, constants and other figures; gives sums, products, quotients and differences of them as a tree whose
leaves are fields of manifests. The one place of the package that calculates. Must not know what a figure is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import prod
from typing import Literal

from penstock.manifest.resource import Resource
from penstock.model import Path
from penstock.record import dataclass

How = Literal["field", "given", "constant", "sum", "product", "quotient", "difference"]
"""``field``: as a manifest says. ``given``: as a what-if says. ``constant``: a convention. Else: made of parts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. Two figures are equal when they came about in the same way."""

    name: str
    """What it is, in a few words: ``cost per run``."""
    value: Fraction
    unit: str
    """A currency code, or what is counted: ``runs``, ``tokens``, ``years``; empty for a plain number."""
    how: How
    parts: tuple[Figure, ...] = ()
    """What it was made of: the summands, the factors, numerator and denominator, or minuend and subtrahend."""
    resource: Resource | None = None
    """The manifest a field is in."""
    path: Path = ()
    written: str = ""
    """What stands in the manifest or the what-if, where that is not the number itself: ``P1M``."""


def field(name: str, value: Fraction, unit: str, resource: Resource, path: Path, written: str = "") -> Figure:
    """A number that a manifest states."""
    return Figure(name, value, unit, "field", (), resource, path, written)


def given(name: str, value: Fraction, unit: str, written: str) -> Figure:
    """A number that a what-if states."""
    return Figure(name, value, unit, "given", written=written)


def constant(name: str, value: Fraction | int, unit: str = "") -> Figure:
    """A number that holds by convention, such as the months of a year."""
    return Figure(name, Fraction(value), unit, "constant")


def total(name: str, unit: str, parts: Iterable[Figure]) -> Figure:
    """The sum of the parts; zero of none."""
    summands = tuple(parts)
    return Figure(name, sum((part.value for part in summands), Fraction(0)), unit, "sum", summands)


def product(name: str, unit: str, *factors: Figure) -> Figure:
    """The factors, multiplied."""
    return Figure(name, prod((factor.value for factor in factors), start=Fraction(1)), unit, "product", factors)


def quotient(name: str, unit: str, numerator: Figure, denominator: Figure) -> Figure:
    """One figure divided by another, which is not zero."""
    return Figure(name, numerator.value / denominator.value, unit, "quotient", (numerator, denominator))


def difference(name: str, unit: str, minuend: Figure, subtrahend: Figure) -> Figure:
    """One figure less another."""
    return Figure(name, minuend.value - subtrahend.value, unit, "difference", (minuend, subtrahend))
