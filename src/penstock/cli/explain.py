"""``penstock explain``: what a rule asks, why, and how to mend it; or how it came to its verdict on a manifest."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from penstock.policy import Policy
    from penstock.render.verdict import Told
    from penstock.workspace.catalog import Entry
    from penstock.workspace.opened import Opened
    from penstock.workspace.target import Target

HELP = "say what a rule asks, why, and how to satisfy it; or how it came to its verdict on a manifest"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("rules", nargs="+", metavar="RULE", help="a rule's id or name, e.g. LV801")
    parser.add_argument(
        "--on", metavar="FILE", help="show how the rule judges the manifests of this file, or FILE:Kind/name alone"
    )
    parser.add_argument("--as-of", metavar="DATE", help="with --on: judge as of this date (default: today in UTC)")
    parser.add_argument(
        "--config", metavar="FILE", type=Path, help="with --on: use this file instead of the nearest penstock.yaml"
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")


def run(arguments: argparse.Namespace) -> int:
    """Print each rule's page, or each verdict. It explains and does not judge: a rule that fails is no fault."""
    from penstock.errors import UsageError

    if arguments.on is not None:
        _verdicts(arguments)
        return 0
    for option in ("as_of", "config"):
        if getattr(arguments, option) is not None:
            raise UsageError(f"--{option.replace('_', '-')} says how to judge a manifest: name one by --on")
    _pages(arguments.rules)
    return 0


def _pages(words: list[str]) -> None:
    from penstock.render.rule import page
    from penstock.workspace.catalog import catalog, find

    entries = catalog(Path.cwd())
    pages = [page(find(entries, word)) for word in words]
    sys.stdout.write(("\n" + "-" * 80 + "\n\n").join(pages))


def _verdicts(arguments: argparse.Namespace) -> None:
    from penstock.cli.days import judging_day
    from penstock.cli.output import colored
    from penstock.cli.screen import columns, show
    from penstock.render.verdict import render
    from penstock.workspace.catalog import find
    from penstock.workspace.target import open_target, parse_target

    as_of = judging_day(arguments.as_of)
    target = parse_target(arguments.on)
    opened = open_target(target, Path(), arguments.config)
    policies = [_policy(find(opened.rules, word)) for word in arguments.rules]
    color, width = colored(arguments.color), columns()
    for index, told in enumerate(told for policy in policies for told in _told(opened, policy, target, as_of)):
        show(("\n" if index else "") + render(told, color=color, width=width))


def _policy(entry: Entry) -> Policy:
    from penstock.errors import UsageError

    if entry.policy is None:
        raise UsageError(
            f"{entry.rule.id} is about the manifests themselves: there is no policy whose verdict could be told",
            hint=f"`penstock explain {entry.rule.id}` says what it asks, `penstock check` what it finds",
        )
    return entry.policy


def _told(opened: Opened, policy: Policy, target: Target, as_of: str) -> Iterator[Told]:
    from penstock.lint import exceptions_of
    from penstock.lint.excusing import part
    from penstock.lint.waivers import waivers_of
    from penstock.policy.explanation import Explainer
    from penstock.render.verdict import Told
    from penstock.workspace.target import subjects

    meant = opened.parameterized(policy, as_of)
    explainer = Explainer(opened.rollout, as_of)
    given = opened.circumstances(opened.book(as_of), as_of)
    waivers = waivers_of(opened.rollout, as_of, given.rules, given.authority)
    for subject in subjects(opened, target, policy.kinds):
        explanation = explainer.explain(meant, subject)
        covering = waivers.covering(policy.rule.id, subject.id)
        excused = part(explanation.findings, exceptions_of(opened.rollout, given)).excused
        yield Told(explanation, as_of, covering, excused, opened.checks(policy))
