"""``exceptions`` of penstock.yaml, and the repository's CODEOWNERS: who may make exceptions from which rules.

Takes the configuration's data and a rollout's folder; gives the ``Authority`` that the kinds of exceptions ask.
Reads CODEOWNERS where the configuration wants it, and no other file. Knows nothing of manifests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from penstock.errors import InputError
from penstock.lint.authority import Approvers, Authority, CodeOwnership
from penstock.model import Path as DataPath
from penstock.record import replace
from penstock.source.codeowners import PLACES, CodeOwners
from penstock.source.files import decode, raw_content
from penstock.source.shown import absolute, shown

_DEFAULTS = Authority()


def authority_of(given: Mapping[str, Any]) -> Authority:
    """What the ``exceptions`` of a configuration say; empty data gives the defaults."""
    suppress, waive, baseline = (given.get(key, {}) for key in ("suppress", "waive", "baseline"))
    return Authority(
        max_days=given.get("maxDays", _DEFAULTS.max_days),
        warn_days=given.get("warnDays", _DEFAULTS.warn_days),
        never_suppress=tuple(suppress.get("never", _DEFAULTS.never_suppress)),
        never_waive=tuple(waive.get("never", _DEFAULTS.never_waive)),
        never_baseline=tuple(baseline.get("never", _DEFAULTS.never_baseline)),
        approvers=tuple(
            Approvers(tuple(each["rules"]), tuple(each["people"])) for each in waive.get("approvers", ())
        ),
        handles=MappingProxyType({handle: tuple(people) for handle, people in waive.get("handles", {}).items()}),
        # Which file that is depends on the rollout's folder.
        code_owners=CodeOwnership(Path()) if waive.get("codeOwners", False) else None,
    )


def words(data: object) -> Iterator[tuple[str, DataPath]]:
    """Every word of a selection in the ``exceptions`` of a valid configuration, with its place."""
    given: Mapping[str, Any] = data.get("exceptions", {}) if isinstance(data, dict) else {}
    for key in ("suppress", "waive", "baseline"):
        for index, word in enumerate(given.get(key, {}).get("never", ())):
            yield word, ("exceptions", key, "never", index)
    for number, entry in enumerate(given.get("waive", {}).get("approvers", ())):
        for index, word in enumerate(entry["rules"]):
            yield word, ("exceptions", "waive", "approvers", number, "rules", index)


def with_code_owners(authority: Authority, folder: Path) -> Authority:
    """The authority with the CODEOWNERS of the repository that a rollout's folder is in, where they are wanted.

    Raises:
        InputError: the file is there and cannot be read.
    """
    if authority.code_owners is None:
        return authority
    top = repository_of(absolute(folder))
    path = next((each for place in PLACES if (each := top / place).is_file()), None)
    if path is None:
        return replace(authority, code_owners=CodeOwnership(top))
    name = shown(path)
    try:
        raw = raw_content(path)
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror or error}", file=name) from error
    file, fault = decode(raw or b"", name)
    if fault is not None:
        raise InputError(fault.message, file=name, span=fault.span, hint=fault.hint)
    return replace(authority, code_owners=CodeOwnership(top, file, CodeOwners(file.text)))


def repository_of(folder: Path) -> Path:
    """The top of the git repository that a folder is in; the folder itself when it is in none."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
