"""How messages speak of types and of functions.

Types and declarations in, words out. Must not know any tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from penstock.cel.env import Function, Overload
from penstock.cel.types import Parameter, Type, Union

_SHOWN = 4


def shown(kind: Type) -> str:
    """A type as a message shows it: ``list(int)``, ``any`` for a type variable."""
    if isinstance(kind, Parameter):
        return "any"
    if isinstance(kind, Union) and kind.name != "number":
        return " or ".join(dict.fromkeys(shown(member) for member in kind.members))
    if kind.name == "null_type":
        return "null"
    name = kind.name.removeprefix("google.protobuf.").lower() if kind.name.startswith("google.") else kind.name
    name = "optional" if name == "optional_type" else name
    plain = type(kind) is not Type or all(each.name in ("dyn", "nothing") for each in kind.parameters)
    if plain or any(isinstance(each, Parameter) for each in kind.parameters):
        return name
    return f"{name}({', '.join(map(shown, kind.parameters))})"


def a(kind: Type) -> str:
    """A type with its article: ``an int``."""
    words = shown(kind)
    if words == "null":
        return words
    return f"an {words}" if words[0] in "aeio" else f"a {words}"


def signature(name: str, kinds: Sequence[Type], *, receiver: bool, variadic: bool = False) -> str:
    """``string.startsWith(string)``."""
    words = [shown(kind) for kind in kinds]
    if variadic and words:
        words[-1] += ", …"
    if receiver:
        return f"`{words[0]}.{name}({', '.join(words[1:])})`"
    return f"`{name}({', '.join(words)})`"


def signatures(function: Function, overloads: Iterable[Overload]) -> str:
    """The ways to call a function, not too many of them."""
    found = dict.fromkeys(
        signature(function.name, each.parameters, receiver=each.receiver, variadic=function.variadic)
        for each in overloads
    )
    return alternatives(list(found))


def alternatives(words: Sequence[str]) -> str:
    """``a, b or c``."""
    if len(words) > _SHOWN:
        words = [*words[: _SHOWN - 1], f"{len(words) - _SHOWN + 1} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def count(numbers: Sequence[int], noun: str) -> str:
    """``one or two arguments``."""
    words = {0: "no", 1: "one", 2: "two", 3: "three", 4: "four"}
    shown = [words.get(number, str(number)) for number in numbers]
    return f"{alternatives(shown)} {noun}{'' if numbers[-1] == 1 else 's'}"
