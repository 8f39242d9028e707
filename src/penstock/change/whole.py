"""A manifest that is new or gone, in a sentence: what it is, for what, and what matters of it.

Takes the manifest with its rollout; gives the kind of change, its weight and the sentence. What matters of each
kind is said here; manifests that break their schema are told by what they have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from penstock.change import lengths, situation, words
from penstock.change.model import Weight, What
from penstock.change.same import is_number
from penstock.change.special import principal
from penstock.change.telling import Told
from penstock.change.traits import WHOLE
from penstock.manifest.paths import value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class _Manifest:
    """A manifest in its rollout."""

    rollout: Rollout
    resource: Resource

    def at(self, *path: str) -> object:
        """The value of a field of its specification; None when there is none."""
        return value_at(self.resource.data, ("spec", *path))

    def text(self, *path: str) -> str:
        """The same as a text; empty when there is none."""
        found = self.at(*path)
        if is_number(found):
            return words.number(found)
        return words.cut(found) if isinstance(found, str) else ""


_NOUNS = {
    "Organization": "organization",
    "UseCase": "use case",
    "Agent": "agent",
    "DataSource": "data source",
    "AccessGrant": "grant",
    "TokenBudget": "budget",
    "ModelTier": "model tier",
    "FteOwner": "FTE",
    "VendorContract": "contract",
    "HeadcountForecast": "headcount forecast",
    "Waiver": "waiver",
}


def added(rollout: Rollout, resource: Resource) -> Told:
    """A manifest that is new."""
    weight = WHOLE.get(resource.kind, (Weight.NOTABLE, Weight.NOTABLE))[0]
    return Told(What.ADDED, weight, _sentence("new", rollout, resource))


def removed(rollout: Rollout, resource: Resource, *, unread: bool = False) -> Told:
    """A manifest that is gone; ``unread``: the file that held it cannot be read any more."""
    weight = WHOLE.get(resource.kind, (Weight.NOTABLE, Weight.NOTABLE))[1]
    if unread:
        return Told(What.REMOVED, weight, "cannot be compared: the file that held it cannot be read")
    return Told(What.REMOVED, weight, _sentence("removed", rollout, resource))


def left_out(rollout: Rollout, resource: Resource) -> Told:
    """A manifest that is still there, where the configuration no longer takes it in."""
    sentence = _sentence("no longer checked, by `manifests` in penstock.yaml:", rollout, resource)
    return Told(What.REMOVED, Weight.RULES, sentence)


def _sentence(verb: str, rollout: Rollout, resource: Resource) -> str:
    noun = _NOUNS.get(resource.kind, resource.kind)
    said = _WORDS[resource.kind](_Manifest(rollout, resource)) if resource.kind in _WORDS else ""
    return f"{verb} {noun}{said}"


def _join(head: str, *parts: str) -> str:
    """``head (a, b)``, of what is there."""
    said = ", ".join(filter(None, parts))
    return f"{head} ({said})" if said else head


def _with(prefix: str, text: str | None) -> str:
    return f"{prefix} {text}" if text else ""


def _use_case(given: _Manifest) -> str:
    stage = given.text("stage")
    return _join(_with(" at stage", stage), _with("sponsor", given.text("sponsor")))


def _agent(given: _Manifest) -> str:
    return _join(
        _with(" for use case", given.text("useCase")),
        _with("autonomy", given.text("autonomy")),
        _with("FTE", situation.owner(given.rollout, given.resource)) or "without an FTE",
        _with("acts as", _who_acts(given)),
    )


def _who_acts(given: _Manifest) -> str:
    found = given.at("actsAs")
    return words.in_words(found, {}) if found else ""


def _data_source(given: _Manifest) -> str:
    return _join("", given.text("classification"), _with("owner", given.text("owner")))


def _grant(given: _Manifest) -> str:
    source = situation.source_in_words(given.rollout, given.text("dataSource"))
    until = given.text("expiresOn")
    end = f"until {until}" if until else "without an end"
    scope = given.at("scope")
    limit = f"limited to {words.in_words(scope, {})}" if scope else "all of it"
    return f": {given.text('permission')} on {source} for {principal(given.resource)} ({limit}, {end})"


def _budget(given: _Manifest) -> str:
    ceiling = given.at("maxBudget")
    period = lengths.per(given.text("budgetDuration"))
    amount = " ".join(filter(None, (words.number(ceiling), given.text("currency"), period)))
    return _join(
        _with(" for use case", given.text("useCase")),
        f"ceiling {amount}" if is_number(ceiling) else "without a ceiling",
        _with("cost owner", situation.owner(given.rollout, given.resource)),
    )


def _tier(given: _Manifest) -> str:
    return _join("", given.text("tier"), _with("primary model", given.text("primary")))


def _fte(given: _Manifest) -> str:
    share = given.text("allocationPercent")
    return _join(_with(":", given.text("person")), f"{share} %" if share else "")


def _contract(given: _Manifest) -> str:
    amount = given.at("commitment", "amount")
    committed = f"{words.number(amount)} {given.text('commitment', 'currency')}".strip()
    return _join(
        _with(" with", given.text("vendor")),
        _with("ends", given.text("endsOn")) or _with("term", lengths.in_words(given.text("term"))),
        f"commits to {committed}" if is_number(amount) else "",
        "renews automatically" if given.at("renewal", "automatic") is True else "",
    )


def _forecast(given: _Manifest) -> str:
    return _join(_with(" for", given.text("function")), _with("net", given.text("net")))


def _waiver(given: _Manifest) -> str:
    rules, targets = given.at("rules"), given.at("resources")
    on = [_target(each) for each in (targets if isinstance(targets, list) else ()) if isinstance(each, dict)]
    listed = words.listing([words.cut(str(rule)) for rule in rules]) if isinstance(rules, list) else "no rule"
    until = given.text("expiresOn")
    head = f" until {until}" if until else " without an end"
    said = f"{head}: {listed} on {words.listing(on) or 'nothing'}"
    reason = given.at("reason")
    why = words.reason(reason) if isinstance(reason, str) else ""
    return _join(said, _with("approver", given.text("approver"))) + (f": {why}" if why else "")


def _target(target: dict[str, object]) -> str:
    """``VendorContract/acme``, or ``every DataSource with team claims``."""
    labels = target.get("matchLabels")
    if isinstance(labels, dict):
        pairs = " and ".join(words.cut(f"{label} {value}") for label, value in labels.items())
        return f"every {target.get('kind') or 'manifest'} with {pairs}"
    return words.cut(f"{target.get('kind')}/{target.get('name')}")


_WORDS: Mapping[str, Callable[[_Manifest], str]] = {
    "UseCase": _use_case,
    "Agent": _agent,
    "DataSource": _data_source,
    "AccessGrant": _grant,
    "TokenBudget": _budget,
    "ModelTier": _tier,
    "FteOwner": _fte,
    "VendorContract": _contract,
    "HeadcountForecast": _forecast,
    "Waiver": _waiver,
}
