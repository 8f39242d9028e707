"""``penstock.yaml``: what a rollout's owners decide about its check.

Takes the file; gives a frozen ``Config``, or every fault of the file with its place. An empty file is a valid one:
it marks the root of a rollout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from penstock.errors import GroupedError, InputError, PenstockError, UsageError
from penstock.manifest.integrity import RULES, is_fixed
from penstock.manifest.paths import value_at
from penstock.manifest.schema import validate_against
from penstock.model import Location, Rule, Severity, Span
from penstock.model import Path as DataPath
from penstock.policy import Override, Policy, Selection, check_params, check_token
from penstock.source import Document, SourceFile, read_path
from penstock.source.discovery import INCLUDE
from penstock.source.shown import shown

FIXED = "it says that something could not be checked"


@dataclass(frozen=True, slots=True)
class Config:
    """The decisions for one rollout."""

    name: str
    include: tuple[str, ...] = INCLUDE
    exclude: tuple[str, ...] = ()
    packs: tuple[str, ...] = ("levie",)
    selection: Selection = field(default_factory=Selection)
    fail_on: Severity = Severity.ERROR
    file: SourceFile | None = None
    """The configuration file; None when there is none."""
    document: Document | None = None
    """What it holds; None when that is nothing."""

    @property
    def location(self) -> Location | None:
        """Where the configuration names the rollout; its first line when it does not."""
        if self.file is None:
            return None
        named = self.document is not None and value_at(self.document.data, ("name",)) is not None
        span = self.document.locate(("name",)).span if self.document and named else Span.at(1, 1)
        return Location(file=self.file.path, span=span)

    def fault(self, path: DataPath, fault: PenstockError, *, key: bool = False) -> InputError:
        """A fault that lies in this configuration, with its place."""
        if self.document is None or self.file is None:
            return InputError(fault.message, hint=fault.hint)
        span = (self.document.locate_key if key else self.document.locate)(path).span
        return InputError(fault.message, file=self.file.path, span=span, hint=fault.hint, frame=self.file.text)


def config_of(file: Path | None, folder: Path) -> Config:
    """The configuration in a file, or the defaults for a rollout without one, named after its folder.

    Raises:
        GroupedError: as ``load_config``.
    """
    return Config(folder.name or "rollout") if file is None else load_config(file, shown(file))


def load_config(path: Path, name: str) -> Config:
    """Read a configuration file; faults call it ``name``.

    Raises:
        GroupedError: of ``InputError``: everything wrong with it, each with line and column.
    """
    reading = read_path(path, name)
    faults = [
        InputError(fault.message, file=name, span=fault.span, hint=fault.hint, frame=reading.file.text)
        for fault in reading.faults
    ]
    if len(reading.documents) > 1:
        faults.append(InputError("a configuration file holds one document", file=name))
    if faults:
        raise GroupedError(tuple(faults))
    config = Config(path.resolve().parent.name, file=reading.file)
    if not reading.documents:
        return config
    document = reading.documents[0]
    config = replace(config, document=document)
    violations = validate_against("config/v1/config", document.data)
    if violations:
        wrong = (
            config.fault(found.path, InputError(found.message, hint=found.hint), key=found.key)
            for found in violations
        )
        raise GroupedError(tuple(wrong))
    return _filled(config, cast("dict[str, Any]", document.data))


def check_rules(config: Config, rules: Collection[Rule], policies: Iterable[Policy]) -> None:
    """Every rule and parameter that the configuration names exists, and every value is allowed.

    Raises:
        GroupedError: of ``InputError``: each that does not, with its place.
    """
    selection = config.selection
    words: list[tuple[str, DataPath, bool]] = [
        *((token, ("select", index), False) for index, token in enumerate(selection.select)),
        *((token, ("ignore", index), False) for index, token in enumerate(selection.ignore)),
        *((rule, ("rules", rule), True) for rule in selection.overrides),
    ]
    faults = []
    for token, path, key in words:
        try:
            check_token(token, rules)
        except UsageError as fault:
            faults.append(config.fault(path, fault, key=key))
    faults += _without_effect(config, rules)
    for policy in policies:
        for key_used in {policy.rule.id, policy.rule.name} & selection.overrides.keys():
            for name, wrong in check_params(policy, selection.overrides[key_used].params):
                faults.append(config.fault(("rules", key_used, "params", name), wrong))
    if faults:
        raise GroupedError(tuple(faults))


def _without_effect(config: Config, rules: Collection[Rule]) -> Iterator[InputError]:
    """What the configuration asks of integrity rules and cannot have, and rules it speaks of twice."""
    selection = config.selection
    for index, token in enumerate(selection.ignore):
        if is_fixed(token):
            yield config.fault(("ignore", index), UsageError(f"{token} cannot be ignored", hint=FIXED))
    for key, override in selection.overrides.items():
        if is_fixed(key) and (override.off or override.severity):
            wrong = UsageError(f"the severity of {key} cannot be changed", hint=FIXED)
            yield config.fault(("rules", key, "severity"), wrong)
        rule = next((rule for rule in rules if key in (rule.id, rule.name)), None)
        if rule is not None and rule.id in RULES and override.params:
            yield config.fault(("rules", key, "params"), UsageError(f"{key} has no parameters"))
        if rule is not None and key == rule.name and rule.id in selection.overrides:
            wrong = UsageError(f"{key} is {rule.id}, which is set already", hint="keep one of the two entries")
            yield config.fault(("rules", key), wrong, key=True)


def _filled(config: Config, data: Mapping[str, Any]) -> Config:
    manifests = data.get("manifests", {})
    selection = Selection(
        select=tuple(data.get("select", ("ALL",))),
        ignore=tuple(data.get("ignore", ())),
        overrides=MappingProxyType({rule: _override(given) for rule, given in data.get("rules", {}).items()}),
    )
    return replace(
        config,
        name=data.get("name", config.name),
        include=tuple(manifests.get("include", INCLUDE)),
        exclude=tuple(manifests.get("exclude", ())),
        packs=tuple(data.get("packs", ("levie",))),
        selection=selection,
        fail_on=Severity(data.get("failOn", "error")),
    )


def _override(given: Mapping[str, Any]) -> Override:
    severity = given.get("severity")
    return Override(
        severity=Severity(severity) if severity not in (None, "off") else None,
        off=severity == "off",
        params=MappingProxyType(given.get("params", {})),
    )
