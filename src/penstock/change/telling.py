"""A difference of a manifest -> a ``Change``: which way it goes, what it weighs, and the sentence that says so.

Takes differences with the traits of their fields; the words come from the schema. What deserves words of its own
is in ``special``.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.change import lengths, words
from penstock.change.alignment import label_fields
from penstock.change.differences import Difference, pattern
from penstock.change.model import Weight, What
from penstock.change.same import form, is_number
from penstock.change.traits import Trait, trait
from penstock.manifest.shapes import Schema
from penstock.record import dataclass

_UNTOLD = frozenset({Weight.OTHER, Weight.TEXT})
_VERBS = {
    What.RAISED: "raised",
    What.LOWERED: "lowered",
    What.WIDENED: "widened",
    What.NARROWED: "narrowed",
    What.LENGTHENED: "lengthened",
    What.SHORTENED: "shortened",
    What.ADVANCED: "moved",
    What.SET_BACK: "moved back",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a difference."""

    what: What
    weight: Weight
    sentence: str


def tell(kind: str, difference: Difference, currency: str = "", known: Trait | None = None) -> Told:
    """Say what a difference is.

    ``currency`` is that of the manifest's amounts of money; ``known`` is what is known of the field, where that is
    not in the table of traits.
    """
    known = trait(kind, difference.field) if known is None else known
    name = _named(difference, known.subject)
    schema = difference.schema
    if difference.is_order:
        return Told(What.REORDERED, Weight.TEXT, f"order of {name} changed")
    if difference.is_part:
        return _part(difference, known, name, currency)
    if difference.is_added or difference.is_removed:
        return _whole(kind, difference, known, name, currency)
    direction = _direction(difference.old, difference.new, known, schema)
    if direction is None:
        return _other(difference, known, name, currency)
    what = known.whats[0 if direction > 0 else 1]
    weight = known.more if direction > 0 else known.less
    return Told(what, weight, _moved(difference, known, name, what, currency))


def subject(kind: str, difference: Difference) -> str:
    """What the field is called: by its trait, behind the element it is in, else by the titles on the way."""
    return _named(difference, trait(kind, difference.field).subject)


def _named(difference: Difference, own: str) -> str:
    if not own:
        return words.subject(difference.steps)
    at = max((number for number, step in enumerate(difference.steps) if isinstance(step.element, int)), default=-1)
    return f"{words.subject(difference.steps[: at + 1])}: {own}" if at >= 0 else own


def _direction(old: object, new: object, known: Trait, schema: Schema) -> int | None:
    """1 for more, -1 for less; None where neither can be said."""
    if isinstance(old, bool) and isinstance(new, bool):
        return 1 if new else -1
    if is_number(old) and is_number(new):
        return _sign(old, new)
    if known.order:
        ranked = [known.order.index(each) if each in known.order else None for each in (old, new)]
        return None if None in ranked else _sign(*ranked)
    shape = form(schema)
    if shape == "Period":
        before, after = lengths.period(old), lengths.period(new)
        return _sign(lengths.days(before), lengths.days(after)) if before and after else None
    if shape == "Date":
        first, last = lengths.day(old), lengths.day(new)
        return _sign(first, last) if first and last else None
    return None


def _sign(old: object, new: object) -> int | None:
    if new > old:  # type: ignore[operator]
        return 1
    return -1 if new < old else None  # type: ignore[operator]


def _moved(difference: Difference, known: Trait, name: str, what: What, currency: str) -> str:
    """A value that goes up or down an order."""
    old, new, schema = difference.old, difference.new, difference.schema
    first, last = lengths.day(old), lengths.day(new)
    if form(schema) == "Date" and first and last:
        later = "later" if last > first else "earlier"
        apart = lengths.between(min(first, last), max(first, last))
        if known.ends:
            return f"{known.ends} {apart} {later} ({old} -> {new})"
        if name.endswith(" on"):  # as in "reviewed on"
            return f"{name} {new}, {apart} {later} than before ({old})"
        return f"{name} moved from {old} to {new} ({apart} {later})"
    if isinstance(old, bool):
        return f"{name} changed from {words.in_words(old, schema)} to {words.in_words(new, schema)}"
    values = f"from {words.in_words(old, schema, currency)} to {words.in_words(new, schema, currency)}"
    return f"{name} {_VERBS[what]} {values}"


def _other(difference: Difference, known: Trait, name: str, currency: str) -> Told:
    """Another value, where none is more than the other."""
    old, new, schema = difference.old, difference.new, difference.schema
    if "x-references" in schema or form(schema) in ("Person", "Group", "Name"):
        before, after = words.in_words(old, schema), words.in_words(new, schema)
        return Told(What.REPLACED, known.other, f"{name} replaced: {before} -> {after}")
    if isinstance(old, str) and isinstance(new, str) and (" " in f"{old}{new}" or max(len(old), len(new)) > 40):
        before, after = words.two_texts(old, new)
        return Told(What.CHANGED, known.other, f"{name} changed: {before} -> {after}")
    values = f"from {words.in_words(old, schema, currency)} to {words.in_words(new, schema, currency)}"
    return Told(What.CHANGED, known.other, f"{name} changed {values}")


def _part(difference: Difference, known: Trait, name: str, currency: str) -> Told:
    """Scalars that joined or left a list."""
    given = difference.new if difference.is_added else difference.old
    values = words.in_words(given, difference.schema, currency)
    if difference.is_added:
        what = What.WIDENED if known.whats[0] is What.WIDENED else What.ADDED
        return Told(what, known.more, f"{name}: {values} added")
    what = What.NARROWED if known.whats[0] is What.WIDENED else What.REMOVED
    return Told(what, known.less, f"{name}: {values} removed")


def _whole(kind: str, difference: Difference, known: Trait, name: str, currency: str) -> Told:
    """A field or element that is new or gone, with all below it."""
    is_added = difference.is_added
    value = difference.new if is_added else difference.old
    weight = _weight_of_whole(kind, difference, known, value)
    what = What.ADDED if is_added else What.REMOVED
    is_element = bool(difference.steps) and isinstance(difference.steps[-1].element, int)
    schema = difference.schema
    if isinstance(value, (dict, list)):
        but = label_fields(value, schema) if is_element and isinstance(value, dict) else ()
        if isinstance(value, dict):
            content = words.fields_in_words(value, schema, currency, but)
        else:
            content = words.in_words(value, schema, currency)
        verb = "added" if is_added else "removed"
        return Told(what, weight, f"{name} {verb}" + (f": {content}" if content else ""))
    shown = words.in_words(value, schema, currency)
    return Told(what, weight, f"{name} set to {shown}" if is_added else f"{name} removed (was {shown})")


def _weight_of_whole(kind: str, difference: Difference, known: Trait, value: object) -> Weight:
    """The weight of what is new or gone: its own, else the heaviest of what is below it."""
    if isinstance(value, bool):
        # That something is said to be so is more, that it no longer is, less.
        gains = value if difference.is_added else not value
        return known.more if gains else known.less
    own = known.added if difference.is_added else known.removed
    if own not in _UNTOLD or not isinstance(value, (dict, list)):
        return own
    path = (*(step.element for step in difference.steps),)
    inner = [each.added if difference.is_added else each.removed for each in _traits_below(kind, path, value)]
    return min((own, *inner), key=_rank)


def _traits_below(kind: str, path: tuple[str | int, ...], value: object) -> Iterator[Trait]:
    below_it = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for element, inner in below_it:
        here = (*path, element)
        yield trait(kind, pattern(here))
        yield from _traits_below(kind, here, inner)


def _rank(weight: Weight) -> int:
    return weight.rank
