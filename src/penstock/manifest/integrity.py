"""The built-in rules about the manifests themselves, which no policy can state (framework step 0).

Gives their metadata and the one way to make a finding of them. Where they are found is the business of the
layers that report them: ``manifest`` and ``lint``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from penstock.model import Finding, Location, Related, Rule, Severity

PACK = "penstock"
"""The pack that integrity rules belong to: penstock itself."""

LEFT_OUT = "LV018"
"""The one rule that needs an earlier state to compare with."""


def _rule(rule_id: str, name: str, severity: Severity, title: str, why: str, remediation: str) -> Rule:
    return Rule(rule_id, name, title, severity, 0, why, remediation, pack=PACK)


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.id: rule
        for rule in (
            _rule(
                "LV001",
                "syntax-error",
                _ERROR,
                "A manifest file is not valid YAML",
                "Nothing in a document that cannot be parsed is checked, so its defects would pass unseen.",
                "Mend the YAML at the place shown. Tags beyond the YAML core and aliases that contain "
                "themselves are not accepted.",
            ),
            _rule(
                "LV002",
                "duplicate-key",
                _ERROR,
                "A mapping has the same key twice",
                "YAML readers silently keep one of the two values, and not all keep the same one: what was "
                "reviewed need not be what is in force.",
                "Keep one of the two entries and delete the other.",
            ),
            _rule(
                "LV003",
                "unknown-kind",
                _ERROR,
                "A document is not a manifest of a known apiVersion and kind",
                "A document whose kind is not known is checked by no rule, so a misspelled kind would hide a "
                "whole resource.",
                "Correct apiVersion and kind, or list the file under manifests.exclude in penstock.yaml when "
                "it is not a manifest of the rollout.",
            ),
            _rule(
                "LV004",
                "schema-violation",
                _ERROR,
                "A manifest does not have the shape of its kind",
                "A misspelled or misplaced field is not read at all, and a value of the wrong form cannot be "
                "judged: policies look only at manifests of the right shape.",
                "Correct the field as the message says. `penstock schema KIND` prints every field of a kind.",
            ),
            _rule(
                "LV005",
                "duplicate-resource-name",
                _ERROR,
                "Two manifests of a kind have the same name",
                "A reference to the name could mean either of them, so no rule that follows references can be "
                "trusted.",
                "Rename one of the two and the references meant for it, or delete the one left over.",
            ),
            _rule(
                "LV006",
                "dangling-reference",
                _ERROR,
                "A field refers to something that does not exist",
                "An agent without its budget, a grant without its data source: a reference that leads nowhere "
                "hides exactly the resource that the rules should judge.",
                "Correct the name, or add the manifest or list element that it should refer to.",
            ),
            _rule(
                "LV007",
                "unreferenced-resource",
                _WARNING,
                "Nothing refers to a resource that exists to be referred to",
                "A data source, model tier, FTE or contract that nothing uses is either left over or a sign "
                "that the reference to it was forgotten.",
                "Refer to the resource where it is used, or delete its manifest.",
            ),
            _rule(
                "LV008",
                "expired-waiver",
                _ERROR,
                "A waiver, or an entry of the baseline, has expired",
                "Both accept a risk for a limited time. After the last day the exception is no longer agreed on, "
                "and its findings count again.",
                "Mend what it excused and delete it, or have a waiver approved again with a new expiresOn.",
            ),
            _rule(
                "LV009",
                "waiver-without-effect",
                _WARNING,
                "A waiver or suppression matches no finding",
                "An exception that excuses nothing today will silently excuse whatever comes to match it "
                "tomorrow.",
                "Correct the rule or the resource it names, or delete it.",
            ),
            _rule(
                "LV010",
                "suppression-without-reason",
                _ERROR,
                "A suppression comment gives no reason, or names no rule",
                "Without a reason nobody can tell later whether the exception still holds, and without a rule it "
                "would hide whatever comes up.",
                "Write `# penstock: ignore[LV801] why this can be lived with`, or delete the comment.",
            ),
            _rule(
                "LV011",
                "policy-cannot-be-evaluated",
                _ERROR,
                "A policy could not be evaluated on a manifest",
                "A policy that fails to evaluate has neither passed nor found anything: the manifest is "
                "unchecked at that point.",
                "Correct the expression of the policy, usually by testing with has() for a field that a "
                "manifest may leave out.",
            ),
            _rule(
                "LV012",
                "manifests-not-found",
                _ERROR,
                "A run found no manifests to check",
                "A run that looked at nothing has not shown that anything is in order.",
                "Check the path given and manifests.include and manifests.exclude in penstock.yaml.",
            ),
            _rule(
                "LV013",
                "several-organizations",
                _ERROR,
                "A rollout has more than one Organization",
                "Rules that weigh a rollout against the maturity, revenue and business units of its "
                "organization need exactly one to weigh it against.",
                "Keep one Organization, or give each rollout a folder and a penstock.yaml of its own.",
            ),
            _rule(
                "LV014",
                "unreadable-file",
                _ERROR,
                "A file could not be read",
                "What cannot be read cannot be checked, and references into it cannot be followed.",
                "Make the file readable: a regular file in UTF-8 within the size limit.",
            ),
            _rule(
                "LV015",
                "exception-not-allowed",
                _ERROR,
                "An exception goes beyond what the rollout's configuration allows",
                "Exceptions are worth their name only while somebody independent grants them, for a limited time, "
                "and never for the rules that the rollout stands on.",
                "Mend what the exception excuses, or have it granted as `exceptions` in penstock.yaml says.",
            ),
            _rule(
                "LV016",
                "waiver-expires-soon",
                _WARNING,
                "A waiver is about to expire",
                "On the day after its last one the findings that the waiver excuses fail the check again.",
                "Mend what the waiver excuses, or have it approved again with a new expiresOn.",
            ),
            _rule(
                "LV017",
                "stale-baseline-entry",
                _ERROR,
                "The baseline lists a finding that is there no more",
                "An entry left behind would excuse the same finding when it comes back.",
                "Run `penstock baseline prune`, which deletes such entries, and commit the file.",
            ),
            _rule(
                "LV018",
                "manifest-left-out",
                _ERROR,
                "A manifest is not checked any more, though its file is still there",
                "A change that keeps an agent and takes its manifest out of the check, by an exclusion, an ignore "
                "file, a hidden folder or a penstock.yaml of its own, takes every rule off it at once.",
                "Have the file checked again, or delete it with what it describes. Where it is meant to leave the "
                "check, merge the change over this finding: once the base is without the manifest, it is gone.",
            ),
        )
    }
)
"""The integrity rules by id, in the order of their ids."""


def finding(
    rule_id: str,
    message: str,
    location: Location,
    related: tuple[Related, ...] = (),
    help: str | None = None,  # noqa: A002 (the field of Finding that it fills)
) -> Finding:
    """A finding of the integrity rule ``rule_id``, at the rule's own severity."""
    rule = RULES[rule_id]
    return Finding(rule.id, rule.name, rule.severity, message, location, related, help)


def is_fixed(word: str) -> bool:
    """Whether an id or name is that of a rule which nobody may ignore, lower or waive.

    Such a rule says that something could not be checked.
    """
    return any(word in (rule.id, rule.name) and rule.severity is Severity.ERROR for rule in RULES.values())
