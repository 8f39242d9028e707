"""What holds for every test: property tests are repeatable, have no deadline, and fail without long traces."""

from __future__ import annotations

from hypothesis import Phase, settings

settings.register_profile(
    "penstock",
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
settings.load_profile("penstock")
