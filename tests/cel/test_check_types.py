"""The types that the checker finds, and the overloads that it decides on."""

from __future__ import annotations

import pytest
from check_environment import ENV, checked, messages

from penstock.cel.checker import check
from penstock.cel.env import Env, Function, Overload
from penstock.cel.parser import parse
from penstock.cel.syntax import Call, Ident, walk
from penstock.cel.types import (
    BOOL,
    DYN,
    INT,
    NULL,
    NUMBER,
    STRING,
    Enumeration,
    Field,
    Record,
    Type,
    Union,
    enumeration,
    list_of,
    map_of,
    record,
)
from penstock.suggest import choices, nearest

TYPES = {
    "1 + 1": "int",
    "1 + variables.x": "int",
    "variables.x + variables.y": "dyn",
    "variables.x - timestamp(0)": "duration",
    "variables.x + [1]": "list(dyn)",
    "timestamp(0) - duration('1s')": "timestamp",
    "-variables.x": "dyn",
    "item.hours + 1": "int",
    "item.hours * item.hours": "number",
    "-item.hours": "number",
    "item.hours + 1.5": "double",
    "item.hours > 1 || item.hours < 1.5": "bool",
    "n > 1 ? item.hours : 1": "number",
    "double(item.hours)": "double",
    "math.abs(item.hours)": "number",
    "math.abs(variables.x)": "dyn",
    "[1, 'a']": "list(dyn)",
    "[1, item.hours]": "list(number)",
    "[]": "list(dyn)",
    "[] + [1]": "list(int)",
    "{}": "map(dyn, dyn)",
    "{'a': 1, 'b': [2]}": "map(string, dyn)",
    "[1, 2].map(e, string(e))": "list(string)",
    "[1, 2].filter(e, e > 1)": "list(int)",
    "{'a': 1}.map(k, k)": "list(string)",
    "{'a': 1}.map(k, k)[0]": "string",
    "{'a': 1}.filter(k, k != '')": "list(string)",
    "{'a': 1}.transformMap(k, v, v + 1)": "map(string, int)",
    "{'a': 1}.transformList(k, v, k)": "list(string)",
    "['a'].transformMapEntry(i, v, {v: i})": "map(string, int)",
    "['a'].transformList(i, v, i)": "list(int)",
    "['b', 'a'].sortBy(e, e)": "list(string)",
    "variables.xs.map(x, x.y)": "list(dyn)",
    "variables.xs.filter(x, x.y)": "list(dyn)",
    "cel.bind(v, [1], v + [2])": "list(int)",
    "optional.of('a').optMap(v, size(v))": "optional_type(int)",
    "optional.of(['a']).optFlatMap(v, v[?0])": "optional_type(string)",
    "{'a': 1}[?'b']": "optional_type(int)",
    "object.spec.?owner": "optional_type(string)",
    "object.?spec.owner": "optional_type(string)",
    "object.spec.?anything": "optional_type(dyn)",
    "object.spec.labels.?a.orValue('')": "string",
    "type(1)": "type(int)",
    "string": "type(string)",
    "type(variables.x)": "type(dyn)",
    "object.spec.stage": "string",
    "object.spec['all-tasks'][0].hours": "number",
    "object": "map(string, dyn)",
    "all[0].metadata.name": "string",
    "n > 1 ? object.spec.stage : object.kind": "string",
    "useCases.first().spec.roles": "int",
    "useCases.first()": "map(string, dyn)",
    "[].first()": "dyn",
    "LIMIT": "int",
    "x.y": "int",
    "object.metadata.map(k, k)": "list(string)",
}


@pytest.mark.parametrize("text", TYPES)
def test_type(text: str) -> None:
    checking = checked(text)
    assert [problem.message for problem in checking.errors] == []
    assert str(checking.type) == TYPES[text]


def overload(text: str, env: Env = ENV) -> Overload | None:
    checking = check(parse(text), env)
    return next(checking.overloads[node] for node in walk(checking.expression.root) if isinstance(node, Call))


def test_the_overload_is_told_when_the_types_are_sure() -> None:
    found = overload("size('a')")
    assert found is not None
    assert found.parameters == (STRING,)
    found = overload("size([variables.x])")
    assert found is not None
    assert found.parameters[0].name == "list"
    found = overload("object.spec.stage.startsWith('p')")
    assert found is not None
    assert found.parameters == (STRING, STRING)


@pytest.mark.parametrize(
    "text", ["size(variables.x)", "math.abs(item.hours)", "join([variables.x], '')", "size(1)", "nothing(1)"]
)
def test_no_overload_is_told_when_the_value_decides(text: str) -> None:
    assert overload(text) is None


def test_a_host_function_hides_the_standard_one() -> None:
    env = Env(functions=(Function("size", (Overload((INT,), STRING),)),))
    assert check(parse("size(1)"), env).type == STRING
    problems = check(parse("size('a')"), env).problems
    assert [problem.message for problem in problems] == ["`size` takes `size(int)`, found `size(string)`"]


def test_a_function_may_know_more_of_its_result() -> None:
    env = Env(functions=(Function("pick", (Overload((STRING,), DYN),), infer=lambda nodes, kinds: kinds[0]),))
    assert check(parse("pick('a')"), env).type == STRING
    silent = Env(functions=(Function("pick", (Overload((STRING,), BOOL),), infer=lambda nodes, kinds: None),))
    assert check(parse("pick('a')"), silent).type == BOOL


def test_enumerations_join_to_one_with_the_values_of_both() -> None:
    kind = checked("[object.kind, object.spec.stage][0]").type
    assert isinstance(kind, Enumeration)
    assert kind.values == ("UseCase", "assess", "prepare", "pilot", "production", "retired")
    assert not isinstance(checked("[object.kind, s][0]").type, Enumeration)


def test_records_join_field_by_field() -> None:
    first = record("box", {"a": Field(STRING, True), "b": Field(INT, True)})
    second = record("box", {"a": Field(STRING, True), "b": Field(INT)})
    kind = check(parse("[x, y][0]"), Env({"x": first, "y": second})).type
    assert isinstance(kind, Record)
    assert (kind.fields["a"].required, kind.fields["b"].required) == (True, False)


def test_different_records_join_to_a_union() -> None:
    first, second = record("one", {"a": Field(STRING, True)}), record("two", {"b": Field(INT, True)})
    env = Env({"x": first, "y": second})
    kind = check(parse("true ? x : y"), env).type
    assert isinstance(kind, Union)
    assert [member.title for member in kind.members if isinstance(member, Record)] == ["one", "two"]
    problems = check(parse("[x, y].all(e, e.a == '' && e.c == 1)"), env).problems
    assert [problem.message for problem in problems] == ["`a` may be missing", "one or two has no field `c`"]


def test_a_record_may_be_null_and_a_string_may_not() -> None:
    assert messages("object == null || object.spec != null") == []
    assert messages("s == null") == ["`==` compares a string with null: never equal"]
    assert check(parse("[x, null][0]"), Env({"x": DYN})).type == DYN
    assert checked("organization.spec.stage").type.name == "string"


def test_a_union_is_right_when_one_member_is() -> None:
    env = Env({"u": Union("u", members=(STRING, list_of(INT), NULL))})
    assert check(parse("u + 'a'"), env).type == STRING
    assert check(parse("u + [1]"), env).type == list_of(INT)
    assert check(parse("u[0]"), env).type == INT
    assert check(parse("size(u)"), env).type == INT
    assert [each.message for each in check(parse("u - 1"), env).problems] == [
        "`-` does not subtract a string or list(int) or null and an int"
    ]


def test_one_mistake_is_told_once() -> None:
    assert messages("objct.spec.stage + 1 > 2 && objct.x") == ["unknown name `objct`", "unknown name `objct`"]
    assert len(messages("nothing(1) + 'a' + 2 == 3")) == 2
    assert len(messages("'a' - 1 - 2 - 3 > 4")) == 1
    assert len(messages("size(1) + 1")) == 1


def test_problems_come_in_the_order_of_the_text() -> None:
    problems = checked("(a1 && b1) || c1 == d1").problems
    assert [problem.start for problem in problems] == sorted(problem.start for problem in problems)
    assert len(problems) == 4


def test_names_resolve_in_their_container() -> None:
    env = Env({"com.example.y": BOOL, "y": STRING}, container="com.example")
    assert check(parse("y"), env).type == BOOL
    assert check(parse(".y"), env).type == STRING


def test_the_name_space_of_a_function_is_no_value() -> None:
    checking = checked("math.abs(1)")
    assert not any(isinstance(node, Ident) for node in checking.types)


@pytest.mark.parametrize(
    "text",
    [
        "n" + "+1" * 4000,
        " && ".join(["has(object.spec.owner)"] * 300),
        " || ".join(["useCases.all(u, has(u.spec.owner) && u.spec.owner == s)"] * 130),
        "(" * 31 + "1" + ")" * 31,
        "!" * 60 + "true",
        "[" * 31 + "]" * 31,
        "true ? 1 : " * 60 + "2",
        "s" + ".trim()" * 90,
        "variables" + "[0].a" * 45,
        "ref(" * 30 + "s" + ").spec.businessUnit" * 30,
    ],
)
def test_long_and_deep_expressions(text: str) -> None:
    assert checked(text).problems == ()


def test_suggestions() -> None:
    assert nearest("starts_with", ["startsWith", "endsWith"]) == "startsWith"
    assert nearest("STAGE", ["stage"]) == "stage"
    assert nearest("stge", ["stage", "state"]) == "stage"
    assert nearest("zebra", ["stage"]) is None
    assert nearest("a" * 500, ["a" * 499]) is None
    assert nearest("x", []) is None
    assert choices(["a"]) == "`a`"
    assert choices(["a", "b", "c"], "'", "or") == "'a', 'b' or 'c'"
    assert choices([str(number) for number in range(20)]).endswith("`11` and 8 more")
    assert choices([]) == ""


def test_types_that_only_the_checker_knows_stay_inside() -> None:
    for text in ("[]", "optional.none()", "[].map(x, x)", "{}"):
        assert "nothing" not in str(checked(text).type)
    assert checked("{}").type == map_of(DYN, DYN)
    assert checked("[[]]").type == list_of(list_of(DYN))
    assert checked("item.hours").type is NUMBER
    assert isinstance(checked("object.spec.stage").type, type(enumeration(("a",))))
    assert isinstance(checked("1").type, Type)
