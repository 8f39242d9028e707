"""What runs ask of the manifests' schemas again and again -> the source of a module that has the answers."""

from __future__ import annotations

from compiled import acceptors
from penstock import __version__
from penstock.manifest import names, references, shapes

CONFIG = "config/v1/config"


def source() -> str:
    """The module: kinds, references, named lists and acceptors."""
    kinds = shapes.kinds()
    ids = [*(f"{shapes.ROLLOUT}/{kind}" for kind in kinds), CONFIG]
    fields = {kind: tuple(_field(each) for each in references.references(kind)) for kind in kinds}
    expected = tuple(kind for kind in kinds if references.expects_referrers(kind))
    lists = {kind: names.named_lists(kind) for kind in kinds}
    return "\n".join(
        [
            '"""The manifests\' schemas, compiled when penstock was built."""',
            acceptors.source({schema_id: shapes.inlined(schema_id) for schema_id in ids}),
            f"VERSION = {__version__!r}",
            f"KINDS = {kinds!r}",
            f"REFERENCES = {fields!r}",
            f"EXPECT_REFERRERS = {expected!r}",
            f"NAMED_LISTS = {lists!r}",
            "",
        ]
    )


def _field(field: references.ReferenceField) -> tuple[object, ...]:
    return field.path, field.kind, field.items, field.of
