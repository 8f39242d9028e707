"""A step of the wheel's build: what penstock makes of its policies and schemas goes into the wheel, as modules.

An editable installation gets none: its files change, and it compiles them when it needs them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledBundle(BuildHookInterface):
    """Compiles the bundle and adds it to the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self._made = tempfile.TemporaryDirectory(prefix="penstock-compiled-")
        sys.path[:0] = [str(Path(self.root, "src")), str(Path(self.root, "tools"))]
        from compiled import modules

        for name, source in modules().items():
            path = Path(self._made.name, f"{name}.py")
            path.write_text(source, encoding="utf-8", newline="\n")
            build_data["force_include"][str(path)] = f"penstock/_bundle/compiled/{name}.py"

    def finalize(self, version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        if version != "editable":
            self._made.cleanup()
