"""Two states of penstock.yaml -> every change of it: loosening a rule is a change like any other.

Takes the data of both with the rules that there are; gives ``Change``s. What is left out counts as its default, a
rule's name as its id. Knows nothing of files but what to call them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from penstock.change import words
from penstock.change.coming import coming
from penstock.change.differences import Difference, differences
from penstock.change.model import Change, Weight, What
from penstock.change.same import ABSENT, NO_SCHEMA, same
from penstock.change.telling import Told, tell
from penstock.change.traits import Trait
from penstock.manifest import shapes
from penstock.manifest.paths import path_text
from penstock.manifest.shapes import Schema
from penstock.model import Location, Path
from penstock.record import dataclass, field
from penstock.source import Document

NAME = "penstock.yaml"
"""What the configuration goes by among the resources."""

_STRICT = ("off", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class RuleDefaults:
    """What holds for a rule unless the configuration says otherwise."""

    name: str
    severity: str
    params: Mapping[str, object] = field(default_factory=dict)
    dated: frozenset[str] = frozenset()
    """The parameters whose default will be another one: written out, it stays."""
    is_mixed: bool = False
    """Whether some of its checks weigh another severity: written out, it holds for all of them."""


@dataclass(frozen=True, slots=True)
class ConfigSide:
    """The configuration of one state."""

    file: str
    """As shown; where there is none, as it would be."""
    document: Document | None = None
    """None where the file is not there, or holds nothing."""

    @property
    def data(self) -> dict[str, Any]:
        found = self.document.data if self.document else None
        return found if isinstance(found, dict) else {}

    def location(self, path: Path) -> Location:
        """Where a field stands, or its nearest present parent."""
        span = self.document.locate(path).span if self.document else None
        return Location(self.file, span, NAME, path, path_text(self.data, path))


def configuration_changes(
    old: ConfigSide, new: ConfigSide, rules: Mapping[str, RuleDefaults]
) -> tuple[Change, ...]:
    """Every change of the configuration; ``rules`` are those of either state, by id."""
    schema = shapes.inlined("config/v1/config")
    before, after = (_complete(side.data, schema, rules) for side in (old, new))
    for given, other in ((before, after), (after, before)):
        for rule in other["rules"]:
            given["rules"].setdefault(rule, {"params": {}})
    _leave_out_defaults(before, after, rules)
    units = frozenset({f"rules.{rule}.changes" for rule in (*before["rules"], *after["rules"])})
    decisions = _Given(rules, before["rules"], after["rules"])
    found = [_change(old, new, difference, decisions) for difference in differences(before, after, schema, units)]
    return tuple(sorted(found, key=lambda change: change.sort_key))


def _complete(data: dict[str, Any], schema: Schema, rules: Mapping[str, RuleDefaults]) -> dict[str, Any]:
    """The data with every default, and with ids for the names of rules."""
    filled = _filled(copy.deepcopy(data), schema)
    ids = {defaults.name: rule for rule, defaults in rules.items()}
    given = filled.get("rules")
    named = given if isinstance(given, dict) else {}
    filled["rules"] = {ids.get(key, key): {"params": {}, **value} for key, value in named.items()}
    for holder, key in _token_lists(filled):
        holder[key] = [ids.get(word, word) if isinstance(word, str) else word for word in holder[key]]
    return filled


def _leave_out_defaults(before: dict[str, Any], after: dict[str, Any], rules: Mapping[str, RuleDefaults]) -> None:
    """Take out what one side writes out of a rule's defaults and the other does not."""
    for given, other in ((before["rules"], after["rules"]), (after["rules"], before["rules"])):
        for rule, defaults in rules.items():
            mine, theirs = given.get(rule, {}), other.get(rule, {})
            if not defaults.is_mixed and mine.get("severity") == defaults.severity and "severity" not in theirs:
                del mine["severity"]
            params = mine.get("params", {})
            for name in [each for each in params if each not in theirs.get("params", {})]:
                usual = defaults.params.get(name, ABSENT)
                if name not in defaults.dated and usual is not ABSENT and same(params[name], usual, NO_SCHEMA):
                    del params[name]


def _filled(value: dict[str, Any], schema: Schema) -> dict[str, Any]:
    for key, inner in shapes.properties(schema).items():
        if key not in value and "default" in inner:
            value[key] = copy.deepcopy(inner["default"])
        elif inner.get("type") == "object" and isinstance(value.get(key, {}), dict):
            below = _filled(value.get(key, {}), inner)
            if below:
                value[key] = below
    return value


def _token_lists(data: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """The lists whose words select rules."""
    exceptions = data.get("exceptions", {})
    holders = [(data, "select"), (data, "ignore")]
    holders += [(exceptions.get(kind), "never") for kind in ("suppress", "waive", "baseline")]
    for holder, key in holders:
        if isinstance(holder, dict) and isinstance(holder.get(key), list):
            yield holder, key


_RULES, _NOTABLE = Weight.RULES, Weight.NOTABLE
_LOOSER_WITH_MORE = Trait(more=_RULES, less=_NOTABLE, added=_RULES, removed=_NOTABLE, other=_RULES)
_LOOSER_WITH_LESS = Trait(more=_NOTABLE, less=_RULES, added=_NOTABLE, removed=_RULES, other=_RULES)
_TRAITS: Mapping[str, Trait] = {
    "manifests.include": _LOOSER_WITH_LESS,
    "manifests.exclude": _LOOSER_WITH_MORE,
    "packs": _LOOSER_WITH_LESS,
    "packs[]": _LOOSER_WITH_LESS,
    "packs[].revision": Trait(*(_RULES,) * 5),
    "packs[].path": Trait(*(_RULES,) * 5),
    "select": _LOOSER_WITH_LESS,
    "ignore": _LOOSER_WITH_MORE,
    "failOn": Trait(
        order=("error", "warning", "info"), more=_NOTABLE, less=_RULES, subject="least severity that fails a run"
    ),
    "baseline": Trait(*(_RULES,) * 5, subject="baseline file"),
    "exceptions.maxDays": Trait(more=_RULES, less=_NOTABLE, subject="most days of a waiver"),
    "exceptions.warnDays": Trait(more=_NOTABLE, less=_RULES, subject="days of warning before a waiver ends"),
    "exceptions.suppress.never": Trait(more=_NOTABLE, less=_RULES, subject="rules that no comment may suppress"),
    "exceptions.waive.never": Trait(more=_NOTABLE, less=_RULES, subject="rules that no waiver may excuse"),
    "exceptions.baseline.never": Trait(more=_NOTABLE, less=_RULES, subject="rules that no baseline may excuse"),
    "exceptions.waive.approvers[]": Trait(*(_RULES,) * 5, subject="approvers of waivers"),
    "exceptions.waive.approvers[].rules": Trait(*(_RULES,) * 5, subject="rules with approvers"),
    "exceptions.waive.approvers[].people": Trait(
        more=_RULES, less=_NOTABLE, subject="people who may approve waivers"
    ),
    "exceptions.waive.codeOwners": Trait(
        more=_NOTABLE, less=_RULES, subject="approval of waivers by code owners alone"
    ),
}
_BELOW: Mapping[str, Trait] = {"exceptions.": Trait(*(_RULES,) * 5), "rules.": Trait(*(_RULES,) * 5)}


@dataclass(frozen=True, slots=True)
class _Given:
    """What is said of the rules on both sides."""

    rules: Mapping[str, RuleDefaults]
    before: Mapping[str, dict[str, Any]]
    """By id, completed."""
    after: Mapping[str, dict[str, Any]]


def _change(old: ConfigSide, new: ConfigSide, difference: Difference, given: _Given) -> Change:
    said = _rule(difference, given) or tell(NAME, difference, known=_trait(difference.field))
    is_gone = difference.is_removed and not difference.is_part and new.document is None
    side, path = (old, difference.old_path) if is_gone else (new, difference.new_path)
    path = _as_written(side, path, given.rules)
    where = side.location(path)
    return Change(
        resource=NAME,
        path=path,
        path_text=where.path_text,
        what=said.what,
        weight=said.weight,
        sentence=said.sentence,
        location=where,
        is_gone=is_gone,
        old=None if difference.old is ABSENT else difference.old,
        new=None if difference.new is ABSENT else difference.new,
    )


def _as_written(side: ConfigSide, path: Path, rules: Mapping[str, RuleDefaults]) -> Path:
    """The path with the rule by its name, where that is how the configuration calls it."""
    if len(path) < 2 or path[0] != "rules" or path[1] not in rules:
        return path
    given, name = side.data.get("rules"), rules[str(path[1])].name
    is_by_name = isinstance(given, dict) and path[1] not in given and name in given
    return ("rules", name, *path[2:]) if is_by_name else path


def _trait(key: str) -> Trait:
    found = _TRAITS.get(key)
    below = (trait for start, trait in _BELOW.items() if key.startswith(start))
    return found or next(below, Trait())


def _rule(difference: Difference, given: _Given) -> Told | None:
    """A decision about one rule: off or on again, its severity, its parameters."""
    rules = given.rules
    match difference.new_path:
        case ("rules", str(rule), "severity"):
            return _severity(rule, difference, rules.get(rule))
        case ("rules", str(rule), "params", str(name)):
            return _param(rule, name, difference, rules.get(rule))
        case ("rules", str(rule), "effectiveFrom"):
            return _effective(rule, difference)
        case ("rules", str(rule), "changes"):
            return coming(
                rule, difference, given.before.get(rule, {}), given.after.get(rule, {}), _usual(rules, rule)
            )
    return None


def _usual(rules: Mapping[str, RuleDefaults], rule: str) -> Mapping[str, object]:
    return rules[rule].params if rule in rules else {}


def _severity(rule: str, difference: Difference, defaults: RuleDefaults | None) -> Told:
    usual = defaults.severity if defaults else "error"
    old = usual if difference.is_added else str(difference.old)
    new = usual if difference.is_removed else str(difference.new)
    if old == new:
        changed = "set" if difference.is_added else "no longer set"
        return Told(What.CHANGED, _RULES, f"severity of {rule} {changed} to {new} for all of its checks")
    if new == "off":
        return Told(What.REMOVED, _RULES, f"rule {rule} turned off (was {old})")
    if old == "off":
        return Told(What.ADDED, _NOTABLE, f"rule {rule} turned on again ({new})")
    ranks = [_STRICT.index(each) if each in _STRICT else 0 for each in (old, new)]
    if ranks[1] < ranks[0]:
        return Told(What.LOWERED, _RULES, f"severity of {rule} lowered from {old} to {new}")
    return Told(What.RAISED, _NOTABLE, f"severity of {rule} raised from {old} to {new}")


def _param(rule: str, name: str, difference: Difference, defaults: RuleDefaults | None) -> Told:
    """A parameter, with the value that holds where it is not set."""
    usual = defaults.params.get(name, ABSENT) if defaults else ABSENT
    subject = f"parameter {words.cut(name)} of {rule}"
    if difference.is_part:
        said = tell(NAME, difference)
        values = words.in_words(difference.new if difference.is_added else difference.old, difference.schema)
        return Told(said.what, _RULES, f"{subject}: {values} {'added' if difference.is_added else 'removed'}")
    old = usual if difference.is_added else difference.old
    new = usual if difference.is_removed else difference.new
    before, after = _value(old, difference.schema), _value(new, difference.schema)
    if old is not ABSENT and new is not ABSENT and same(old, new, difference.schema):
        kept = "kept at" if difference.is_added else "no longer kept at"
        return Told(What.CHANGED, _RULES, f"{subject} {kept} {after}, the default, whatever the policy will say")
    if difference.is_added and usual is not ABSENT:
        before += ", the default,"
    if difference.is_removed and usual is not ABSENT:
        after += ", the default"
    if isinstance(old, (int, float)) and isinstance(new, (int, float)) and old != new:
        what = What.RAISED if new > old else What.LOWERED
        return Told(what, _RULES, f"{subject} {what.value} from {before} to {after}")
    return Told(What.CHANGED, _RULES, f"{subject} changed from {before} to {after}")


def _value(value: object, schema: Schema) -> str:
    return "its default" if value is ABSENT else words.in_words(value, schema)


def _effective(rule: str, difference: Difference) -> Told:
    if difference.is_added:
        return Told(What.ADDED, _RULES, f"rule {rule} takes full effect only on {difference.new}")
    if difference.is_removed:
        return Told(What.REMOVED, _NOTABLE, f"rule {rule} takes full effect at once (was on {difference.old})")
    said = tell(NAME, difference, known=Trait(more=_RULES, less=_NOTABLE, ends=f"rule {rule} takes full effect"))
    return Told(said.what, said.weight, said.sentence)
