"""Writes docs/reference/manifests/: a page for each kind of manifest, and an index.

Takes the schemas in ``schemas/rollout/v1`` and the complete manifests in ``policies/levie/pack.yaml``; gives
Markdown. ``--check`` fails when a page is not what it would write. It must not hold a fact about a field: what a
page lacks is missing from the schema.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from pages.settle import ROOT, checking, settle

from penstock.manifest import shapes
from penstock.manifest.owners import owner_fields
from penstock.manifest.references import ReferenceField, expects_referrers, references
from penstock.starter.text import scalar

TOOL = "tools/manifest_reference.py"
FOLDER = ROOT / "docs" / "reference" / "manifests"
INDEX = "README.md"
PACK = ROOT / "policies" / "levie" / "pack.yaml"
SCHEMAS = "../../../schemas/rollout/v1"
_FEW = 20
"""More allowed values than this are left to the schema."""
_FORMS = ("name", "text", "date", "email", "period", "currency", "money", "percent", "group")
"""The shared definitions that the index explains and the fields link to."""

Schema = Mapping[str, Any]


def main() -> int:
    """Write or check the pages."""
    check = checking(TOOL)
    files = {FOLDER / f"{kind}.md": kind_page(kind) for kind in shapes.kinds()}
    files[FOLDER / INDEX] = index_page()
    surplus = [path for path in FOLDER.glob("*.md") if path not in files]
    return settle(files, TOOL, check=check, surplus=surplus)


def kind_page(kind: str) -> str:
    """The page of one kind."""
    schema = shapes.inlined(f"{shapes.ROLLOUT}/{kind}")
    spec = shapes.properties(schema)["spec"]
    lines = [*_generated(f"schemas/rollout/v1/{kind}.schema.json"), f"# {kind}", "", _text(schema["description"])]
    lines += ["", f"- Refers to: {_kinds(_targets(kind)) or 'nothing'}.", *_referrers(kind), *_owners(kind), ""]
    lines += [
        "`apiVersion`, `kind` and `metadata` are the same in every manifest: "
        f"see the [index]({INDEX}#every-manifest). The same facts for programs: "
        f"[{kind}.schema.json]({SCHEMAS}/{kind}.schema.json), or `penstock schema {kind}`. "
        f"A file to fill in: `penstock new {kind} NAME`.",
        "",
        "`[]` stands for any element of a list. Findings name the element: `spec.tasks[classify].modelTier`.",
    ]
    for path, node in _objects(spec, "spec"):
        lines += ["", f"## `{path}`", "", _text(node["description"]), "", *_table(path, node)]
    lines += [
        "",
        "## Example",
        "",
        "A complete manifest: rules ask for most of these fields, the schema only for the required ones.",
    ]
    lines += ["", "```yaml manifest", *_example(kind), "```"]
    return "\n".join(lines) + "\n"


def index_page() -> str:
    """The page that lists the kinds, and says what they share."""
    common = shapes.document(f"{shapes.ROLLOUT}/common")["$defs"]
    lines = [*_generated("schemas/rollout/v1"), "# Manifest reference", ""]
    lines += [
        "Every field of every kind. What a rollout is and how its files are read: [manifests](../../manifests.md)."
    ]
    lines += ["", "## Kinds", "", "| Kind | What it describes | Refers to |", "| --- | --- | --- |"]
    for kind in shapes.kinds():
        described = shapes.document(f"{shapes.ROLLOUT}/{kind}")["description"]
        lines.append(f"| [{kind}]({kind}.md) | {_cell(described)} | {_kinds(_targets(kind))} |")
    lines += ["", "## Every manifest", ""]
    schema = shapes.inlined(f"{shapes.ROLLOUT}/{shapes.kinds()[0]}")
    fields = shapes.properties(schema)
    lines += ["| Field | Type | Required | Description |", "| --- | --- | --- | --- |"]
    for name in ("apiVersion", "kind"):
        given = shapes.properties(shapes.document(f"{shapes.ROLLOUT}/rollout"))[name]
        lines.append(f"| `{name}` | {_type(given)} | yes | {_cell(given['description'])} |")
    required = shapes.required(fields["metadata"])
    for name, given in shapes.properties(fields["metadata"]).items():
        needed = "yes" if name in required else ""
        lines.append(f"| `metadata.{name}` | {_type(given)} | {needed} | {_cell(given['description'])} |")
    lines.append("| `spec` | mapping | yes | What the kind's own page says. |")
    lines += ["", "## Values", "", "| Type | Meaning | Example |", "| --- | --- | --- |"]
    for form in _FORMS:
        given = common[form]
        examples = ", ".join(_code(example) for example in given["examples"])
        lines.append(f"| {_word(given['title'])} | {_cell(given['description'])} | {examples} |")
    return "\n".join(lines) + "\n"


def _generated(source: str) -> list[str]:
    return [f"<!-- Written by {TOOL} from {source}. Change that, then run the tool. -->", ""]


def _objects(node: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Every mapping with fields at or below ``node``, outermost first, each followed by those inside it."""
    if shapes.properties(node):
        yield path, node
    for name, child in shapes.properties(node).items():
        inner, suffix = _unwrapped(child)
        yield from _objects(inner, f"{path}.{name}{suffix}")


def _unwrapped(node: Schema) -> tuple[Schema, str]:
    """A list's element and ``[]``, at any depth; anything else as it is."""
    suffix = ""
    while node.get("type") == "array":
        node, suffix = node["items"], suffix + "[]"
    return node, suffix


def _table(path: str, node: Schema) -> Iterator[str]:
    yield "| Field | Type | Required | Description | Example |"
    yield "| --- | --- | --- | --- | --- |"
    needed = shapes.required(node)
    for name, child in shapes.properties(node).items():
        inner, suffix = _unwrapped(child)
        kind = _type(child)
        if shapes.properties(inner):
            kind = kind.replace("mapping", f"[mapping](#{_slug(f'{path}.{name}{suffix}')})", 1)
        required = "yes" if name in needed else ""
        yield f"| `{name}` | {kind} | {required} | {_cell(child['description'])} | {_shown(child)} |"


def _type(node: Schema) -> str:
    """What values a field takes: its type, format, limits, allowed values and what it refers to."""
    if "x-references" in node:
        return _reference(node["x-references"])
    if "const" in node:
        return _code(node["const"])
    if node.get("type") == "array":
        limits = ", at least one" if node.get("minItems") else ""
        limits += ", each once" if node.get("uniqueItems") else ""
        return f"list: {_type(node['items'])}{limits}"
    form = node.get("x-form", {}).get("title", "")
    if len(node.get("enum", ())) in range(1, _FEW):
        return "one of " + ", ".join(map(_code, node["enum"]))
    if _form(form):
        least = node.get("minLength")
        return _form(form) + (f", at least {least} characters" if least else "")
    return _plain(node)


def _plain(node: Schema) -> str:
    """A type that has no definition of its own."""
    given = node.get("type")
    if given in ("number", "integer"):
        return {"number": "number", "integer": "whole number"}[given] + _range(node)
    if given == "string":
        return f"text like `{_cell(node['pattern'])}`" if "pattern" in node else "text"
    if given == "boolean":
        return "`true` or `false`"
    if given == "object":
        one = ", exactly one field" if node.get("maxProperties") == 1 else ""
        free = isinstance(node.get("additionalProperties"), dict)
        return "mapping of keys of your own to text" if free else f"mapping{one}"
    raise ValueError(f"no words for a field of the schema {json.dumps(node)[:200]}")


def _range(node: Schema) -> str:
    if "maximum" in node:
        return f" from {node['minimum']} to {node['maximum']}"
    if "exclusiveMinimum" in node:
        return f" above {node['exclusiveMinimum']}"
    return f", {node['minimum']} or more" if "minimum" in node else ""


def _form(title: str) -> str:
    """A link to a shared definition, by the title it has there; empty when the index has none."""
    common = shapes.document(f"{shapes.ROLLOUT}/common")["$defs"]
    if title not in {common[form]["title"] for form in _FORMS}:
        return ""
    return f"[{_word(title)}]({INDEX}#values)"


def _word(title: str) -> str:
    """What the pages call the values of a shared definition."""
    return {"Person": "e-mail address", "Currency": "currency code"}.get(title, title.lower())


def _reference(stated: str | Mapping[str, str]) -> str:
    if isinstance(stated, str):
        return f"name of {_a(stated)}"
    items = f"`{stated['items']}`"
    if "kind" not in stated:
        return f"name in {items} of this manifest"
    if "of" in stated:
        return f"name in {items} of the {_link(stated['kind'])} in `{stated['of']}`"
    return f"name in {items} of the {_link(stated['kind'])}"


def _targets(kind: str) -> list[str]:
    return list(dict.fromkeys(field.kind for field in references(kind) if field.kind))


def _referrers(kind: str) -> list[str]:
    """Which fields of which kinds refer to a kind, or to something inside it."""
    found: dict[str, list[str]] = {}
    for other in shapes.kinds():
        for field in references(other):
            if field.kind == kind:
                found.setdefault(other, []).append(f"`{_path(field)}`")
    if not found:
        return ["- Referred to by: nothing."]
    parts = [f"{_link(other)} ({', '.join(fields)})" for other, fields in found.items()]
    alone = " One that nothing refers to is a warning (LV007)." if expects_referrers(kind) else ""
    return [f"- Referred to by: {'; '.join(parts)}.{alone}"]


def _owners(kind: str) -> list[str]:
    """Which field says who owns a manifest of a kind."""
    waivers = "[waivers](../../waivers.md#who-may-approve)"
    led_to = {field.path: field.kind for field in references(kind)}
    found = []
    for path in owner_fields(kind):
        target = led_to.get(path)
        who = f"the owner of the {_link(target)} in" if target else "the person in"
        found.append(f"{who} `{_written(path)}`")
    if not found:
        return [f"- Owner: nobody, so that anybody may approve {waivers} of it."]
    return [f"- Owner: {'; '.join(found)}, who cannot approve {waivers} of it."]


def _path(field: ReferenceField) -> str:
    return _written(field.path)


def _written(path: tuple[str | None, ...]) -> str:
    return "".join("[]" if part is None else f".{part}" for part in path).removeprefix(".")


def _example(kind: str) -> list[str]:
    """The kind's manifest in the pack, as it is written there."""
    lines = PACK.read_text(encoding="utf-8").split("\n")
    start = lines.index(f"      {kind}:") + 1
    body = []
    for line in lines[start:]:
        if line.strip() and not line.startswith("        "):
            break
        body.append(line[8:])
    return "\n".join(body).rstrip().split("\n")


def _shown(node: Schema) -> str:
    """The field's example, where it fits a cell: mappings have tables of their own."""
    example = node.get("examples", [None])[0]
    if isinstance(example, list) and not any(isinstance(item, (dict, list)) for item in example):
        return f"`[{', '.join(scalar(item) for item in example)}]`"
    return "" if example is None or isinstance(example, (dict, list)) else _code(example)


def _code(value: object) -> str:
    return f"`{scalar(value, block=True) if isinstance(value, str) else json.dumps(value)}`".replace("|", "\\|")


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _text(text: str) -> str:
    return text.replace("<", "&lt;")


def _kinds(kinds: list[str]) -> str:
    return ", ".join(map(_link, kinds))


def _link(kind: str) -> str:
    return f"[{kind}]({kind}.md)"


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'AO' else 'a'} {_link(kind)}"


def _slug(heading: str) -> str:
    """The anchor that Git hosts give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    sys.exit(main())
