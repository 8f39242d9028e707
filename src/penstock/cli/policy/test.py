"""``penstock policy test``: every example of the packs, and those that do not give what they say."""

from __future__ import annotations

import argparse


def run(arguments: argparse.Namespace) -> bool:
    """Run the examples; whether one fails, a policy judges no good one, or they show less than asked for."""
    from penstock.cli.output import put
    from penstock.cli.policy.measure import threshold
    from penstock.cli.policy.packs import chosen, packs
    from penstock.errors import UsageError
    from penstock.policy.coverage import cover_policy
    from penstock.policy.examples import run_examples
    from penstock.policy.vacuity import vacuous
    from penstock.render.examples import Tested, as_json, as_text, percent

    least = threshold(arguments)
    if least is not None and not arguments.coverage:
        raise UsageError("--fail-under is about coverage", hint="add --coverage, or leave --fail-under out")
    policies = chosen(packs(arguments), arguments.rule)
    failures = [failure for policy, pack in policies for failure in run_examples(policy, pack.base)]
    failing = {id(failure.policy) for failure in failures}
    untried = [vacuous(policy, pack.base) for policy, pack in policies if id(policy) not in failing]
    coverage = [cover_policy(policy, pack.base) for policy, pack in policies] if arguments.coverage else None
    tested = Tested([policy for policy, _ in policies], failures, coverage, list(filter(None, untried)))
    put(as_json(tested) if arguments.output == "json" else as_text(tested))
    return bool(failures or tested.vacuous) or percent(coverage or ()) < (least or 0)
