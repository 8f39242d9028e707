"""A configuration and its packs -> the rules that there are, and the policies in force on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from penstock.errors import UsageError
from penstock.manifest.integrity import RULES, is_fixed
from penstock.model import Rule
from penstock.policy import Pack, Policy, Selection, check_token, in_force, selected
from penstock.policy.verdict import checks
from penstock.record import dataclass, replace
from penstock.workspace.config import FIXED, Config, check_rules


@dataclass(frozen=True, slots=True)
class RuleBook:
    """By which rules a rollout is judged."""

    rules: Mapping[str, Rule]
    """Every rule there is, by id: the integrity rules and those of the packs."""
    policies: tuple[Policy, ...]
    """Those in force on the day, as the configuration and the command line want them."""
    selection: Selection
    packs: tuple[Pack, ...]
    """In the order of the configuration."""

    @property
    def is_empty(self) -> bool:
        """Whether the selection leaves no rule at all."""
        return not any(selected(rule, self.selection) for rule in self.rules.values())


def rule_book(
    config: Config, packs: Sequence[Pack], as_of: str, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> RuleBook:
    """The rules of a rollout; ``select`` and ``ignore`` are the command line's.

    Raises:
        GroupedError: the configuration names what is not there.
        UsageError: the command line does.
    """
    policies = [policy for pack in packs for policy in pack.policies]
    rules = [*RULES.values(), *(policy.rule for policy in policies)]
    check_rules(config, rules, policies)
    selection = _selection(config, rules, select, ignore)
    by_id = {rule.id: rule for rule in rules}
    return RuleBook(by_id, in_force(policies, selection, as_of), selection, tuple(packs))


def compiled(book: RuleBook) -> RuleBook:
    """A book to be used more than once: what each sweep would make anew of its policies is made."""
    known = checks(policy for policy in book.policies if not policy.is_change_rule)
    policies = tuple(replace(policy, check=known.get(policy.rule.id, policy.check)) for policy in book.policies)
    return replace(book, policies=policies)


def _selection(config: Config, rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str]) -> Selection:
    """The configuration's selection as the command line changes it: --select replaces, --ignore adds."""
    for token in (*select, *ignore):
        check_token(token, rules)
    for token in ignore:
        if is_fixed(token):
            raise UsageError(f"{token} cannot be ignored", hint=FIXED)
    given = config.selection
    return replace(given, select=tuple(select) or given.select, ignore=(*given.ignore, *ignore))
