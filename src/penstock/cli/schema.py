"""``penstock schema``: the JSON Schemas by which manifests, policies and reports are checked."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "print the JSON Schema of a kind, for editors and other tools"

_OTHERS = {
    "rollout": "rollout/v1/rollout",
    "policy": "policy/v1/Policy",
    "pack": "policy/v1/Pack",
    "config": "config/v1/config",
    "lock": "lock/v1/lock",
    "baseline": "baseline/v1/baseline",
    "report": "report/v1/report",
    "plan": "plan/v1/plan",
    "access": "access/v1/access",
    "cost": "cost/v1/cost",
    "diff": "diff/v1/diff",
    "audit": "audit/v1/audit",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "schema",
        nargs="?",
        metavar="KIND",
        help="a kind, or policy, pack, config, lock, baseline, report, plan, access, cost, diff, audit "
        "(default: every kind in one)",
    )
    parser.add_argument(
        "--output", metavar="FILE", type=Path, help="write to this file instead of standard output"
    )
    parser.add_argument("--list", action="store_true", help="list the names and what they are")


def run(arguments: argparse.Namespace) -> int:
    """Print a schema that refers to no other file."""
    import json

    from penstock.cli.files import write_atomically
    from penstock.errors import UsageError
    from penstock.manifest import shapes
    from penstock.starter.names import pick

    ids = schemas()
    if arguments.list and arguments.schema:
        raise UsageError("--list lists every schema: leave out the kind")
    if arguments.list:
        text = _listing(ids)
    else:
        name = pick(arguments.schema or "rollout", ids, "schema")
        text = json.dumps(shapes.bundled(ids[name]), indent=2, ensure_ascii=False) + "\n"
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        write_atomically(arguments.output, text)
    return 0


def schemas() -> dict[str, str]:
    """The id of every published schema by the name that the command knows it by."""
    from penstock.manifest import shapes

    return {**{kind: f"{shapes.ROLLOUT}/{kind}" for kind in shapes.kinds()}, **_OTHERS}


def _listing(ids: dict[str, str]) -> str:
    from penstock.manifest import shapes

    width = max(map(len, ids))
    rows = []
    for name, schema_id in ids.items():
        description = str(shapes.document(schema_id)["description"])
        rows.append(f"{name:<{width}}  {description.partition(': ')[0].partition('. ')[0].rstrip('.')}")
    return "\n".join(rows) + "\n"
