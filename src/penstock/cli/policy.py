"""``penstock policy``: tools for the authors of policies."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "work on policies: run their examples"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    test = commands.add_parser("test", help="run the examples inside policy files")
    test.add_argument(
        "packs", nargs="*", metavar="PACK", help="folders of policy files, or levie (default: levie)"
    )
    test.add_argument(
        "--engine", default="cel-python", metavar="NAME", help="the CEL engine (default: cel-python)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run every example of the packs; 1 when one does not give what it says."""
    from penstock.cel import engine
    from penstock.cli import FINDINGS, OK
    from penstock.policy import load_pack
    from penstock.policy.examples import run_examples
    from penstock.render.escape import visible

    failures = examples = policies = 0
    for reference in arguments.packs or ("levie",):
        pack = load_pack(reference, Path.cwd(), engine(arguments.engine))
        for policy in pack.policies:
            policies += 1
            examples += len(policy.good) + len(policy.bad)
            for failure in run_examples(policy, pack.base):
                failures += 1
                sys.stdout.write(f"{failure.place}: {policy.rule.id} example {failure.example.name}\n")
                sys.stdout.writelines(f"  {visible(problem)}\n" for problem in failure.problems)
    checked = f"{policies} polic{'y' if policies == 1 else 'ies'}"
    sys.stdout.write(f"{checked}, {examples} examples, {failures} failed\n")
    return FINDINGS if failures else OK
