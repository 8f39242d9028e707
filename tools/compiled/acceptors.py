"""A JSON Schema -> the source of a Python function that is true only of values which the schema accepts.

Takes a schema without references; gives module text in which equal parts share a function. What a function refuses
may still be right: whoever asks takes the validator that explains, then. So a keyword is either met in full or
refused, and a keyword that is not known here stops the build. Where "no" must be as certain as "yes", below ``if``
and ``not``, only keywords count that can be decided exactly.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from penstock.manifest.formats import CHECKS
from penstock.regex.linear import python_form

Schema = Mapping[str, Any]

_SAID = frozenset({"$schema", "$id", "$comment", "title", "description", "examples", "default", "deprecated"})
_KNOWN = frozenset(
    {
        *("type", "enum", "const", "properties", "required", "additionalProperties", "propertyNames"),
        *("minProperties", "maxProperties", "items", "minItems", "maxItems", "uniqueItems", "minLength"),
        *("pattern", "format", "minimum", "maximum", "exclusiveMinimum", "allOf", "anyOf", "not"),
        *("if", "then", "else"),
    }
)
_EXACT = frozenset({"type", "const", "enum", "properties", "required", "not"})
_TYPES = {
    "string": "type(v) is str",
    "integer": "type(v) is int",
    "number": "(type(v) is int or type(v) is float and v - v == 0)",
    "boolean": "(v is True or v is False)",
    "null": "v is None",
    "object": "type(v) is dict",
    "array": "type(v) is list",
}
_OF = {
    "object": (
        "properties",
        "required",
        "additionalProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
    ),
    "array": ("items", "minItems", "maxItems", "uniqueItems"),
    "string": ("minLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum"),
}
_COMPARED = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">"}
_COUNTED = {"minProperties": ">=", "maxProperties": "<=", "minItems": ">=", "maxItems": "<=", "minLength": ">="}
_IMPORTS = """from penstock.manifest.accepting import distinct, matching
from penstock.manifest.formats import CHECKS
"""


def source(schemas: Mapping[str, Schema]) -> str:
    """Module text that ends with ``ACCEPTORS``: by the schemas' ids, the functions."""
    writer = _Writer()
    named = {schema_id: writer.function(schema) for schema_id, schema in schemas.items()}
    entries = "".join(f"    {schema_id!r}: {name},\n" for schema_id, name in named.items())
    return f"{_IMPORTS}{''.join(writer.lines)}ACCEPTORS = {{\n{entries}}}\n"


class _Writer:
    """Writes each function once."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._names: dict[str, str] = {}

    def function(self, schema: Schema | bool, *, exact: bool = False) -> str:
        """The name of the function for a schema."""
        if isinstance(schema, bool):
            schema = {} if schema else {"not": {}}
        schema = {key: value for key, value in schema.items() if _asks(key)}
        unknown = set(schema) - (_EXACT if exact else _KNOWN)
        if unknown:
            raise ValueError(f"no code is known for the keywords {sorted(unknown)} of {schema}")
        key = json.dumps([_bare(schema), exact])
        if key not in self._names:
            body = _shortened(list(self._body(schema, exact)))
            name = f"a{len(self._names)}"
            self.lines += [f"def {name}(v):\n", *(f"    {line}\n" for line in body)]
            self._names[key] = name
        return self._names[key]

    def _body(self, schema: Schema, exact: bool) -> Iterator[str]:
        kinds = schema.get("type")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds:
            yield f"if not ({' or '.join(_TYPES[kind] for kind in kinds)}): return False"
        if "const" in schema:
            yield f"if not ({_equal(schema['const'])}): return False"
        if "enum" in schema:
            yield f"if not ({_one_of(schema['enum'])}): return False"
        for kind, keywords in _OF.items():
            if not any(keyword in schema for keyword in keywords):
                continue
            lines = list(getattr(self, f"_{kind}")(schema, exact))
            numbers = kind == "number" and kinds and set(kinds) <= {"integer", "number"}
            if kinds == [kind] or numbers:
                yield from lines
            else:
                yield f"if {_TYPES[kind]}:"
                yield from (f"    {line}" for line in lines)
                if kind == "number" and not exact:
                    yield "elif type(v) is float: return False"
        yield from self._combined(schema)

    def _object(self, schema: Schema, exact: bool) -> Iterator[str]:
        if schema.get("required"):
            missing = " or ".join(f"{name!r} not in v" for name in schema["required"])
            yield f"if {missing}: return False"
        for keyword in ("minProperties", "maxProperties"):
            if keyword in schema:
                yield f"if not len(v) {_COUNTED[keyword]} {schema[keyword]}: return False"
        properties = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        if exact:
            for name, each in properties.items():
                function = self.function(each, exact=True)
                yield f"if {name!r} in v and not {function}(v[{name!r}]): return False"
            return
        entries = ", ".join(f"{name!r}: {self.function(each)}" for name, each in properties.items())
        rest = "None" if others is False else self.function(others)
        table = f"P{len(self.lines)}"
        self.lines.append(f"{table} = {{{entries}}}.get\n")
        names = self.function(schema["propertyNames"]) if "propertyNames" in schema else None
        yield "for k, e in v.items():"
        if rest == "None":
            yield f"    f = {table}(k)"
            yield "    if f is None or not f(e): return False"
        else:
            yield f"    if type(k) is not str or not {table}(k, {rest})(e): return False"
        if names:
            yield f"    if not {names}(k): return False"

    def _array(self, schema: Schema, _exact: bool) -> Iterator[str]:
        for keyword in ("minItems", "maxItems"):
            if keyword in schema:
                yield f"if not len(v) {_COUNTED[keyword]} {schema[keyword]}: return False"
        if "items" in schema:
            yield "for e in v:"
            yield f"    if not {self.function(schema['items'])}(e): return False"
        if schema.get("uniqueItems"):
            yield "if not distinct(v): return False"

    def _string(self, schema: Schema, _exact: bool) -> Iterator[str]:
        if "minLength" in schema:
            yield f"if not len(v) >= {schema['minLength']}: return False"
        if "pattern" in schema:
            yield f"if not {self._pattern(schema['pattern'])}(v): return False"
        if "format" in schema:
            if schema["format"] not in CHECKS:
                raise ValueError(f"the format {schema['format']} is not known")
            yield f"if not CHECKS[{schema['format']!r}](v): return False"

    def _number(self, schema: Schema, _exact: bool) -> Iterator[str]:
        for keyword, sign in _COMPARED.items():
            if keyword in schema:
                yield f"if not v {sign} {schema[keyword]!r}: return False"

    def _combined(self, schema: Schema) -> Iterator[str]:
        for each in schema.get("allOf", ()):
            yield f"if not {self.function(each)}(v): return False"
        if "anyOf" in schema:
            yield f"if not ({' or '.join(f'{self.function(each)}(v)' for each in schema['anyOf'])}): return False"
        if "not" in schema:
            yield f"if {self.function(schema['not'], exact=True)}(v): return False"
        if "if" in schema:
            then, otherwise = (self.function(schema.get(keyword, True)) for keyword in ("then", "else"))
            condition = self.function(schema["if"], exact=True)
            yield f"if not ({then}(v) if {condition}(v) else {otherwise}(v)): return False"

    def _pattern(self, regex: str) -> str:
        key = f"pattern {regex}"
        if key not in self._names:
            form = python_form(regex)
            if form is None:
                raise ValueError(f"the pattern {regex} is not plain")
            self._names[key] = f"M{len(self._names)}"
            arguments = f"{form.text!r}, starts={form.starts}, repeats={form.repeats}"
            self.lines.append(f"{self._names[key]} = matching({arguments})\n")
        return self._names[key]


def _shortened(lines: list[str]) -> list[str]:
    """A function's lines, in one where nothing but conditions is asked."""
    before, behind = "if not ", ": return False"
    if all(line.startswith(before) and line.endswith(behind) for line in lines):
        conditions = [line.removeprefix(before).removesuffix(behind) for line in lines]
        return [f"return {' and '.join(conditions) or 'True'}"]
    return [*lines, "return True"]


def _equal(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return f"v is {value}"
    if isinstance(value, (str, int)):
        return f"type(v) is {type(value).__name__} and v == {value!r}"
    raise ValueError(f"no code is known for the constant {value!r}")


def _one_of(values: list[object]) -> str:
    texts = tuple(value for value in values if isinstance(value, str))
    others = [_equal(value) for value in values if not isinstance(value, str)]
    return " or ".join([f"type(v) is str and v in {{{', '.join(map(repr, texts))}}}"] * bool(texts) + others)


def _bare(schema: Any) -> Any:
    """The schema without its words, so that what asks the same is the same."""
    if not isinstance(schema, dict):
        return schema
    bare = {}
    for key, value in schema.items():
        if key == "properties":
            bare[key] = {name: _bare(each) for name, each in value.items()}
        elif key in ("allOf", "anyOf"):
            bare[key] = [_bare(each) for each in value]
        elif _asks(key):
            bare[key] = value if key in ("const", "enum") else _bare(value)
    return bare


def _asks(keyword: str) -> bool:
    return keyword not in _SAID and not keyword.startswith("x-")
