"""What a policy can observe of manifests is never less than what it looks at when it is applied."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from policy_envelope import ENVELOPE

from penstock.cel import calls, engine, values
from penstock.manifest import paths
from penstock.manifest.load import load
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.policy import Evaluator, Pack, Policy, evaluate, load_pack
from penstock.policy.examples import complete, load_example
from penstock.policy.load import load_policy
from penstock.policy.seen import ANY_KIND, any_sees, differing, is_seen, looking, looking_at_organization
from penstock.policy.verdict import checks
from penstock.source import SourceFile, read


def own(body: str, by: str = "penstock") -> Policy:
    (document,) = read(SourceFile("under-test.yaml", f"{ENVELOPE}   {body}}}\n")).documents
    return load_policy(document, engine(by), "test", {})


def asking(expression: str, kinds: str = "UseCase", more: str = "") -> Policy:
    """A policy with one validation, and perhaps more before it."""
    rest = f"validations: [{{expression: {json.dumps(expression)}, message: no, at: spec}}]"
    return own(f"match: {{kinds: [{kinds}]}}, {more}{rest}")


def fields(policy: Policy) -> set[str] | None:
    return None if policy.observes is None else set(policy.observes)


CASE = {"UseCase.spec"}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("true", set()),
        ("object.spec.stage == 'pilot'", {*CASE, "UseCase.spec.stage"}),
        ("object['spec']['stage'] == 'pilot'", {*CASE, "UseCase.spec.stage"}),
        ("has(object.spec.roi)", {*CASE, "UseCase.spec.roi"}),
        ("object.spec.?roi.?target.hasValue()", {*CASE, "UseCase.spec.roi", "UseCase.spec.roi.target"}),
        ("'roi' in object.spec", {*CASE, "UseCase.spec.roi"}),
        ("size(object.spec.tasks) > 0", {*CASE, "UseCase.spec.tasks"}),
        ("object.spec.tasks[0].name == 'a'", {*CASE, "UseCase.spec.tasks", "UseCase.spec.tasks.name"}),
        (
            "object.spec.tasks.filter(task, task.name == 'a').map(one, {'of': one}).all(one, one.of.name == 'a')",
            {*CASE, "UseCase.spec.tasks", "UseCase.spec.tasks.name", "*.of"},
        ),
        (
            "cel.bind(one, object.spec, one.stage == 'pilot')",
            {*CASE, "UseCase.spec.stage"},
        ),
        (
            "object.spec.tasks.sortBy(task, task.name)[0].name == 'a'",
            {*CASE, "UseCase.spec.tasks", "UseCase.spec.tasks.name"},
        ),
        (
            "(object.spec.stage == 'pilot' ? object.spec.tasks : []).size() == 0",
            {*CASE, "UseCase.spec.stage", "UseCase.spec.tasks"},
        ),
        (
            "ref('a', 'Agent').spec.useCase == 'a'",
            {"Agent.spec", "Agent.spec.useCase"},
        ),
        (
            "referrers(object, 'Agent').size() == 0",
            {"UseCase.kind", "UseCase.metadata", "UseCase.metadata.name"},
        ),
        (
            "resources('Agent', {'spec.useCase': object.metadata.name, 'spec.tools[*].name': 'a'}).size() == 0",
            {
                *("UseCase.metadata", "UseCase.metadata.name", "Agent.spec", "Agent.spec.useCase"),
                *("Agent.spec.tools", "Agent.spec.tools.name"),
            },
        ),
        (
            "organization != null && organization.spec.industry == 'insurance'",
            {"Organization.spec", "Organization.spec.industry"},
        ),
        (
            "[ref('a', 'Agent'), object].all(one, one.spec.useCase == 'a')",
            {"Agent.spec", "Agent.spec.useCase", "UseCase.spec", "UseCase.spec.useCase"},
        ),
    ],
)
def test_what_is_selected_is_observed(expression: str, found: set[str] | None) -> None:
    assert fields(asking(expression)) == found


@pytest.mark.parametrize(
    "expression",
    [
        "object.spec.roi == object.spec.roi",
        "object.spec.tasks == []",
        "object.spec.tasks[0] in object.spec.tasks",
        "object.metadata.labels.exists(key, key == 'a')",
        "object.metadata.labels[object.metadata.name] == 'a'",
        "object.metadata.name in object.metadata.labels",
        "size(object.metadata.labels) == 0",
        "object.spec.map(key, key).size() == 0",
        "object.spec.tasks.distinct().size() == 1",
        "object.spec.tasks.map(task, [task])[0] == object.spec.tasks",
        "type(object.spec.roi) == map",
        "dyn(object.spec.roi) == dyn(object.spec.pilot)",
        "dyn(object.spec.tasks).exists(task, task == 'a')",
        "dyn(object).orValue(ref('a', 'Agent')).spec.useCase == 'a'",
        "resources('UseCase', {'spec.roi': object.spec.roi}).size() == 0",
    ],
)
def test_nothing_is_certain_where_a_map_is_used_as_a_whole(expression: str) -> None:
    assert fields(asking(expression)) is None


def test_what_is_not_known_to_be_of_a_kind_is_observed_wherever_it_stands() -> None:
    assert fields(asking("ref('a', object.metadata.name).spec.stage == 'pilot'")) == {
        *("UseCase.metadata", "UseCase.metadata.name", "*.spec", "*.stage"),
    }
    assert fields(asking("dyn(object).spec.stage == 'pilot'")) == {"*.spec", "*.stage"}
    # Whatever field of the record it is that is asked for.
    known = fields(asking("object.spec.?pilot.differentiators[object.metadata.name] == null")) or set()
    assert "UseCase.spec.pilot.differentiators.errorRecovery" in known


def test_every_part_of_a_policy_observes() -> None:
    policy = own(
        "match: {kinds: [Agent]}, stage: {from: pilot}, forEach: {path: 'spec.tools[*].dataSources'},"
        " matchConditions: [{name: one, expression: object.spec.autonomy == 'suggest'}],"
        " variables: [{name: own, expression: has(object.spec.platform)}],"
        " validations: [{expression: item.permission == 'read', at: item,"
        " messageExpression: \"object.spec.?description.orValue('')\","
        " related: [{resource: \"ref('a', 'FteOwner')\", message: here,"
        " atExpression: \"'spec.' + ref('a', 'FteOwner').spec.person\"}]}]"
    )
    tools, owner = "Agent.spec.tools", "FteOwner"
    assert fields(policy) == {
        *("Agent.kind", "Agent.spec", "Agent.spec.useCase", "UseCase.spec", "UseCase.spec.stage"),
        *(tools, f"{tools}.dataSources", f"{tools}.dataSources.permission"),
        *("Agent.spec.autonomy", "Agent.spec.platform", "Agent.spec.description"),
        *(f"{owner}.kind", f"{owner}.metadata", f"{owner}.metadata.name", f"{owner}.spec", f"{owner}.spec.person"),
    }
    gated = own(
        "match: {kinds: [Organization]}, stage: {from: pilot, useCase: resources('UseCase')},"
        " validations: [{expression: 'true', message: no, at: spec}]"
    )
    assert {"UseCase.spec", "UseCase.spec.stage"} <= (gated.observes or set())
    contract = own(
        'match: {kinds: [VendorContract]}, validations: [{expression: "contractEnd(object, asOf) > asOf",'
        " message: no, at: spec}]"
    )
    assert fields(contract) == {
        *("VendorContract.kind", "VendorContract.spec", "VendorContract.spec.decision"),
        *(f"VendorContract.spec.{name}" for name in ("startsOn", "signedOn", "term", "endsOn", "renewal")),
        *(f"VendorContract.spec.renewal.{name}" for name in ("automatic", "term", "maxRenewals")),
        "VendorContract.spec.decision.outcome",
    }


def test_a_message_may_hold_a_map() -> None:
    policy = own(
        "match: {kinds: [UseCase]}, validations: [{expression: 'true', at: spec,"
        " messageExpression: dyn(object.spec)}]"
    )
    assert policy.observes is None


def test_of_a_change_everything_is_observed() -> None:
    body = "match: {kinds: [UseCase]}, validations: [{expression: 'oldObject.spec.stage == object.spec.stage'"
    change = ENVELOPE.replace("metadata: {name: a}}]", "metadata: {name: a}}], before: []")
    (document,) = read(SourceFile("under-test.yaml", f"{change}   {body}, message: no, at: spec}}]}}\n")).documents
    assert load_policy(document, engine(), "test", {}).observes is None


def test_the_engine_is_no_part_of_it() -> None:
    stated = "expression: object.spec.stage == 'pilot', at: spec, message: no"
    for by in ("penstock", "cel-python"):
        policy = own(f"match: {{kinds: [UseCase]}}, validations: [{{{stated}}}]", by)
        assert fields(policy) == {"UseCase.spec", "UseCase.spec.stage"}


def test_a_field_is_seen_with_all_that_is_on_the_way_to_it() -> None:
    observes = frozenset({"UseCase.spec", "UseCase.spec.tasks", "*.name"})
    seen = (("spec",), ("spec", "tasks"), ("spec", "tasks", "name"), ("spec", "name"), ("name",))
    unseen = (("kind",), ("spec", "stage"), ("spec", "stage", "name"), ("metadata", "name"), ("spec", ""))
    assert all(is_seen(observes, "UseCase", way) for way in seen)
    assert not any(is_seen(observes, "UseCase", way) for way in unseen)
    assert not is_seen(observes, "Agent", ("spec",))
    assert is_seen(None, "Agent", ("spec",))
    assert is_seen(observes, "Agent", ())


@pytest.mark.parametrize(
    ("one", "other", "ways"),
    [
        ({"a": 1}, {"a": 1}, set()),
        ({"a": 1}, {"a": 1.0}, {("a",)}),
        ({"a": 1}, {"a": True}, {("a",)}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {("",)}),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, {("a", "c"), ("a", "")}),
        ({"a": [{"b": 1, "c": 1}]}, {"a": [{"b": 1, "c": 2}]}, {("a", "c")}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}, {"b": 1}]}, {("a",), ("a", "b")}),
        ({"a": [1, 2]}, {"a": [2, 1]}, {("a",)}),
        ({"a": "x"}, {"a": ["x"]}, {("a",)}),
        ({"a": None}, {}, {("a",), ("",)}),
    ],
)
def test_what_differs(one: object, other: object, ways: set[tuple[str, ...]]) -> None:
    assert set(differing(one, other)) == ways


def test_who_looks_at_other_manifests() -> None:
    alone = asking("object.spec.stage == 'pilot'")
    around = asking("referrers(object, 'Agent').size() == 0")
    above = asking("organization != null && organization.spec.industry == 'insurance'")
    gated = asking("true", more="stage: {from: pilot}, ")
    assert list(looking([alone, around, above, gated])) == [around, above, gated]
    assert list(looking_at_organization([alone, around, above, gated])) == [above]
    assert any_sees([around, gated], "UseCase", [("spec", "workflow"), ("spec", "stage")])
    assert not any_sees([around], "UseCase", [("spec", "workflow"), ("spec", "stage")])


# what is really looked at


class Watched(dict[str, Any]):
    """A map that notes which of its fields are looked at, and who looks at all of them."""

    def __init__(self, data: Mapping[str, Any], way: str, noted: set[str]) -> None:
        super().__init__({key: watched(value, f"{way}.{key}", noted) for key, value in data.items()})
        self.way, self.noted = way, noted

    def __getitem__(self, key: str) -> Any:
        self.noted.add(f"{self.way}.{key}")
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.noted.add(f"{self.way}.{key}")
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.noted.add(f"{self.way}.{key}")
        return super().__contains__(key)

    def _whole(self) -> None:
        self.noted.update(f"{self.way}.{key}" for key in (*super().keys(), "(all)"))

    def __iter__(self) -> Iterator[str]:
        self._whole()
        return super().__iter__()

    def __bool__(self) -> bool:
        return (
            True  # whether there is a manifest at all is asked everywhere, and how long it is, to limit the work
        )

    def __eq__(self, other: object) -> bool:
        self._whole()
        return super().__eq__(other)

    def __hash__(self) -> int:  # type: ignore[override]
        raise TypeError

    def keys(self) -> Any:
        self._whole()
        return super().keys()

    def items(self) -> Any:
        self._whole()
        return super().items()

    def values(self) -> Any:
        self._whole()
        return super().values()


def watched(value: Any, way: str, noted: set[str]) -> Any:
    if isinstance(value, dict):
        return Watched(value, way, noted)
    return [watched(each, way, noted) for each in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def pack() -> Iterator[Pack]:
    """The built-in pack, compiled to code that hands watched maps on as they are."""

    with pytest.MonkeyPatch.context() as patch:
        for module in (values, calls):
            patch.setattr(module, "native", partial(_as_watched, values.native))
        yield load_pack("levie", Path(), engine())


def _as_watched(native: Callable[[object], object], value: object) -> object:
    return value if isinstance(value, Watched) else native(value)


@contextmanager
def not_for_places(noted: set[str]) -> Iterator[None]:
    """What is looked at only to tell where something stands does not count."""

    def apart(function: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            before = set(noted)
            try:
                return function(*given, **named)
            finally:
                noted.intersection_update(before)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Resource, "location", apart(Resource.location))
        patch.setattr(evaluate, "parse_path", apart(paths.parse_path))
        yield


def unforeseen(rollout: Rollout, as_of: str, policies: tuple[Policy, ...]) -> set[tuple[str, str]]:
    """Rule and field, where a field is looked at that cannot be observed."""
    noted: set[str] = set()
    found = set()
    resources = [each.with_data(Watched(each.data, each.kind, noted)) for each in rollout.resources]
    rollout = Rollout(rollout.name, rollout.root, resources)
    for resource in resources:
        rollout.referrers(resource)  # who refers to whom has been found before any policy is applied
    for policy in policies:
        if policy.is_change_rule or policy.observes is None:
            continue
        evaluator = Evaluator(rollout, as_of)
        check = checks([policy])[policy.rule.id]
        noted.clear()
        with not_for_places(noted):
            evaluator.apply(policy)
            constants = {"params": dict(policy.values), **evaluator.base}
            for subject in evaluator.subjects(policy):
                if evaluator.can_judge(policy, subject):
                    check(subject.data, constants, evaluator.functions)
        for field in noted:
            if not {field, f"{ANY_KIND}.{field.rpartition('.')[2]}"} & policy.observes:
                found.add((policy.rule.id, field))
    return found


def test_the_built_in_policies_say_what_they_observe(pack: Pack) -> None:
    unknown = {policy.rule.id for policy in pack.policies if policy.observes is None}
    # LV309 goes through the data sources of tools and servers alike, and so through what may be anything.
    assert unknown == {"LV309", *(policy.rule.id for policy in pack.policies if policy.is_change_rule)}


def test_no_example_shows_a_field_that_cannot_be_observed(pack: Pack) -> None:
    for policy in pack.policies:
        for example in (*policy.good, *policy.bad):
            if example.before is None:
                rollout, as_of = load_example(example, pack.base).rollout, example.as_of or pack.base.as_of
                assert unforeseen(rollout, as_of, (policy,)) == set(), example.name


def test_no_rollout_shows_a_field_that_cannot_be_observed(pack: Pack) -> None:
    """Every rule is applied to what no example shows: manifests of many examples, each edited."""
    rng = random.Random(11)
    rollouts: list[list[Any]] = []
    by_kind: dict[str, list[Any]] = {}
    for policy in pack.policies:
        for example in (*policy.good, *policy.bad):
            manifests: list[Any] = [complete(manifest, pack.base) for manifest in example.manifests]
            rollouts.append(manifests)
            for manifest in manifests:
                by_kind.setdefault(manifest["kind"], []).append(manifest)
    for manifests in rng.sample(rollouts, 40):
        changed = [shuffled(each, by_kind[each["kind"]], rng) if "spec" in each else each for each in manifests]
        text = "\n---\n".join(map(json.dumps, changed))
        rollout = load("edited", "all.yaml", [read(SourceFile("all.yaml", text))]).rollout
        assert unforeseen(rollout, "2026-06-30", pack.policies) == set()


def shuffled(manifest: Any, others: list[Any], rng: random.Random) -> Any:
    """The manifest with some of its fields as another manifest of the kind has them, or without them."""
    made = copy.deepcopy(manifest)
    other = rng.choice(others)["spec"]
    for name in sorted({*made["spec"], *other}):
        if rng.random() < 0.3:
            if name in other:
                made["spec"][name] = copy.deepcopy(other[name])
            elif rng.random() < 0.3:
                del made["spec"][name]
    return made
