"""Calls: which overloads of a function take these arguments, and what to say when none does.

A handler of the check. A call has one overload, for the evaluators to use, when the types are sure to fit it and
no other.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.cel.checker.context import Context
from penstock.cel.checker.unify import Fit, filled, fits, union_or_dyn
from penstock.cel.checker.wording import alternatives, count, signature, signatures
from penstock.cel.env import Function, Overload
from penstock.cel.resolve import Target
from penstock.cel.syntax import Call, Ident, qualified
from penstock.cel.types import DYN, NUMBER, Type
from penstock.record import dataclass
from penstock.suggest import did_you_mean

_MACROS = (
    *("all", "exists", "exists_one", "existsOne", "filter", "map", "sortBy", "optMap", "optFlatMap"),
    *("transformList", "transformMap", "transformMapEntry", "has", "cel.bind"),
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    overload: Overload
    result: Type
    fit: Fit


def call(context: Context, node: Call) -> Type:
    target = context.resolution.calls[node]
    space = context.name_space(target)
    arguments = target.arguments if space is None else target.arguments[1:]
    types = context.types
    # The receiver comes first, and has been visited.
    kinds = [types[each] if each in types else context.visit(each) for each in arguments]
    context.overloads[node] = None
    if target.function is None:
        _unknown_function(context, node, space)
        return DYN
    function = target.function
    found = _candidates(function, kinds, receiver=target.receiver)
    if not found:
        _no_overload(context, node, target, function, kinds)
        return _only_result(function)
    if len(found) == 1 and found[0].fit is Fit.SURE:
        context.overloads[node] = found[0].overload
    known = function.infer(arguments, kinds) if function.infer is not None else None
    if known is not None:
        return known
    sure = next((each.result for each in found if each.fit is Fit.SURE), None)
    return sure if sure is not None else _results([each.result for each in found], kinds)


def _results(results: Sequence[Type], kinds: Sequence[Type]) -> Type:
    result = union_or_dyn(list(results))
    return DYN if result is NUMBER and NUMBER not in kinds else result


def _candidates(function: Function, kinds: Sequence[Type], *, receiver: bool) -> list[_Candidate]:
    """The overloads that take values of these types."""
    found: list[_Candidate] = []
    for overload in function.overloads:
        if overload.receiver is not receiver:
            continue
        parameters = _parameters(function, overload, len(kinds))
        if parameters is None:
            continue
        bound: dict[str, Type] = {}
        fit = Fit.SURE
        for wanted, kind in zip(parameters, kinds, strict=True):
            fit = min(fit, fits(wanted, kind, bound))
            if fit is Fit.NO:
                break
        else:
            found.append(_Candidate(overload, filled(overload.result, bound), fit))
    return found


def _parameters(function: Function, overload: Overload, number: int) -> tuple[Type, ...] | None:
    """One type for each of so many arguments; None when an overload takes another number."""
    parameters = overload.parameters
    if len(parameters) == number:
        return parameters
    if not function.variadic or number < len(parameters) or not parameters:
        return None
    return parameters + parameters[-1:] * (number - len(parameters))


def _only_result(function: Function) -> Type:
    """What a function gives whichever way it is called, so that one mistake is told once."""
    results = {overload.result.name: overload.result for overload in function.overloads}
    result = next(iter(results.values())) if len(results) == 1 else DYN
    return result if result.name in ("bool", "int", "string", "double") else DYN


def _unknown_function(context: Context, node: Call, space: str | None) -> None:
    target = context.resolution.calls[node]
    name = target.name if space is None else f"{space}.{target.name}"
    word = node.function if space is None or node.receiver is None else (node.receiver.start, node.function.end)
    if name in _MACROS:
        context.error(word, f"`{name}` is a macro, and is not written like this")
        return
    names = [
        function.name
        for function in context.functions().values()
        if space is not None
        or any(overload.receiver is target.receiver for overload in function.overloads)
        or function.name == name
    ]
    names += [macro for macro in _MACROS if (macro in ("has", "cel.bind")) is not target.receiver]
    hint = did_you_mean(name, names) or did_you_mean(name, context.functions())
    context.error(word, f"unknown function `{name}`", hint)


def _no_overload(context: Context, node: Call, target: Target, function: Function, kinds: Sequence[Type]) -> None:
    same_style = [each for each in function.overloads if each.receiver is target.receiver]
    if not same_style:
        _other_style(context, node, target, function)
        return
    name = function.name
    taking = [each for each in same_style if _parameters(function, each, len(kinds)) is not None]
    if not taking:
        numbers = sorted({len(each.parameters) - each.receiver for each in same_style})
        given = len(kinds) - target.receiver
        takes = f"at least {count(numbers[:1], 'argument')}" if function.variadic else count(numbers, "argument")
        ways = signatures(function, same_style)
        message = f"`{name}` takes {takes}, found {count([given], 'argument')}"
        context.error(node.function, message, f"write {ways}")
        return
    found = signature(name, kinds, receiver=target.receiver)
    context.error(node.function, f"`{name}` takes {signatures(function, taking)}, found {found}")


def _other_style(context: Context, node: Call, target: Target, function: Function) -> None:
    """The function is there, but is called on a value, or is not."""
    name = function.name
    sources = [context.source(each, 40) for each in target.arguments]
    if target.receiver:
        context.error(node.function, f"`{name}` is not called on a value", f"write `{name}({', '.join(sources)})`")
        return
    if sources:
        first = target.arguments[0]
        simple = isinstance(first, (Ident, Call)) or qualified(first) is not None
        receiver = sources[0] if simple else f"({sources[0]})"
        ways = f"`{receiver}.{name}({', '.join(sources[1:])})`"
    else:
        ways = alternatives([signature(name, each.parameters, receiver=True) for each in function.overloads])
    context.error(node.function, f"`{name}` is called on a value", f"write {ways}")
