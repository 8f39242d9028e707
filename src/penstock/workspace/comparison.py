"""Two states of the rollouts below a folder -> what changed in meaning, and what that does to the findings.

Takes the revisions to compare; reads both, calls ``lint`` on each, and puts the parts together. Both sides are
judged as of one day. Prints nothing, exits nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from penstock import __version__
from penstock.change import (
    Change,
    ConfigSide,
    RuleDefaults,
    baseline_changes,
    configuration_changes,
    manifest_changes,
    policy_changes,
)
from penstock.errors import GroupedError, PenstockError
from penstock.lint import Circumstances
from penstock.lint.baseline import BaselineFile
from penstock.manifest.load import Loaded
from penstock.manifest.pairing import Pairing, pair
from penstock.model import Location
from penstock.record import dataclass, replace
from penstock.source.discovery import MARKER
from penstock.source.git import repository
from penstock.source.shown import absolute, shown
from penstock.workspace.check import today
from penstock.workspace.compared import Comparison, RolloutDiff, Side
from penstock.workspace.config import config_of
from penstock.workspace.packs import Packs
from penstock.workspace.revision import Revision, open_revision, read_revision
from penstock.workspace.roots import Root, find_roots
from penstock.workspace.sides import State, at_revision, judged_by, present, working_tree
from penstock.workspace.since import circumstances_at
from penstock.workspace.three_checks import verdicts

WORKING_TREE = "working tree"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be compared."""

    base: str
    head: str | None = None
    """None: the working tree."""
    path: str = "."
    as_of: str | None = None


def compare(wanted: Wanted) -> Comparison:
    """Compare the rollouts below a path.

    The old side is where the new one parted from ``base``, as in a pull request.

    Raises:
        PenstockError: a revision, a configuration or a policy cannot be used.
    """
    as_of = wanted.as_of or today()
    packs = Packs("penstock", examples=False)
    # A rollout means something as a whole, whatever part of it was named.
    roots = [replace(root, scope=()) for root in find_roots([wanted.path])]
    first, second = _open(roots[0], wanted)
    roots += _roots_in_git(wanted, roots, [first.commit, *([second.commit] if second else [])])
    diffs = (_compare(root, *_open(root, wanted), packs, as_of) for root in roots)
    return Comparison(
        base=_base_side(roots[0], first),
        head=Side(second.name, second.commit) if second else Side(WORKING_TREE),
        rollouts=tuple(
            sorted((each for each in diffs if each.existed or each.exists), key=lambda each: each.folder)
        ),
        as_of=as_of,
        version=__version__,
    )


def _base_side(root: Root, before: Revision) -> Side:
    tip = repository(root.folder).commit(before.name) if before.is_merge_base else before.commit
    return Side(before.name, before.commit, is_merge_base=tip != before.commit)


def _open(root: Root, wanted: Wanted) -> tuple[Revision, Revision | None]:
    """A rollout on both sides; None for the working tree."""
    after = read_revision(root, wanted.head) if wanted.head is not None else None
    config = after.config if after is not None else config_of(present(root).config, root.folder)
    return open_revision(root, wanted.base, against=wanted.head or "HEAD", instead=config), after


def _roots_in_git(wanted: Wanted, known: list[Root], commits: list[str]) -> Iterator[Root]:
    """The rollouts below the path that the working tree does not have (any more), each once."""
    folder = absolute(wanted.path)
    if any(root.files for root in known) or not folder.is_dir():
        return
    found = repository(folder)
    below = folder.resolve().relative_to(found.top.resolve()).as_posix()
    folders = {root.folder for root in known}
    for commit in commits:
        for entry in found.tree(commit, "" if below == "." else below) or ():
            *parents, name = entry.path.split("/")
            place = folder.joinpath(*parents)
            if name == MARKER and place not in folders and not any(part.startswith(".") for part in parents):
                folders.add(place)
                yield Root(place, place / MARKER)


def _compare(root: Root, before: Revision, after: Revision | None, packs: Packs, as_of: str) -> RolloutDiff:
    """Compare one rollout."""
    new = working_tree(root, packs, as_of) if after is None else at_revision(after, packs, as_of)
    old, remarks = _old_state(before, new, packs, as_of)
    pairing = pair(old.loaded.rollout, new.loaded.rollout)
    wide = new.taking_in(old.config) if old.exists else new.loaded
    found = verdicts(old, new, pairing, wide)
    # A file that neither side can read is worth a word only where it is another one now.
    unread = [file for file in {**old.texts, **new.texts} if old.texts.get(file) != new.texts.get(file)]
    return RolloutDiff(
        name=(new if new.exists else old).config.name,
        folder=shown(root.folder),
        existed=old.exists,
        exists=new.exists,
        changes=_changes(old, new, pairing, wide),
        by_manifests=found.by_manifests,
        by_rules=found.by_rules,
        reweighed=found.reweighed,
        excused=found.excused,
        no_longer_excused=found.no_longer_excused,
        not_judged=found.not_judged,
        not_judged_before=found.not_judged_before,
        failing=found.failing,
        failing_by_old_rules=found.failing_by_old_rules,
        unread=tuple(sorted(unread)),
        remarks=remarks,
    )


def _old_state(before: Revision, new: State, packs: Packs, as_of: str) -> tuple[State, tuple[str, ...]]:
    """The old state. Where its own rules cannot be used it is judged by the new ones, with a remark."""
    try:
        if before.config_fault is not None:
            raise before.config_fault
        return at_revision(before, packs, as_of), ()
    except PenstockError as fault:
        first = fault.errors[0] if isinstance(fault, GroupedError) else fault
        remark = (
            f"The rules of {before.name} cannot be used, so both sides are judged by the new ones: "
            f"{str(first).partition(chr(10))[0]}"
        )
        given = Circumstances(as_of, new.book.rules, new.given.authority, before.config.document)
        return judged_by(before, new.book, replace(given, baseline=_old_baseline(before, new, as_of))), (remark,)


def _old_baseline(before: Revision, new: State, as_of: str) -> BaselineFile | None:
    """The baseline of the old state; None also where that was none that excused anything."""
    try:
        return circumstances_at(before, new.book, as_of).baseline
    except PenstockError:
        return None


def _changes(old: State, new: State, pairing: Pairing, wide: Loaded) -> tuple[Change, ...]:
    """What changed: manifests, configuration, policies, the baseline.

    ``wide`` are the new manifests that the old patterns take in: what is among them is not gone.
    """
    same_file = {file: old.plain(file) for file in {each.file for each in pairing.removed}}
    now = {file: f"{new.prefix}{plain}" for file, plain in same_file.items()}
    left_out = {each.id for each in wide.rollout.resources} - {each.id for each in new.loaded.rollout.resources}
    in_both = set(old.digests) & set(new.digests)
    renamed = {before.id: after.id for before, after in pairing.renamed}
    changes = (
        *manifest_changes(pairing, now, left_out),
        *configuration_changes(_config_side(old), _config_side(new), {**_defaults(old), **_defaults(new)}),
        *policy_changes(old.documents(in_both), new.documents(in_both)),
        *(baseline_changes(old.given.baseline, new.given.baseline, renamed) if new.exists else ()),
    )
    if not old.exists or not new.exists:
        # A rollout that is new or gone as a whole: its manifests say all there is to say.
        changes = tuple(each for each in changes if each.resource != "penstock.yaml")
    placed = (replace(each, location=_place(old if each.is_gone else new, each)) for each in changes)
    return tuple(sorted(placed, key=lambda change: change.sort_key))


def _place(state: State, change: Change) -> Location:
    where = change.location
    return replace(where, file=state.short(where.file) if change.is_gone else state.plain(where.file))


def _config_side(state: State) -> ConfigSide:
    config = state.config
    file = config.file.path if config.file else shown(state.root.folder / MARKER)
    return ConfigSide(file, config.document)


def _defaults(state: State) -> Mapping[str, RuleDefaults]:
    """What holds for each rule before the configuration has its say."""
    found = {rule.id: RuleDefaults(rule.name, rule.severity.value) for rule in state.book.rules.values()}
    for policy in (policy for pack in state.book.packs for policy in pack.policies):
        found[policy.rule.id] = RuleDefaults(
            policy.rule.name,
            policy.rule.severity.value,
            {name: param.default for name, param in policy.params.items()},
            dated=frozenset(name for name, param in policy.params.items() if param.changes),
            is_mixed=any(each.severity not in (None, policy.rule.severity) for each in policy.validations),
        )
    return found
