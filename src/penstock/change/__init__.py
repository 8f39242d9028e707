"""What two states of a rollout mean differently: changes in words, and what each weighs.

Takes rollouts that are paired, configurations, policies and baselines of two states. It must not know of git, nor
of findings: what a change breaks is the workspace's business.
"""

from penstock.change.baseline import baseline_changes
from penstock.change.configuration import ConfigSide, RuleDefaults, configuration_changes
from penstock.change.manifests import manifest_changes
from penstock.change.model import Change, Facts, Weight, What
from penstock.change.policies import policy_changes

__all__ = [
    "Change",
    "ConfigSide",
    "Facts",
    "RuleDefaults",
    "Weight",
    "What",
    "baseline_changes",
    "configuration_changes",
    "manifest_changes",
    "policy_changes",
]
