"""Calls: what Python itself does at once in line, the standard library's by their implementations, the host's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from penstock.cel import syntax
from penstock.cel.calls import fits
from penstock.cel.env import Function, Overload
from penstock.cel.fast.kinds import NUMBERS, kind
from penstock.cel.fast.module import PATH, Py, Scope
from penstock.cel.resolve import Target
from penstock.cel.types import BOOL, BYTES, DOUBLE, DURATION, DYN, INT, STRING, TIMESTAMP, Parameter, Type

if TYPE_CHECKING:
    from penstock.cel.fast.generator import Emitter

_NATIVE = frozenset({"bool", "int", "double", "string", "bytes", "null", "timestamp", "duration", "number"})
# What these give is never longer than what they take.
_SHORT = frozenset(
    {"bool", "int", "double", "uint", "timestamp", "duration", "null", "number", "type", "optional"}
)
_TYPE_NAMES = {"null": "null_type", "timestamp": TIMESTAMP.name, "duration": DURATION.name}


def call(em: Emitter, node: syntax.Call, scope: Scope) -> Py:
    target = em.resolution.calls[node]
    return _called(em, target, [em.emit(argument, scope) for argument in target.arguments], scope)


def method(em: Emitter, node: syntax.Call, receiver: Py, scope: Scope) -> Py:
    target = em.resolution.calls[node]
    arguments = [receiver, *(em.emit(argument, scope) for argument in target.arguments[1:])]
    return _called(em, target, arguments, scope)


def _called(em: Emitter, target: Target, arguments: list[Py], scope: Scope) -> Py:
    function = target.function
    if target.from_host or function is None:
        return _host(em, target, arguments, scope)
    em.standard.add(target.name)
    inline = _INLINE.get((target.name, len(arguments)))
    if inline is not None and any(_takes(function, each, target, len(arguments)) for each in function.overloads):
        written = inline(em, arguments, scope)
        if written is not None:
            return written
    return _standard(em, target, function, arguments, scope)


def _takes(function: Function, overload: Overload, target: Target, count: int) -> bool:
    return overload.receiver is target.receiver and (
        len(overload.parameters) == count or (function.variadic and len(overload.parameters) <= count)
    )


def _host(em: Emitter, target: Target, arguments: Sequence[Py], scope: Scope) -> Py:
    """The host's function sees none of our own types."""
    of = _result(target.function, [each.type for each in arguments], target) if target.function else DYN
    if target.function is not None and any(each.implementation for each in target.function.overloads):
        return em.slow()
    key = _asked(target, arguments)
    known = scope.known.get(key) if key is not None else None
    if known is not None:
        return Py(known, of, plain=True)
    parts = [_native(em, each, scope) for each in arguments]
    function = f"{scope.use('F')}[{target.name!a}]"
    if scope.looping:
        code = f"{em.helper('asked_in')}({scope.work()}, {', '.join([function, *parts])})"
    else:
        code = f"{function}({', '.join(parts)})"
    if key is None:
        return Py(code, of)
    if not scope.turning:
        scope.known[key] = name = scope.temporary()
        return Py(f"({name} := {code})", of)
    if any(each.path is not None and each.path[0] in scope.own for each in arguments):
        return Py(code, of)
    memo = scope.memo(key)
    return Py(f"({memo} if {memo} is not None else ({memo} := {code}))", of)


def _native(em: Emitter, value: Py, scope: Scope) -> str:
    if kind(value.type) in _NATIVE:
        return value.code
    native = em.helper("native")
    if kind(value.type) != "map":
        return f"{native}({value.code})"
    name = value.code if value.plain else scope.temporary()
    first = name if value.plain else f"({name} := {value.code})"
    return f"({name} if type({first}) is dict else {native}({name}))"


def _asked(target: Target, arguments: Sequence[Py]) -> PATH | None:
    """What a call asks for, where that is the same wherever it stands: the host's functions have no effects."""
    key = ["", target.name]
    for each in arguments:
        if each.path is not None:
            key += ["path", str(len(each.path)), *each.path]
        elif each.literal:
            key += ["literal", type(each.value).__name__, ascii(each.value)]
        else:
            return None
    return tuple(key)


def _result(function: Function, types: Sequence[Type], target: Target) -> Type:
    """The type of what a function gives, where all its overloads of so many arguments agree."""
    results = {
        each.result
        for each in function.overloads
        if _takes(function, each, target, len(types)) and _possible(each, types)
    }
    result = results.pop() if len(results) == 1 else DYN
    return result if not _has_parameter(result) else DYN


def _has_parameter(of: Type) -> bool:
    return isinstance(of, Parameter) or any(map(_has_parameter, of.parameters))


def _possible(overload: Overload, types: Sequence[Type]) -> bool:
    more = len(types) - len(overload.parameters)  # of the last parameter's type, in a variadic one
    parameters = (*overload.parameters, *overload.parameters[-1:] * more)
    return all(_may_be(kind(parameter), kind(of)) for parameter, of in zip(parameters, types, strict=True))


def _may_be(parameter: str, argument: str) -> bool:
    if "number" in (parameter, argument) and {parameter, argument} <= NUMBERS:
        return True
    return parameter == argument or "dyn" in (parameter, argument)


def _standard(em: Emitter, target: Target, function: Function, arguments: list[Py], scope: Scope) -> Py:
    parts = [each.code for each in arguments]
    of = _result(function, [each.type for each in arguments], target)
    called = _implementation(em, target, function, arguments)
    if called is None:
        called = em.module.constant("dispatcher", function.name, target.receiver)
    if scope.looping:
        return Py(f"{em.helper('call_in')}({scope.work()}, {', '.join([called, *parts])})", of)
    code = f"{called}({', '.join(parts)})"
    return Py(code if kind(of) in _SHORT else f"{em.helper('capped')}({code})", of)


def _implementation(em: Emitter, target: Target, function: Function, arguments: Sequence[Py]) -> str | None:
    """The one overload's implementation where the types decide it."""
    kinds = [kind(each.type) for each in arguments]
    if "dyn" in kinds or "number" in kinds:
        return None
    names = [_TYPE_NAMES.get(each, each) for each in kinds]
    for place, overload in enumerate(function.overloads):
        if overload.receiver is target.receiver and fits(overload, names, variadic=function.variadic):
            return em.module.constant("standard", function.name, place)
    return None


# in line


def _size(em: Emitter, arguments: Sequence[Py], _scope: Scope) -> Py:
    (value,) = arguments
    sized = "len" if kind(value.type) in ("string", "bytes", "list", "map") else em.helper("size")
    return Py(f"{sized}({value.code})", INT)


def _text_test(method: str) -> Callable[[Emitter, Sequence[Py], Scope], Py]:
    def written(em: Emitter, arguments: Sequence[Py], scope: Scope) -> Py:
        text, part = arguments
        if scope.looping:
            return Py(f"{em.helper(f'{method}_in')}({scope.work()}, {text.code}, {part.code})", BOOL)
        if kind(text.type) == kind(part.type) == "string":
            if method == "find":
                return Py(f"({text.code}.find({part.code}) >= 0)", BOOL)
            return Py(f"{text.code}.{method}({part.code})", BOOL)
        return Py(f"{em.helper(f'text_{method}')}({text.code}, {part.code})", BOOL)

    return written


def _matches(em: Emitter, arguments: Sequence[Py], scope: Scope) -> Py | None:
    text, pattern = arguments
    if not (pattern.literal and isinstance(pattern.value, str)):
        return None
    matcher = em.module.constant("matcher", pattern.value)
    if scope.looping:
        return Py(f"{em.helper('matched_in')}({scope.work()}, {matcher}, {text.code})", BOOL)
    return Py(f"{matcher}({text.code})", BOOL)


def _converted(name: str, of: Type) -> Callable[[Emitter, Sequence[Py], Scope], Py | None]:
    """``timestamp('…')`` and ``duration('…')`` are constants."""

    def written(em: Emitter, arguments: Sequence[Py], _scope: Scope) -> Py | None:
        (text,) = arguments
        if text.literal and isinstance(text.value, str):
            return Py(em.module.constant("converted", name, text.value), of)
        if name == "timestamp":
            return Py(f"{em.helper('timestamp')}({text.code})", of)
        return None

    return written


def _double(em: Emitter, arguments: Sequence[Py], _scope: Scope) -> Py | None:
    (value,) = arguments
    of = kind(value.type)
    if of == "double":
        return value
    if of == "int":
        return Py(f"float({value.code})", DOUBLE)
    return Py(f"{em.helper('double')}({value.code})", DOUBLE) if of in ("number", "dyn") else None


def _string(em: Emitter, arguments: Sequence[Py], scope: Scope) -> Py | None:
    (value,) = arguments
    of = kind(value.type)
    if of == "string":
        return value
    if of == "int":
        return Py(f"str({value.code})", STRING)
    return None if scope.looping or of == "bytes" else Py(f"{em.helper('string')}({value.code})", STRING)


def _dyn(_em: Emitter, arguments: Sequence[Py], _scope: Scope) -> Py:
    return arguments[0]


def _same(of: Type) -> Callable[[Emitter, Sequence[Py], Scope], Py | None]:
    """A conversion of what has the type already."""
    return lambda _em, arguments, _scope: arguments[0] if kind(arguments[0].type) == kind(of) else None


def _or_value(em: Emitter, arguments: Sequence[Py], scope: Scope) -> Py:
    """The other value is computed only when the optional has none."""
    held, other = arguments
    name = scope.temporary()
    return Py(f"({name}.value if {em.helper('present')}({name} := {held.code}) else {other.code})", DYN)


_Inline = Callable[["Emitter", Sequence[Py], Scope], "Py | None"]
_INLINE: Mapping[tuple[str, int], _Inline] = {
    ("size", 1): _size,
    ("contains", 2): _text_test("find"),
    ("startsWith", 2): _text_test("startswith"),
    ("endsWith", 2): _text_test("endswith"),
    ("matches", 2): _matches,
    ("timestamp", 1): _converted("timestamp", TIMESTAMP),
    ("duration", 1): _converted("duration", DURATION),
    ("string", 1): _string,
    ("double", 1): _double,
    ("int", 1): _same(INT),
    ("bool", 1): _same(BOOL),
    ("bytes", 1): _same(BYTES),
    ("dyn", 1): _dyn,
    ("orValue", 2): _or_value,
}
