"""``penstock policy mutate``: which small changes to a policy its examples do not notice."""

from __future__ import annotations

import argparse


def run(arguments: argparse.Namespace) -> bool:
    """Try every change; whether fewer are noticed than asked for, or an example fails as it is."""
    from penstock.cel import engine
    from penstock.cli.output import put
    from penstock.cli.policy.measure import progress, threshold
    from penstock.cli.policy.packs import chosen, packs
    from penstock.policy.mutation import Result, try_policy
    from penstock.render.mutation import as_json, as_text, percent

    least, with_engine = threshold(arguments), engine(arguments.engine)
    policies = chosen(packs(arguments), arguments.rule)
    results: list[Result] = []
    try:
        for number, (policy, pack) in enumerate(policies, 1):
            progress(f"{number}/{len(policies)} {policy.rule.id}")
            results.append(try_policy(policy, pack.base, with_engine))
    finally:
        progress("")
    put(as_json(results) if arguments.output == "json" else as_text(results))
    return percent(results) < (least or 0) or any(result.failures for result in results)
