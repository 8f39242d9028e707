"""Policies: files of CEL expressions, checked when loaded, applied to a rollout."""

from penstock.policy.evaluate import Evaluator
from penstock.policy.model import Example, Pack, Policy
from penstock.policy.override import Override, ParamsChange
from penstock.policy.pack_files import PackFiles
from penstock.policy.packs import check_unique, find, load_pack, load_pack_files
from penstock.policy.reference import BUILT_IN, GitReference, PackageReference, Reference
from penstock.policy.select import Selection, check_params, check_token, in_force, selected

__all__ = [
    "BUILT_IN",
    "Evaluator",
    "Example",
    "GitReference",
    "Override",
    "Pack",
    "PackFiles",
    "PackageReference",
    "ParamsChange",
    "Policy",
    "Reference",
    "Selection",
    "check_params",
    "check_token",
    "check_unique",
    "find",
    "in_force",
    "load_pack",
    "load_pack_files",
    "selected",
]
