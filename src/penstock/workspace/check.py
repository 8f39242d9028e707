"""The whole road of a check: paths -> rollouts -> manifests -> findings -> one ``Report``.

Takes ``Options``; does the reading, calls ``lint`` for each rollout, and puts the parts together. Prints nothing,
exits nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from types import MappingProxyType

from penstock import __version__
from penstock.errors import UsageError
from penstock.lint import integrity_rules, lint
from penstock.manifest.integrity import RULES, finding, is_fixed
from penstock.manifest.load import Loaded, load
from penstock.model import Finding, Location, Report, Rule, Severity, Stats
from penstock.policy import Selection, check_token, in_force, selected
from penstock.source import Reading, SourceFile
from penstock.source.shown import absolute, shown
from penstock.workspace.config import FIXED, Config, check_rules, config_of
from penstock.workspace.packs import Packs
from penstock.workspace.reading import read_rollout
from penstock.workspace.roots import Root, find_roots

_PER_FILE = frozenset({"LV001", "LV002", "LV003", "LV004", "LV014"})


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of a check. Unset means: as the configuration says."""

    paths: Sequence[str] = ()
    as_of: str | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    fail_on: Severity | None = None
    config: Path | None = None
    stdin: tuple[str, bytes] | None = None
    """A file's name and its content as the editor has it."""
    schema_only: bool = False
    allow_empty: bool = False
    engine: str = "penstock"


@dataclass(slots=True)
class _Run:
    """What is gathered over the rollouts of a run."""

    findings: list[Finding] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)
    sources: dict[str, SourceFile] = field(default_factory=dict)
    stats: Stats = field(default_factory=Stats)
    fail_on: Severity | None = None


def today() -> str:
    """Today's date in UTC, ISO 8601: the date a run judges by when none is given."""
    return datetime.now(timezone.utc).date().isoformat()


def check(options: Options) -> Report:
    """Check the rollouts that the options name.

    Raises:
        PenstockError: the options, a configuration file or a policy cannot be used.
    """
    run = _Run()
    packs = Packs(options.engine, examples=False)
    as_of = options.as_of or today()
    for root in _roots(options):
        _check_root(root, options, packs, as_of, run)
    findings = tuple(sorted(dict.fromkeys(run.findings), key=lambda found: found.sort_key))
    files = {
        place.file for found in findings for place in (found.location, *(near.location for near in found.related))
    }
    return Report(
        findings=findings,
        rules=MappingProxyType(dict(sorted(run.rules.items()))),
        stats=run.stats,
        as_of=as_of,
        version=__version__,
        texts=MappingProxyType({file: run.sources[file].text for file in sorted(files & run.sources.keys())}),
        fail_on=options.fail_on or run.fail_on or Severity.ERROR,
    )


def _roots(options: Options) -> list[Root]:
    if options.stdin:
        if options.paths:
            raise UsageError("standard input is one file: name no paths beside --stdin-filename")
        # The file may exist only in the editor yet: its folder decides which rollout it belongs to.
        name = Path(options.stdin[0])
        roots = find_roots([str(name if name.exists() else name.parent)], options.config)
        return [replace(root, scope=(absolute(name),)) for root in roots]
    return find_roots(options.paths, options.config)


def _check_root(root: Root, options: Options, packs: Packs, as_of: str, run: _Run) -> None:
    config = config_of(root.config, root.folder)
    readings = read_rollout(root, config, edited=options.stdin, narrow=options.schema_only)
    loaded = load(config.name, shown(root.folder), readings, config.location)
    run.sources.update({reading.file.path: reading.file for reading in readings})
    if config.file:
        run.sources[config.file.path] = config.file
    if options.schema_only:
        findings: Iterable[Finding] = (found for found in loaded.findings if found.rule in _PER_FILE)
        run.rules.update({rule: RULES[rule] for rule in _PER_FILE})
        stats = Stats(rollouts=1, resources=len(loaded.rollout.resources), rules=len(_PER_FILE))
    else:
        findings, stats = _lint(root, config, options, packs, as_of, loaded, run)
    run.stats += replace(stats, files=len(readings))
    run.findings.extend(
        replace(found, rollout=config.name) for found in findings if root.covers(Path(found.location.file))
    )
    if config.fail_on and (run.fail_on is None or config.fail_on.rank > run.fail_on.rank):
        run.fail_on = config.fail_on
    if not options.allow_empty:
        run.rules["LV012"] = RULES["LV012"]
        run.findings.extend(_empty_places(root, config, readings))


def _lint(
    root: Root, config: Config, options: Options, packs: Packs, as_of: str, loaded: Loaded, run: _Run
) -> tuple[Iterable[Finding], Stats]:
    available = packs.load(config, root.config.parent if root.config else root.folder)
    everything = [policy for pack in available for policy in pack.policies]
    known = [*RULES.values(), *(policy.rule for policy in everything)]
    check_rules(config, known, everything)
    selection = _selection(config, options, known)
    policies = in_force(everything, selection)
    if not options.allow_empty and not any(selected(rule, selection) for rule in known):
        raise UsageError("the selection leaves no rule to check", hint="--allow-empty accepts such a run")
    run.sources.update({policy.document.file.path: policy.document.file for policy in policies})
    run.rules.update({policy.rule.id: policy.rule for policy in policies})
    run.rules.update(integrity_rules(selection))
    linted = lint(
        loaded,
        policies,
        selection,
        as_of=as_of,
        known_rules={key for rule in known for key in (rule.id, rule.name)},
    )
    return linted.findings, linted.stats


def _empty_places(root: Root, config: Config, readings: Sequence[Reading]) -> Iterator[Finding]:
    """LV012 for the rollout without a manifest, or for each folder named that holds none."""
    full = [absolute(reading.file.path) for reading in readings if reading.documents or reading.faults]
    patterns = ", ".join(config.include)
    for folder in [path for path in root.scope if path.is_dir()] if root.scope else [root.folder]:
        if not any(folder in path.parents for path in full):
            where = shown(folder)
            message = f"no manifest was found in {where}: files matching {patterns} that hold a document"
            at_root = folder == root.folder and config.location
            yield finding("LV012", message, at_root or Location(file=where))


def _selection(config: Config, options: Options, known: Sequence[Rule]) -> Selection:
    """The configuration's selection as the command line changes it: --select replaces, --ignore adds."""
    for token in (*options.select, *options.ignore):
        check_token(token, known)
    for token in options.ignore:
        if is_fixed(token):
            raise UsageError(f"{token} cannot be ignored", hint=FIXED)
    given = config.selection
    return replace(given, select=tuple(options.select) or given.select, ignore=(*given.ignore, *options.ignore))
