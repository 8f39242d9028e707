"""A policy file -> a checked, compiled ``Policy``.

Takes a parsed document and an engine; gives the policy, or every fault of the file with its place. Knows nothing
of rollouts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, cast

from penstock.cel import Engine
from penstock.errors import GroupedError, PolicyError
from penstock.manifest import shapes
from penstock.manifest.paths import parse_path
from penstock.manifest.references import EACH
from penstock.manifest.schema import validate_against
from penstock.model import Control, Path, Rule, Severity, Source
from penstock.policy import static
from penstock.policy.expressions import Expressions, reads
from penstock.policy.model import (
    ROLLOUT_KIND,
    STAGES,
    Example,
    ExpectedFinding,
    Expression,
    ForEach,
    Param,
    Policy,
    RelatedTarget,
    StageGate,
    Target,
    Validation,
)
from penstock.source import Document

API_VERSION = "policy/v1"


def load_policy(document: Document, engine: Engine, pack: str, titles: Mapping[str, str]) -> Policy:
    """The policy a document holds. ``titles`` are the pack's documents by key.

    Raises:
        GroupedError: of ``PolicyError``: everything wrong with the file, each with line and column.
    """
    faults = schema_faults(document, "policy/v1/Policy")
    if faults:
        raise GroupedError(tuple(faults))
    loader = _Loader(document, engine)
    policy = loader.policy(pack, titles)
    if loader.faults:
        raise GroupedError(tuple(loader.faults))
    return policy


def schema_faults(document: Document, schema: str) -> list[PolicyError]:
    """What is wrong with a document's shape, as faults for its author."""
    return [
        PolicyError(
            violation.message,
            file=document.file.path,
            span=(document.locate_key if violation.key else document.locate)(violation.path).span,
            hint=violation.hint,
            frame=document.file.text,
        )
        for violation in validate_against(schema, document.data)
    ]


class _Loader:
    """Builds one policy and collects faults on the way."""

    def __init__(self, document: Document, engine: Engine) -> None:
        self.document = document
        self.faults: list[PolicyError] = []
        # The schema has accepted the document: its shape is known from here on.
        self.data = cast("dict[str, Any]", document.data)
        self.spec: dict[str, Any] = self.data["spec"]
        roots = static.ROOTS | ({"item"} if "forEach" in self.spec else set())
        variables = [variable["name"] for variable in self.spec.get("variables", ())]
        scope = static.Scope(roots, frozenset(self.spec.get("params", ())), frozenset(variables))
        self.expressions = Expressions(document, engine, scope, self.faults)

    def policy(self, pack: str, titles: Mapping[str, str]) -> Policy:
        spec = self.spec
        self._check_name()
        params = {name: _param(name, given) for name, given in spec.get("params", {}).items()}
        variables = self._variables()
        conditions = tuple(
            (condition["name"], self.expressions.at(("spec", "matchConditions", index, "expression")))
            for index, condition in enumerate(spec.get("matchConditions", ()))
        )
        return Policy(
            rule=self._rule(pack, titles),
            document=self.document,
            kinds=tuple(spec["match"]["kinds"]),
            validations=tuple(self._validation(index, variables) for index in range(len(spec["validations"]))),
            params=MappingProxyType(params),
            stage=self._stage(),
            conditions=conditions,
            variables=variables,
            for_each=self._for_each(),
            good=tuple(self._example("good", index) for index in range(len(spec["examples"]["good"]))),
            bad=tuple(self._example("bad", index) for index in range(len(spec["examples"]["bad"]))),
            values=MappingProxyType({name: param.default for name, param in params.items()}),
            reads=self.expressions.used,
        )

    def _check_name(self) -> None:
        name = self.data["metadata"]["name"]
        stem = PurePosixPath(self.document.file.path).stem
        if name != stem:
            self._fault(("metadata", "name"), f"the policy is named {name}, its file {stem}", "make the two equal")

    def _rule(self, pack: str, titles: Mapping[str, str]) -> Rule:
        spec = self.spec
        sources = []
        for index, given in enumerate(spec.get("sources", ())):
            key = given["document"]
            if titles and key not in titles:
                path = ("spec", "sources", index, "document")
                self._fault(path, f"the pack has no document `{key}`", f"its documents: {', '.join(titles)}")
            sources.append(Source(titles.get(key, key), given["section"], given.get("quote")))
        controls = (
            Control(given["standard"], given["id"], given.get("note")) for given in spec.get("controls", ())
        )
        return Rule(
            id=spec["id"],
            name=self.data["metadata"]["name"],
            title=spec["title"],
            severity=Severity(spec["severity"]),
            step=spec["step"],
            why=spec["why"].strip(),
            remediation=spec["remediation"].strip(),
            sources=tuple(sources),
            controls=tuple(controls),
            pack=pack,
        )

    def _variables(self) -> Mapping[str, Expression]:
        found: dict[str, Expression] = {}
        for index, variable in enumerate(self.spec.get("variables", ())):
            if variable["name"] in found:
                path: Path = ("spec", "variables", index, "name")
                self._fault(path, f"a second variable named {variable['name']}", "rename one of the two")
            found[variable["name"]] = self.expressions.at(("spec", "variables", index, "expression"))
        return MappingProxyType(found)

    def _stage(self) -> StageGate | None:
        stage = self.spec.get("stage")
        if stage is None:
            return None
        use_case = self.expressions.at(("spec", "stage", "useCase")) if "useCase" in stage else None
        if use_case is None:
            self._check_stage()
        return StageGate(frozenset(STAGES[STAGES.index(stage["from"]) :]), use_case)

    def _check_stage(self) -> None:
        for kind in self.spec["match"]["kinds"]:
            if not static.names_use_case(kind):
                message = f"{kind} does not say which use case it belongs to"
                self._fault(("spec", "stage"), message, "state stage.useCase, which gives the use case")

    def _for_each(self) -> ForEach | None:
        given = self.spec.get("forEach")
        if given is None:
            return None
        if "expression" in given:
            return ForEach(expression=self.expressions.at(("spec", "forEach", "expression")))
        path: Path = ("spec", "forEach", "path")
        pattern = _pattern(given["path"])
        self._check_field(pattern, path, given["path"])
        return ForEach(path=pattern)

    def _validation(self, index: int, variables: Mapping[str, Expression]) -> Validation:
        given = self.spec["validations"][index]
        base: Path = ("spec", "validations", index)
        if "message" not in given and "messageExpression" not in given:
            self._fault(base, "a validation needs a message or a messageExpression", "say what is wrong")
        related = tuple(
            RelatedTarget(
                self.expressions.at((*base, "related", number, "resource")),
                self._related_place(target, (*base, "related", number)),
                target["message"],
            )
            for number, target in enumerate(given.get("related", ()))
        )
        severity = given.get("severity")
        expression = self.expressions.at((*base, "expression"))
        return Validation(
            expression=expression,
            message=given.get("message"),
            message_expression=self._optional((*base, "messageExpression"), given),
            at=self._target(given["at"], (*base, "at")),
            severity=Severity(severity) if severity else None,
            related=related,
            reads=reads(expression, variables),
        )

    def _related_place(self, given: Mapping[str, Any], base: Path) -> Path | Expression:
        if "atExpression" in given:
            return self.expressions.at((*base, "atExpression"))
        if "at" not in given:
            return "metadata", "name"
        field = self._path(given["at"], (*base, "at"))
        self._check_field(field, (*base, "at"), given["at"], shapes.kinds())
        return field

    def _path(self, text: str, path: Path) -> Path:
        try:
            return parse_path(text)
        except ValueError as error:
            self._fault(path, f"`{text}` is no path to a field: {error}", "write it as spec.endsOn")
            return ()

    def _target(self, text: str, path: Path) -> Target:
        parts = self._path(text, path)
        if parts[:1] != ("item",):
            self._check_field(parts, path, text)
            return Target(parts)
        for_each = self.spec.get("forEach", {})
        if "path" not in for_each:
            self._fault(path, "`item` has no place of its own here", "use forEach.path, or point at a field")
        else:
            self._check_field((*_pattern(for_each["path"]), *parts[1:]), path, text)
        return Target(parts[1:], from_item=True)

    def _check_field(self, field: static.Field, path: Path, text: str, kinds: Iterable[str] | None = None) -> None:
        given = [kind for kind in kinds or self.spec["match"]["kinds"] if kind != ROLLOUT_KIND]
        if given and not static.has_field(given, field):
            message = f"no kind has a field `{text}`" if kinds else f"{' or '.join(given)} has no field `{text}`"
            self._fault(path, message, "`penstock schema KIND` prints the fields of a kind")

    def _optional(self, path: Path, given: Mapping[str, object]) -> Expression | None:
        return self.expressions.at(path) if path[-1] in given else None

    def _example(self, quality: str, index: int) -> Example:
        given = self.spec["examples"][quality][index]
        findings = tuple(
            ExpectedFinding(
                resource=expected["resource"],
                at=expected["at"],
                message=expected.get("message"),
                severity=Severity(expected["severity"]) if "severity" in expected else None,
            )
            for expected in given.get("findings", ())
        )
        return Example(
            name=given["name"],
            manifests=tuple(given["manifests"]),
            path=("spec", "examples", quality, index),
            as_of=given.get("asOf"),
            params=MappingProxyType(given.get("params", {})),
            findings=findings,
        )

    def _fault(self, path: Path, message: str, hint: str) -> None:
        document = self.document
        span = document.locate(path).span
        self.faults.append(
            PolicyError(message, file=document.file.path, span=span, hint=hint, frame=document.file.text)
        )


def _pattern(text: str) -> tuple[str | None, ...]:
    """The way to the elements of ``spec.tools[*].dataSources``, with ``EACH`` for every element."""
    return (*(EACH if key == "*" else key for key in text.replace("[*]", ".*").split(".")), EACH)


def _param(name: str, given: Mapping[str, Any]) -> Param:
    return Param(
        name=name,
        type=given["type"],
        default=given["default"],
        description=given["description"],
        unit=given.get("unit"),
        minimum=given.get("minimum"),
        maximum=given.get("maximum"),
        enum=tuple(given.get("enum", ())),
    )
