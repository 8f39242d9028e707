"""What is asked about a projection of costs: takes nothing and does nothing, the shape that every format reads."""

from __future__ import annotations

from typing import Literal

from penstock.cost.comparing import Comparison
from penstock.cost.figures import Figure
from penstock.cost.projection import Projection
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """What was asked about a projection."""

    projection: Projection
    """With a what-if: the projection after it."""
    version: str
    by: str = "use-case"
    per: Literal["month", "year"] = "month"
    comparison: Comparison | None = None
    explained: tuple[Figure, ...] = ()
    """The figures whose origin was asked for."""
