"""The one finder of the files shipped beside the code: ``schemas/`` and ``policies/``.

A wheel carries them in ``penstock/_bundle``; an editable install finds them at the top of the checkout.
"""

from __future__ import annotations

from pathlib import Path

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
