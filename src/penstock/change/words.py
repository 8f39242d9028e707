"""Fields and values in words: ``task classify: model tier``, ``40,000 USD``, ``18 months``.

Takes values with their schemas and the way to a field; gives plain text on one line, cut to what fits a sentence.
Not escaped: what a manifest says stands in it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import isfinite

from penstock.change import lengths
from penstock.change.alignment import label_fields
from penstock.change.differences import Step
from penstock.change.same import below, form, is_number
from penstock.manifest.paths import step as step_of
from penstock.manifest.shapes import Schema, properties

LONGEST = 60
"""The longest text of a value that a sentence quotes, in characters."""
_LONGEST_REASON = 120
"""The longest reason that stands behind an exception, in characters."""
_MOST = 5
"""The most elements or fields of a value that a sentence lists."""
_PLAIN_FORMS = frozenset({"Name", "Date", "Person", "Currency", "Permission", "Group"})


def subject(steps: Sequence[Step]) -> str:
    """What a field is called: the elements on the way by their names, then the titles of the rest."""
    text, words = "", list[str]()
    for number, step in enumerate(steps):
        following = steps[number + 1].element if number + 1 < len(steps) else None
        if isinstance(step.element, int):
            words.append(_element(step))
            if following is not None:
                text, words = text + " ".join(words) + ": ", []
        elif number == 0 and step.element in ("spec", "metadata"):
            continue
        elif not isinstance(following, int):
            parent = steps[number - 1].schema if number else {}
            if _is_entry(step, parent):
                # The entry's own title says what the mapping is one of.
                words = [*words[:-1], f"{title(step.schema)} {cut(str(step.element))}"]
            else:
                words.append(title(step.schema, str(step.element)))
    return text + " ".join(words) if text or words else "manifest"


def title(schema: Schema, otherwise: str = "") -> str:
    """A field's title as it stands within a sentence."""
    text = str(schema.get("title") or otherwise)
    # An abbreviation keeps its letters: FTE owner, URL.
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _is_entry(step: Step, parent: Schema) -> bool:
    """Whether a key is one of the manifest's own, and not of the schema."""
    return bool(parent and step.schema.get("title")) and step.element not in properties(parent)


def _element(step: Step) -> str:
    value = step_of(step.holder, step.element)
    name = called(value, step.schema)
    return f"{title(step.schema, 'element')} {name or f'number {int(step.element) + 1}'}"


def called(value: object, schema: Schema) -> str:
    """What an element of a list is called, by the fields that tell it from others; empty where it has none."""
    if not isinstance(value, dict):
        return "" if isinstance(value, list) or value is None else in_words(value, schema)
    fields = (name for name in label_fields(value, schema) if isinstance(value.get(name), (str, int, float)))
    return " ".join(in_words(value[name], below(schema, name)) for name in fields)


def in_words(value: object, schema: Schema, currency: str = "") -> str:
    """Any value; ``currency`` is that of amounts of money."""
    if isinstance(value, dict):
        return fields_in_words(value, schema, currency) or "nothing"
    if isinstance(value, list):
        return listing([_short(each, below(schema, 0), currency) for each in value]) or "nothing"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    shape = form(schema)
    if is_number(value):
        return _measured(number(value), shape, currency)
    text = str(value)
    if shape == "Period" and lengths.period(text):
        return lengths.in_words(text)
    if shape in _PLAIN_FORMS or "enum" in schema or "x-references" in schema:
        return cut(text)
    return cut(text) if text and " " not in text else f'"{cut(text)}"'


def fields_in_words(value: dict[str, object], schema: Schema, currency: str = "", but: Iterable[str] = ()) -> str:
    """``automatic true, renewal term 1 year``: the fields of a mapping, in the order of its schema."""
    order = [name for name in dict.fromkeys((*properties(schema), *value)) if name not in but]
    said = []
    for name in order:
        if name not in value or value[name] in ([], {}):
            continue
        inner = below(schema, name)
        said.append(f"{title(inner, name)} {_short(value[name], inner, currency)}")
    return listing(said)


def _short(value: object, schema: Schema, currency: str) -> str:
    """A value within a list of others: of a mapping what it is called, and where that says nothing, its fields."""
    if isinstance(value, dict):
        return called(value, schema) or f"({fields_in_words(value, schema, currency)})"
    if isinstance(value, list):
        return f"({in_words(value, schema, currency)})"
    return in_words(value, schema, currency)


def listing(words: Sequence[str]) -> str:
    """``a, b, c``; the first ones and how many more where there are many."""
    shown = list(words[:_MOST])
    if len(words) > _MOST:
        shown.append(f"{len(words) - _MOST} more")
    return ", ".join(shown)


def number(value: object) -> str:
    """A number with its thousands apart, every digit that it has."""
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < 10**LONGEST else "a number of too many digits"
    if isinstance(value, float) and isfinite(value) and abs(value) < 1e15:
        return f"{Decimal(repr(value)):,f}".removesuffix(".0")
    return str(value)


def _measured(text: str, shape: str, currency: str) -> str:
    if shape == "Percentage":
        return f"{text} %"
    return f"{text} {currency}" if currency and shape == "Amount of money" else text


def two_texts(old: str, new: str) -> tuple[str, str]:
    """Two texts in double quotes; long ones from a little before where they begin to differ."""
    start = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    at = min(len(old), len(new)) if start is None else start
    skipped = 0 if at < LONGEST // 2 or max(len(old), len(new)) <= LONGEST else at - LONGEST // 4
    dots = "…" if skipped else ""
    return f'"{dots}{cut(old[skipped:])}"', f'"{dots}{cut(new[skipped:])}"'


def cut(text: str) -> str:
    """The text on one line, at most ``LONGEST`` characters of it."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def reason(text: str) -> str:
    """Why an exception was made, on one line, cut at a word where it is long."""
    text = " ".join(text.split())
    if len(text) <= _LONGEST_REASON:
        return text
    start = text[:_LONGEST_REASON]
    head, blank, _ = start.rpartition(" ")
    return (head.rstrip(" ,;:.") if blank and len(head) > _LONGEST_REASON // 2 else start[:-1]) + "…"
