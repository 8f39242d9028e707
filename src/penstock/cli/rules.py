"""``penstock rules``: the rules there are, a line each."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.model import Rule

HELP = "list the rules"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--select", metavar="RULES", default="ALL", help="only these: ids, names, step:8, severity:error"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Print the rules of the configuration in force here."""
    from penstock.model import STEPS
    from penstock.policy.select import check_token, matches
    from penstock.workspace.catalog import catalog

    rules = [entry.rule for entry in catalog(Path.cwd()).values()]
    tokens = [token.strip() for token in arguments.select.split(",")]
    for token in tokens:
        check_token(token, rules)
    chosen = [rule for rule in rules if any(matches(rule, token) for token in tokens)]
    if arguments.format == "json":
        fields = ("id", "name", "title", "severity", "step", "pack")
        listing = [{field: getattr(rule, field) for field in fields} for rule in chosen]
        sys.stdout.write(json.dumps(listing, indent=2, ensure_ascii=False) + "\n")
        return 0
    _list(chosen, STEPS)
    return 0


def _list(chosen: list[Rule], steps: tuple[str, ...]) -> None:
    from penstock.render.totals import count

    width = max((len(rule.name) for rule in chosen), default=0)
    for step in sorted({rule.step for rule in chosen}):
        heading = f"Step {step}, {steps[step]}" if step in range(1, 12) else steps[step]
        sys.stdout.write(f"{heading}\n")
        for rule in (rule for rule in chosen if rule.step == step):
            sys.stdout.write(f"  {rule.id:<7} {rule.severity.value:<8} {rule.name:<{width}}  {rule.title}\n")
        sys.stdout.write("\n")
    sys.stdout.write(f"{count(len(chosen), 'rule')}. `penstock explain RULE` says what one asks and why.\n")
