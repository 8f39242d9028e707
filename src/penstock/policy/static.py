"""What can be said against a policy before any manifest is read: names, functions, parameters, target fields.

Takes compiled expressions and what they may use, and paths and the kinds they are for. Types are not checked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from penstock.cel import BUILTINS
from penstock.errors import PolicyError
from penstock.manifest import shapes
from penstock.manifest.references import EACH
from penstock.model import PathElement
from penstock.policy.functions import ARITY
from penstock.policy.model import ROLLOUT_KIND, Expression

ROOTS = frozenset({"object", "params", "variables", "organization", "asOf"})
"""What every expression can name; ``item`` joins under ``forEach``."""


Field = tuple[PathElement | None, ...]
"""A path that may have ``EACH`` in it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may use."""

    roots: frozenset[str]
    params: frozenset[str]
    variables: frozenset[str]


def check(expression: Expression, scope: Scope) -> Iterator[PolicyError]:
    """Every unknown name, function, parameter and variable of an expression, and wrong argument counts."""
    program = expression.program
    for name in program.names:
        if name.text not in scope.roots:
            hint = _suggest(name.text, scope.roots)
            yield expression.fault(f"unknown name `{name.text}`", name, hint)
    for call in program.calls:
        if call.text in ARITY:
            found = call.arguments + call.receiver
            if found not in ARITY[call.text]:
                wanted = " or ".join(str(count) for count in sorted(ARITY[call.text]))
                message = f"{call.text}() takes {wanted} arguments, not {found}"
                yield expression.fault(message, call)
        elif call.text not in BUILTINS:
            hint = _suggest(call.text, BUILTINS.keys() | ARITY.keys())
            yield expression.fault(f"unknown function `{call.text}`", call, hint)
    for select in program.selects:
        known = {"params": scope.params, "variables": scope.variables}.get(select.parts[0].text)
        if known is None or len(select.parts) == 1:
            continue
        field = select.parts[1]
        if field.text not in known:
            message = f"`{select.parts[0].text}` has no `{field.text}`"
            yield expression.fault(message, field, _suggest(field.text, known))


def has_field(kinds: Iterable[str], path: Field) -> bool:
    """Whether a manifest of one of the kinds can have the field; ``EACH`` and indexes stand for any element."""
    steps = tuple(0 if step is EACH or isinstance(step, int) else step for step in path)
    return any(shapes.field(f"{shapes.ROLLOUT}/{kind}", steps) is not None for kind in kinds)


def names_use_case(kind: str) -> bool:
    """Whether manifests of the kind are a use case or say which one they belong to."""
    return kind == "UseCase" or (kind != ROLLOUT_KIND and has_field([kind], ("spec", "useCase")))


def _suggest(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = get_close_matches(word, names, n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"known here: {', '.join(names)}" if names else "none is declared"
