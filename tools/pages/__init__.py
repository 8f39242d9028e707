"""What the generators in ``tools/`` share: Markdown's fenced blocks, and files that are written or checked.

It must not know what any generator makes.
"""

from __future__ import annotations
