"""The check of one rollout: from its root to what is found in it, and what that was made from.

Takes a root and the options of a run; does the reading and calls ``lint``. Knows nothing of other rollouts.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from penstock.answers.seen import Seen
from penstock.course import COMPARING, CONFIGURATION, EXCEPTIONS, FINDING, PACKS, REPORT, STATE
from penstock.errors import UsageError
from penstock.lint import Circumstances, Linted, integrity_rules, lint
from penstock.lint.results import Results
from penstock.manifest import shapes
from penstock.manifest.integrity import RULES, finding
from penstock.manifest.load import Loaded
from penstock.model import Base, ExcuseKind, Finding, Inputs, Location, PackUsed, Rule, RuleResult, Stats
from penstock.policy.model import ROLLOUT_KIND
from penstock.record import dataclass, replace
from penstock.source import Discovery, SourceFile
from penstock.source.late_discovery import LateDiscovery
from penstock.source.shown import absolute, shown
from penstock.workspace.circumstances import circumstances
from penstock.workspace.config import Config, config_of
from penstock.workspace.looked_at import look_at_inputs, look_at_manifests, look_at_root
from penstock.workspace.options import Options
from penstock.workspace.packs import Packs
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import RuleBook, rule_book
from penstock.workspace.state.memory import Memory
from penstock.workspace.state.sight import sight_of
from penstock.workspace.state.store import LostRecordError
from penstock.workspace.state.taking import take_known
from penstock.workspace.taken import Taken, take_whole

_EMPTY = "LV012"
_UNREADABLE = "LV014"
_PER_FILE = frozenset({"LV001", "LV002", "LV003", "LV004", "LV014"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """One rollout before its manifests are read."""

    root: Root
    config: Config
    book: RuleBook | None
    """None for a check of shapes alone; so with the circumstances."""
    given: Circumstances | None
    found: Discovery | None
    """The manifests; None where they were named one by one."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the check of one rollout gave."""

    config: Config
    linted: Linted
    """Findings and excuses in the scope asked for, with the rollout's name."""
    rules: Mapping[str, Rule]
    """Every rule that was checked, by id."""
    source: Callable[[str], SourceFile | None]
    """A file that a finding may point to, by the path shown for it."""
    inputs: Inputs | None = None
    """None for a check of shapes alone."""
    base: Base | None = None


def prepare(
    root: Root, options: Options, packs: Packs, as_of: str, seen: Seen, walked: Seen | None = None
) -> Prepared:
    """Look for what the check of a rollout needs, and get ready all but the manifests.

    ``walked`` is told of the manifests in place of ``seen``.

    Raises:
        PenstockError: its configuration, a policy or the baseline cannot be used.
    """
    course = options.course
    with course.part(CONFIGURATION):
        look_at_root(root, seen)
        config = config_of(root.config, root.folder, options.stdin)
        look_at_inputs(root, config, seen)
    with course.part(FINDING):
        found = look_at_manifests(root, config, walked or seen)
    if options.schema_only:
        return Prepared(root, config, None, None, found)
    with course.part(PACKS):
        book = rule_book(config, packs.load(config, root.base), as_of, options.select, options.ignore)
    if book.is_empty and not options.allow_empty:
        raise UsageError("the selection leaves no rule to check", hint="--allow-empty accepts such a run")
    with course.part(CONFIGURATION):
        return Prepared(root, config, book, circumstances(root, config, book, as_of, options.stdin), found)


def judge(prepared: Prepared, options: Options, seen: Seen, memory: Memory | None = None) -> Judged:
    """Check one rollout; ``memory`` is what this process knows of it from its last check, and keeps for the next.

    Raises:
        PenstockError: the revision to compare with cannot be used.
    """
    root, config = prepared.root, prepared.config
    if prepared.book is None or prepared.given is None:
        taken = take_whole(root, config, options, prepared.found)
        judged = _shapes(config, taken)
    else:
        book, given = prepared.book, prepared.given
        try:
            taken = _taken(prepared, book, given.as_of, options, memory, harmed=False)
            judged = _by_rules(root, config, options, book, given, taken)
        except LostRecordError:  # what the state holds of a manifest that nobody asked for before
            taken = _taken(prepared, book, given.as_of, options, memory, harmed=True)
            judged = _by_rules(root, config, options, book, given, taken)
    if any(each.rule == _UNREADABLE for each in taken.loaded.findings):
        seen.odd()  # the next run may be luckier
    with options.course.part(REPORT):
        return _asked_for(root, config, options, taken, judged)


def _asked_for(root: Root, config: Config, options: Options, taken: Taken, judged: Judged) -> Judged:
    """What of it was asked for, by the rollout's name."""
    empty = () if options.allow_empty else tuple(_empty_places(root, config, taken))
    linted = _within(root, config, judged.linted, taken.loaded)
    findings = tuple(replace(found, rollout=config.name) for found in (*linted.findings, *empty))
    linted = replace(linted, findings=findings, stats=replace(linted.stats, files=len(taken.files)))
    rules = judged.rules if options.allow_empty else {**judged.rules, _EMPTY: RULES[_EMPTY]}
    return replace(judged, linted=linted, rules=rules)


def _taken(
    prepared: Prepared, book: RuleBook, as_of: str, options: Options, memory: Memory | None, *, harmed: bool
) -> Taken:
    """The manifests, and where an earlier check has left its state, what is known of them."""
    root, config, found = prepared.root, prepared.config, prepared.found
    if isinstance(found, LateDiscovery) and memory is None and not harmed:
        from penstock.workspace.state.resuming import resume

        taken = resume(root, config, book, as_of, options, found)
        if taken is not None:
            return taken
    with options.course.part(STATE):
        sight = sight_of(root, config, options, found, remembered=memory is not None)
    if sight is None:
        return take_whole(root, config, options, found)
    return take_known(root, config, book, as_of, sight, memory, options.course, harmed=harmed)


def _shapes(config: Config, taken: Taken) -> Judged:
    """What each file says by itself."""
    findings = tuple(found for found in taken.loaded.findings if found.rule in _PER_FILE)
    stats = Stats(rollouts=1, resources=taken.loaded.rollout.count, rules=len(_PER_FILE))
    rules = {rule: RULES[rule] for rule in _PER_FILE}
    return Judged(config, Linted(findings, stats), rules, _sources(taken, config.files))


def _by_rules(
    root: Root, config: Config, options: Options, book: RuleBook, given: Circumstances, taken: Taken
) -> Judged:
    """What all rules say of the rollout."""
    loaded, course = taken.loaded, options.course
    base, policies = None, book.policies
    revision = _revision(root, options)
    if revision is None:
        policies = tuple(policy for policy in policies if not policy.is_change_rule)
        with course.part(EXCEPTIONS):
            linted = lint(loaded, policies, book.selection, given, judged=taken.swept, course=course)
    else:
        from penstock.workspace.since import lint_since

        with course.part(COMPARING):
            linted, base = lint_since(
                revision,
                root,
                config,
                loaded,
                book,
                given,
                read=[*taken.files, *(file.path for file in config.files)],
                only_changed=options.changed,
                course=course,
            )
    compared = revision is not None
    integrity = integrity_rules(book.selection, compared=compared)
    rules = {**integrity, **{policy.rule.id: policy.rule for policy in policies}}
    beside = (*config.files, *given.files)
    written = (policy.document.file for policy in policies)
    inputs = _inputs(root, config, book, taken.files, [file.path for file in beside])
    return Judged(config, linted, rules, _sources(taken, (*beside, *written)), inputs, base)


def _sources(taken: Taken, others: Iterable[SourceFile]) -> Callable[[str], SourceFile | None]:
    """A way to the files by the paths shown for them: the manifests and the others."""
    files = {file.path: file for file in others}
    names = sorted(taken.files)
    return lambda path: files[path] if path in files else taken.file(path) if _holds(names, path) else None


def _holds(names: Sequence[str], name: str) -> bool:
    """Whether a name is among others, which are in order: a set of thousands takes longer to make."""
    return name in names[(at := bisect_left(names, name)) : at + 1]


def _revision(root: Root, options: Options) -> str | None:
    """The revision to compare with. Before the first commit there is none, and everything is new."""
    if options.base is not None or options.revision is None:
        return options.revision
    from penstock.source.git import repository

    found = repository(root.folder)
    return options.revision if found.has(options.revision) else None


def _within(root: Root, config: Config, linted: Linted, loaded: Loaded) -> Linted:
    """What lies in the scope that was asked for."""
    if not root.scope:
        excused = tuple(replace(each, finding=_named(each.finding, config)) for each in linted.excused)
        return replace(linted, excused=excused)
    findings = tuple(found for found in linted.findings if root.covers(Path(found.location.file)))
    excused = tuple(
        replace(each, finding=_named(each.finding, config))
        for each in linted.excused
        if root.covers(Path(each.finding.location.file))
    )
    kinds = Counter(each.excuse.kind for each in excused)
    stats = replace(
        linted.stats,
        elsewhere=len(linted.findings) - len(findings),
        waived=kinds[ExcuseKind.WAIVER],
        suppressed=kinds[ExcuseKind.SUPPRESSION],
        baselined=kinds[ExcuseKind.BASELINE],
    )
    files = {each.file: root.covers(Path(each.file)) for each in loaded.rollout.resources}
    beyond = {each.id for each in loaded.rollout.resources if not files[each.file]}
    results = Results(lambda: (_result_within(root, result, beyond) for result in linted.results))
    return replace(linted, findings=findings, excused=excused, results=results, stats=stats)


def _result_within(root: Root, result: RuleResult, beyond: Collection[str]) -> RuleResult:
    """What a rule says of the resources in the scope, and of the files in it that hold none."""
    kept = {
        status: tuple(name for name in names if name not in beyond and _is_within(root, name))
        for status, names in result.resources.items()
    }
    return replace(result, resources={status: names for status, names in kept.items() if names})


def _is_within(root: Root, name: str) -> bool:
    """Whether a name of no resource in the scope stands for a file in it."""
    kind, _, rest = name.partition("/")
    return (bool(rest) and kind in (*shapes.kinds(), ROLLOUT_KIND)) or root.covers(Path(name))


def _named(found: Finding, config: Config) -> Finding:
    return replace(found, rollout=config.name)


def _inputs(root: Root, config: Config, book: RuleBook, manifests: Iterable[str], beside: Iterable[str]) -> Inputs:
    """What the check of a rollout is made from."""
    files = sorted(manifests)
    for name in beside:
        if not _holds(files, name):
            insort(files, name)
    packs = tuple(PackUsed(pack.name, pack.version, pack.origin, pack.digest) for pack in book.packs)
    return Inputs(config.name, shown(root.folder), tuple(files), packs)


def _empty_places(root: Root, config: Config, taken: Taken) -> Iterator[Finding]:
    """LV012 for the rollout without a manifest, or for each folder named that holds none."""
    if not root.scope and not root.files and any(True for _ in taken.filled()):
        return
    full = [absolute(path) for path in taken.filled()]
    patterns = ", ".join(config.include)
    for folder in [path for path in root.scope if path.is_dir()] if root.scope else [root.folder]:
        if not any(folder in path.parents for path in full):
            where = shown(folder)
            message = f"no manifest was found in {where}: files matching {patterns} that hold a document"
            at_root = folder == root.folder and config.location
            yield finding(_EMPTY, message, at_root or Location(file=where))
