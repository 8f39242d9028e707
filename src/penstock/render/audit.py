"""An audit file: a check's report with the digests of what it was made from, sealed by a digest of its own.

Takes evidence, gives JSON by the published schema ``schemas/audit/v1``; and compares such a file with evidence of
now. The seal says that the file is as it was written, not who wrote it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from penstock.render.json import data as report_data
from penstock.render.serialize import json_text
from penstock.source.shown import shown
from penstock.workspace.audit import Evidence

API_VERSION = "audit/v1"
SEAL = "digest"

_FOLLOWS = {"excused", "failed", "findings", "results", "stats", "summary", "tool"}
"""What of a report differs where findings do, or the version."""


def render(evidence: Evidence) -> str:
    """The audit file, with a final newline."""
    return json_text(data(evidence))


def data(evidence: Evidence) -> dict[str, Any]:
    """The audit file as what becomes JSON."""
    report, options = evidence.report, evidence.options
    made = {
        "apiVersion": API_VERSION,
        "tool": {"name": "penstock", "version": report.version},
        "asOf": report.as_of,
        "paths": list(options.paths),
        "config": shown(options.config) if options.config else None,
        "commit": evidence.commit,
        "rollouts": [
            {
                "name": inputs.rollout,
                "root": inputs.root,
                "packs": [
                    {"name": pack.name, "version": pack.version, "origin": pack.origin, "digest": pack.digest}
                    for pack in inputs.packs
                ],
                "files": [{"path": file, "digest": evidence.digests[file]} for file in inputs.files],
            }
            for inputs in report.inputs
        ],
        "report": report_data(report),
    }
    # What JSON cannot carry is gone before it is hashed.
    made = json.loads(json_text(made))
    return {**made, SEAL: seal(made)}


def seal(audit: Mapping[str, Any]) -> str:
    """``sha256:`` and the hash of an audit without its seal: as JSON with sorted keys and no blanks, in UTF-8."""
    content = {key: value for key, value in audit.items() if key != SEAL}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """How an audit differs from one made now, a line each: the inputs first, then what came of them."""
    if then["tool"] != now["tool"]:
        yield f"penstock {then['tool']['version']} made the audit, this is {now['tool']['version']}"
    inputs = tuple(_inputs(then, now))
    yield from inputs
    old, new = then["report"], now["report"]
    told = [*_findings(old, new), *_results(old, new)]
    yield from told
    rest = {key for key in {*old, *new} if old.get(key) != new.get(key)} - (_FOLLOWS if told or inputs else set())
    if rest:
        yield f"the reports differ in {', '.join(sorted(rest))}"


def _inputs(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    yield from _described(then, now)
    for what, identity in (("file", "path"), ("pack", "name")):
        old, new = (
            {
                (rollout["name"], each[identity]): each["digest"]
                for rollout in audit["rollouts"]
                for each in rollout[f"{what}s"]
            }
            for audit in (then, now)
        )
        for key in sorted({*old, *new}):
            name = f"the {what} {key[1]}" + (f" of {key[0]}" if len(now["rollouts"]) > 1 else "")
            if key not in new:
                yield f"{name} is gone"
            elif key not in old:
                yield f"{name} is new"
            elif old[key] != new[key]:
                yield f"{name} has changed: {old[key]} then, {new[key]} now"


def _described(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What the audit says of rollouts and packs besides their files."""
    old, new = ({rollout["name"]: rollout for rollout in audit["rollouts"]} for audit in (then, now))
    for name in sorted({*old, *new}):
        if name not in old or name not in new:
            yield f"the rollout {name} is {'new' if name in new else 'gone'}"
            continue
        if old[name]["root"] != new[name]["root"]:
            yield f"the folder of {name} was {old[name]['root']} then, {new[name]['root']} now"
        packs = {pack["name"]: pack for pack in old[name]["packs"]}
        for pack in new[name]["packs"]:
            for field in ("version", "origin"):
                before = packs.get(pack["name"], pack)[field]
                if before != pack[field]:
                    yield f"the {field} of the pack {pack['name']} was {before} then, {pack[field]} now"


def _findings(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for key, what in (("findings", "finding"), ("excused", "excused finding")):
        old, new = (Counter(_identity(found) for found in report[key]) for report in (then, now))
        for gone in (old - new).elements():
            yield f"{what} then, not now: {gone}"
        for added in (new - old).elements():
            yield f"{what} now, not then: {added}"


def _sorted(resources: Mapping[str, Any]) -> dict[str, list[str]]:
    """The resources without their order, which is that of the files."""
    return {status: sorted(names) for status, names in resources.items()}


def _identity(found: Mapping[str, Any]) -> str:
    where = found["location"]
    resource = f"{where['resource'] or where['file']} {where['pathText']}".rstrip()
    text = f"{found['severity']} {found['rule']} at {resource}: {found['message']}"
    excuse = found.get("excuse")
    if excuse is None:
        return text
    by = ", ".join(filter(None, (excuse["kind"], excuse["person"], excuse["reason"])))
    return f"{text} ({by}, until {excuse['until']})" if excuse["until"] else f"{text} ({by})"


def _results(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    old, new = ({(each["rollout"], each["rule"]): each for each in report["results"]} for report in (then, now))
    for key in sorted({*old, *new}):
        before, after = (side.get(key, {"counts": {}, "resources": {}}) for side in (old, new))
        if _sorted(before["resources"]) == _sorted(after["resources"]):
            continue
        changed = [
            f"{status} {before['counts'].get(status, 0)} then, {after['counts'].get(status, 0)} now"
            for status in {**before["counts"], **after["counts"]}
            if _sorted(before["resources"]).get(status) != _sorted(after["resources"]).get(status)
        ]
        yield f"{key[1]} in {key[0]}: {'; '.join(changed)}"
