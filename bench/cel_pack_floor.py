"""A dozen expressions of the built-in pack, each with the Python function that does the same.

Data only. A floor takes the bindings and the host's functions, as the expression gets them when the pack's
examples run. The keys are the expressions with single spaces; the benchmark reports one that the pack has no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Floor = Callable[[Mapping[str, Any], Mapping[str, Callable[..., Any]]], object]

_DIFFERENTIATORS = (
    "userFluency",
    "contextCompleteness",
    "outputVerifiability",
    "accessCleanliness",
    "errorRecovery",
)


def _category(names: Mapping[str, Any], _functions: object) -> object:
    return names["object"]["spec"]["category"] in ("model-lab", "orchestration-platform")


def _limit(names: Mapping[str, Any], _functions: object) -> object:
    return f"P{names['params']['maxMonths']}M"


def _renews(names: Mapping[str, Any], _functions: object) -> object:
    renewal = names["object"]["spec"].get("renewal")
    return renewal is not None and renewal["automatic"] and renewal.get("maxRenewals") != 0


def _renews_on(names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> object:
    spec = names["object"]["spec"]
    if "endsOn" in spec and ("startsOn" in spec or "signedOn" in spec):
        return functions["addPeriod"](spec["endsOn"], "P1D")
    if "term" in spec:
        return functions["addPeriod"](names["variables"]["start"], spec["term"])
    return ""


def _nothing_missing(names: Mapping[str, Any], _functions: object) -> object:
    return len(names["variables"]["missing"]) == 0


def _models(names: Mapping[str, Any], _functions: object) -> object:
    spec = names["object"]["spec"]
    known = {model["name"] for model in spec["models"]}
    return spec["primary"] in known and known.issuperset(spec.get("substitutes", ()))


def _differentiators(names: Mapping[str, Any], _functions: object) -> object:
    tracked = names["object"]["spec"].get("pilot", {}).get("differentiators", ())
    return [name for name in _DIFFERENTIATORS if name not in tracked]


def _net(names: Mapping[str, Any], _functions: object) -> object:
    net = names["object"]["spec"].get("net")
    return net is None or float(net) == names["variables"]["net"]


def _unchecked(names: Mapping[str, Any], _functions: object) -> object:
    variables = names["variables"]
    checks = variables["checks"]
    return [
        task
        for task in variables["tasks"]
        if "humanFinalReview" not in task
        and not any("tasks" not in check or task["name"] in check["tasks"] for check in checks)
    ]


def _conflicts(names: Mapping[str, Any], _functions: object) -> object:
    variables = names["variables"]
    others = [
        (each["name"], each["definition"]) for other in variables["others"] for each in other["spec"]["metrics"]
    ]
    return [
        metric
        for metric in variables["own"]
        if any(name == metric["name"] and text != metric["definition"] for name, text in others)
    ]


def _message(names: Mapping[str, Any], _functions: object) -> object:
    missing = names["variables"]["missing"]
    return (
        f"the pilot of use case `{names['object']['metadata']['name']}` tracks {5 - len(missing)} of the 5 "
        f"differentiators (spec.pilot.differentiators); rate also {', '.join(missing)}"
    )


def _ends(names: Mapping[str, Any], _functions: object) -> object:
    spec = names["object"]["spec"]
    return "endsOn" not in spec or spec["endsOn"] <= names["variables"]["lastDay"]


FLOORS: Mapping[str, Floor] = {
    "object.spec.category in ['model-lab', 'orchestration-platform']": _category,
    "'P' + string(params.maxMonths) + 'M'": _limit,
    "has(object.spec.renewal) && object.spec.renewal.automatic"
    " && !(has(object.spec.renewal.maxRenewals) && object.spec.renewal.maxRenewals == 0)": _renews,
    "has(object.spec.endsOn) && (has(object.spec.startsOn) || has(object.spec.signedOn))"
    " ? addPeriod(object.spec.endsOn, 'P1D')"
    " : has(object.spec.term) ? addPeriod(variables.start, object.spec.term) : ''": _renews_on,
    "size(variables.missing) == 0": _nothing_missing,
    "object.spec.models.exists(model, model.name == object.spec.primary)"
    " && (!has(object.spec.substitutes)"
    " || object.spec.substitutes.all(name, object.spec.models.exists(model, model.name == name)))": _models,
    "['userFluency', 'contextCompleteness', 'outputVerifiability', 'accessCleanliness', 'errorRecovery']"
    ".filter(name, !(has(object.spec.pilot) && has(object.spec.pilot.differentiators)"
    " && name in object.spec.pilot.differentiators))": _differentiators,
    "!has(object.spec.net) || double(object.spec.net) == variables.net": _net,
    "variables.tasks.filter(task, !has(task.humanFinalReview)"
    " && !variables.checks.exists(check, !has(check.tasks) || task.name in check.tasks))": _unchecked,
    "variables.own.filter(metric, variables.others.exists(other, other.spec.metrics.exists(theirs,"
    " theirs.name == metric.name && theirs.definition != metric.definition)))": _conflicts,
    "'the pilot of use case `' + object.metadata.name + '` tracks ' + string(5 - size(variables.missing))"
    " + ' of the 5 differentiators (spec.pilot.differentiators); rate also '"
    " + join(variables.missing, ', ')": _message,
    "!has(object.spec.endsOn) || object.spec.endsOn <= variables.lastDay": _ends,
}
