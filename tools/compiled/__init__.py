"""The built-in pack and the manifests' schemas as Python modules, made when a wheel is built.

A checkout has no such modules and loads the files themselves; an installed penstock loads these in their place,
which takes a hundredth of the time. What they say is the same whichever Python writes them.
"""

from __future__ import annotations

from compiled import pack, tables
from penstock.manifest import shapes


def modules() -> dict[str, str]:
    """The source of each module, by its name in ``penstock._bundle.compiled``."""
    return {
        "__init__": '"""What the build has made of policies and schemas, so that no run need."""\n',
        shapes.COMPILED: tables.source(),
        **pack.sources(pack.built_in()),
    }
