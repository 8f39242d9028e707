"""What-ifs: short texts such as ``frontier=mid`` or ``claims.volume=x2`` to values that stand in for fields.

Takes a rollout and texts; gives the overlay that ``Fields`` lays over the manifests. Each text sees what those
before it changed. Must not know what anything costs.

    TIER=TIER                     every task of a tier runs on another
    TIER=CHANGE                   both prices of a tier
    TIER.inputPrice=CHANGE        one of them; also outputPrice
    TIER.primary=MODEL            another of the tier's models
    CURRENCY=CHANGE               an exchange rate
    USE-CASE.volume=CHANGE        the runs of every task
    USE-CASE/TASK.volume=CHANGE   of one task; also tokens.input and tokens.output
    USE-CASE/TASK.modelTier=TIER  the tier of one task

A CHANGE is ``+20%``, ``-20%`` or ``x2``; of one field also the new number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from penstock.cost import figures, tiers
from penstock.cost.fields import Fields, Place
from penstock.cost.figures import Figure
from penstock.cost.rates import RATES, rate_of
from penstock.cost.tasks import TASKS
from penstock.errors import UsageError
from penstock.manifest import wording
from penstock.manifest.paths import path_text
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Path
from penstock.record import dataclass, field, replace

_CHANGE = re.compile(r"(?P<percent>[+-]\d{1,9}(?:\.\d{1,9})?)%|[x*](?P<times>\d{1,9}(?:\.\d{1,9})?)")
_NUMBER = re.compile(r"\d{1,18}(?:\.\d{1,18})?")
_LARGEST = 10**320
"""More than any number a manifest can hold."""
_CURRENCY = re.compile(r"[A-Z]{3}")
_PRICES = ("inputPrice", "outputPrice")
_TASK_NUMBERS: Mapping[str, tuple[Path, tuple[str, str]]] = {
    "volume": (("volume", "runs"), ("runs in a period", "runs")),
    "tokens.input": (("tokens", "input"), ("input tokens of a run", "tokens")),
    "tokens.output": (("tokens", "output"), ("output tokens of a run", "tokens")),
}
"""The field, its name and its unit."""
_HINT = (
    "such as frontier=mid, frontier=-20%, frontier.inputPrice=4, claims.volume=x2 or claims/triage.modelTier=small"
)


@dataclass(slots=True)
class _Overlay:
    """What the texts so far changed."""

    rollout: Rollout
    changed: dict[Place, Figure | str] = field(default_factory=dict)

    @property
    def fields(self) -> Fields:
        return Fields(self.rollout, self.changed)


def overlay_of(rollout: Rollout, texts: Sequence[str]) -> dict[Place, Figure | str]:
    """The values that stand in for fields.

    Raises:
        UsageError: a text is no what-if, or names what the rollout does not have.
    """
    overlay = _Overlay(rollout)
    for text in texts:
        subject, equals, value = (part.strip() for part in text.partition("="))
        if not (subject and equals and value):
            raise UsageError(f"--what-if takes WHAT=VALUE, not {wording.literal(text)}", hint=_HINT)
        name, _, attribute = subject.partition(".")
        if _CURRENCY.fullmatch(name) and not attribute:
            _rate(overlay, name, value, text)
        elif "/" in name or attribute == "volume" or rollout.get("ModelTier", name) is None:
            _use_case(overlay, name, attribute, value, text)
        else:
            _tier(overlay, _found(rollout, "ModelTier", name), attribute, value, text)
    return overlay.changed


def _tier(overlay: _Overlay, tier: Resource, attribute: str, value: str, text: str) -> None:
    fields = overlay.fields
    if attribute == "primary":
        models = [str(model.get("name")) for _, model in fields.elements(tier, tiers.MODELS)]
        overlay.changed[tier, tiers.PRIMARY] = _one_of(value, models, f"model of tier `{tier.name}`", text)
    elif attribute in _PRICES or (not attribute and _is_change(value)):
        at = tiers.model_at(fields, tier, fields.text(tier, tiers.PRIMARY))
        if at is None:
            raise _wrong(text, f"tier `{tier.name}` has no primary model whose price could change")
        model, currency = fields.text(tier, tiers.PRIMARY) or "", fields.text(tier, tiers.CURRENCY)
        for price in (attribute,) if attribute else _PRICES:
            called = tiers.price_of(model, price.removesuffix("Price"), currency)
            _number(overlay, tier, (*at, price), value, text, called)
    elif not attribute and _NUMBER.fullmatch(value) and overlay.rollout.get("ModelTier", value) is None:
        raise _wrong(
            text, f"which price? give `{tier.name}.inputPrice={value}` or `{tier.name}.outputPrice={value}`"
        )
    elif not attribute:
        target = _found(overlay.rollout, "ModelTier", value, text)
        for use_case in fields.valid("UseCase"):
            for path, _ in fields.elements(use_case, TASKS):
                if fields.text(use_case, (*path, "modelTier")) == tier.name:
                    overlay.changed[use_case, (*path, "modelTier")] = target.name
    else:
        _one_of(attribute, ("primary", *_PRICES), "property of a tier that a what-if can change", text)


def _use_case(overlay: _Overlay, name: str, attribute: str, value: str, text: str) -> None:
    case_name, slash, task = name.partition("/")
    known = overlay.rollout.names("UseCase")
    if case_name not in known:
        near = [*known, *overlay.rollout.names("ModelTier")] if not slash else known
        kind = "use case" if slash else "use case or tier"
        _one_of(case_name, near, kind, text)
    use_case = _found(overlay.rollout, "UseCase", case_name, text)
    listed = {str(each.get("name")): path for path, each in overlay.fields.elements(use_case, TASKS)}
    if slash:
        _one_of(task, list(listed), f"task of use case `{case_name}`", text)
    paths = [listed[task]] if slash else list(listed.values())
    if attribute == "modelTier" and slash:
        target = _found(overlay.rollout, "ModelTier", value, text)
        overlay.changed[use_case, (*paths[0], "modelTier")] = target.name
        return
    choices = [*_TASK_NUMBERS, "modelTier"] if slash else ["volume"]
    of_what = "a task" if slash else "a use case"
    _one_of(attribute, choices, f"property of {of_what} that a what-if can change", text)
    if not slash and not _CHANGE.fullmatch(value):
        raise _wrong(text, "its tasks have volumes of their own: give +50%, -50% or x2, or name one task")
    field_path, called = _TASK_NUMBERS[attribute]
    stated = [path for path in paths if overlay.fields.number(use_case, (*path, *field_path), *called)]
    if not stated and not _NUMBER.fullmatch(value):
        raise _wrong(text, f"`{name}` states no {attribute} that could change")
    for path in stated or paths:
        _number(overlay, use_case, (*path, *field_path), value, text, called)


def _rate(overlay: _Overlay, currency: str, value: str, text: str) -> None:
    organization = overlay.rollout.organization
    listed = overlay.fields.elements(organization, RATES) if organization else []
    for path, element in listed:
        if organization and element.get("currency") == currency:
            base = overlay.fields.text(organization, ("spec", "annualRevenue", "currency"))
            label, unit = rate_of(currency, base)
            _number(overlay, organization, (*path, "rate"), value, text, (label, unit))
            rate = overlay.fields.number(organization, (*path, "rate"), label, unit)
            if rate is not None and rate.value <= 0:
                raise _wrong(text, "an exchange rate is above 0")
            return
    raise _wrong(text, f"the Organization states no exchange rate for {currency}")


def _number(
    overlay: _Overlay, resource: Resource, path: Path, value: str, text: str, called: tuple[str, str]
) -> None:
    """Lay a changed number over a field; ``called`` is its name and unit."""
    label, unit = called
    now = overlay.fields.number(resource, path, label, unit)
    change = _CHANGE.fullmatch(value)
    if _NUMBER.fullmatch(value):
        overlay.changed[resource, path] = figures.given(label, Fraction(value), unit, text)
        return
    if change is None:
        raise _wrong(text, f"{wording.literal(value)} is no change: give a number, +20%, -20% or x2")
    if now is None:
        raise _wrong(text, f"{resource.id} states no {path_text(resource.data, path)} that could change")
    percent = change["percent"]
    factor = 1 + Fraction(percent) / 100 if percent else Fraction(change["times"])
    if factor < 0:
        raise _wrong(text, "less than nothing is left after it")
    if now.value * factor > _LARGEST:
        raise _wrong(text, f"it makes {resource.id} {path_text(resource.data, path)} too large to project with")
    times = figures.given(f"factor of the what-if {text}", factor, "", text)
    overlay.changed[resource, path] = figures.product(
        now.name, now.unit, replace(now, name=f"{now.name}, now"), times
    )


def _is_change(value: str) -> bool:
    return bool(_CHANGE.fullmatch(value))


def _found(rollout: Rollout, kind: str, name: str, text: str = "") -> Resource:
    noun = {"ModelTier": "tier", "UseCase": "use case"}[kind]
    resource = rollout.get(kind, _one_of(name, rollout.names(kind), noun, text))
    if resource is None or not resource.valid:
        raise _wrong(text, f"{kind} `{name}` cannot be used; mend what `penstock check` finds there")
    return resource


def _one_of(name: str, known: Iterable[str], noun: str, text: str) -> str:
    choices = list(known)
    if name not in choices:
        near = wording.did_you_mean(name, choices)
        hint = f"there is {wording.listing(choices)}" if choices else None
        raise UsageError(
            f"--what-if {wording.code(text)}: there is no {noun} {wording.name(name)}{near}", hint=hint
        )
    return name


def _wrong(text: str, what: str) -> UsageError:
    return UsageError(f"--what-if {wording.code(text)}: {what}", hint=_HINT)
