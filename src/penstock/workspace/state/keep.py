"""A whole check -> the state to keep of it.

Takes what was read, linked and judged; gives columns. Not every rollout is fit to be brought up to date piece by
piece: there may be names that are taken twice or missing, and files that could not be read.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence

from penstock.answers.stamps import Stamp
from penstock.manifest.load import Loaded
from penstock.manifest.packed import BytesShelf
from penstock.model import Finding
from penstock.policy.sweep import Judgement
from penstock.policy.swept import Outcomes
from penstock.workspace.state.columns import WHOLE, Columns
from penstock.workspace.state.readers import Readers

_LINKED = frozenset({"LV006", "LV007"})
_SPOILING = frozenset({"LV005", "LV013"})


def columns_of(
    loaded: Loaded,
    shelf: BytesShelf,
    stamps: Sequence[Stamp],
    contents: Sequence[bytes],
    outcomes: Outcomes,
    readers: Readers,
    as_of: str,
) -> Columns:
    """The columns of a rollout that is fit. ``shelf``, ``stamps`` and ``contents`` go by file."""
    rollout = loaded.rollout
    count = len(rollout.resources)
    by_id = {resource.id: number for number, resource in enumerate(rollout.resources)}
    referrers = ((resource.id, rollout.referrers(resource)) for resource in rollout.resources)
    return Columns(
        as_of=as_of,
        place=pickle.dumps(rollout.config, pickle.HIGHEST_PROTOCOL),
        files=list(shelf.paths),
        stamps=list(stamps),
        contents=list(contents),
        first=[shelf.first(file) for file in range(len(shelf.paths))],
        ids=list(by_id),
        incoming={name: [by_id[each.id] for each in found] for name, found in referrers if found},
        statuses=outcomes.statuses,
        found={_number(each, count): _packed(found) for each, found in outcomes.findings.items()},
        faulty={_number(each, count): found for each, found in outcomes.faulty.items()},
        linked=_by_resource((found for found in loaded.findings if found.rule in _LINKED), by_id),
        intake=dict(shelf.findings),
        commented=list(shelf.commented),
        dangling=sorted({by_id[edge.source.id] for edge in rollout.dangling()}),
        invalid=[number for number, resource in enumerate(rollout.resources) if not resource.valid],
        empty=list(shelf.empty),
        by_name=readers.by_name,
        by_kind=readers.by_kind,
        by_referrers=readers.by_referrers,
        by_fields=readers.by_fields,
    )


def is_fit(loaded: Loaded) -> bool:
    """Whether a rollout can be brought up to date piece by piece."""
    rollout = loaded.rollout
    if rollout.unread or any(found.rule in _SPOILING for found in loaded.findings):
        return False
    return all(resource.name for resource in rollout.resources)


def readers_of(made: Iterable[Judgement], readers: Readers, resources: int) -> Iterator[Judgement]:
    """The judgements, as they are; what each of them read goes to ``readers``."""
    for number, each in enumerate(made):
        readers.add(_number(number, resources), each.reads)
        yield each


def _number(number: int, resources: int) -> int:
    """The number by which a state knows a judgement: that of the rollout is behind those of its resources."""
    return number if number < resources else WHOLE


def _by_resource(findings: Iterable[Finding], by_id: dict[str, int]) -> dict[int, bytes]:
    found: dict[int, list[Finding]] = {}
    for each in findings:
        found.setdefault(by_id[each.location.resource or ""], []).append(each)
    return {number: _packed(each) for number, each in found.items()}


def _packed(findings: Iterable[Finding]) -> bytes:
    return pickle.dumps(tuple(findings), pickle.HIGHEST_PROTOCOL)
