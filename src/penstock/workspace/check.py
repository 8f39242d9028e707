"""The whole road of a check: paths -> rollouts -> manifests -> findings -> one ``Report``.

Takes ``Options``; finds the rollouts, has each judged, and puts the parts together. Prints nothing, exits nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import reduce
from operator import add
from pathlib import Path
from types import MappingProxyType

from penstock import __version__
from penstock.errors import UsageError
from penstock.lint.excusing import in_order
from penstock.model import Finding, Report, Severity, Stats
from penstock.source import SourceFile
from penstock.source.shown import absolute
from penstock.workspace.judged import Judged, judge
from penstock.workspace.options import Options
from penstock.workspace.packs import Packs
from penstock.workspace.roots import Root, find_roots

__all__ = ["Options", "check", "today"]


def today() -> str:
    """Today's date in UTC, ISO 8601: the date a run judges by when none is given."""
    return datetime.now(timezone.utc).date().isoformat()


def check(options: Options) -> Report:
    """Check the rollouts that the options name.

    Raises:
        PenstockError: the options, a configuration file, a policy or the revision to compare with cannot be used.
    """
    if options.schema_only and options.revision is not None:
        raise UsageError("--schema-only looks at each file alone: leave --base and --changed out")
    if options.base is not None and not options.base.strip():
        raise UsageError("--base names no revision", hint="an empty variable? Leave --base out to compare none")
    packs = Packs(options.engine, examples=False)
    as_of = options.as_of or today()
    return _report(options, [judge(root, options, packs, as_of) for root in _roots(options)], as_of)


def _report(options: Options, judged: Sequence[Judged], as_of: str) -> Report:
    """The rollouts' parts as one."""
    findings = in_order(found for each in judged for found in each.linted.findings)
    excused = (excused for each in judged for excused in each.linted.excused)
    rules = {rule: given for each in judged for rule, given in each.rules.items()}
    sources = {path: file for each in judged for path, file in each.sources.items()}
    # In a run over several rollouts, the strictest of their own.
    least = max((each.config.fail_on for each in judged), key=lambda fail_on: fail_on.rank, default=None)
    return Report(
        findings=findings,
        rules=MappingProxyType(dict(sorted(rules.items()))),
        stats=reduce(add, (each.linted.stats for each in judged), Stats()),
        as_of=as_of,
        version=__version__,
        texts=_texts(findings, sources),
        fail_on=options.fail_on or least or Severity.ERROR,
        excused=tuple(sorted(excused, key=lambda each: each.finding.sort_key)),
        results=tuple(result for each in judged for result in each.linted.results),
        bases=tuple(each.base for each in judged if each.base is not None),
        inputs=tuple(each.inputs for each in judged if each.inputs is not None),
    )


def _texts(findings: Iterable[Finding], sources: Mapping[str, SourceFile]) -> Mapping[str, str]:
    """The text of every file that a finding points to."""
    files = {
        place.file for found in findings for place in (found.location, *(near.location for near in found.related))
    }
    return MappingProxyType({file: sources[file].text for file in sorted(files & sources.keys())})


def _roots(options: Options) -> list[Root]:
    if options.stdin:
        if options.paths:
            raise UsageError("standard input is one file: name no paths beside --stdin-filename")
        # The file may exist only in the editor yet: its folder decides which rollout it belongs to.
        name = Path(options.stdin[0])
        roots = find_roots([str(name if name.exists() else name.parent)], options.config)
        return [replace(root, scope=(absolute(name),)) for root in roots]
    return find_roots(options.paths, options.config)
