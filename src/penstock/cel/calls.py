"""Calling functions and operators: the host's first, then CEL's own for the types that CEL allows.

Takes native arguments and tables of implementations, gives native values; whatever goes wrong comes out as
EvalError with the values in it. Must not know any engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from penstock.cel.closures import Frame
from penstock.cel.errors import EvalError
from penstock.cel.library import ANY, BUILTINS, OPERATORS, OVERLOADS, Signature
from penstock.cel.values import describe, native, type_name


@dataclass(frozen=True, slots=True)
class Implementations:
    """What an engine does for the names of ``OVERLOADS`` and the symbols of ``OPERATORS``.

    Called only with types those tables allow; may raise any exception, whose text then becomes the reason.
    """

    functions: Mapping[str, Callable[..., object]]
    operators: Mapping[str, Callable[..., object]]

    def call(self, name: str, arguments: Sequence[object], receiver: bool, frame: Frame) -> object:
        host = frame.functions.get(name)
        if host is not None:
            return _call_host(name, host, arguments)
        if name not in BUILTINS:
            raise EvalError(f"there is no function `{name}`")
        types = tuple(map(type_name, arguments))
        allowed = Signature(len(arguments) - receiver, receiver) in BUILTINS[name]
        if not allowed or (name not in ANY and types not in OVERLOADS[name]):
            raise EvalError(f"no such overload: {_shown(name, arguments, receiver)}")
        try:
            return self.functions[name](*arguments)
        except RecursionError:
            raise
        except Exception as error:
            raise EvalError(f"{_shown(name, arguments, receiver)}: {_reason(error)}") from None

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


def _call_host(name: str, host: Callable[..., object], arguments: Sequence[object]) -> object:
    try:
        return host(*map(native, arguments))
    except (EvalError, RecursionError):
        raise
    except Exception as error:
        # A TypeError from the call itself, not from inside the function: the wrong number of arguments.
        inside = error.__traceback__ is not None and error.__traceback__.tb_next is not None
        if isinstance(error, TypeError) and not inside:
            raise EvalError(f"no such overload: {_shown(name, arguments, False)}") from None
        raise EvalError(f"{_shown(name, arguments, False)}: {_reason(error)}") from error


def _shown(name: str, arguments: Sequence[object], receiver: bool) -> str:
    shown = list(map(describe, arguments))
    if receiver:
        return f"{name}({', '.join(shown[1:])}) on {shown[0]}"
    return f"{name}({', '.join(shown)})"


def _operation(sign: str, arguments: Sequence[object]) -> str:
    shown = list(map(describe, arguments))
    return f" {sign} ".join(shown) if len(shown) == 2 else f"{sign} of {shown[0]}"


def _reason(error: Exception) -> str:
    if isinstance(error, ZeroDivisionError):
        return "division by zero"
    # "overflow" is celpy's word for an integer out of range, OverflowError datetime's for a year.
    if str(error) == "overflow":
        return "integer overflow"
    if isinstance(error, OverflowError):
        return "out of range"
    return str(error) or type(error).__name__
