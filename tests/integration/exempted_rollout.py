"""A rollout with an exception of every kind and sort, and a table of what a check must find in it on which day.

Gives the files as they are, an earlier state of each in which nothing is excepted, and the rows of the table. It
is judged on four days: before anything was granted, on the first day, on the last one, and the day after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

BEFORE, FIRST, LAST, AFTER = DAYS = ("2026-08-31", "2026-09-01", "2026-11-20", "2026-11-21")

CONFIG = "penstock.yaml"
CONTRACTS = "contracts.yaml"
WAIVERS = "waivers.yaml"
BASELINE = "penstock-baseline.yaml"
ORGANIZATION = "organization.yaml"

EVERY, NEVER = DAYS, ()
IN_FORCE, NOT_IN_FORCE = (FIRST, LAST), (BEFORE, AFTER)


@dataclass(frozen=True)
class Row:
    """One finding: on which days it counts, and on which it is excused, by what."""

    rule: str
    severity: str
    file: str
    resource: str | None
    path: str
    counts: tuple[str, ...] = EVERY
    excused: tuple[str, ...] = NEVER
    by: str = ""


def _contract(name: str, *, ends: str = "2028-12-31", behind: str = "", above: str = "", fields: str = "") -> str:
    return f"""\
apiVersion: rollout/v1
kind: VendorContract
metadata: {{name: {name}, labels: {{team: {name}}}}}
spec:{above}
  vendor: A lab
  category: model-lab
  startsOn: 2026-01-01
  endsOn: {ends}{behind}
{fields}"""


_EXIT = "  exit: {dataExport: JSON Lines by API, terminationForConvenience: true}\n"
_SHORT = "2026-12-31"


def _long(name: str, *, behind: str = "", fields: str = "") -> str:
    """A contract that LV801 finds too long."""
    return _contract(name, behind=behind, fields=_EXIT + fields)


def _bound(name: str, *, above: str = "") -> str:
    """A contract in which LV809 misses the exit terms; the rollout allows no exception from that rule."""
    return _contract(name, ends=_SHORT, above=above)


def _waiver(
    name: str,
    *,
    rule: str = "LV801",
    target: str = "",
    approver: str = "cio@acme.example",
    granted: str = FIRST,
    last: str = LAST,
) -> str:
    target = target or f"{{kind: VendorContract, name: {name}}}"
    return f"""\
apiVersion: rollout/v1
kind: Waiver
metadata: {{name: {name}}}
spec:
  rules: [{rule}]
  resources: [{target}]
  reason: The amendment is being negotiated.
  approver: {approver}
  grantedOn: {granted}
  expiresOn: {last}
"""


def _entry(name: str, *, rule: str = "LV801", path: str = "spec.endsOn", more: str = "") -> str:
    return f"  - {{rule: {rule}, resource: VendorContract/{name}, path: {path}, since: {FIRST}{more}}}\n"


_CONTRACTS = (
    _long("plain"),
    _long("suppressed", behind="  # penstock: ignore[LV801] signed before the rule was adopted"),
    _long("suppressed-without-reason", behind="  # penstock: ignore[LV801]"),
    _bound("suppressed-but-forbidden", above="  # penstock: ignore[LV809] the vendor refused"),
    _long("waived"),
    _long("waived-by-label"),
    _long("waived-for-too-long"),
    _long(
        "waived-by-owner",
        fields="  decision: {outcome: renegotiate, decidedOn: 2026-07-01, by: cio@acme.example}\n",
    ),
    _bound("waived-but-forbidden"),
    _long("listed"),
    _long("listed-with-an-end"),
    _contract("mended", ends=_SHORT, fields=_EXIT),
    _contract("short", ends=_SHORT, behind="  # penstock: ignore[LV801] once it was longer", fields=_EXIT),
    _bound("listed-but-forbidden"),
)

_CONFIG = """\
apiVersion: config/v1
name: exempted{comment}
select: [LV507, LV801, LV809, LV009, LV016]
"""
_NEVER = "{never: [LV809]}"

FILES = {
    CONFIG: _CONFIG.format(comment="  # penstock: ignore[LV507] one model is approved so far")
    + f"exceptions: {{suppress: {_NEVER}, waive: {_NEVER}, baseline: {_NEVER}}}\n",
    CONTRACTS: "---\n".join(_CONTRACTS),
    WAIVERS: "---\n".join(
        (
            _waiver("waived"),
            _waiver("waived-by-label", target="{kind: VendorContract, matchLabels: {team: waived-by-label}}"),
            _waiver("waived-for-too-long", granted="2026-08-22"),
            _waiver("waived-by-owner"),
            _waiver("waived-but-forbidden", rule="LV809"),
            _waiver("short"),
        )
    ),
    BASELINE: "apiVersion: baseline/v1\nentries:\n"
    + _entry("listed")
    + _entry("listed-with-an-end", more=f", until: {LAST}")
    + _entry("mended")
    + _entry("listed-but-forbidden", rule="LV809", path="spec.exit"),
    ORGANIZATION: """\
apiVersion: rollout/v1
kind: Organization
metadata: {name: acme}
spec: {industry: insurance, segment: mid-market, businessUnits: [{name: claims}]}
---
apiVersion: rollout/v1
kind: ModelTier
metadata: {name: frontier}
spec: {tier: frontier, primary: acme-1, models: [{name: acme-1}]}
---
# All tasks of the rollout on one model: LV507 finds that in the rollout as a whole.
apiVersion: rollout/v1
kind: UseCase
metadata: {name: intake}
spec:
  workflow: Take in claims
  businessUnit: claims
  domain: knowledge-work
  stage: assess
  tasks: [{name: read, modelTier: frontier}, {name: file, modelTier: frontier}]
""",
}
"""The rollout, by file."""

EARLIER = {
    CONFIG: _CONFIG.format(comment=""),
    CONTRACTS: _contract("plain", ends=_SHORT, fields=_EXIT),
    WAIVERS: None,
    BASELINE: None,
    ORGANIZATION: None,
}
"""What each file was before there was anything to except; None where there was no such file."""


def _of(name: str, **days: tuple[str, ...] | str) -> Row:
    return Row("LV801", "error", CONTRACTS, f"VendorContract/{name}", "spec.endsOn", **days)  # type: ignore[arg-type]


def _terms(name: str) -> Row:
    return Row("LV809", "warning", CONTRACTS, f"VendorContract/{name}", "spec.exit")


def _about(rule: str, severity: str, waiver: str, path: str, counts: Iterable[str] = EVERY) -> Row:
    return Row(rule, severity, WAIVERS, f"Waiver/{waiver}", path, tuple(counts))


ROWS = (
    Row("LV507", "warning", CONFIG, "Rollout/exempted", "", NEVER, EVERY, "suppression"),
    _of("plain"),
    # Comments know no days.
    _of("suppressed", counts=NEVER, excused=EVERY, by="suppression"),
    _of("suppressed-without-reason"),
    Row("LV010", "error", CONTRACTS, "VendorContract/suppressed-without-reason", "spec.endsOn"),
    _terms("suppressed-but-forbidden"),
    Row("LV015", "error", CONTRACTS, "VendorContract/suppressed-but-forbidden", "spec"),
    Row("LV009", "warning", CONTRACTS, "VendorContract/short", "spec.endsOn"),
    # Waivers hold from the first day to the last one, in which time they are about to expire.
    _of("waived", counts=NOT_IN_FORCE, excused=IN_FORCE, by="waiver"),
    _about("LV016", "warning", "waived", "spec.expiresOn", [LAST]),
    _about("LV008", "error", "waived", "spec.expiresOn", [AFTER]),
    _of("waived-by-label", counts=NOT_IN_FORCE, excused=IN_FORCE, by="waiver"),
    _about("LV016", "warning", "waived-by-label", "spec.expiresOn", [LAST]),
    _about("LV008", "error", "waived-by-label", "spec.expiresOn", [AFTER]),
    _about("LV009", "warning", "short", "spec.rules[0]", IN_FORCE),
    _about("LV008", "error", "short", "spec.expiresOn", [AFTER]),
    # Those that are not allowed excuse nothing.
    _of("waived-for-too-long"),
    _about("LV015", "error", "waived-for-too-long", "spec.expiresOn"),
    _about("LV008", "error", "waived-for-too-long", "spec.expiresOn", [AFTER]),
    _of("waived-by-owner"),
    _about("LV015", "error", "waived-by-owner", "spec.approver"),
    _about("LV008", "error", "waived-by-owner", "spec.expiresOn", [AFTER]),
    _terms("waived-but-forbidden"),
    _about("LV015", "error", "waived-but-forbidden", "spec.rules[0]"),
    _about("LV008", "error", "waived-but-forbidden", "spec.expiresOn", [AFTER]),
    # What is listed is excused from the day on which it was listed.
    _of("listed", counts=(BEFORE,), excused=(FIRST, LAST, AFTER), by="baseline"),
    _of("listed-with-an-end", counts=NOT_IN_FORCE, excused=IN_FORCE, by="baseline"),
    Row("LV008", "error", BASELINE, None, "entries[1].until", (AFTER,)),
    Row("LV017", "error", BASELINE, None, "entries[2]", (FIRST, LAST, AFTER)),
    _terms("listed-but-forbidden"),
    Row("LV015", "error", BASELINE, None, "entries[3].rule"),
)
"""All that a check finds."""
