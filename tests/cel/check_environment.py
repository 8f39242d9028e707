"""The environment that the checker's tests share: records as a host describes its own data."""

from __future__ import annotations

from penstock.cel.checker import Checked, Facts, check
from penstock.cel.env import Env, Function, Overload
from penstock.cel.parser import parse
from penstock.cel.types import (
    DYN,
    INT,
    NUMBER,
    STRING,
    Field,
    Parameter,
    Record,
    Type,
    Union,
    enumeration,
    list_of,
    map_of,
    record,
)

STAGE = enumeration(("assess", "prepare", "pilot", "production", "retired"))
ROLLOUT = enumeration(("not-started", "in-progress", "complete"))


def required(kind: Type) -> Field:
    return Field(kind, required=True)


def resource(kind: str, spec: dict[str, Field]) -> Record:
    return record(
        kind,
        {
            "kind": required(enumeration((kind,))),
            "metadata": required(record(f"{kind}.metadata", {"name": required(STRING)})),
            "spec": required(record(f"{kind}.spec", spec)),
        },
    )


TASK = record("task", {"name": required(STRING), "team": Field(STRING), "hours": required(NUMBER)})
MATURITY = record("maturity", {"chatRollout": Field(ROLLOUT), "score": Field(NUMBER)})
USE_CASE = resource(
    "UseCase",
    {
        "stage": required(STAGE),
        "businessUnit": required(STRING),
        "roles": required(INT),
        "labels": required(map_of(STRING, STRING)),
        "maturity": Field(MATURITY),
        "owner": Field(STRING),
        "tasks": Field(list_of(TASK)),
        "all-tasks": required(list_of(TASK)),
        "anything": Field(DYN),
    },
)
AGENT = resource("Agent", {"model": required(STRING), "useCase": required(STRING), "owner": Field(STRING)})
EITHER = Union("UseCase or Agent", members=(USE_CASE, AGENT))
ANY = Parameter("T")

ENV = Env(
    variables={
        "object": USE_CASE,
        "either": EITHER,
        "all": list_of(EITHER),
        "useCases": list_of(USE_CASE),
        "organization": Union("organization", members=(USE_CASE, Type("null_type"))),
        "item": TASK,
        "open": record("open", {"known": required(STRING)}, closed=False),
        "variables": DYN,
        "n": INT,
        "s": STRING,
        "x.y": INT,
    },
    constants={"LIMIT": 12},
    functions=(
        Function("ref", (Overload((STRING,), USE_CASE),)),
        Function("join", (Overload((list_of(STRING), STRING), STRING),)),
        Function("first", (Overload((list_of(ANY),), ANY, receiver=True),)),
        Function("most", (Overload((ANY,), ANY),), variadic=True),
        Function("geo.near", (Overload((STRING,), STRING),)),
    ),
)


def checked(text: str, facts: Facts | None = None, result: Type | None = None, env: Env = ENV) -> Checked:
    return check(parse(text), env, facts=facts or Facts(), result=result)


def messages(text: str, facts: Facts | None = None) -> list[str]:
    return [problem.message for problem in checked(text, facts).problems]
