"""Where this penstock was installed from: what CI and pre-commit of a new rollout are to install.

Reads the record that pip leaves of a direct install (PEP 610). The bare name ``penstock`` is never the answer:
in the public package index it belongs to another project.
"""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any
from urllib.parse import urlsplit

from penstock.record import dataclass

VARIABLE = "PENSTOCK_PACKAGE"
"""The variable that a pipeline installs from where the origin is not known."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A repository that others can reach, and a commit of it."""

    repository: str
    commit: str

    @property
    def requirement(self) -> str:
        """What pip installs."""
        return f"penstock @ git+{self.repository}@{self.commit}"


def origin() -> Origin | None:
    """The repository and commit of this installation; None for any other kind of install."""
    try:
        record = distribution("penstock").read_text("direct_url.json")
        given: dict[str, Any] = json.loads(record) if record else {}
    except (PackageNotFoundError, ValueError):
        return None
    version = given.get("vcs_info", {})
    url = urlsplit(given.get("url", ""))
    # An address with a password in it is not one to write into a file, nor is a folder of this machine.
    if version.get("vcs") != "git" or url.scheme not in {"https", "ssh"} or url.password:
        return None
    return Origin(given["url"], str(version.get("commit_id", "")))


def install_step(found: Origin | None) -> str:
    """The shell command that installs penstock in a pipeline."""
    if found is not None:
        return f'python -m pip install --quiet "{found.requirement}"'
    hint = f"set {VARIABLE} to what pip installs penstock from, such as git+ADDRESS@COMMIT"
    return f'python -m pip install --quiet "${{{VARIABLE}:?{hint}}}"'


def pre_commit_hook(found: Origin | None) -> str:
    """The entry of ``repos`` in a pre-commit configuration."""
    if found is not None:
        return f"  - repo: {found.repository}\n    rev: {found.commit}\n    hooks:\n      - id: penstock\n"
    return _LOCAL_HOOK


_LOCAL_HOOK = r"""  - repo: local
    hooks:
      - id: penstock
        name: penstock
        # Rules look across files, so one run reads the whole rollout, whichever files a commit touches.
        entry: penstock check
        # The penstock on the PATH. To have pre-commit install it, name the repository it comes from instead:
        # repo, rev, and `- id: penstock`.
        language: system
        files: \.(ya?ml|json)$
        pass_filenames: false
        require_serial: true
"""
