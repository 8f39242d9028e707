"""What a check could see: whether a finding that it does not have would have been found.

Takes what a run of ``lint`` gave with its rollout and policies. A finding that is gone is mended only where the
rule could still judge its manifest; the same holds for one that is new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from penstock.lint import Linted
from penstock.lint.baseline import judges_all
from penstock.lint.changed import Identity
from penstock.manifest.rollout import Rollout
from penstock.model import Status
from penstock.policy import Policy
from penstock.policy.model import ROLLOUT_KIND

_UNDECIDED = (Status.NOT_JUDGED, Status.FAULT)
_LOOKS_AROUND = frozenset({"organization", "referrers", "resources"})
"""By what an expression looks at manifests that it does not name."""
_ABOUT_ALL = frozenset({"LV007", "LV008", "LV009", "LV017"})
"""The integrity rules that look at other manifests, or at what other rules find."""
_ALWAYS = frozenset({"LV001", "LV002", "LV003", "LV004", "LV005", "LV012", "LV013", "LV014"})
"""Those that judge whatever there is, were it ever so broken."""


class Sight:
    """What one check could see of its rollout."""

    def __init__(
        self,
        linted: Linted,
        rollout: Rollout,
        policies: Iterable[Policy],
        lost: Collection[str] = (),
        names: Mapping[str, str] | None = None,
    ) -> None:
        """``lost`` are the resources (``Kind/name``) of the other state whose file this one cannot read;
        ``names`` is what a resource is called here, where a finding calls it by its name in the new state."""
        undecided = (
            (result.rule, result.resources.get(status, ())) for result in linted.results for status in _UNDECIDED
        )
        self._undecided = {(rule, resource) for rule, resources in undecided for resource in resources}
        self._invalid = {resource.id for resource in rollout.resources if not resource.valid}
        self._sees_all = judges_all(rollout)
        around = {policy.rule.id for policy in policies if not policy.reads.isdisjoint(_LOOKS_AROUND)}
        self._around = around | _ABOUT_ALL
        self._lost = frozenset(lost)
        self._names = names or {}

    def judges(self, identity: Identity) -> bool:
        """Whether a finding of this identity would have been found, were it there."""
        rule, resource, _ = identity
        resource = self._names.get(resource, resource)
        if resource in self._lost:
            return False
        if rule in _ALWAYS:
            return True
        if (rule, resource) in self._undecided or resource in self._invalid:
            return False
        is_one = resource.partition("/")[0] != ROLLOUT_KIND
        return self._sees_all or (is_one and rule not in self._around)
