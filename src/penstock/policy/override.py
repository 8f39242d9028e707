"""What ``penstock.yaml`` says of one rule: plain data, filled by ``workspace.config``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from penstock.model import Severity
from penstock.record import dataclass, field


@dataclass(frozen=True, slots=True)
class ParamsChange:
    """Parameters that get other values on a date, ISO 8601: the first day on which they hold."""

    begins: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Override:
    """The decisions for one rule."""

    severity: Severity | None = None
    off: bool = False
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    effective_from: str | None = None
    """The first day on which the rule weighs what it weighs, ISO 8601; a step less before."""
    changes: tuple[ParamsChange, ...] = ()
    """In the order of their dates."""
