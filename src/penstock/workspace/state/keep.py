"""A whole check -> the state to keep of it.

Takes what was read, linked and judged; gives columns, or None for a rollout that is not fit to be brought up to
date piece by piece: names that are taken twice or missing, files that could not be read.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence

from penstock.answers.stamps import Stamp
from penstock.manifest.load import Loaded
from penstock.manifest.packed import Packed
from penstock.model import Finding
from penstock.policy.sweep import Judgement
from penstock.workspace.state.columns import WHOLE, Columns
from penstock.workspace.state.readers import Readers

_LINKED = frozenset({"LV006", "LV007"})
_SPOILING = frozenset({"LV005", "LV013"})


def columns_of(
    loaded: Loaded,
    records: Sequence[Packed],
    stamps: Sequence[Stamp],
    contents: Sequence[bytes],
    judgements: Sequence[Judgement],
    as_of: str,
) -> Columns | None:
    """The columns. ``records``, ``stamps`` and ``contents`` go by file, ``judgements`` as ``Swept`` has them."""
    rollout = loaded.rollout
    if rollout.unread or any(found.rule in _SPOILING for found in loaded.findings):
        return None
    if not all(resource.name for resource in rollout.resources):
        return None
    numbers = {resource: number for number, resource in enumerate(rollout.resources)}
    by_id = {resource.id: number for resource, number in numbers.items()}
    first = [0]
    for record in records[:-1]:
        first.append(first[-1] + len(record[2]))
    readers = Readers()
    for number, judgement in enumerate(judgements[:-1]):
        readers.add(number, judgement.reads)
    readers.add(WHOLE, judgements[-1].reads)
    referrers = ((resource.id, rollout.referrers(resource)) for resource in rollout.resources)
    made = dict(enumerate(judgements[:-1])) | {WHOLE: judgements[-1]}
    return Columns(
        as_of=as_of,
        place=pickle.dumps(rollout.config, pickle.HIGHEST_PROTOCOL),
        files=[record[0] for record in records],
        stamps=list(stamps),
        contents=list(contents),
        first=first if records else [],
        ids=list(by_id),
        incoming={name: [numbers[each] for each in found] for name, found in referrers if found},
        statuses=[judgement.statuses for judgement in judgements],
        found={number: _packed(each.findings) for number, each in made.items() if each.findings},
        faulty={number: each.faulty for number, each in made.items() if each.faulty},
        linked=_by_resource((found for found in loaded.findings if found.rule in _LINKED), by_id),
        intake={file: _packed(record[3]) for file, record in enumerate(records) if record[3]},
        commented=[file for file, record in enumerate(records) if record[1]],
        dangling=sorted({numbers[edge.source] for edge in rollout.dangling()}),
        invalid=[number for number, resource in enumerate(rollout.resources) if not resource.valid],
        empty=[file for file, record in enumerate(records) if not record[6]],
        by_name=readers.by_name,
        by_kind=readers.by_kind,
        by_referrers=readers.by_referrers,
        by_fields=readers.by_fields,
    )


def _by_resource(findings: Iterable[Finding], by_id: dict[str, int]) -> dict[int, bytes]:
    found: dict[int, list[Finding]] = {}
    for each in findings:
        found.setdefault(by_id[each.location.resource or ""], []).append(each)
    return {number: _packed(each) for number, each in found.items()}


def _packed(findings: Iterable[Finding]) -> bytes:
    return pickle.dumps(tuple(findings), pickle.HIGHEST_PROTOCOL)
