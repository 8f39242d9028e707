"""Names that a list gives twice: within one list of named things, a name means one element.

Takes a resource, gives a finding for each element whose name an earlier one has. Which lists are lists of named
things comes from the schema alone.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from penstock import bundle
from penstock.manifest import shapes, wording
from penstock.manifest.integrity import finding
from penstock.manifest.paths import element_name
from penstock.manifest.references import references, values_at
from penstock.manifest.resource import Resource
from penstock.model import Finding, Related


def repeated_names(resource: Resource) -> Iterator[Finding]:
    """One finding for each element that takes the name of an earlier one, pointing at its name."""
    for path in named_lists(resource.kind):
        for at, listed in values_at(resource.data, path):
            first: dict[str, int] = {}
            for index, element in enumerate(listed if isinstance(listed, list) else ()):
                name = element_name(element)
                if name is None or first.setdefault(name, index) == index:
                    continue
                text = f"{at[-1]}[{first[name]}]"
                message = f"the name {wording.name(name)} is already used by {wording.code(text)}"
                related = Related(resource.location((*at, first[name], "name")), "the first element of this name")
                yield finding("LV004", message, resource.location((*at, index, "name")), (related,))


@functools.cache
def named_lists(kind: str) -> tuple[tuple[str | None, ...], ...]:
    """The lists whose elements' names must differ: those that a reference leads to, or that are DNS labels.

    Other names are free text or references, and may well come twice: a vendor under two categories.
    """
    compiled = bundle.compiled(shapes.COMPILED)
    if compiled is not None:
        known: tuple[tuple[str | None, ...], ...] = compiled.NAMED_LISTS[kind]
        return known
    referred = {field.items for field in references(kind) if field.kind is None}
    found = []
    for path, schema in shapes.walk(shapes.inlined(f"{shapes.ROLLOUT}/{kind}")):
        fields = shapes.properties(shapes.child(schema, 0) or {})
        label = fields.get("name", {}).get("pattern") == _dns_label()
        if path in referred or (label and "kind" not in fields):
            found.append(path)
    return tuple(found)


def _dns_label() -> object:
    return shapes.document(f"{shapes.ROLLOUT}/common")["$defs"]["name"]["pattern"]
