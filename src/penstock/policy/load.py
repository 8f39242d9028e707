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
from penstock.cel import types as cel
from penstock.cel.checker import Checked, Facts, known_fields
from penstock.errors import GroupedError, PenstockError, PolicyError
from penstock.manifest import shapes
from penstock.manifest.paths import parse_path
from penstock.manifest.references import EACH
from penstock.manifest.schema import validate_against
from penstock.model import Control, Path, Rule, Severity, Source
from penstock.policy import knowledge, static
from penstock.policy.expressions import Expressions, Scope
from penstock.policy.matching import pattern
from penstock.policy.model import (
    ROLLOUT_KIND,
    STAGES,
    Example,
    ExpectedFinding,
    Expression,
    ForEach,
    Param,
    Policy,
    QuotedDocument,
    RelatedTarget,
    StageGate,
    Target,
    Validation,
)
from penstock.policy.observed import gathered, observed
from penstock.policy.scopes import Scopes
from penstock.record import replace
from penstock.source import Document
from penstock.suggest import did_you_mean


def load_policy(
    document: Document,
    engine: Engine,
    pack: str,
    documents: Mapping[str, QuotedDocument],
    warnings: list[PenstockError] | None = None,
) -> Policy:
    """The policy a document holds. ``documents`` are those that the pack's policies may quote, by key.

    What the author should know of expressions that work all the same is added to ``warnings``.

    Raises:
        GroupedError: of ``PolicyError``: everything wrong with the file, each with line and column.
    """
    faults = schema_faults(document, "policy/v1/Policy")
    if faults:
        raise GroupedError(tuple(faults))
    loader = _Loader(document, engine)
    policy = loader.policy(pack, documents)
    if warnings is not None:
        warnings.extend(loader.expressions.warnings)
    if loader.faults or loader.expressions.faults:
        raise GroupedError((*loader.faults, *loader.expressions.faults))
    return policy


def expressions_of(policy: Policy, engine: Engine) -> Expressions:
    """The expressions of a policy where they stand, for whoever wants to try other texts in their places."""
    loader = _Loader(policy.document, engine)
    loader.policy(policy.rule.pack, {})
    return loader.expressions


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
        self.expressions = Expressions(document, engine)
        self.params = {name: _param(name, given) for name, given in self.spec.get("params", {}).items()}
        self.scopes = Scopes(self.spec, knowledge.parameters(self.params), self.expressions)

    def policy(self, pack: str, documents: Mapping[str, QuotedDocument]) -> Policy:
        spec = self.spec
        self._check_name()
        stage = self._stage()
        for_each, item = self._for_each()
        self._check_variables()
        has_place = for_each is not None and for_each.expression is None
        self.scopes.enter(item, _present(for_each), has_place=has_place)
        policy = Policy(
            rule=self._rule(pack, documents),
            document=self.document,
            kinds=tuple(spec["match"]["kinds"]),
            validations=tuple(self._validation(index) for index in range(len(spec["validations"]))),
            params=MappingProxyType(self.params),
            stage=stage,
            conditions=tuple(self.scopes.conditions),
            variables=MappingProxyType(self.scopes.variables),
            for_each=for_each,
            good=tuple(self._example("good", index) for index in range(len(spec["examples"]["good"]))),
            bad=tuple(self._example("bad", index) for index in range(len(spec["examples"]["bad"]))),
            values=MappingProxyType({name: param.default for name, param in self.params.items()}),
            reads=self.expressions.used,
        )
        self._check_before(policy)
        kinds = gathered(checked for _, checked in self.expressions.checked())
        if policy.is_change_rule:
            return replace(policy, rule=replace(policy.rule, about_changes=True), gathers=kinds)
        fields = observed(self.spec, self.scopes.object, self.expressions.checked())
        return replace(policy, observes=fields, gathers=kinds)

    def _check_before(self, policy: Policy) -> None:
        """The examples of a rule about changes say what was before, and no others do."""
        for example in (*policy.good, *policy.bad):
            if policy.is_change_rule and example.before is None:
                message = "the rule judges a change, and the example does not say what was before it"
                self._fault(example.path, message, "list the manifests as they were under `before`")
            elif example.before is not None and not policy.is_change_rule:
                message = "`before` has no effect: no expression of the rule asks for what was"
                self._fault((*example.path, "before"), message, "delete it, or compare with `oldObject`")

    def _check_name(self) -> None:
        name = self.data["metadata"]["name"]
        stem = PurePosixPath(self.document.file.path).stem
        if name != stem:
            self._fault(("metadata", "name"), f"the policy is named {name}, its file {stem}", "make the two equal")

    def _rule(self, pack: str, documents: Mapping[str, QuotedDocument]) -> Rule:
        spec = self.spec
        sources = tuple(self._source(index, documents) for index in range(len(spec.get("sources", ()))))
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
            sources=sources,
            controls=tuple(controls),
            pack=pack,
            effective_from=spec.get("effectiveFrom"),
        )

    def _source(self, index: int, documents: Mapping[str, QuotedDocument]) -> Source:
        given = self.spec["sources"][index]
        key, section = given["document"], given["section"]
        document = documents.get(key, QuotedDocument(key))
        path = ("spec", "sources", index)
        if documents and key not in documents:
            self._fault(
                (*path, "document"), f"the pack has no document `{key}`", f"its documents: {', '.join(documents)}"
            )
        elif document.sections and section not in document.sections:
            hint = (
                did_you_mean(section, document.sections) or f"pack.yaml lists them: spec.documents.{key}.sections"
            )
            self._fault((*path, "section"), f"the document `{key}` has no section `{section}`", hint)
        return Source(document.title, section, given.get("quote"))

    def _check_variables(self) -> None:
        found: set[str] = set()
        for index, variable in enumerate(self.spec.get("variables", ())):
            if variable["name"] in found:
                path: Path = ("spec", "variables", index, "name")
                self._fault(path, f"a second variable named {variable['name']}", "rename one of the two")
            found.add(variable["name"])

    def _stage(self) -> StageGate | None:
        stage = self.spec.get("stage")
        if stage is None:
            return None
        use_case = self._outer(("spec", "stage", "useCase"))[0] if "useCase" in stage else None
        if use_case is None:
            self._check_stage()
        return StageGate(frozenset(STAGES[STAGES.index(stage["from"]) :]), use_case)

    def _check_stage(self) -> None:
        for kind in self.spec["match"]["kinds"]:
            if not static.names_use_case(kind):
                message = f"{kind} does not say which use case it belongs to"
                self._fault(("spec", "stage"), message, "state stage.useCase, which gives the use case")

    def _for_each(self) -> tuple[ForEach | None, cel.Type | None]:
        """The elements to apply the policy to, and their type."""
        given = self.spec.get("forEach")
        if given is None:
            return None, None
        if "expression" in given:
            expression, checked = self._outer(("spec", "forEach", "expression"))
            return ForEach(expression=expression), knowledge.element(checked.type if checked else cel.DYN, (None,))
        path: Path = ("spec", "forEach", "path")
        way = _pattern(given["path"])
        self._check_field(way, path, given["path"])
        return ForEach(path=way), knowledge.element(self.scopes.object, way)

    def _outer(self, path: Path) -> tuple[Expression, Checked | None]:
        return self.expressions.at(path, self.scopes.outer)

    def _validation(self, index: int) -> Validation:
        given = self.spec["validations"][index]
        base: Path = ("spec", "validations", index)
        if "message" not in given and "messageExpression" not in given:
            self._fault(base, "a validation needs a message or a messageExpression", "say what is wrong")
        expression, checked = self.expressions.at((*base, "expression"), self.scopes.inner, cel.BOOL)
        # What is said of a violation is said where the expression has given false.
        violated = self.scopes.inner.knowing(checked.facts_if_false) if checked else self.scopes.inner
        message = None
        if "messageExpression" in given:
            message, _ = self.expressions.at((*base, "messageExpression"), violated, cel.STRING)
        severity = given.get("severity")
        return Validation(
            expression=expression,
            message=given.get("message"),
            message_expression=message,
            at=self._target(given["at"], (*base, "at")),
            severity=Severity(severity) if severity else None,
            related=tuple(
                self._related(target, (*base, "related", number), violated)
                for number, target in enumerate(given.get("related", ()))
            ),
            reads=self.scopes.reads((*base, "expression")),
        )

    def _related(self, given: Mapping[str, Any], base: Path, scope: Scope) -> RelatedTarget:
        resource, _ = self.expressions.at((*base, "resource"), scope)
        at: Path | Expression = ("metadata", "name")
        if "atExpression" in given:
            at, _ = self.expressions.at((*base, "atExpression"), scope, cel.STRING)
        elif "at" in given:
            at = self._path(given["at"], (*base, "at"))
            self._check_field(at, (*base, "at"), given["at"], shapes.kinds())
        return RelatedTarget(resource, at, given["message"])

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
            before=tuple(given["before"]) if "before" in given else None,
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
    return (*pattern(text), EACH)


def _present(for_each: ForEach | None) -> Facts:
    """An item at a path shows that the fields on the way to it are there."""
    way = for_each.path if for_each is not None else ()
    fields = way[: way.index(EACH)] if EACH in way else ()
    return known_fields("object", tuple(str(field) for field in fields))


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
        changes=tuple((change["from"], change["default"]) for change in given.get("changes", ())),
    )
