"""``penstock explain``: what a rule asks, why, how to mend it, and examples of both."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "say what a rule asks, why, and how to satisfy it"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("rules", nargs="+", metavar="RULE", help="a rule's id or name, e.g. LV801")


def run(arguments: argparse.Namespace) -> int:
    """Print each rule's page."""
    from penstock.render.rule import page
    from penstock.workspace.catalog import catalog, find

    entries = catalog(Path.cwd())
    pages = [page(find(entries, word)) for word in arguments.rules]
    sys.stdout.write(("\n" + "-" * 80 + "\n\n").join(pages))
    return 0
