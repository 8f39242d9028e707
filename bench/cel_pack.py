"""What the built-in pack's expressions get when its examples run, and every engine's way to evaluate just that.

Takes nothing but the pack; gives each expression with its evaluations, and for each engine the runs that do them.
The lazily computed ``variables`` are computed before, so that an evaluation is of one expression alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cel_pack_floor import FLOORS
from cel_peers import AbsentError, Run, cel_expr, celpy, celpy_program, compile_ours

from penstock.cel import EvalError, Lazy, engine
from penstock.policy import load_pack
from penstock.policy.examples import example_rollout, outcome_of

Functions = Mapping[str, Callable[..., Any]]
SECOND = "cel-python"
OURS = "penstock"


@dataclass(slots=True)
class Recorded:
    """One expression of a policy and each evaluation of it: the bindings, the host's functions, and the value."""

    name: str
    text: str
    engine: str
    program: Any
    evaluations: list[tuple[dict[str, Any], Functions]] = field(default_factory=list)
    values: list[object] = field(default_factory=list)


class _RecordingProgram:
    def __init__(self, program: Any, recorded: Recorded, recorder: _Recorder) -> None:
        self._program = program
        self._recorded = recorded
        self._recorder = recorder

    def __getattr__(self, name: str) -> object:
        return getattr(self._program, name)

    def evaluate(self, bindings: Mapping[str, Any], functions: Functions) -> object:
        if self._recorder.recording:
            self._recorded.evaluations.append((dict(bindings), functions))
        return self._program.evaluate(bindings, functions)


class _Recorder:
    """An engine that keeps what its programs are evaluated with."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.name = inner.name
        self.recorded: list[Recorded] = []
        self.recording = True

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def compile(self, *arguments: Any, **options: Any) -> Any:
        return self._recording(self._inner.compile(*arguments, **options))

    def program(self, *arguments: Any, **options: Any) -> Any:
        return self._recording(self._inner.program(*arguments, **options))

    def _recording(self, program: Any) -> _RecordingProgram:
        same = sum(each.text == program.text for each in self.recorded)
        name = f"{program.text} [{same + 1}]" if same else program.text
        self.recorded.append(Recorded(name, program.text, self.name, program))
        return _RecordingProgram(program, self.recorded[-1], self)


def record(engine_name: str) -> tuple[list[Recorded], int]:
    """Every expression that the examples evaluate, and how many evaluations had to be left out.

    Left out are those that end in an error, such as a reference that leads nowhere: engines differ too much in
    what they do then.
    """
    recorder = _Recorder(engine(engine_name))
    pack = load_pack("levie", Path(), recorder)
    for policy in pack.policies:
        for example in (*policy.good, *policy.bad):
            rollout, _ = example_rollout(example, pack.base)
            outcome_of(policy, example, rollout, pack.base)
    recorder.recording = False  # computing the lazy variables evaluates expressions, too
    dropped = sum(map(_settle, recorder.recorded))
    return [each for each in recorder.recorded if each.evaluations], dropped


def _settle(recorded: Recorded) -> int:
    """Compute what is lazy, and the values; the number of evaluations that had to be left out."""
    taken, recorded.evaluations = recorded.evaluations, []
    for bindings, functions in taken:
        settled = _settled(bindings)
        try:
            value = recorded.program.evaluate(settled, functions)
        except EvalError:
            continue
        recorded.evaluations.append((settled, functions))
        recorded.values.append(value)
    return len(taken) - len(recorded.evaluations)


def _settled(bindings: Mapping[str, Any]) -> dict[str, Any]:
    settled = dict(bindings)
    for name, value in bindings.items():
        if isinstance(value, Lazy):
            settled[name] = values = {}
            for key in value:
                try:
                    values[key] = value[key]
                except EvalError:
                    continue
    return settled


# Each engine takes one recorded expression and gives the runs of all its evaluations.


def ours(recorded: Recorded) -> tuple[Run, ...]:
    """The program as the policy has it: with the types that the pack's loader knows of."""
    if recorded.engine != OURS:
        raise AbsentError(f"the registry has no engine {OURS}")
    return tuple((recorded.program.evaluate, pair) for pair in recorded.evaluations)


def ours_untyped(recorded: Recorded) -> tuple[Run, ...]:
    program = compile_ours(recorded.text, None)
    return tuple((program.evaluate, pair) for pair in recorded.evaluations)


def second(recorded: Recorded) -> tuple[Run, ...]:
    program = _second().compile(recorded.text)
    return tuple((program.evaluate, pair) for pair in recorded.evaluations)


@cache
def _second() -> Any:
    return engine(SECOND)


def floor(recorded: Recorded) -> tuple[Run, ...]:
    function = FLOORS.get(single_spaced(recorded.text))
    if function is None:
        raise AbsentError("nobody wrote a floor for this expression")
    return tuple((function, pair) for pair in recorded.evaluations)


def single_spaced(text: str) -> str:
    return " ".join(text.split())


def raw_celpy(recorded: Recorded, *, converting: bool = False) -> tuple[Run, ...]:
    """cel-python's interpreter; the host's functions are registered, converting what they give."""
    convert = celpy().json_to_cel
    host: dict[str, Functions] = {}

    def function(name: str) -> Callable[..., object]:
        return lambda *arguments: convert(host["functions"][name](*arguments))

    names = recorded.evaluations[0][1]
    program = celpy_program(recorded.text, {name: function(name) for name in names})

    def evaluate(data: Mapping[str, object], functions: Functions) -> object:
        host["functions"] = functions
        if converting:
            data = {name: convert(value) for name, value in data.items()}
        return program.evaluate(data)

    def prepared(data: Mapping[str, object]) -> Mapping[str, object]:
        return data if converting else {name: convert(value) for name, value in data.items()}

    return tuple((evaluate, (prepared(data), functions)) for data, functions in recorded.evaluations)


def raw_celpy_converting(recorded: Recorded) -> tuple[Run, ...]:
    return raw_celpy(recorded, converting=True)


def cel_expr_per_call(recorded: Recorded) -> tuple[Run, ...]:
    """cel-expr-python, Python data handed over at each evaluation."""
    environment, host = _cel_expr_environment(frozenset(recorded.evaluations[0][0]))
    expression = environment.compile(recorded.text)

    def evaluate(data: Mapping[str, object], functions: Functions) -> object:
        host["functions"] = functions
        return _plain(expression.eval(None, data))

    return tuple((evaluate, pair) for pair in recorded.evaluations)


def cel_expr_prepared(recorded: Recorded) -> tuple[Run, ...]:
    environment, host = _cel_expr_environment(frozenset(recorded.evaluations[0][0]))
    expression = environment.compile(recorded.text)

    def evaluate(activation: object, functions: Functions) -> object:
        host["functions"] = functions
        return _plain(expression.eval(activation))

    return tuple((evaluate, (environment.Activation(data), functions)) for data, functions in recorded.evaluations)


class _FailedError(Exception):
    """cel-expr-python gives an error as a value."""


def _plain(value: Any) -> object:
    kind = value.type()
    if kind == cel_expr().Type.ERROR:
        raise _FailedError(value.value())
    # plain_value() of null takes a reference from None that it does not own (0.1.3): in the end Python aborts.
    return None if kind == cel_expr().Type.NULL else value.plain_value()


# cel-expr-python calls a function only where the types of its arguments are declared: dyn matches nothing.
_SIGNATURES: Mapping[str, tuple[str, ...]] = {
    "ref": ("string string",),
    "referrers": ("map string",),
    "resources": ("string",),
    "date": ("string", "timestamp"),
    "days": ("string string",),
    "months": ("string string",),
    "periods": ("string string string",),
    "monthsAndDays": ("string string",),
    "addPeriod": ("string string",),
    "perYear": ("string",),
    "sum": ("list",),
    "decimal": ("double int", "int int"),
    "join": ("list string",),
    "inWords": ("string",),
}


@cache
def _cel_expr_environment(names: frozenset[str]) -> tuple[Any, dict[str, Functions]]:
    cel = cel_expr()
    kinds = {
        "string": cel.Type.STRING,
        "int": cel.Type.INT,
        "double": cel.Type.DOUBLE,
        "timestamp": cel.Type.TIMESTAMP,
        "list": cel.Type.List(cel.Type.DYN),
        "map": cel.Type.Map(cel.Type.DYN, cel.Type.DYN),
    }
    host: dict[str, Functions] = {}

    def overload(name: str, signature: str, member: bool) -> Any:
        return cel.Overload(
            f"{name}_{'member_' * member}{signature.replace(' ', '_')}",
            return_type=cel.Type.DYN,
            parameters=[kinds[kind] for kind in signature.split()],
            is_member=member,
            impl=lambda *arguments: host["functions"][name](*arguments),
        )

    declared = [
        cel.FunctionDecl(
            name, [overload(name, signature, member) for signature in signatures for member in (False, True)]
        )
        for name, signatures in _SIGNATURES.items()
    ]
    return cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN), functions=declared), host


ENGINES: Mapping[str, Callable[[Recorded], tuple[Run, ...]]] = {
    "typed": ours,
    "untyped": ours_untyped,
    "floor": floor,
    "second": second,
    "celpy": raw_celpy,
    "celpy+data": raw_celpy_converting,
    "cel-expr": cel_expr_per_call,
    "cel-expr*": cel_expr_prepared,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one engine makes of one expression: runs that give the right values, or the reason why not."""

    runs: tuple[Run, ...]
    reason: str = ""


def attempt(name: str, recorded: Recorded) -> Attempt:
    try:
        runs = ENGINES[name](recorded)
        values = [function(*arguments) for function, arguments in runs]
    except AbsentError as error:
        return Attempt((), f"absent: {error}")
    except Exception as error:  # a peer may raise anything
        return Attempt((), f"error: {type(error).__name__}: {_first_line(error)}")
    wrong = [(got, value) for got, value in zip(values, recorded.values, strict=True) if got != value]
    if wrong:
        return Attempt((), f"wrong: {wrong[0][0]!r:.80} instead of {wrong[0][1]!r:.80}")
    return Attempt(runs)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:120]
