"""The check of one rollout: from its root to what is found in it, and what that was made from.

Takes a root and the options of a run; does the reading and calls ``lint``. Knows nothing of other rollouts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from penstock.errors import UsageError
from penstock.lint import Linted, integrity_rules, lint
from penstock.manifest import shapes
from penstock.manifest.integrity import RULES, finding
from penstock.manifest.load import Loaded, load
from penstock.model import Base, ExcuseKind, Finding, Inputs, Location, PackUsed, Rule, RuleResult, Stats
from penstock.policy.model import ROLLOUT_KIND
from penstock.source import Reading, SourceFile
from penstock.source.shown import absolute, shown
from penstock.workspace.circumstances import circumstances
from penstock.workspace.config import Config, config_of
from penstock.workspace.options import Options
from penstock.workspace.packs import Packs
from penstock.workspace.reading import read_rollout
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import RuleBook, rule_book

_EMPTY = "LV012"
_PER_FILE = frozenset({"LV001", "LV002", "LV003", "LV004", "LV014"})


@dataclass(frozen=True, slots=True)
class Judged:
    """What the check of one rollout gave."""

    config: Config
    linted: Linted
    """Findings and excuses in the scope asked for, with the rollout's name."""
    rules: Mapping[str, Rule]
    """Every rule that was checked, by id."""
    sources: Mapping[str, SourceFile]
    """Every file that a finding may point to, by the path shown for it."""
    inputs: Inputs | None = None
    """None for a check of shapes alone."""
    base: Base | None = None


def judge(root: Root, options: Options, packs: Packs, as_of: str) -> Judged:
    """Check one rollout.

    Raises:
        PenstockError: its configuration, a policy or the revision to compare with cannot be used.
    """
    config = config_of(root.config, root.folder, options.stdin)
    readings = read_rollout(root, config, edited=options.stdin, narrow=options.schema_only)
    loaded = load(config.name, shown(root.folder), readings, config.location)
    files = [*(reading.file for reading in readings), *config.files]
    if options.schema_only:
        judged = _shapes(config, loaded, files)
    else:
        judged = _by_rules(root, config, options, packs, as_of, loaded, files)
    empty = () if options.allow_empty else tuple(_empty_places(root, config, readings))
    linted = _within(root, config, judged.linted, loaded)
    findings = tuple(replace(found, rollout=config.name) for found in (*linted.findings, *empty))
    linted = replace(linted, findings=findings, stats=replace(linted.stats, files=len(readings)))
    rules = judged.rules if options.allow_empty else {**judged.rules, _EMPTY: RULES[_EMPTY]}
    return replace(judged, linted=linted, rules=rules)


def _shapes(config: Config, loaded: Loaded, files: Iterable[SourceFile]) -> Judged:
    """What each file says by itself."""
    findings = tuple(found for found in loaded.findings if found.rule in _PER_FILE)
    stats = Stats(rollouts=1, resources=len(loaded.rollout.resources), rules=len(_PER_FILE))
    return Judged(config, Linted(findings, stats), {rule: RULES[rule] for rule in _PER_FILE}, _by_path(files))


def _by_rules(
    root: Root,
    config: Config,
    options: Options,
    packs: Packs,
    as_of: str,
    loaded: Loaded,
    files: Sequence[SourceFile],
) -> Judged:
    """What all rules say of the rollout."""
    book = rule_book(config, packs.load(config, root.base), as_of, options.select, options.ignore)
    if book.is_empty and not options.allow_empty:
        raise UsageError("the selection leaves no rule to check", hint="--allow-empty accepts such a run")
    given = circumstances(root, config, book, as_of, options.stdin)
    base, policies = None, book.policies
    revision = _revision(root, options)
    if revision is None:
        policies = tuple(policy for policy in policies if not policy.is_change_rule)
        linted = lint(loaded, policies, book.selection, given)
    else:
        from penstock.workspace.since import lint_since

        linted, base = lint_since(
            revision,
            root,
            config,
            loaded,
            book,
            given,
            read=[file.path for file in files],
            only_changed=options.changed,
        )
    compared = revision is not None
    integrity = integrity_rules(book.selection, compared=compared)
    rules = {**integrity, **{policy.rule.id: policy.rule for policy in policies}}
    read = (*files, *given.files)
    written = (policy.document.file for policy in policies)
    inputs = _inputs(root, config, book, read)
    return Judged(config, linted, rules, _by_path((*read, *written)), inputs, base)


def _revision(root: Root, options: Options) -> str | None:
    """The revision to compare with. Before the first commit there is none, and everything is new."""
    if options.base is not None or options.revision is None:
        return options.revision
    from penstock.source.git import repository

    found = repository(root.folder)
    return options.revision if found.has(options.revision) else None


def _by_path(files: Iterable[SourceFile]) -> Mapping[str, SourceFile]:
    return {file.path: file for file in files}


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
    results = tuple(_result_within(root, result, beyond) for result in linted.results)
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


def _inputs(root: Root, config: Config, book: RuleBook, files: Iterable[SourceFile]) -> Inputs:
    """What the check of a rollout is made from."""
    packs = tuple(PackUsed(pack.name, pack.version, pack.origin, pack.digest) for pack in book.packs)
    return Inputs(config.name, shown(root.folder), tuple(sorted({file.path for file in files})), packs)


def _empty_places(root: Root, config: Config, readings: Sequence[Reading]) -> Iterator[Finding]:
    """LV012 for the rollout without a manifest, or for each folder named that holds none."""
    full = [absolute(reading.file.path) for reading in readings if reading.documents or reading.faults]
    patterns = ", ".join(config.include)
    for folder in [path for path in root.scope if path.is_dir()] if root.scope else [root.folder]:
        if not any(folder in path.parents for path in full):
            where = shown(folder)
            message = f"no manifest was found in {where}: files matching {patterns} that hold a document"
            at_root = folder == root.folder and config.location
            yield finding(_EMPTY, message, at_root or Location(file=where))
