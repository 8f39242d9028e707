"""What holds for every test: property tests are repeatable, have no deadline, and fail without long traces."""

from __future__ import annotations

import os
import tempfile

from hypothesis import Phase, settings

# What tests keep for the next run must not reach the user's own cache, nor come out of it.
_cache = tempfile.TemporaryDirectory(prefix="penstock-cache-")
os.environ["PENSTOCK_CACHE_DIR"] = _cache.name

settings.register_profile(
    "penstock",
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
settings.load_profile("penstock")
