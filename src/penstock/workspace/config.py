"""``penstock.yaml``: what a rollout's owners decide about its check.

Takes the file; gives a frozen ``Config``, or every fault of the file with its place. An empty file is a valid one:
it marks the root of a rollout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from penstock.errors import GroupedError, InputError, PenstockError, UsageError
from penstock.lint.authority import Authority
from penstock.manifest.integrity import RULES, is_fixed
from penstock.manifest.paths import value_at
from penstock.manifest.schema import validate_against
from penstock.model import Location, Rule, Severity, Span
from penstock.model import Path as DataPath
from penstock.policy import (
    BUILT_IN,
    Override,
    ParamsChange,
    Policy,
    Reference,
    Selection,
    check_params,
    check_token,
)
from penstock.record import dataclass, field, replace
from penstock.source import Document, Reading, SourceFile, read_bytes, read_path
from penstock.source.discovery import INCLUDE
from penstock.source.shown import absolute, shown
from penstock.workspace.authority import authority_of, with_code_owners, words
from penstock.workspace.references import references_of, wrong_references

FIXED = "it says that something could not be checked"

BASELINE = "penstock-baseline.yaml"
"""The file beside penstock.yaml that lists the findings to be lived with, unless ``baseline`` names another."""


@dataclass(frozen=True, slots=True)
class Config:
    """The decisions for one rollout."""

    name: str
    include: tuple[str, ...] = INCLUDE
    exclude: tuple[str, ...] = ()
    packs: tuple[Reference, ...] = (BUILT_IN,)
    selection: Selection = field(default_factory=Selection)
    fail_on: Severity = Severity.ERROR
    baseline: str | None = None
    """The path of the baseline relative to the configuration; None for the usual place."""
    authority: Authority = field(default_factory=Authority)
    """Who may make exceptions from which rules."""
    file: SourceFile | None = None
    """The configuration file; None when there is none."""
    document: Document | None = None
    """What it holds; None when that is nothing."""

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The files that hold the decisions: the configuration, and CODEOWNERS where it counts."""
        owners = self.authority.code_owners
        return tuple(filter(None, (self.file, owners.file if owners is not None else None)))

    @property
    def commented(self) -> Document | None:
        """What the configuration file holds, were it nothing but comments."""
        if self.document is not None or self.file is None:
            return self.document
        from penstock.source.comments import blank

        return blank(self.file)

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


def config_of(file: Path | None, folder: Path, edited: tuple[str, bytes] | None = None) -> Config:
    """The configuration in a file, or the defaults for a rollout without one, named after its folder.

    ``edited`` is a file's name and the content that counts in place of what is on disk.

    Raises:
        GroupedError: as ``load_config``.
        InputError: CODEOWNERS is wanted and cannot be read.
    """
    if file is None:
        return Config(folder.name or "rollout")
    if edited and absolute(edited[0]) == absolute(file):
        config = config_in(read_bytes(edited[1], shown(file)), file.resolve().parent.name)
    else:
        config = load_config(file, shown(file))
    return replace(config, authority=with_code_owners(config.authority, folder))


def load_config(path: Path, name: str) -> Config:
    """Read a configuration file; faults call it ``name``.

    Raises:
        GroupedError: of ``InputError``: everything wrong with it, each with line and column.
    """
    return config_in(read_path(path, name), path.resolve().parent.name)


def config_in(reading: Reading, folder: str) -> Config:
    """The configuration that a reading holds, in a folder of that name.

    Raises:
        GroupedError: as ``load_config``.
    """
    file = reading.file
    faults = [
        InputError(fault.message, file=file.path, span=fault.span, hint=fault.hint, frame=file.text)
        for fault in reading.faults
    ]
    if len(reading.documents) > 1:
        faults.append(InputError("a configuration file holds one document", file=file.path))
    if faults:
        raise GroupedError(tuple(faults))
    config = Config(folder, file=file)
    if not reading.documents:
        return config
    document = reading.documents[0]
    config = replace(config, document=document)
    unfit = tuple(wrong_references(document.data))
    explained = {path[:2] for path, _ in unfit}
    wrong = [config.fault(path, fault) for path, fault in unfit]
    wrong += [
        config.fault(found.path, InputError(found.message, hint=found.hint), key=found.key)
        for found in validate_against("config/v1/config", document.data)
        if found.path[:2] not in explained
    ]
    if any(fault.secret for _, fault in unfit):
        for each in wrong:
            each.frame = None  # more people read the output of a check than this file
    if wrong:
        raise GroupedError(tuple(wrong))
    return _filled(config, cast("dict[str, Any]", document.data))


def check_rules(config: Config, rules: Collection[Rule], policies: Iterable[Policy]) -> None:
    """Every rule and parameter that the configuration names exists, and every value is allowed.

    Raises:
        GroupedError: of ``InputError``: each that does not, with its place.
    """
    selection = config.selection
    tokens: list[tuple[str, DataPath, bool]] = [
        *((token, ("select", index), False) for index, token in enumerate(selection.select)),
        *((token, ("ignore", index), False) for index, token in enumerate(selection.ignore)),
        *((rule, ("rules", rule), True) for rule in selection.overrides),
        *((token, path, False) for token, path in words(config.document.data if config.document else None)),
    ]
    faults = []
    for token, path, key in tokens:
        try:
            check_token(token, rules)
        except UsageError as fault:
            faults.append(config.fault(path, fault, key=key))
    faults += _without_effect(config, rules)
    for policy in policies:
        for key_used in {policy.rule.id, policy.rule.name} & selection.overrides.keys():
            override, at = selection.overrides[key_used], ("rules", key_used)
            for name, wrong in check_params(policy, override.params):
                faults.append(config.fault((*at, "params", name), wrong, key=name not in policy.params))
            for index, change in enumerate(override.changes):
                for name, wrong in check_params(policy, change.params):
                    place: DataPath = (*at, "changes", index, "params", name)
                    faults.append(config.fault(place, wrong, key=name not in policy.params))
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
        if rule is not None and rule.id in RULES:
            yield from (
                config.fault(("rules", key, field), wrong) for field, wrong in _not_for_integrity(key, override)
            )
        if rule is not None and key == rule.name and rule.id in selection.overrides:
            wrong = UsageError(f"{key} is {rule.id}, which is set already", hint="keep one of the two entries")
            yield config.fault(("rules", key), wrong, key=True)


def _not_for_integrity(key: str, override: Override) -> Iterator[tuple[str, UsageError]]:
    """What an integrity rule does not have, by the field that states it."""
    for key_there, given in (("params", override.params), ("changes", override.changes)):
        if given:
            yield key_there, UsageError(f"{key} has no parameters")
    if override.effective_from:
        yield "effectiveFrom", UsageError(f"{key} holds on every day", hint="it is about the manifests themselves")


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
        packs=references_of(data),
        selection=selection,
        fail_on=Severity(data.get("failOn", "error")),
        baseline=data.get("baseline"),
        authority=authority_of(data.get("exceptions", {})),
    )


def _override(given: Mapping[str, Any]) -> Override:
    severity = given.get("severity")
    return Override(
        severity=Severity(severity) if severity not in (None, "off") else None,
        off=severity == "off",
        params=MappingProxyType(given.get("params", {})),
        effective_from=given.get("effectiveFrom"),
        changes=tuple(
            ParamsChange(change["from"], MappingProxyType(change["params"])) for change in given.get("changes", ())
        ),
    )
