"""Differences that deserve words of their own: ceilings with their period, grants with their data, people by name.

Takes a difference with both sides of its manifest; gives what is told of it, or None where the words of the schema
do. Must cope with manifests that break their schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from penstock.change import lengths, situation, words
from penstock.change.differences import Difference
from penstock.change.model import Weight, What
from penstock.change.same import is_number
from penstock.change.telling import Told, subject, tell
from penstock.manifest.paths import value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class Sides:
    """A manifest as it was and as it is, each with its rollout."""

    old_rollout: Rollout
    new_rollout: Rollout
    old: Resource
    new: Resource

    def both(self, *path: str) -> tuple[str | None, str | None]:
        """The texts in a field of either side."""
        return situation.text_at(self.old, *path), situation.text_at(self.new, *path)


@dataclass(frozen=True, slots=True)
class _Case:
    """A difference, and where it is."""

    difference: Difference
    sides: Sides

    def plain(self) -> Told:
        """What the words of the schema say of it."""
        return tell(self.sides.new.kind, self.difference)

    def subject(self) -> str:
        return subject(self.sides.new.kind, self.difference)


UNITS: Mapping[str, frozenset[str]] = {
    "AccessGrant": frozenset({"spec.principal"}),
    "Agent": frozenset({"spec.actsAs"}),
}
"""By kind: the fields that are one thing, whatever differs below them."""


def told(difference: Difference, sides: Sides) -> Told:
    """What is said of a difference of a manifest."""
    kind = sides.new.kind
    own = _SPECIAL.get((kind, difference.field))
    found = own(_Case(difference, sides)) if own is not None and not difference.is_order else None
    if found is None:
        found = tell(kind, difference, situation.currency(sides.new) or "")
    return _with_data(found, difference, sides)


def _ceiling(case: _Case) -> Told | None:
    """An amount of a budget, with currency, period and cost owner; by the day where the period changed."""
    difference, sides = case.difference, case.sides
    old, new = difference.old, difference.new
    per_period = difference.field in ("spec.maxBudget", "spec.softBudget")
    old_period, new_period = sides.both("spec", "budgetDuration") if per_period else (None, None)
    old_currency, new_currency = sides.both("spec", "currency")
    payer = situation.owner(sides.new_rollout, sides.new)
    tail = f" (cost owner {words.cut(payer)})" if payer else ""
    plain = case.plain()
    name = case.subject()
    before = _amount(old, old_currency, old_period)
    after = _amount(new, new_currency, new_period)
    if difference.is_added:
        return replace(plain, sentence=f"{name} set to {after}{tail}")
    if difference.is_removed:
        return replace(plain, sentence=f"{name} removed (was {before}){tail}")
    if not (is_number(old) and is_number(new)):
        return None
    if old_currency != new_currency:
        return Told(What.CHANGED, Weight.SPEND, f"{name} changed from {before} to {after}{tail}")
    if lengths.period(old_period) == lengths.period(new_period):
        before = _amount(old, "", None)
        return replace(plain, sentence=f"{name} {plain.what.value} from {before} to {after}{tail}")
    rates = _a_day(old, old_period), _a_day(new, new_period)
    if None in rates or rates[0] == rates[1]:
        return Told(What.CHANGED, Weight.SPEND, f"{name} changed from {before} to {after}{tail}")
    is_more = rates[1] > rates[0]  # type: ignore[operator]
    what, weight = (What.RAISED, Weight.SPEND) if is_more else (What.LOWERED, Weight.NOTABLE)
    return Told(what, weight, f"{name} {what.value} from {before} to {after}{tail}")


def _amount(value: object, currency: str | None, period: str | None) -> str:
    shown = words.number(value) if is_number(value) else words.in_words(value, {})
    return " ".join(filter(None, (shown, words.cut(currency or ""), lengths.per(period))))


def _a_day(value: object, period: str | None) -> Fraction | None:
    length = lengths.period(period)
    if length is None or not isinstance(value, (int, float)) or value != value or abs(value) == float("inf"):
        return None
    return Fraction(value) / lengths.days(length)


def _permission(case: _Case) -> Told | None:
    """``widened from read to write on crm (restricted) for agent intake``."""
    difference, sides = case.difference, case.sides
    plain = case.plain()
    if plain.what not in (What.WIDENED, What.NARROWED):
        return None
    source = situation.source_in_words(sides.new_rollout, situation.text_at(sides.new, "spec", "dataSource"))
    sentence = f"{plain.what.value} from {difference.old} to {difference.new} on {source}"
    return replace(plain, sentence=f"{sentence} for {principal(sides.new)}")


def principal(grant: Resource) -> str:
    """Who has a grant: ``agent intake``, ``everybody``."""
    spec = grant.data.get("spec")
    return _who(spec.get("principal") if isinstance(spec, dict) else None)


def _who(given: object) -> str:
    if not isinstance(given, dict) or len(given) != 1:
        return "nobody" if not given else words.in_words(given, {})
    ((kind, name),) = given.items()
    return "everybody" if kind == "group" and name == "*" else f"{kind} {words.in_words(name, _NAME)}"


_NAME = {"x-form": {"title": "Name"}}


def _principal(case: _Case) -> Told | None:
    difference = case.difference
    if not isinstance(difference.old, dict) or not isinstance(difference.new, dict):
        return None
    widens = difference.new == {"group": "*"}
    sentence = f"given to {_who(difference.new)} instead of {_who(difference.old)}"
    return Told(What.WIDENED if widens else What.REPLACED, Weight.ACCESS, sentence)


def _borrowed(case: _Case) -> Told | None:
    difference = case.difference
    if difference.is_added:
        return Told(What.ADDED, Weight.ACCESS, f"borrows the access of {_who(difference.new)}")
    if difference.is_removed:
        return Told(What.REMOVED, Weight.NOTABLE, f"no longer borrows the access of {_who(difference.old)}")
    sentence = f"borrows the access of {_who(difference.new)} instead of {_who(difference.old)}"
    return Told(What.REPLACED, Weight.ACCESS, sentence)


def _scope(case: _Case) -> Told | None:
    """A limit that comes or goes as a whole: without one, and with `*`, everything is allowed."""
    difference = case.difference
    name = "" if difference.field == "spec.scope" else f" on {case.subject()}"
    if difference.is_part:
        return _scope_part(case, name)
    if not (difference.is_added or difference.is_removed):
        return None
    content = words.in_words(difference.new if difference.is_added else difference.old, difference.schema)
    if difference.is_added:
        return Told(What.NARROWED, Weight.NOTABLE, f"limit{name} set: {content}")
    return Told(What.WIDENED, Weight.ACCESS, f"limit{name} removed (was {content})")


def _scope_part(case: _Case, name: str) -> Told | None:
    before = value_at(case.sides.old.data, case.difference.old_path)
    after = value_at(case.sides.new.data, case.difference.new_path)
    was_all, is_all = (isinstance(each, list) and "*" in each for each in (before, after))
    if is_all and not was_all and case.difference.is_added:
        return Told(What.WIDENED, Weight.ACCESS, f"limit{name} lifted: `*` allows all")
    if (is_all and case.difference.is_removed) or (was_all and case.difference.is_added):
        # Beside `*` nothing else matters.
        plain = case.plain()
        what = What.ADDED if case.difference.is_added else What.REMOVED
        return Told(what, Weight.OTHER, plain.sentence)
    return None


def _fte(case: _Case) -> Told | None:
    difference, sides = case.difference, case.sides
    if difference.is_added or difference.is_removed:
        return None
    before = _named_fte(sides.old_rollout, difference.old)
    after = _named_fte(sides.new_rollout, difference.new)
    return Told(What.REPLACED, Weight.PEOPLE, f"FTE replaced: {before} -> {after}")


def _named_fte(rollout: Rollout, name: object) -> str:
    found = situation.person(rollout, name)
    return words.cut(found) if found else words.in_words(name, _NAME)


def _stage(case: _Case) -> Told | None:
    difference = case.difference
    plain = case.plain()
    if plain.what not in (What.ADVANCED, What.SET_BACK):
        return None
    if difference.new == "retired":
        return replace(plain, sentence=f"retired from stage {difference.old}")
    verb = "moved" if plain.what is What.ADVANCED else "moved back"
    return replace(plain, sentence=f"{verb} from {difference.old} to {difference.new}")


def _all_tasks(case: _Case) -> Told | None:
    """Tasks left out are all of them."""
    difference = case.difference
    if difference.is_part or not (difference.is_added or difference.is_removed):
        return None
    given = difference.new if difference.is_added else difference.old
    listed = words.in_words(given, difference.schema)
    name = case.subject()
    plain = case.plain()
    if difference.is_added:
        return replace(plain, what=What.NARROWED, sentence=f"{name} limited to {listed} (were all)")
    return replace(plain, what=What.WIDENED, sentence=f"{name} no longer limited to {listed}: all of them")


_Special = Callable[[_Case], "Told | None"]
_SPECIAL: Mapping[tuple[str, str], _Special] = {
    **{
        ("TokenBudget", f"spec.{name}"): _ceiling
        for name in ("maxBudget", "softBudget", "maxPerQuery", "maxPerRun")
    },
    ("AccessGrant", "spec.permission"): _permission,
    ("AccessGrant", "spec.principal"): _principal,
    **{("AccessGrant", f"spec.scope{name}"): _scope for name in ("", ".tables", ".paths", ".columns", ".rows")},
    ("Agent", "spec.actsAs"): _borrowed,
    ("Agent", "spec.fteOwner"): _fte,
    ("Agent", "spec.tasks"): _all_tasks,
    ("UseCase", "spec.checkpoints[].tasks"): _all_tasks,
    ("UseCase", "spec.stage"): _stage,
}

_GRANT_SAYS = ("spec.scope", "spec.expiresOn")


def _with_data(found: Told, difference: Difference, sides: Sides) -> Told:
    """With the data that it is about, and how sensitive they are, where it is about access."""
    kind, field = sides.new.kind, difference.field
    rollout = sides.old_rollout if difference.is_removed else sides.new_rollout
    if kind == "AccessGrant" and field.startswith(_GRANT_SAYS):
        source = situation.source_in_words(rollout, situation.text_at(sides.new, "spec", "dataSource"))
        return replace(found, sentence=f"{found.sentence}; data source {source}")
    if kind == "AccessGrant" and field == "spec.dataSource":
        return replace(found, sentence=_by_class(found.sentence, rollout, difference.new))
    inside = kind in ("Agent", "UseCase") and "dataSources[]" in field
    if inside and found.weight is Weight.ACCESS:
        return replace(found, sentence=_by_class(found.sentence, rollout, _source_of(difference)))
    return found


def _by_class(sentence: str, rollout: Rollout, source: object) -> str:
    known = situation.classification(rollout, source)
    return f"{sentence} ({source} is {known})" if known else sentence


def _source_of(difference: Difference) -> object:
    """The data source whose element of ``dataSources`` a difference is in."""
    for step in reversed(difference.steps):
        if isinstance(step.element, int) and isinstance(step.holder, list) and step.element < len(step.holder):
            element = step.holder[step.element]
            return element.get("name") if isinstance(element, dict) else None
    return None
