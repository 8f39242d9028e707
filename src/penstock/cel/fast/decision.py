"""Many expressions that decide one question become one Python function, for the usual case.

Takes a ``Question``: whom it is about, which parts of it, under which conditions, and what must hold. The function
says that all of it holds, that the question does not arise, or that it does not know: then something fails, or
cannot be evaluated, and whoever asks finds out the long way. Must not know what the question is for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from penstock.cel import syntax
from penstock.cel.fast.code import Code
from penstock.cel.fast.emit.logic import truth
from penstock.cel.fast.generator import Emitter
from penstock.cel.fast.module import PATH, Module, Py, Scope
from penstock.cel.fast.paths import LINKS, Paths
from penstock.cel.resolve import Resolution
from penstock.cel.syntax import Expression, Node
from penstock.cel.types import Type
from penstock.record import dataclass, field

HOLDS, DOES_NOT_ARISE, TOO_EARLY, UNKNOWN = 0, 1, 2, 3
"""What a decision says."""

_ROOTS = {"object": ("O",), "item": ("I",)}
_CONSTANTS = frozenset({"params", "organization", "asOf"})


@dataclass(frozen=True, slots=True)
class Term:
    """An expression as it was checked."""

    expression: Expression
    resolution: Resolution
    types: Mapping[Node, Type]


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be decided of an object. ``gate`` gives what must be at one of the ``stages``, or a list of such.

    The parts of the object are at a ``path``, where None is every element of a list, or what ``items`` gives;
    without either it is about the object itself.
    """

    conditions: Sequence[Term]
    validations: Sequence[Term]
    variables: Mapping[str, Term] = field(default_factory=dict)
    gate: Term | None = None
    stages: Iterable[str] = ()
    path: tuple[str | None, ...] = ()
    items: Term | None = None


class UnsuitableError(Exception):
    """The question asks for something that a decision does not know of."""


def generate(questions: Mapping[str, Question]) -> Code:
    """One module's code for many questions. Those that are not suitable are left out.

    A function takes the object, the constants (``params``, ``organization``, ``asOf``) and the host's functions,
    which must be those of the environment that the expressions were checked against. It raises nothing.
    """
    module = Module()
    functions: dict[str, str] = {}
    for name, question in questions.items():
        kept = len(module.functions)
        try:
            functions[name] = _Decision(module, question).function()
        except UnsuitableError:
            del module.functions[kept:]
    source = module.source()
    return Code(compile(source, "<decisions>", "exec", dont_inherit=True), functions, source)


class _Frame:
    """One Python function being written: its scope, and how many things its loops remember."""

    def __init__(self, module: Module, needed: Mapping[PATH, int], own: Iterable[str]) -> None:
        self.scope = Scope(module, None, looping=False)
        self.scope.own |= set(own)
        self.scope.needed = dict(needed)
        self.slots = 0


class _Paths(Paths):
    """Paths from the decision's own variables."""

    def __init__(
        self, resolution: Resolution, variables: Mapping[syntax.Word, Py], known: Mapping[str, str]
    ) -> None:
        super().__init__(resolution, variables)
        self._known = known

    def of(self, node: Node) -> PATH | None:
        path = super().of(node)
        if path is None or path[0] != "B":
            return path
        name, *fields = path[1:]
        if name in _ROOTS:
            return (*_ROOTS[name], *fields)
        if name in _CONSTANTS:
            return ("C", name, *fields)
        if name == "variables" and fields and fields[0] in self._known:
            return (self._known[fields[0]], *fields[1:])
        raise UnsuitableError(name)


class _Emitter(Emitter):
    """Writes one of the expressions into a frame."""

    def __init__(self, module: Module, term: Term, known: Mapping[str, str], frame: _Frame) -> None:
        self._frame = frame
        super().__init__(module, term.resolution, term.types)
        self.paths = _Paths(term.resolution, self.variables, known)
        self.once = {"O", "I", "C", *known.values()}

    @property
    def slots(self) -> int:
        return self._frame.slots

    @slots.setter
    def slots(self, count: int) -> None:
        self._frame.slots = max(count, self._frame.slots)


class _Decision:
    """Writes the function of one question, and those of its variables."""

    def __init__(self, module: Module, question: Question) -> None:
        self._module = module
        self._question = question
        self._lazies = {name: module.fresh("V") for name in question.variables}
        self._names = {lazy: name for name, lazy in self._lazies.items()}
        self._frames: dict[int, _Frame] = {}
        self._named_in: dict[str, dict[str, int]] = {}
        """The variables that each of those asked for names, and how often."""
        self._uses = self._count()
        self._of_item = self._about_items()
        self._slots = {name: place for place, name in enumerate(n for n in self._uses if self._is_shared(n))}
        self._written: set[str] = set()
        for name, lazy in self._lazies.items():
            module.lazies[lazy] = self._lazy(name)

    def function(self) -> str:
        name = self._module.fresh("d")
        question = self._question
        frame = self._frame([*question.conditions, *question.validations], {"O", "C", "F", "I", "M"})
        lines: list[str] = []
        if question.gate is not None:
            lines += self._gate(question.gate)
        lines += self._parts(frame)
        if self._slots:
            lines.insert(0, f"M = {[None] * len(self._slots)}")
        body = "\n".join(f"        {line}" for line in lines)
        self._module.functions.append(
            f"def {name}(O, C, F):\n    try:\n{body}\n    except Exception:\n        return {UNKNOWN}"
        )
        return name

    # the steps

    def _gate(self, term: Term) -> list[str]:
        lines, value = self._alone(term)
        stages = ", ".join(map(ascii, sorted(self._question.stages)))
        return [
            *lines,
            f"G = {value.code}",
            "for U in (G if isinstance(G, list) else (G,)):",
            f"    if U['spec']['stage'] in ({stages},): break",
            f"else: return {TOO_EARLY}",
        ]

    def _parts(self, frame: _Frame) -> list[str]:
        """The loop through the parts, and what is asked of each."""
        question = self._question
        if question.items is not None:
            lines, value = self._alone(question.items)
            lines += [f"X = {value.code}", f"if type(X) is not list: {self._slow()}", "Y = X"]
            return self._looped(frame, [*lines, "S = 1"], "for I in Y:")
        if not question.path:
            return [*self._asked(frame, f"return {DOES_NOT_ARISE}"), f"return {HOLDS}"]
        return self._at_path(frame)

    def _at_path(self, frame: _Frame) -> list[str]:
        """A loop for each list on the way."""
        lines = ["S = 1", "X = O"]
        depth = 0
        *way, _ = self._question.path
        for step in way:
            space = "    " * depth
            if step is None:
                lines += [f"{space}for X in X if isinstance(X, list) else ():"]
                depth += 1
            else:
                lines += [f"{space}X = X.get({step!a}) if isinstance(X, dict) else None"]
        return self._looped(frame, lines, "for I in X if isinstance(X, list) else ():", depth)

    def _looped(self, frame: _Frame, before: list[str], head: str, depth: int = 0) -> list[str]:
        body = self._asked(frame, "continue")
        fresh = [f"M[{self._slots[name]}] = None" for name in self._slots if name in self._of_item]
        loop = [head, *(f"    {line}" for line in [*fresh, *body, f"S = {HOLDS}"])]
        return [*before, *("    " * depth + line for line in loop), "return S"]

    def _asked(self, frame: _Frame, otherwise: str) -> list[str]:
        """The conditions, in order, and the validations."""
        scope = frame.scope
        lines: list[str] = []
        asked = [(term, otherwise) for term in self._question.conditions]
        asked += [(term, f"return {UNKNOWN}") for term in self._question.validations]
        for term, failed in asked:
            test = self._truth(term, frame)
            lines += [*scope.lines, f"if not {test}: {failed}"]
            scope.lines.clear()
        return [*self._work(frame), *lines]

    def _work(self, frame: _Frame) -> list[str]:
        if "W" not in frame.scope.used:
            return []
        return [f"W = [{self._module.helper('BUDGET')}{', None' * frame.slots}]"]

    def _truth(self, term: Term, frame: _Frame) -> str:
        emitter = self._emitter(term, frame)
        return truth(emitter, emitter.emit(term.expression.root, frame.scope), frame.scope)

    def _alone(self, term: Term) -> tuple[list[str], Py]:
        """An expression in a frame of its own, within the same function."""
        frame = self._frame([term], {"O", "C", "F", "M"})
        value = self._emitter(term, frame).emit(term.expression.root, frame.scope)
        return [*self._work(frame), *frame.scope.lines], value

    def _slow(self) -> str:
        return f"{self._module.helper('slow')}()"

    # the variables

    def _count(self) -> dict[str, int]:
        """How often each variable is named where it may be asked for; within a loop that counts as often."""
        question = self._question
        uses: dict[str, int] = {}
        waiting = [self._named(term) for term in (*question.conditions, *question.validations)]
        while waiting:
            for name, times in waiting.pop().items():
                if name not in uses:
                    self._named_in[name] = self._named(question.variables[name])
                    waiting.append(self._named_in[name])
                uses[name] = uses.get(name, 0) + times
        return {name: uses[name] for name in question.variables if name in uses}

    def _named(self, term: Term) -> dict[str, int]:
        found: dict[str, int] = {}
        paths = _Paths(term.resolution, {}, self._lazies)
        # Each node, and how often what it names counts: a body of a loop is asked many times.
        waiting = [(term.expression.root, 1)]
        while waiting:
            node, times = waiting.pop()
            if isinstance(node, syntax.Comprehension):
                waiting += [(body, 2) for body in (node.condition, node.result) if body is not None]
                waiting.append((node.items, times))
                continue
            path = paths.of(node) if type(node) in LINKS and node not in term.resolution.names else None
            if path is not None and len(path) == 1 and path[0] in self._names:
                name = self._names[path[0]]
                found[name] = found.get(name, 0) + times
            waiting += [(below, times) for below in syntax.children(node)]
        return found

    def _about_items(self) -> set[str]:
        """The variables whose values are those of one part of the object."""
        found = {name for name in self._uses if self._names_item(self._question.variables[name])}
        before = -1
        while len(found) != before:  # what reads one of them is another
            before = len(found)
            found |= {name for name in self._uses if not found.isdisjoint(self._named_in[name])}
        return found

    def _names_item(self, term: Term) -> bool:
        return any(getattr(each, "name", None) == "item" for each in term.resolution.names.values())

    def _is_shared(self, name: str) -> bool:
        return self._uses[name] > 1

    def _lazy(self, name: str) -> Callable[[Scope], str]:
        """How the value of a variable is written: at once where it is asked for in one place, else remembered."""

        def written(scope: Scope) -> str:
            term = self._question.variables[name]
            if name not in self._slots:
                return self._inlined(term, scope)
            if name not in self._written:
                self._written.add(name)
                self._define(name, term)
            arguments = ", ".join(scope.use(each) for each in self._arguments(name))
            slot = f"{scope.use('M')}[{self._slots[name]}]"
            return f"({slot} if {slot} is not None else {self._lazies[name]}({arguments}))"

        return written

    def _inlined(self, term: Term, scope: Scope) -> str:
        frame = self._frame_of(scope)
        emitter = self._emitter(term, frame)
        needed = scope.needed
        scope.needed = {**needed, **emitter.paths.needed([term.expression.root])}
        code = emitter.emit(term.expression.root, scope).code
        scope.needed = needed
        return code

    def _arguments(self, name: str) -> list[str]:
        return ["O", "C", "F", "M", *(["I"] if name in self._of_item else [])]

    def _define(self, name: str, term: Term) -> None:
        frame = self._frame([term], self._arguments(name))
        value = self._emitter(term, frame).emit(term.expression.root, frame.scope)
        lines = [*self._work(frame), *frame.scope.lines, f"M[{self._slots[name]}] = R = {value.code}", "return R"]
        body = "\n".join(f"    {line}" for line in lines)
        self._module.functions.append(f"def {self._lazies[name]}({', '.join(self._arguments(name))}):\n{body}")

    # frames

    def _frame(self, terms: Sequence[Term], own: Iterable[str]) -> _Frame:
        needed: dict[PATH, int] = {}
        for term in terms:
            paths = _Paths(term.resolution, {}, self._lazies)
            for path, times in paths.needed([term.expression.root]).items():
                needed[path] = needed.get(path, 0) + times
        frame = _Frame(self._module, needed, own)
        self._frames[id(frame.scope)] = frame
        return frame

    def _frame_of(self, scope: Scope) -> _Frame:
        while scope.parent is not None:
            scope = scope.parent
        return self._frames[id(scope)]

    def _emitter(self, term: Term, frame: _Frame) -> _Emitter:
        return _Emitter(self._module, term, self._lazies, frame)
