"""One report with everything that a format must cope with; every golden file is made from it.

All severities, related places in the same and in other files, wide and combining characters, tabs, CRLF, spans
over one line, several and many lines, findings without a span and without a resource, several findings of one
rule, rules that found nothing, controls, and text that attacks whoever shows it.
"""

from __future__ import annotations

from dataclasses import replace

from penstock.model import (
    Base,
    Control,
    Excuse,
    Excused,
    ExcuseKind,
    Finding,
    Location,
    Path,
    Position,
    Related,
    Report,
    Rule,
    RuleResult,
    Severity,
    Source,
    Span,
    Stats,
    Status,
)

FRAMEWORK = "The Levie Enterprise AI Diffusion Framework"

ACME = """\
apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme}
spec:
  vendor: Acme Labs
  category: model-lab
  startsOn: 2026-01-01
  endsOn: 2028-12-31
  renewal: {automatic: true, term: P2Y}
"""

ONBOARDING = (
    "apiVersion: rollout/v1\r\n"
    "kind: UseCase\r\n"
    "metadata: {name: onboarding}\r\n"
    "spec:\r\n"
    "  workflow: 顧客受入 cafe\u0301 👍 # 確認\r\n"
    "  tasks:\r\n"
    "  - {name: classify,\tcomplexity: low,\tmodelTier: frontier}\r\n"
    "  - name: decide\r\n"
    "    description: |\r\n"
    "      Approve or refuse the customer,\r\n"
    "      and write the letter.\r\n"
    "    regulatedAccountability: true\r\n"
)

TIERS = """\
apiVersion: rollout/v1
kind: ModelTier
metadata: {name: frontier}
spec:
  tier: frontier
  primary: big-one
"""

ORGANIZATION = """\
apiVersion: rollout/v1
kind: Organization
metadata: {name: bank}
spec:
  businessUnits:
  - {name: retail}
  - {name: markets}
  - {name: treasury}
  - {name: legal}
  - {name: risk}
  - {name: it}
"""

HOSTILE_PATH = "vendors/a|b `c` <d> 50%,e:f.yaml"
HOSTILE = """\
kind: VendorContract
metadata: {name: evil}
spec: {vendor: "\u202edesrever\u202c ##[error]x ##vso[task.setvariable variable=a]b", note: "]]>&<b>"}
"""
ATTACK = (
    "vendor \u202edesrever\u202c is not allowed\x1b[31m\x07\r\n"
    "::error file=x::injected %0A\r::set-output name=a::b\n"
    "##[add-path]/tmp ##vso[task.complete]x | pipe `tick` <img src=x onerror=alert(1)> @everyone #1 $x$ "
    "[click](https://evil.example) ![i](http://x) *bold* _it_ ~~no~~ \u200bzero\ufeff \u2028line \U000e0041 \x9b"
)

RULES = (
    Rule(
        "LV001",
        "syntax-error",
        "A file is not valid YAML",
        Severity.ERROR,
        0,
        "What cannot be read cannot be checked.",
        "Correct the file at the place shown.",
    ),
    Rule(
        "LV409",
        "it-owned-ai-budget-over-cap",
        "AI budgets that IT owns reach a dangerous share of revenue",
        Severity.WARNING,
        4,
        "IT budgets cannot carry the cost of agents for every line of business.",
        "Move budgets to the lines of business that gain from them.",
        (Source(FRAMEWORK, "Step 4"),),
    ),
    Rule(
        "LV502",
        "frontier-model-for-simple-task",
        "A frontier task is neither complex nor unsaturated",
        Severity.WARNING,
        5,
        "Frontier tokens are for work that a cheaper model cannot do.",
        "Give the task a cheaper tier, or say in complexity why it needs this one.",
        (Source(FRAMEWORK, "Step 5", "Use the frontier only where it pays."),),
    ),
    Rule(
        "LV505",
        "no-human-final-review",
        "A task with regulated accountability has no human final review",
        Severity.ERROR,
        5,
        "A person answers for the decision, so a person must make it.",
        "Add humanFinalReview with a reviewer who belongs to the business unit that answers for the decision, and "
        "with instructions on what the reviewer must look at before the result leaves the house.",
        (
            Source(
                FRAMEWORK,
                "Step 5",
                "Tasks that carry regulated accountability keep a person at the end of the run, because the "
                "regulator will ask for a name and not for a model, whichever tier the tokens came from; and the "
                "name has to be known before the first run.",
            ),
            Source(FRAMEWORK, "Step 10", "Keep the human in the loop."),
        ),
        (
            Control("EU AI Act", "14", "binds high-risk systems only"),
            Control("NIST AI RMF", "MAP 3.5"),
        ),
    ),
    Rule(
        "LV507",
        "too-many-models",
        "The rollout runs one model, or far too many",
        Severity.INFO,
        5,
        "About half a dozen models is what an organization can steer.",
        "Retire the models that no task needs.",
    ),
    Rule(
        "LV801",
        "contract-term-over-a-year",
        "A lab or orchestration-platform contract runs longer than one year",
        Severity.ERROR,
        8,
        "The next breakthrough comes within the term of a longer contract, and the contract keeps you from it.",
        "Renegotiate the term to twelve months or less.",
        (Source(FRAMEWORK, "Step 8", "Build for replaceability: sign nothing longer than a year."),),
        (
            Control("ISO/IEC 42001", "A.10.3"),
            Control("NIST AI RMF", "GOVERN 6.1"),
        ),
    ),
    Rule(
        "XY001",
        "hostile-rule",
        "A | title <with> `markup` \u202e",
        Severity.INFO,
        12,
        "Why \x1b[0m not @you.",
        "Do | this <b>\n::notice::now",
        (Source("A [document](https://evil.example)", "Step \u200b12", "quote \x07"),),
        (Control("Standard | of @me", "A.1 <b>"),),
        pack="./house",
    ),
)


def place(
    file: str, text: str, start: str, end: str | None = None, resource: str | None = None, path: Path = ()
) -> Location:
    """The location from the first character of ``start`` to the last of ``end``, both found in ``text``."""
    first = text.index(start)
    last = text.index(end or start, first) + len(end or start)
    named = {0: "classify", 1: "decide"}
    names = [f"[{named[part]}]" if isinstance(part, int) else f".{part}" for part in path]
    return Location(
        file, Span(_position(text, first), _position(text, last)), resource, path, "".join(names).lstrip(".")
    )


def _position(text: str, index: int) -> Position:
    before = text[:index].replace("\r\n", "\n").split("\n")
    return Position(len(before), len(before[-1]) + 1)


def finding(rule_id: str, message: str, location: Location, *related: Related, **fields: object) -> Finding:
    """A finding of one of ``RULES``, at the rule's own severity."""
    rule = next(rule for rule in RULES if rule.id == rule_id)
    return Finding(rule.id, rule.name, rule.severity, message, location, related, **fields)  # type: ignore[arg-type]


def _contract_findings() -> list[Finding]:
    contract = "contracts/acme.yaml"
    ends = place(contract, ACME, "2028-12-31", resource="VendorContract/acme", path=("spec", "endsOn"))
    starts = place(contract, ACME, "2026-01-01", resource="VendorContract/acme", path=("spec", "startsOn"))
    renewal = place(contract, ACME, "{automatic", "P2Y}", resource="VendorContract/acme", path=("spec", "renewal"))
    return [
        finding(
            "LV801",
            "the contract with Acme Labs runs 36 months; 12 are allowed",
            ends,
            Related(starts, "the term starts here"),
        ),
        finding(
            "LV801",
            "the renewal adds 24 months\nwithout a chance to leave",
            renewal,
            help="Set renewal.automatic to false.",
        ),
    ]


def _use_case_findings() -> list[Finding]:
    file, owner = "usecases/größe.yaml", "UseCase/onboarding"
    tier = ("spec", "tasks", 0, "modelTier")
    return [
        finding(
            "LV502",
            "顧客受入 needs no frontier model: its task [classify](of low complexity) is \N{THUMBS UP SIGN}",
            place(file, ONBOARDING, "cafe\u0301 👍", resource=owner, path=("spec", "workflow")),
        ),
        finding(
            "LV502",
            "the task classify has low complexity and uses the tier frontier",
            place(file, ONBOARDING, "frontier}", resource=owner, path=tier),
            Related(
                place("tiers.yaml", TIERS, "frontier\n", resource="ModelTier/frontier", path=("spec", "tier")),
                "the tier [frontier]",
            ),
            Related(Location("./gone.yaml", Span.at(3, 1), "ModelTier/gone"), "a file whose text is not at hand"),
        ),
        finding(
            "LV505",
            "the task decide has regulated accountability and no humanFinalReview",
            place(file, ONBOARDING, "name: decide", "true", resource=owner, path=("spec", "tasks", 1)),
        ),
    ]


def _hostile_findings() -> list[Finding]:
    where = place(HOSTILE_PATH, HOSTILE, '"\u202edesrever', 'b"', resource="VendorContract/e|vil\x1b")
    return [
        finding("XY001", ATTACK, where, Related(where, "see\n::error::here [x](y)")),
        finding("XY001", ATTACK, where),
    ]


def _waiver(where: Location) -> Excuse:
    return Excuse(
        ExcuseKind.WAIVER,
        where,
        reason="Peeling is under way.",
        since="2026-10-01",
        until="2026-12-15",
        person="cio@acme.example",
        ticket="RISK-118",
    )


def build() -> Report:
    """The report."""
    markets = place(
        "org.yaml", ORGANIZATION, "{name: retail", "{name: it}", "Organization/bank", ("spec", "businessUnits")
    )
    findings = [
        *_contract_findings(),
        *_use_case_findings(),
        *_hostile_findings(),
        finding("LV409", "IT owns budgets of 4.1 % of revenue; 3 % are allowed", Location("penstock.yaml")),
        finding("LV409", "the units share one budget", markets),
        finding("LV001", "the file ends within a mapping", Location("empty.yaml", Span.at(1, 1, 0))),
    ]
    term = ("spec", "endsOn")
    waived = finding("LV502", "a task that a waiver excuses", place("tiers.yaml", TIERS, "frontier\n"))
    hostile = finding("XY001", ATTACK, place(HOSTILE_PATH, HOSTILE, '"\u202edesrever', 'b"', resource="e|vil\x1b"))
    waiver = Location("waivers.yaml", Span.at(4, 9, 4), "Waiver/tier", ("metadata", "name"), "metadata.name")
    excused = (
        Excused(replace(waived, rollout="acme"), _waiver(waiver)),
        Excused(
            replace(hostile, rollout="evil\x1b"),
            Excuse(ExcuseKind.SUPPRESSION, place(HOSTILE_PATH, HOSTILE, '"\u202edesrever', 'b"'), ATTACK),
        ),
        Excused(
            finding("LV801", "a long term", place("contracts/acme.yaml", ACME, "2028-12-31", path=term)),
            Excuse(ExcuseKind.BASELINE, Location("penstock-baseline.yaml", Span.at(3, 5), path=("entries", 0))),
        ),
    )
    return Report(
        excused=excused,
        results=(
            RuleResult(
                "LV502",
                "acme",
                {
                    Status.PASSED: ("UseCase/a", "UseCase/b"),
                    Status.FAILED: ("UseCase/onboarding",),
                    Status.WAIVED: ("ModelTier/frontier",),
                    Status.BEFORE_STAGE: ("UseCase/c",),
                },
            ),
            RuleResult("LV505", "acme", {}),
            RuleResult(
                "XY001", "evil\x1b", {Status.SUPPRESSED: ("e|vil\x1b",), Status.NOT_JUDGED: ("UseCase/d",)}
            ),
        ),
        bases=(
            Base("acme", "origin/main", "1f2e3d4c5b6a79881726354433221100ffeeddcc", 1, 2, 0, 4),
            Base("evil\x1b", ATTACK, "0" * 40, 0, 0, 0, moved_from=ATTACK),
        ),
        findings=tuple(sorted(findings, key=lambda found: found.sort_key)),
        rules={rule.id: rule for rule in RULES},
        stats=Stats(
            rollouts=2,
            files=9,
            resources=42,
            rules=len(RULES),
            evaluations=310,
            skipped=4,
            waived=1,
            suppressed=1,
            baselined=1,
        ),
        as_of="2026-11-20",
        version="0.1.0",
        texts={
            "contracts/acme.yaml": ACME,
            "usecases/größe.yaml": ONBOARDING,
            "tiers.yaml": TIERS,
            "org.yaml": ORGANIZATION,
            HOSTILE_PATH: HOSTILE,
            "empty.yaml": "",
        },
    )
