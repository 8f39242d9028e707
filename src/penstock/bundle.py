"""The one finder of the files shipped beside the code: ``schemas/`` and ``policies/``.

A wheel carries them in ``penstock/_bundle``, and beside them what its build has made of them; an editable install
finds them at the top of the checkout, and no more.
"""

from __future__ import annotations

import functools
from importlib import import_module
from pathlib import Path
from typing import Any

from penstock import __version__

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The shipped folder ``name`` (``schemas`` or ``policies``).

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for candidate in (_PACKAGE / "_bundle" / name, _PACKAGE.parent.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the installation lacks its folder {name}/")


@functools.cache
def compiled(name: str) -> Any | None:
    """The module of that name which the build has made; None in a checkout, where the files may change."""
    whole = f"{__package__}._bundle.compiled.{name}"
    try:
        module = import_module(whole)
    except ModuleNotFoundError as error:
        if error.name is None or not whole.startswith(error.name):
            raise
        return None
    # Files of two versions in one folder: what was not made for this code does not count.
    return module if __version__ == module.VERSION else None
