"""Entries of a baseline that came with the very findings that they list.

The baseline is for what was there before. Takes what a check of a change gave, and the state before; gives LV015
for each entry that the change adds for a finding that the old manifests do not have, judged by the rules of now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from penstock.lint import Linted
from penstock.lint.baseline import BaselineFile, identity
from penstock.manifest.integrity import finding
from penstock.manifest.pairing import Pairing
from penstock.model import ExcuseKind, Finding


def late_entries(
    linted: Linted, pairing: Pairing, old: BaselineFile | None, judged_then: Callable[[], Linted]
) -> Iterator[Finding]:
    """The entries that excuse what the change itself has brought.

    ``old`` is the baseline of then, ``judged_then`` the old manifests judged by the rules of now, asked for only
    where an entry is new.
    A finding that a new rule, a new day or a new value of a parameter brings is none of the manifests' doing: the
    old ones have it too.
    """
    listed = {entry.identity for entry in old.entries} if old else set()
    renamed = {before.id: after.id for before, after in pairing.renamed}
    fresh = [
        each
        for each in linted.excused
        if each.excuse.kind is ExcuseKind.BASELINE and identity(each.finding) not in listed
    ]
    if not fresh:
        return
    then = judged_then()
    known = set()
    # Whatever excused a finding then, it was there.
    for found in (*then.findings, *(each.finding for each in then.excused)):
        rule, resource, path = identity(found)
        known.add((rule, renamed.get(resource, resource), path))
    for each in fresh:
        rule, resource, path = identity(each.finding)
        if (rule, resource, path) not in known:
            message = f"the entry lists a finding that this change brings: {rule} at {resource} {path}".rstrip()
            yield finding("LV015", message, each.excuse.location, help="mend it, or have a waiver of it approved")
