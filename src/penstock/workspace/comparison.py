"""Two states of the rollouts below a folder -> what changed in meaning, and what that does to the findings.

Takes the revisions to compare; reads both, calls ``lint`` on each, and puts the parts together. Both sides are
judged as of one day. Prints nothing, exits nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from penstock import __version__
from penstock.change import (
    Change,
    ConfigSide,
    RuleDefaults,
    configuration_changes,
    manifest_changes,
    policy_changes,
)
from penstock.errors import GroupedError, PenstockError
from penstock.lint import Circumstances, Linted, lint
from penstock.lint.changed import Identity, identity
from penstock.manifest.pairing import Pairing, pair
from penstock.model import Finding, Location
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
from penstock.workspace.verdicts import Outcome, Run, outcome

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
    found = _verdicts(old, new, pairing)
    # A file that neither side can read is worth a word only where it is another one now.
    unread = [file for file in {**old.texts, **new.texts} if old.texts.get(file) != new.texts.get(file)]
    return RolloutDiff(
        name=(new if new.exists else old).config.name,
        folder=shown(root.folder),
        existed=old.exists,
        exists=new.exists,
        changes=_changes(old, new, pairing),
        by_manifests=found.by_manifests,
        by_rules=found.by_rules,
        reweighed=found.reweighed,
        excused=found.excused,
        no_longer_excused=found.no_longer_excused,
        failing=found.failing,
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
        return judged_by(before, new.book, given), (remark,)


def _changes(old: State, new: State, pairing: Pairing) -> tuple[Change, ...]:
    """What changed: manifests, configuration, policies."""
    same_file = {file: old.plain(file) for file in {each.file for each in pairing.removed}}
    in_both = set(old.digests) & set(new.digests)
    changes = (
        *manifest_changes(pairing, {file: f"{new.prefix}{plain}" for file, plain in same_file.items()}),
        *configuration_changes(_config_side(old), _config_side(new), {**_defaults(old), **_defaults(new)}),
        *policy_changes(old.documents(in_both), new.documents(in_both)),
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
        params = {name: param.default for name, param in policy.params.items()}
        found[policy.rule.id] = RuleDefaults(policy.rule.name, policy.rule.severity.value, params)
    return found


def _verdicts(old: State, new: State, pairing: Pairing) -> Outcome:
    """Lint both states, and the new manifests by the old rules where those are others."""
    renamed = {before.id: after.id for before, after in pairing.renamed}
    then = _placed(lint(old.loaded, old.book.policies, old.book.selection, old.given), old, old.short)
    now = _placed(lint(new.loaded, new.book.policies, new.book.selection, new.given, pairing), new)
    between = now
    if not _alike(old, new):
        given = replace(new.given, rules=old.book.rules, authority=old.given.authority, config=new.config.document)
        between = _placed(lint(new.loaded, old.book.policies, old.book.selection, given, pairing), new)

    def key(found: Finding) -> Identity:
        file = found.location.file.removeprefix(old.short(old.prefix))
        rule, resource, path = identity(replace(found, location=replace(found.location, file=file)))
        return rule, renamed.get(resource, resource), path

    return outcome(
        Run(then, key, old.config.fail_on),
        Run(between, identity, new.config.fail_on),
        Run(now, identity, new.config.fail_on),
    )


def _alike(old: State, new: State) -> bool:
    """Whether both states are judged by the same rules."""
    given = [state.config.document.data if state.config.document else {} for state in (old, new)]
    return old.digests == new.digests and given[0] == given[1]


def _placed(linted: Linted, state: State, name: Callable[[str], str] | None = None) -> Linted:
    """The findings with the names of files that are shown."""
    if not state.prefix:
        return linted
    named = name or state.plain

    def place(where: Location) -> Location:
        return replace(where, file=named(where.file))

    def at(found: Finding) -> Finding:
        related = tuple(replace(each, location=place(each.location)) for each in found.related)
        return replace(found, location=place(found.location), related=related)

    excused = tuple(
        replace(each, finding=at(each.finding), excuse=replace(each.excuse, location=place(each.excuse.location)))
        for each in linted.excused
    )
    return replace(linted, findings=tuple(map(at, linted.findings)), excused=excused)
