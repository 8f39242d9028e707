"""Mutation testing of policies: whether the examples inside a policy file notice when its rule is changed.

``edits`` changes one expression, ``mutants`` a whole policy, ``trial`` runs the examples against each change.
"""

from penstock.policy.mutation.mutants import Mutant
from penstock.policy.mutation.trial import Result, try_policy

__all__ = ["Mutant", "Result", "try_policy"]
