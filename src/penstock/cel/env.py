"""What an expression may name: variables, constants and functions, with their types.

Data only. ``Env`` is the host's; the standard library's functions have the same shape (``cel.standard``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from penstock.record import dataclass, field, replace

if TYPE_CHECKING:
    from penstock.cel.syntax import Node
    from penstock.cel.types import Type

Implementation = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function. ``parameters`` include the receiver's type, first, when ``receiver`` is true.

    ``implementation`` takes native values of just these types; it may raise ValueError, OverflowError,
    ZeroDivisionError or EvalError. None in an environment whose functions are given at evaluation.
    """

    parameters: tuple[Type, ...]
    result: Type
    implementation: Implementation | None = None
    receiver: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function by its name, dots included (``math.greatest``).

    ``infer`` may know more of the result's type than the overloads say, from the arguments' nodes and types: None
    leaves it at what they say. ``variadic``: the last parameter of an overload may come once or more.
    ``summary`` says in a sentence what it gives, ``example`` is an expression with it that is true.
    """

    name: str
    overloads: tuple[Overload, ...]
    infer: Callable[[Sequence[Node], Sequence[Type]], Type | None] | None = None
    variadic: bool = False
    summary: str = ""
    example: str = ""

    def about(self, summary: str, example: str) -> Function:
        """The function with its documentation."""
        return replace(self, summary=summary, example=example)


@dataclass(frozen=True, slots=True)
class Env:
    """The names an expression may use beside the standard library.

    ``variables`` and ``constants`` may have dotted names; within ``container`` a name may leave out the
    container's own. A function of the host hides the standard one of its name.
    """

    variables: Mapping[str, Type] = field(default_factory=lambda: MappingProxyType({}))
    constants: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    functions: Iterable[Function] = ()
    container: str = ""
