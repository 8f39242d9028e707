"""What is measured and what it is compared with: groups of cases that take turns, and goals over their results.

Takes the bench; gives the groups. Ratios are between medians of one run; a goal is met or it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import doubled
from across import across_rules
from commands import Bench
from measure import Case, Measured

Results = Mapping[str, Mapping[str, Measured]]


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that take turns, and how often: in a full run and in a quick one (0: not at all)."""

    name: str
    title: str
    rounds: int
    quick: int
    cases: Callable[[Bench], list[Case]]


@dataclass(frozen=True, slots=True)
class Goal:
    """A case to another one as a ratio of times, at most `limit`; with `least`, at least.

    Each is a group and a case in it. Without another one, it is the case's peak memory in MiB.
    """

    name: str
    of: tuple[str, str]
    to: tuple[str, str] | None
    limit: float
    least: bool = False

    @property
    def unit(self) -> str:
        return "x" if self.to else "MiB"

    def value(self, results: Results, processor: bool = False) -> float | None:
        """What was measured: by the wall clock, or by processor time. None: it was not measured, or went wrong."""
        found = [results.get(group, {}).get(case) for group, case in (self.of, self.to or self.of)]
        of, to = found
        if of is None or to is None or of.wrong or to.wrong:
            return None
        if self.to is None:
            return of.peak
        return of.cpu / to.cpu if processor else of.wall / to.wall


def _start(bench: Bench) -> list[Case]:
    one, ten = bench.rollout(1), bench.rollout(10)
    return [
        bench.floor("pass", one),
        bench.version(one),
        bench.warm("1 warm", one),
        bench.cold("1 cold", one),
        bench.warm("10 warm", ten),
        bench.cold("10 cold", ten),
    ]


def _cold(bench: Bench) -> list[Case]:
    of = bench.rollout(10_000)
    return [
        bench.floor("csafe", of),
        bench.floor("predicates", of),
        bench.cold("cold, 1 process", of, 1),
        bench.cold("cold, 2 processes", of, 2),
    ]


def _warm(bench: Bench) -> list[Case]:
    of = bench.rollout(10_000)
    return [
        bench.floor("walk", of),
        bench.floor("walk-and-stat", of),
        bench.floor("walk-stat-read", of),
        bench.warm("warm", of),
        bench.edited("warm, ten edited", of),
    ]


def _large(bench: Bench) -> list[Case]:
    small, large = bench.rollout(10_000), bench.rollout(100_000)
    return [
        bench.cold("10,000 cold", small),
        bench.cold("100,000 cold", large),
        bench.warm("10,000 warm", small),
        bench.warm("100,000 warm", large),
    ]


def _growth(bench: Bench) -> list[Case]:
    return [bench.cold(f"{count:,}", bench.rollout(count)) for count in (5_000, 10_000, 20_000)]


def _rules(bench: Bench) -> list[Case]:
    of, least = bench.rollout(10_000), bench.rollout(1)
    options = ("--config", str(doubled.write(bench.scratch / "doubled")))
    twice, least_twice = doubled.findings(of), doubled.findings(least)
    return [
        bench.cold("one pack, cold", of),
        bench.cold("two packs, cold", twice, options=options),
        bench.compiled("one pack, compiled", of, least, ()),
        bench.compiled("two packs, compiled", twice, least_twice, options),
    ]


def _across(bench: Bench) -> list[Case]:
    of = bench.rollout(10_000)
    cases = [bench.cold("all rules", of)]
    for name, rules in ((_NO_GATHERING, across_rules(gathering=True)), (_NO_ACROSS, across_rules())):
        options = ("--ignore", ",".join(rules))
        cases.append(bench.cold(name, of.without(rules), options=options))
    return cases


def _grants(bench: Bench) -> list[Case]:
    return [bench.cold(f"{count:,} grants", bench.rollout(grants=count)) for count in (10_000, 20_000)]


_NO_GATHERING = "without rules that gather resources"
_NO_ACROSS = "without rules that look at another resource at all"

GROUPS = (
    Group("start", "Start, 1 and 10 manifests", 21, 7, _start),
    Group("cold", "10,000 manifests, cold", 5, 1, _cold),
    Group("warm", "10,000 manifests, warm", 9, 3, _warm),
    Group("large", "100,000 manifests", 2, 0, _large),
    Group("growth", "Twice the manifests, cold", 3, 1, _growth),
    Group("rules", "Twice the rules, cold, 10,000 manifests", 3, 1, _rules),
    Group("across", "Rules across resources, cold, 10,000 manifests", 5, 1, _across),
    Group("grants", "One organization, all grants to one source, cold", 3, 1, _grants),
)


def _goal(name: str, group: str, case: str, to: str, limit: float) -> Goal:
    return Goal(name, (group, case), (group, to), limit)


GOALS = (
    _goal("`penstock --version` to `python -c pass`", "start", "--version", "pass", 2),
    _goal("1 manifest, warm, to `python -c pass`", "start", "1 warm", "pass", 4),
    _goal("1 manifest, cold, to `python -c pass`", "start", "1 cold", "pass", 10),
    _goal("10 manifests, warm, to `python -c pass`", "start", "10 warm", "pass", 4),
    _goal("10 manifests, cold, to `python -c pass`", "start", "10 cold", "pass", 10),
    _goal("10,000 cold, one process, to C", "cold", "cold, 1 process", "csafe", 1.0),
    _goal("10,000 cold, two processes, to C", "cold", "cold, 2 processes", "csafe", 0.6),
    Goal("10,000 cold, peak memory", ("cold", "cold, 1 process"), None, 80),
    _goal("10,000 warm to walk-and-stat", "warm", "warm", "walk-and-stat", 2),
    Goal("10,000 cold, one process, to warm", ("cold", "cold, 1 process"), ("warm", "warm"), 15, least=True),
    _goal("10,000 warm, ten edited, to warm", "warm", "warm, ten edited", "warm", 1.3),
    Goal("10,000 warm, peak memory", ("warm", "warm"), None, 80),
    _goal("100,000 cold to 10,000 cold", "large", "100,000 cold", "10,000 cold", 11),
    _goal("100,000 warm to 10,000 warm", "large", "100,000 warm", "10,000 warm", 11),
    Goal("100,000 cold, peak memory", ("large", "100,000 cold"), None, 400),
    Goal("100,000 warm, peak memory", ("large", "100,000 warm"), None, 250),
    _goal("10,000 to 5,000 manifests", "growth", "10,000", "5,000", 2.1),
    _goal("20,000 to 10,000 manifests", "growth", "20,000", "10,000", 2.1),
    _goal("Twice the rules", "rules", "two packs, cold", "one pack, cold", 1.3),
    _goal("Twice the rules, policies compiled", "rules", "two packs, compiled", "one pack, compiled", 1.3),
    _goal("Rules that gather resources, with to without", "across", "all rules", _NO_GATHERING, 1.05),
    _goal("Rules that look at another resource, the same", "across", "all rules", _NO_ACROSS, 1.05),
    _goal("20,000 grants to one source to 10,000", "grants", "20,000 grants", "10,000 grants", 2.1),
)
