"""Calling functions and operators: the host's first, then CEL's own for the types that CEL allows.

Takes native arguments, and declarations or tables of implementations; gives native values. Whatever goes wrong
comes out as EvalError with the values in it. Must not know any engine.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence

from penstock.cel.closures import Frame
from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.errors import BudgetError, EvalError
from penstock.cel.library import OPERATORS
from penstock.cel.standard import functions_by_name
from penstock.cel.types import DYN, Parameter, Type, Union
from penstock.cel.values import describe, native, type_name
from penstock.record import dataclass


def call(function: Function, arguments: Sequence[object], receiver: bool) -> object:
    """The value of a declared function. ``receiver``: the first argument stood before the dot.

    Raises:
        EvalError: no overload is for these types, or the function refuses these values. An implementation's own
            EvalError comes out as it is; the text of a ValueError is the reason in ours.
    """
    return caller(function, receiver)(arguments)


@functools.lru_cache(maxsize=4096)
def caller(
    function: Function, receiver: bool, instead: Implementation | None = None
) -> Callable[[Sequence[object]], object]:
    """``call`` for a place that calls one function often: its overload is chosen once for each set of types.

    ``instead`` runs in place of the overload's own implementation.
    """
    name, variadic = function.name, function.variadic
    overloads = [overload for overload in function.overloads if overload.receiver is receiver]

    @functools.lru_cache(maxsize=256)
    def chosen(types: tuple[str, ...]) -> Implementation | None:
        fitting = (each for each in overloads if fits(each, types, variadic=variadic))
        return next((instead or each.implementation for each in fitting), None)

    def evaluate(arguments: Sequence[object]) -> object:
        implementation = chosen(tuple(map(type_name, arguments)))
        if implementation is None:
            allowed = " or ".join(_allowed(function.name, overloads or function.overloads, variadic))
            raise EvalError(f"no such overload: {shown(name, arguments, receiver)}; allowed: {allowed}")
        try:
            return implementation(*arguments)
        except (EvalError, BudgetError, RecursionError):
            raise
        except Exception as error:
            raise EvalError(f"{shown(name, arguments, receiver)}: {_reason(error)}") from None

    return evaluate


def fits(overload: Overload, types: Sequence[str], *, variadic: bool) -> bool:
    """Whether values of the types, by their names, may be an overload's arguments. What they hold is not asked."""
    parameters = overload.parameters
    missing = len(types) - len(parameters)
    if missing and not (variadic and parameters and missing > 0):
        return False
    wanted = (*parameters, *[parameters[-1]] * missing) if missing else parameters
    return all(map(_accepts, wanted, types))


def _accepts(parameter: Type, name: str) -> bool:
    if isinstance(parameter, Union):
        return any(_accepts(member, name) for member in parameter.members)
    return isinstance(parameter, Parameter) or parameter == DYN or parameter.name == name


def _allowed(name: str, overloads: Sequence[Overload], variadic: bool) -> Iterator[str]:
    """``f(int|uint, int) on list``: the overloads of one style and number of arguments in one text."""
    groups: dict[tuple[bool, int], list[Overload]] = {}
    for overload in overloads:
        groups.setdefault((overload.receiver, len(overload.parameters)), []).append(overload)
    for (receiver, _), group in groups.items():
        columns = zip(*(overload.parameters for overload in group), strict=True)
        texts = ["|".join(dict.fromkeys(map(_short_name, column))) for column in columns]
        more = ", …" if variadic else ""
        if receiver:
            yield f"{name}({', '.join(texts[1:])}{more}) on {texts[0]}"
        else:
            yield f"{name}({', '.join(texts)}{more})"


def _short_name(parameter: Type) -> str:
    if isinstance(parameter, Parameter) or parameter == DYN:
        return "any value"
    return parameter.name.removeprefix("google.protobuf.").lower()


def call_host(name: str, host: Callable[..., object], arguments: Sequence[object]) -> object:
    """The value of a function that the host gave for this evaluation. It sees none of our own types."""
    try:
        return host(*map(native, arguments))
    except (EvalError, RecursionError):
        raise
    except Exception as error:
        # A TypeError from the call itself, not from inside the function: the wrong number of arguments.
        inside = error.__traceback__ is not None and error.__traceback__.tb_next is not None
        if isinstance(error, TypeError) and not inside:
            raise EvalError(f"no such overload: {shown(name, arguments, False)}") from None
        raise EvalError(f"{shown(name, arguments, False)}: {_reason(error)}") from error


@dataclass(frozen=True, slots=True)
class Implementations:
    """What an engine does itself: for names of the standard library and the symbols of ``OPERATORS``.

    Called only with types that are declared; may raise any exception, whose text then becomes the reason.
    """

    functions: Mapping[str, Implementation]
    operators: Mapping[str, Implementation]

    def call(self, name: str, arguments: Sequence[object], receiver: bool, frame: Frame) -> object:
        host = frame.functions.get(name)
        if host is not None:
            return call_host(name, host, arguments)
        function = functions_by_name().get(name)
        if function is None:
            raise EvalError(f"there is no function `{name}`")
        return caller(function, receiver, self.functions.get(name))(arguments)

    def operate(self, symbol: str, arguments: Sequence[object]) -> object:
        *_, sign = symbol.split()
        if tuple(map(type_name, arguments)) not in OPERATORS[symbol]:
            raise EvalError(f"no such overload: {_operation(sign, arguments)}")
        try:
            return self.operators[symbol](*arguments)
        except RecursionError:
            raise
        except Exception as error:
            raise EvalError(f"{_reason(error)}: {_operation(sign, arguments)}") from None


def shown(name: str, arguments: Sequence[object], receiver: bool) -> str:
    """A call as a message shows it."""
    described = list(map(describe, arguments))
    if receiver:
        return f"{name}({', '.join(described[1:])}) on {described[0]}"
    return f"{name}({', '.join(described)})"


def _operation(sign: str, arguments: Sequence[object]) -> str:
    described = list(map(describe, arguments))
    return f" {sign} ".join(described) if len(described) == 2 else f"{sign} of {described[0]}"


def _reason(error: Exception) -> str:
    if isinstance(error, ZeroDivisionError):
        return "division by zero"
    # "overflow" is celpy's word for an integer out of range, OverflowError datetime's for a year.
    if str(error) == "overflow":
        return "integer overflow"
    if isinstance(error, OverflowError):
        return "out of range"
    return str(error) or type(error).__name__
