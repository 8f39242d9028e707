"""Data classes that cost next to nothing to define.

``dataclass``, ``field``, ``fields`` and ``replace`` are used as the standard library's; every class has slots.

Those import ``inspect``, and write and compile each method of each class where it is defined: with a hundred
classes, more than all else that a check of a few files does. Here what compares, hashes and shows is the same for
all, and ``__init__`` is written once some instances have been made. To type checkers these are the standard ones,
and ``dataclasses`` knows the fields of every instance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, cast

_NONE: Any = object()
_FIELDS = "__record_fields__"
_FEW = 10
"""To write and compile ``__init__`` takes as long as to make so many instances without one."""


class FrozenError(AttributeError):
    """Somebody tried to change what cannot be changed."""


class Field:
    """What is said of one field: its default, or what makes one; whether it is given, shown and compared."""

    __slots__ = ("compare", "default", "default_factory", "init", "name", "repr", "type")

    def __init__(self, default: Any, default_factory: Any, init: bool, repr: bool, compare: bool) -> None:  # noqa: A002
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare
        self.name = ""
        self.type: Any = None


class _Standard:
    """The fields as ``dataclasses`` looks for them, made when it does."""

    def __get__(self, _instance: object, owner: Any) -> Mapping[str, Any]:
        import dataclasses

        made = []
        for each in _fields(owner):
            given: dict[str, Any] = {
                "init": each.init,
                "repr": each.repr,
                "compare": each.compare,
                "kw_only": True,
            }
            for name in ("default", "default_factory"):
                if getattr(each, name) is not _NONE:
                    given[name] = getattr(each, name)
            made.append((each.name, each.type, dataclasses.field(**given)))
        standard: Any = dataclasses.make_dataclass(owner.__name__, made, kw_only=True)
        owner.__dataclass_fields__ = found = standard.__dataclass_fields__
        return cast("Mapping[str, Any]", found)


def _field(
    *,
    default: Any = _NONE,
    default_factory: Any = _NONE,
    init: bool = True,
    repr: bool = True,  # noqa: A002
    compare: bool = True,
) -> Any:
    return Field(default, default_factory, init, repr, compare)


def _fields(of: Any) -> tuple[Field, ...]:
    return tuple(getattr(of, _FIELDS).values())


def _replace(record: Any, /, **changes: Any) -> Any:
    if hasattr(record, _FIELDS):
        return record.__replace__(**changes)
    import dataclasses  # one of the standard library's own

    return dataclasses.replace(record, **changes)


def _again(self: Any, /, **changes: Any) -> Any:
    """``__replace__``, by which Python's own ``copy.replace`` goes as well."""
    for name, each in getattr(self, _FIELDS).items():
        if each.init:
            if name not in changes:
                changes[name] = getattr(self, name)
        elif name in changes:
            raise ValueError(f"the field {name} cannot be given")
    return self.__class__(**changes)


def _dataclass(*, slots: bool, frozen: bool = False, eq: bool = True, order: bool = False) -> Callable[[Any], Any]:
    if not slots:
        raise TypeError("every class has slots here; for one without take the standard library's dataclass")
    return lambda cls: _made(cls, frozen, eq, order)


def _made(cls: Any, frozen: bool, eq: bool, order: bool) -> Any:
    """The class again, with slots and methods."""
    inherited: dict[str, Field] = {}
    for base in reversed(cls.__mro__[1:]):
        inherited.update(base.__dict__.get(_FIELDS, ()))
    namespace = dict(cls.__dict__)
    own = {
        name: _described(name, kind, namespace.pop(name, _NONE))
        for name, kind in cls.__annotations__.items()
        if not kind.startswith("ClassVar")
    }
    every = {**inherited, **own}
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    if namespace.get("__hash__", _NONE) is None:
        del namespace["__hash__"]  # Python's own, for a class with an ``__eq__``
    namespace = {**_methods(every, frozen, eq, order), **namespace}
    namespace[_FIELDS] = every
    namespace["__slots__"] = tuple(name for name in own if name not in inherited)
    made: Any = type(cls)(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__
    if "__init__" not in cls.__dict__:
        made.__init__ = _first_init(made, frozen)
    if frozen and "__setattr__" not in cls.__dict__:
        made.__setattr__, made.__delattr__ = _refusals(made, every)
    return made


def _described(name: str, kind: Any, given: Any) -> Field:
    made = given if isinstance(given, Field) else Field(given, _NONE, True, True, True)
    made.name, made.type = name, kind
    return made


def _methods(every: Mapping[str, Field], frozen: bool, eq: bool, order: bool) -> dict[str, Any]:
    """What every class has, unless it says otherwise."""
    names = tuple(every)
    shown = tuple(name for name, each in every.items() if each.repr)
    methods: dict[str, Any] = {
        "__dataclass_fields__": _Standard(),
        "__match_args__": tuple(name for name, each in every.items() if each.init),
        "__replace__": _again,
        "__repr__": _repr(shown),
    }
    if frozen:
        methods["__getstate__"], methods["__setstate__"] = _states(names)
    if eq:
        values = _values(tuple(name for name, each in every.items() if each.compare))
        methods["__eq__"] = _equal(values)
        methods["__hash__"] = (lambda self: hash(values(self))) if frozen else None
        if order:
            methods |= {f"__{compare.__name__}__": _ordered(compare, values) for compare in (lt, le, gt, ge)}
    return methods


def _values(names: tuple[str, ...]) -> Callable[[Any], Any]:
    """What gives an instance's values of these fields, all at once."""
    if len(names) > 1:
        return attrgetter(*names)
    if names:
        (name,) = names
        return lambda self: (getattr(self, name),)
    return lambda _self: ()


def _equal(values: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def equal(self: Any, other: Any) -> Any:
        if other.__class__ is self.__class__:
            return values(self) == values(other)
        return NotImplemented

    return equal


def _ordered(compare: Callable[[Any, Any], Any], values: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def ordered(self: Any, other: Any) -> Any:
        if other.__class__ is self.__class__:
            return compare(values(self), values(other))
        return NotImplemented

    return ordered


def _repr(names: tuple[str, ...]) -> Callable[[Any], str]:
    def shown(self: Any) -> str:
        return f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return shown


def _states(names: tuple[str, ...]) -> tuple[Callable[[Any], Any], Callable[[Any, Any], None]]:
    """For ``pickle`` and ``copy``, which could not set the values of what is frozen."""

    def get(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def set_(self: Any, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return get, set_


def _refusals(cls: Any, every: Mapping[str, Field]) -> tuple[Callable[..., None], Callable[..., None]]:
    def set_(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in every:
            raise FrozenError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def delete(self: Any, name: str) -> None:
        if type(self) is cls or name in every:
            raise FrozenError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return set_, delete


def _first_init(cls: Any, frozen: bool) -> Callable[..., None]:
    """What serves the first instances, and then makes way for the class's own ``__init__``."""
    left = _FEW

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        nonlocal left
        left -= 1
        values = _bound(_fields(cls), args, kwargs) if left >= 0 else None
        if values is None:
            cls.__init__ = own = _init(cls, frozen)
            own(self, *args, **kwargs)
            return
        for name, value in values:
            object.__setattr__(self, name, value)
        if hasattr(cls, "__post_init__"):
            self.__post_init__()

    return init


def _bound(
    every: tuple[Field, ...], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> list[tuple[str, Any]] | None:
    """The fields and their values; None for arguments that are refused, which ``__init__`` says better."""
    given = [each for each in every if each.init]
    values: list[tuple[str, Any]] = [(each.name, value) for each, value in zip(given, args, strict=False)]
    used = 0
    for each in given[len(args) :]:
        if each.name in kwargs:
            value = kwargs[each.name]
            used += 1
        elif each.default_factory is not _NONE:
            value = each.default_factory()
        elif each.default is not _NONE:
            value = each.default
        else:
            return None
        values.append((each.name, value))
    return values if used == len(kwargs) and len(args) <= len(given) else None


def _init(cls: Any, frozen: bool) -> Callable[..., None]:
    scope: dict[str, Any] = {"none": _NONE}
    parameters, lines = ["self"], []
    for each in _fields(cls):
        name = value = each.name
        if each.init:
            parameters.append(name)
            if each.default_factory is not _NONE:
                scope[f"make_{name}"] = each.default_factory
                parameters[-1] += "=none"
                value = f"make_{name}() if {name} is none else {name}"
            elif each.default is not _NONE:
                scope[f"default_{name}"] = each.default
                parameters[-1] += f"=default_{name}"
            scope[f"set_{name}"] = getattr(cls, name).__set__
            lines.append(f"set_{name}(self, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n    ".join(lines or ["pass"])
    exec(f"def __init__({', '.join(parameters)}):\n    {body}", scope)
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


if TYPE_CHECKING:
    from dataclasses import dataclass, field, fields, replace
else:
    dataclass, field, fields, replace = _dataclass, _field, _fields, _replace

__all__ = ["FrozenError", "dataclass", "field", "fields", "replace"]
