"""Fields that may be missing, and all that counts as asking first."""

from __future__ import annotations

import pytest
from check_environment import AGENT, ENV, TASK, USE_CASE, checked, messages

from penstock.cel.checker import Facts, facts_of
from penstock.cel.env import Env
from penstock.cel.types import Record

GUARDED = [
    "has(object.spec.owner)",
    "has(object.spec.owner) && object.spec.owner == s",
    "has(object.spec.owner) && n > 1 && object.spec.owner == s",
    "n > 1 && has(object.spec.owner) && object.spec.owner == s",
    "!has(object.spec.owner) || object.spec.owner == s",
    "!has(object.spec.owner) || n == 1 || object.spec.owner == s",
    "has(object.spec.owner) ? object.spec.owner : s",
    "!has(object.spec.owner) ? s : object.spec.owner",
    "!(!has(object.spec.owner)) && object.spec.owner == s",
    "!(!has(object.spec.owner) || n == 1) && object.spec.owner == s",
    "!(has(object.spec.owner) && n == 1) || object.spec.owner == s",
    "(has(object.spec.owner) && n == 1) || (has(object.spec.owner) && object.spec.owner == s)",
    "(has(object.spec.owner) && n == 1 || has(object.spec.owner) && n == 2) && object.spec.owner == s",
    "(has(object.spec.owner) ? n == 1 : false) && object.spec.owner == s",
    "(!has(object.spec.owner) ? false : n == 1) && object.spec.owner == s",
    "(n == 1 ? has(object.spec.owner) : has(object.spec.owner)) && object.spec.owner == s",
    "(has(object.spec.owner) ? object.spec.owner == s : true) || object.spec.roles > 1",
    "has(object.spec.maturity) && has(object.spec.maturity.score) && object.spec.maturity.score > 1",
    "has(object.spec.maturity) && has(object.spec.maturity.score) ? object.spec.maturity.score : 0",
    "has(object.spec.maturity) && (!has(object.spec.maturity.score) || object.spec.maturity.score > 1)",
    "has(object.spec.owner) && object['spec'].owner == s",
    "has(object.spec.owner) && object.spec['owner'] == s",
    "'owner' in object.spec && object.spec.owner == s",
    "has(ref(item.name).spec.owner) ? ref(item.name).spec.owner : s",
    "has(ref( item.name ).spec.owner) && ref(item.name).spec.owner == s",
    "has(useCases[0].spec.owner) && useCases[0].spec.owner == s",
    "has(useCases[n + 1].spec.owner) && useCases[n + 1].spec.owner == s",
    "has(useCases.first().spec.owner) && useCases.first().spec.owner == s",
    "useCases.exists(u, has(u.spec.owner) && u.spec.owner == s)",
    "useCases.all(u, !has(u.spec.owner) || u.spec.owner == s)",
    "useCases.map(u, has(u.spec.owner), u.spec.owner) == []",
    "useCases.transformList(i, u, has(u.spec.owner), u.spec.owner) == []",
    "useCases.filter(u, has(u.spec.owner)).all(v, v.spec.owner == s)",
    "useCases.filter(u, has(u.spec.owner)).map(v, v.spec.owner) == []",
    "useCases.filter(u, has(u.spec.owner))[0].spec.owner == s",
    "useCases.filter(u, has(u.spec.owner)).first().spec.owner == s",
    "useCases.filter(u, has(u.spec.owner)).filter(v, v.spec.owner == s).all(w, w.spec.owner == s)",
    "useCases.filter(u, has(u.spec.maturity) && has(u.spec.maturity.score)).all(v, v.spec.maturity.score > 1)",
    "useCases.filter(u, has(u.spec.tasks)).all(u, u.spec.tasks.all(t, t.name != s))",
    "useCases.map(u, u.spec).filter(p, has(p.owner)).all(p, p.owner == s)",
    "useCases.all(u, has(u.spec.owner)) && useCases.all(u, u.spec.owner == s)",
    "useCases.all(u, has(u.spec.owner)) && useCases[0].spec.owner == s",
    "useCases.all(i, u, has(u.spec.owner)) && useCases[0].spec.owner == s",
    "useCases.exists(u, has(u.spec.owner) && useCases.exists(v, v.spec.roles > 1 && u.spec.owner == s))",
    "cel.bind(p, object.spec, has(p.owner) && object.spec.owner == s)",
    "cel.bind(p, object.spec, has(object.spec.owner) && p.owner == s)",
    "cel.bind(stated, has(object.spec.owner), stated && object.spec.owner == s)",
    "cel.bind(p, has(object.spec.owner), p) && object.spec.owner == s",
    "object.spec.?owner.orValue(s) == s",
    "object.spec[?'owner'].orValue(s) == s",
    "object.spec.?maturity.score.orValue(1) == 1",
    "object.spec.?owner.hasValue() && object.spec.owner == s",
    "has(either.spec.owner) && either.spec.owner == s",
    "has(either.spec.model) && either.spec.model == s",
    "either.kind == 'Agent' && either.spec.model == s",
    "either.kind != 'Agent' || either.spec.model == s",
    "'Agent' == either.kind ? either.spec.model == s : either.spec.roles > 1",
    "either.kind in ['Agent'] && either.spec.model == s",
    "either.kind == 'UseCase' || either.kind == 'Agent'",
    "either.kind == 'Agent' && either.spec.model == s || either.kind == 'UseCase' && either.spec.roles > 1",
    "all.filter(each, each.kind == 'Agent').all(agent, agent.spec.model == s)",
    "all.exists(each, each.kind == 'Agent' && each.spec.model == s)",
    "organization != null && organization.spec.stage == 'pilot'",
    "organization != null && has(organization.spec.owner) && organization.spec.owner == s",
    "open.known == s || open.unknown == s",
    "object.spec.labels.team == s",
    "variables.anything.at.all == 1",
]


@pytest.mark.parametrize("text", GUARDED)
def test_guarded(text: str) -> None:
    assert messages(text) == []


OWNER = "`spec.owner` may be missing"
UNGUARDED = [
    ("object.spec.owner == s && has(object.spec.owner)", [OWNER]),
    ("has(object.spec.owner) || object.spec.owner == s", [OWNER]),
    ("!has(object.spec.owner) && object.spec.owner == s", [OWNER]),
    ("has(object.spec.owner) ? s : object.spec.owner", [OWNER]),
    ("(has(object.spec.owner) || n == 1) && object.spec.owner == s", [OWNER]),
    ("(has(object.spec.owner) && n == 1) || object.spec.owner == s", [OWNER]),
    ("(has(object.spec.owner) && n == 1) && n == 2 || object.spec.owner == s", [OWNER]),
    ("has(object.spec.tasks) && object.spec.owner == s", [OWNER]),
    ("has(useCases[0].spec.owner) && useCases[1].spec.owner == s", [OWNER]),
    ("has(ref('a').spec.owner) && ref('b').spec.owner == s", [OWNER]),
    ("has(object.spec.owner) && ref(s).spec.owner == s", [OWNER]),
    ("useCases.exists(u, has(u.spec.owner)) && useCases.exists(u, u.spec.owner == s)", [OWNER]),
    ("useCases.all(u, has(u.spec.owner)) || useCases.all(u, u.spec.owner == s)", [OWNER]),
    ("useCases.all(u, has(u.spec.owner) && useCases.all(u, u.spec.owner == s))", [OWNER]),
    ("useCases.filter(u, !has(u.spec.owner)).all(v, v.spec.owner == s)", [OWNER]),
    ("useCases.filter(u, n == 1 || has(u.spec.owner)).all(v, v.spec.owner == s)", [OWNER]),
    ("object.spec.owner == s || object.spec.owner == 'me'", [OWNER]),
    ("object.spec.owner != null && n == 1", [OWNER, "`!=` compares a string with null: always different"]),
    ("has(object.spec.maturity) && object.spec.maturity.score > 1", ["`spec.maturity.score` may be missing"]),
    ("has(object.spec.maturity.score)", ["`spec.maturity` may be missing"]),
    ("has(object.spec.maturity.score) && object.spec.maturity.score > 1", ["`spec.maturity` may be missing"]),
    ("either.kind == 'UseCase' || either.spec.useCase == s", []),
    ("either.kind == 'UseCase' && either.spec.model == s", ["UseCase.spec has no field `model`"]),
    ("either.spec.model == s", ["`spec.model` may be missing"]),
    ("all.all(each, each.spec.model == s)", ["`spec.model` may be missing"]),
    ("object.spec.tasks.all(t, t.team == s)", ["`spec.tasks` may be missing", "`team` may be missing"]),
]


@pytest.mark.parametrize(("text", "found"), UNGUARDED)
def test_unguarded(text: str, found: list[str]) -> None:
    assert messages(text) == found


def test_a_guard_is_missed_only_as_a_warning() -> None:
    checking = checked("object.spec.owner == s")
    assert [problem.warning for problem in checking.problems] == [True]
    assert checking.errors == ()


def test_what_conditions_before_have_established_is_known() -> None:
    facts = facts_of([checked("has(object.spec.owner) && n > 1"), checked("has(object.spec.maturity)")])
    assert messages("object.spec.owner == s", facts) == []
    assert messages("has(object.spec.maturity.score)", facts) == []
    assert messages("object.spec.maturity.score > 1", facts) == ["`spec.maturity.score` may be missing"]


def test_a_field_that_a_condition_has_read_is_there_afterwards() -> None:
    before = checked("object.spec.owner == 'me'").facts_if_true
    assert messages("object.spec.owner == s", before) == []


def test_what_is_known_where_a_condition_has_failed() -> None:
    failed = checked("!has(object.spec.owner) || object.spec.owner == s")
    assert messages("object.spec.owner == s", failed.facts_if_false) == []
    assert messages("object.spec.owner == s", failed.facts_if_true) == [OWNER]


def test_a_value_that_is_no_condition_establishes_nothing() -> None:
    assert checked("1").facts_if_true == Facts()
    assert checked("false").facts_if_true == Facts()


def test_a_name_stands_for_the_condition_that_defines_it() -> None:
    facts = Facts(definitions={("variables", "stated"): checked("has(object.spec.owner)")})
    assert messages("variables.stated && object.spec.owner == s", facts) == []
    assert messages("!variables.stated || object.spec.owner == s", facts) == []
    assert messages("variables.stated ? object.spec.owner : s", facts) == []
    assert messages("variables.stated || object.spec.owner == s", facts) == [OWNER]
    assert messages("variables.other && object.spec.owner == s", facts) == [OWNER]


def test_a_name_stands_for_the_value_that_defines_it() -> None:
    source = checked("ref(item.name)")
    env = Env({**ENV.variables, "variables.source": source.type}, functions=ENV.functions)
    facts = Facts(definitions={("variables", "source"): source})
    guarded = checked("has(variables.source.spec.owner) && ref(item.name).spec.owner == s", facts, env=env)
    assert guarded.problems == ()
    other = checked("has(ref(item.name).spec.owner) && variables.source.spec.owner == s", facts, env=env)
    assert other.problems == ()
    open_ = checked("has(ref(s).spec.owner) && variables.source.spec.owner == s", facts, env=env)
    assert [problem.message for problem in open_.problems] == ["`spec.owner` may be missing"]


def test_definitions_build_on_one_another() -> None:
    first = Facts(definitions={("variables", "stated"): checked("has(object.spec.owner)")})
    second = checked("variables.stated && n > 1", first)
    facts = first.define({("variables", "both"): second})
    assert messages("variables.both && object.spec.owner == s", facts) == []


def test_definitions_of_comprehensions_keep_what_they_have_filtered() -> None:
    others = checked("useCases.filter(u, has(u.spec.owner))")
    env = Env({**ENV.variables, "variables.others": others.type}, functions=ENV.functions)
    assert checked("variables.others[0].spec.owner == s", env=env).problems == ()


def test_the_records_of_the_environment_stay_as_they_are() -> None:
    checked("useCases.filter(u, has(u.spec.owner)).all(v, v.spec.owner == s)")
    spec = USE_CASE.fields["spec"].type
    assert isinstance(spec, Record)
    assert not spec.fields["owner"].required
    assert not TASK.fields["team"].required
    assert isinstance(AGENT.fields["spec"].type, Record)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("organization.spec.stage == s", ["`organization` may be null"]),
        ("organization != null && organization.spec.stage == s", []),
        ("organization == null || organization.spec.stage == s", []),
        ("organization == null && organization.spec.stage == s", ["`organization` may be null"]),
        ("null != organization ? organization.spec.stage == s : false", []),
        ("!(organization == null) && organization.metadata.name == s", []),
        ("organization.metadata.name + organization.spec.stage == s", ["`organization` may be null"]),
    ],
)
def test_what_may_be_null_wants_a_guard_of_its_own(text: str, found: list[str]) -> None:
    assert messages(text) == found


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("item.hours * 1.2 > 3.0", "write `double(item.hours)`"),
        ("item.hours * item.hours > 3.0", "write `double(item.hours)`"),
        ("1 + item.hours > 3", "write `double(item.hours)`"),
        ("double(item.hours) * 1.2 > 3.0", None),
        ("item.hours > 3 && item.hours < 4.5 && item.hours == 4", None),
        ("-item.hours < 0", None),
    ],
)
def test_a_number_that_may_be_an_int_or_a_double_is_told_of(text: str, hint: str | None) -> None:
    problems = checked(text).problems
    assert [problem.hint for problem in problems] == ([hint] if hint else [])
    assert all(problem.warning and "may be an int or a double" in problem.message for problem in problems)
