"""Rollout x date -> projected token costs, before the first bill. No I/O, no printing, no float.

Every number is a ``Figure``: an exact fraction that knows the fields and the steps it was made of. Rounding is the
business of whoever shows one.
"""

from penstock.cost.figures import Figure
from penstock.cost.model import Thresholds
from penstock.cost.projection import Projection, project

__all__ = ["Figure", "Projection", "Thresholds", "project"]
