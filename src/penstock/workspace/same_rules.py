"""Whether a rollout is judged by the same at a revision as now: configuration, packs and CODEOWNERS.

Takes the rollout at the revision and what judges it now. Where something differs, a change may concern every
finding.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.errors import GroupedError
from penstock.lint.authority import CodeOwnership
from penstock.policy import GitReference, Pack
from penstock.policy.lock import LOCK_FILE, existing_lock, lock_of
from penstock.policy.pack_files import digest_of, packed
from penstock.workspace.config import Config
from penstock.workspace.revision import Revision
from penstock.workspace.roots import Root


def judges_alike(
    before: Revision, root: Root, config: Config, packs: Sequence[Pack], owners: CodeOwnership | None
) -> bool:
    """Whether nothing differs. ``owners`` is the CODEOWNERS of the working tree, where waivers need code owners.

    Raises:
        PenstockError: git does not hold what is compared.
    """
    then, now = (each.document.data if each.document else None for each in (before.config, config))
    if then != now or before.config_fault is not None:
        return False
    for reference, pack in zip(config.packs, packs, strict=True):
        files = before.pack_files(reference)
        if files is not None and digest_of(packed(files)) != pack.digest:
            return False
    from_git = [each for each in config.packs if isinstance(each, GitReference)]
    return _locked_alike(before, root, from_git) and _owned_alike(before, owners)


def _locked_alike(before: Revision, root: Root, references: Sequence[GitReference]) -> bool:
    """Whether the lock pins these packs as it did at the revision."""
    if not references:
        return True
    old, new = (each.base / LOCK_FILE for each in (before.root, root))
    reading = before.read(old)
    if reading is None:
        return False
    try:
        then = lock_of(reading.file.text.encode(), reading.file.path)
    except GroupedError:
        return False
    now = existing_lock(new)
    return all(then.packs.get(each) == now.packs.get(each) for each in references)


def _owned_alike(before: Revision, owners: CodeOwnership | None) -> bool:
    """Whether the CODEOWNERS that counts, if any, is the same."""
    if owners is None:
        return True
    then, now = (each.file.text if each.file else None for each in (before.code_owners(), owners))
    return then == now
