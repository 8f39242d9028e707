"""What can be said of a policy's paths before any manifest is read: whether the kinds have such fields.

Takes paths and the kinds they are for; expressions are checked elsewhere (``expressions``).
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.manifest import shapes
from penstock.manifest.references import EACH
from penstock.model import PathElement
from penstock.policy.model import ROLLOUT_KIND

Field = tuple[PathElement | None, ...]
"""A path that may have ``EACH`` in it."""


def has_field(kinds: Iterable[str], path: Field) -> bool:
    """Whether a manifest of one of the kinds can have the field; ``EACH`` and indexes stand for any element."""
    steps = tuple(0 if step is EACH or isinstance(step, int) else step for step in path)
    return any(shapes.field(f"{shapes.ROLLOUT}/{kind}", steps) is not None for kind in kinds)


def names_use_case(kind: str) -> bool:
    """Whether manifests of the kind are a use case or say which one they belong to."""
    return kind == "UseCase" or (kind != ROLLOUT_KIND and has_field([kind], ("spec", "useCase")))
