"""Policies: files of CEL expressions, checked when loaded, applied to a rollout."""

from penstock.policy.evaluate import Evaluator
from penstock.policy.model import Example, Pack, Policy
from penstock.policy.packs import BUILT_IN, check_unique, load_pack
from penstock.policy.select import Override, Selection, check_params, check_token, in_force, selected

__all__ = [
    "BUILT_IN",
    "Evaluator",
    "Example",
    "Override",
    "Pack",
    "Policy",
    "Selection",
    "check_params",
    "check_token",
    "check_unique",
    "in_force",
    "load_pack",
    "selected",
]
