"""Two states of the policies of packs -> every change of them: what a rule asks is a decision like any other.

Takes the policy files of both states by rule; gives ``Change``s. Only what is judged by weighs: the reasons that a
policy gives, its sources and its examples are words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from penstock.change import words
from penstock.change.differences import Difference, differences
from penstock.change.model import Change, Weight, What
from penstock.change.same import ABSENT
from penstock.change.telling import Told, tell
from penstock.change.traits import Trait
from penstock.manifest import shapes
from penstock.manifest.paths import path_text, value_at
from penstock.model import Location, Path
from penstock.record import replace
from penstock.source import Document

_TEXT, _RULES, _NOTABLE = Weight.TEXT, Weight.RULES, Weight.NOTABLE
_WORDS = Trait(*(_TEXT,) * 5)
_ASKS = Trait(*(_RULES,) * 5)
_ABOUT = ("title", "why", "remediation", "sources", "controls", "examples", "description")
_UNITS = frozenset({"spec.examples", "spec.sources", "spec.controls"})
_SEVERITY = Trait(order=("info", "warning", "error"), more=_NOTABLE, less=_RULES, other=_RULES, subject="severity")


def policy_changes(old: Mapping[str, Document], new: Mapping[str, Document]) -> tuple[Change, ...]:
    """Every change of the policies, by rule id."""
    found = [*_added(old, new), *_removed(old, new)]
    for rule in new.keys() & old.keys():
        found += _between(rule, old[rule], new[rule])
    return tuple(sorted(found, key=lambda change: change.sort_key))


def _added(old: Mapping[str, Document], new: Mapping[str, Document]) -> Iterator[Change]:
    for rule in new.keys() - old.keys():
        said = Told(What.ADDED, _NOTABLE, f"new rule {rule}{_about(new[rule])}")
        yield _change(new[rule], ("spec", "id"), said, new=rule)


def _removed(old: Mapping[str, Document], new: Mapping[str, Document]) -> Iterator[Change]:
    for rule in old.keys() - new.keys():
        said = Told(What.REMOVED, _RULES, f"rule {rule} removed{_about(old[rule])}")
        yield replace(_change(old[rule], ("spec", "id"), said, old=rule), is_gone=True)


def _about(document: Document) -> str:
    """``: Every source has a description (warning)``."""
    title, severity = value_at(document.data, ("spec", "title")), value_at(document.data, ("spec", "severity"))
    return f": {words.cut(str(title))} ({severity})"


def _between(rule: str, old: Document, new: Document) -> Iterator[Change]:
    schema = shapes.inlined("policy/v1/Policy")
    for difference in differences(old.data, new.data, schema, _UNITS):
        said = tell("Policy", difference, known=_trait(difference))
        gone = difference.is_removed and not difference.is_part
        change = _change(
            old if gone else new,
            difference.old_path if gone else difference.new_path,
            replace(said, sentence=f"rule {rule}: {said.sentence}"),
            old=None if difference.old is ABSENT else difference.old,
            new=None if difference.new is ABSENT else difference.new,
        )
        yield replace(change, is_gone=gone)


def _trait(difference: Difference) -> Trait:
    path = difference.new_path
    if path[:1] != ("spec",) or len(path) < 2 or path[1] in _ABOUT or path[-1] in ("message", "description"):
        return _WORDS
    if path[-1] == "severity":
        return _SEVERITY if path == ("spec", "severity") else replace(_SEVERITY, subject="")
    return _ASKS


def _change(document: Document, path: Path, said: Told, *, old: object = None, new: object = None) -> Change:
    name = value_at(document.data, ("metadata", "name"))
    resource = f"Policy/{name}" if isinstance(name, str) else "Policy"
    span = document.locate(path).span
    where = Location(document.file.path, span, resource, path, path_text(document.data, path))
    return Change(resource, path, where.path_text, said.what, said.weight, said.sentence, where, old=old, new=new)
