"""The whole road of a check: paths -> rollouts -> manifests -> findings -> one ``Report``.

Takes ``Options``; finds the rollouts, has each judged, and puts the parts together. Prints nothing, exits nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from functools import reduce
from operator import add
from pathlib import Path
from types import MappingProxyType

from penstock import __version__
from penstock.answers.seen import Seen
from penstock.course import FINDING, REPORT
from penstock.errors import UsageError
from penstock.lint.excusing import in_order
from penstock.lint.results import Results
from penstock.model import Finding, Report, Severity, Stats
from penstock.record import replace
from penstock.source.shown import absolute
from penstock.workspace.judged import Judged, judge, prepare
from penstock.workspace.options import Options
from penstock.workspace.packs import Packs
from penstock.workspace.roots import Root, find_roots

__all__ = ["Options", "check", "refuse_clashes", "report_of", "roots_of", "today"]


def today() -> str:
    """Today's date in UTC, ISO 8601: the date a run judges by when none is given."""
    return datetime.now(timezone.utc).date().isoformat()


def check(options: Options, seen: Seen | None = None) -> Report:
    """Check the rollouts that the options name. ``seen`` is told of all that is looked at, before it is read.

    Raises:
        PenstockError: the options, a configuration file, a policy or the revision to compare with cannot be used.
    """
    refuse_clashes(options)
    packs = Packs(options.engine, examples=False, cached=options.cached)
    as_of = options.as_of or today()
    seen = seen or Seen(keeping=False)
    with options.course.part(FINDING):
        roots = roots_of(options, seen)
    prepared = [prepare(root, options, packs, as_of, seen) for root in roots]
    return report_of(options, [judge(each, options, seen) for each in prepared], as_of)


def refuse_clashes(options: Options) -> None:
    """Refuse options that do not go together.

    Raises:
        UsageError: there are some.
    """
    if options.schema_only and options.revision is not None:
        raise UsageError("--schema-only looks at each file alone: leave --base and --changed out")
    if options.base is not None and not options.base.strip():
        raise UsageError("--base names no revision", hint="an empty variable? Leave --base out to compare none")


def report_of(options: Options, judged: Sequence[Judged], as_of: str) -> Report:
    """The rollouts' parts as one."""
    with options.course.part(REPORT):
        return _report(options, judged, as_of)


def _report(options: Options, judged: Sequence[Judged], as_of: str) -> Report:
    findings = in_order(found for each in judged for found in each.linted.findings)
    excused = (excused for each in judged for excused in each.linted.excused)
    rules = {rule: given for each in judged for rule, given in each.rules.items()}
    # In a run over several rollouts, the strictest of their own.
    least = max((each.config.fail_on for each in judged), key=lambda fail_on: fail_on.rank, default=None)
    return Report(
        findings=findings,
        rules=MappingProxyType(dict(sorted(rules.items()))),
        stats=reduce(add, (each.linted.stats for each in judged), Stats()),
        as_of=as_of,
        version=__version__,
        texts=_texts(findings, judged),
        fail_on=options.fail_on or least or Severity.ERROR,
        excused=tuple(sorted(excused, key=lambda each: each.finding.sort_key)),
        results=Results(lambda: (result for each in judged for result in each.linted.results)),
        bases=tuple(each.base for each in judged if each.base is not None),
        inputs=tuple(each.inputs for each in judged if each.inputs is not None),
    )


def _texts(findings: Iterable[Finding], judged: Sequence[Judged]) -> Mapping[str, str]:
    """The text of every file that a finding points to."""
    paths = {
        place.file for found in findings for place in (found.location, *(near.location for near in found.related))
    }
    sources = ((path, each.source(path)) for path in sorted(paths) for each in judged)
    return MappingProxyType({path: file.text for path, file in sources if file is not None})


def roots_of(options: Options, seen: Seen) -> list[Root]:
    """The rollouts that the options name.

    Raises:
        UsageError: a path does not exist, or is named beside standard input.
    """
    if options.stdin:
        if options.paths:
            raise UsageError("standard input is one file: name no paths beside --stdin-filename")
        # The file may exist only in the editor yet: its folder decides which rollout it belongs to.
        name = Path(options.stdin[0])
        roots = find_roots([str(name if name.exists() else name.parent)], options.config)
        return [replace(root, scope=(absolute(name),)) for root in roots]
    return find_roots(options.paths, options.config, seen)
