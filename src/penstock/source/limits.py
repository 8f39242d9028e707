"""How much a file may hold. A manifest is far below each of these; only an attack or a mistake is above."""

from __future__ import annotations

BYTES = 8 * 1024 * 1024
"""Size of a file."""

DEPTH = 64
"""Mappings and lists within one another, aliases expanded."""

NODES = 500_000
"""Keys, values and list elements of a file, aliases expanded."""

FAULTS = 1_000
"""Faults reported of a file; then the reading ends."""


TOO_LARGE = (f"the file is larger than {BYTES // 2**20} MiB", "split it, or leave it out of the manifests")
"""What to say of a file above the limit: message and hint. How large it is nobody reads on to find out."""
