"""Rollout x day -> who reaches which data, through what, and how far an agent's mistake could spread.

Beside ``lint``: takes a loaded rollout, gives a frozen ``AccessMap``. No I/O, no printing, no verdict on the run.
"""

from __future__ import annotations

from penstock.access.build import access_map
from penstock.access.choice import Choice, choose, narrowed
from penstock.access.model import AccessMap

__all__ = ["AccessMap", "Choice", "access_map", "choose", "narrowed"]
