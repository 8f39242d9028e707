"""Small rollouts with a small pack of their own, so that the plans of these tests stay as they are."""

from __future__ import annotations

from pathlib import Path

from penstock.plan import Plan, UseCasePlan, plan
from penstock.workspace.opened import open_rollout

AS_OF = "2026-11-20"
PACK = """apiVersion: policy/v1
kind: Pack
metadata: {name: acme}
spec:
  version: 1.0.0
  title: What Acme asks
  description: Rules for tests.
  manifests: [rollout/v1]
  documents: {handbook: {title: The handbook}}
  examples: {asOf: "2026-06-30", base: {}}
"""
POLICY = """apiVersion: policy/v1
kind: Policy
metadata: {{name: {name}}}
spec:
  id: {id}
  title: {title}
  severity: {severity}
  step: {step}
  why: It matters.
  remediation: {remediation}
{rest}
  examples:
    good: [{{name: good, manifests: [{{apiVersion: rollout/v1, kind: UseCase, metadata: {{name: x}}}}]}}]
    bad:
      - name: bad
        manifests: [{{apiVersion: rollout/v1, kind: UseCase, metadata: {{name: x}}}}]
        findings: [{{resource: UseCase/x, at: spec}}]
"""
UNIT = "\n".join(
    [
        "apiVersion: rollout/v1",
        "kind: Organization",
        "metadata: {name: acme}",
        "spec:",
        "  industry: insurance",
        "  segment: startup",
        "  businessUnits: [{name: claims, head: lee@acme.example}, {name: it, head: cio@acme.example}]",
        "  centralIT: it",
        "",
    ]
)


def policy(
    rule_id: str,
    step: int,
    rest: str,
    *,
    severity: str = "error",
    remediation: str = "Mend it.",
    title: str = "Something is wrong",
) -> str:
    """A policy file; ``rest`` holds match, stage and validations, indented by two."""
    name = f"rule-{rule_id.lower()}"
    return POLICY.format(
        name=name, id=rule_id, step=step, rest=rest, severity=severity, remediation=remediation, title=title
    )


AUDITED = policy(
    "ACME201",
    2,
    """  match: {kinds: [UseCase]}
  stage: {from: pilot}
  forEach: {path: spec.dataSources}
  variables: [{name: source, expression: "ref(item.name, 'DataSource')"}]
  validations:
    - expression: has(variables.source.spec.audit) && variables.source.spec.audit.status == 'passed'
      messageExpression: "'`' + item.name + '` is not audited at stage ' + object.spec.stage"
      at: item""",
    remediation="Audit the source. Until then, keep the use case at stage prepare.",
)
DESCRIBED = policy(
    "ACME202",
    2,
    """  match: {kinds: [DataSource]}
  validations: [{expression: has(object.spec.description), message: nobody says what it holds, at: spec}]""",
    severity="warning",
)
BUDGETED = policy(
    "ACME401",
    4,
    """  match: {kinds: [UseCase]}
  stage: {from: pilot}
  validations:
    - {expression: "size(referrers(object, 'TokenBudget')) > 0", message: it has no budget, at: spec.stage}""",
)
MEASURED = policy(
    "ACME701",
    7,
    """  match: {kinds: [UseCase]}
  stage: {from: production}
  validations: [{expression: has(object.spec.roi), message: nothing is measured, at: spec.roi}]""",
)
IN_FORCE = policy(
    "ACME801",
    8,
    """  match: {kinds: [VendorContract]}
  matchConditions: [{name: dated, expression: has(object.spec.startsOn) && has(object.spec.endsOn)}]
  validations:
    - expression: object.spec.startsOn <= asOf
      messageExpression: "'it begins on ' + object.spec.startsOn"
      at: spec.startsOn
    - expression: asOf <= object.spec.endsOn
      messageExpression: "'it has ended on ' + object.spec.endsOn"
      at: spec.endsOn""",
)
PILOTED = policy(
    "ACME1001",
    10,
    """  match: {kinds: [UseCase]}
  stage: {from: production}
  validations:
    - expression: has(object.spec.pilot) && has(object.spec.pilot.endedOn) && object.spec.pilot.endedOn <= asOf
      message: its pilot has not ended
      at: spec.pilot.endedOn""",
    remediation="Put the use case back to stage pilot until the pilot has ended.",
)
FORECAST = policy(
    "ACME1101",
    11,
    """  match: {kinds: [HeadcountForecast]}
  validations: [{expression: has(object.spec.audit), message: it is not audited, at: spec}]""",
)
EVERY = (AUDITED, DESCRIBED, BUDGETED, MEASURED, IN_FORCE, PILOTED, FORECAST)


def use_case(stage: str, more: str = "", name: str = "triage") -> str:
    """A use case of the claims department; ``more`` are further lines of its spec."""
    lines = [
        "apiVersion: rollout/v1",
        "kind: UseCase",
        f"metadata: {{name: {name}, title: Claims triage}}",
        "spec:",
        "  workflow: Triage of claims",
        "  businessUnit: claims",
        "  domain: knowledge-work",
        f"  stage: {stage}",
        *(f"  {line}" for line in more.split("\n") if line),
    ]
    return "\n".join(lines) + "\n"


def manifest(kind: str, name: str, spec: str) -> str:
    """A manifest with its spec in flow style."""
    return f"apiVersion: rollout/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"


def write(
    folder: Path, *manifests: str, policies: tuple[str, ...] = EVERY, config: str = "packs: [./policies]\n"
) -> Path:
    """A rollout of these manifests, each in a file of its own, ``01.yaml`` and so on."""
    (folder / "penstock.yaml").write_text("name: acme\n" + config, encoding="utf-8")
    (folder / "policies" / "steps").mkdir(parents=True)
    (folder / "policies" / "pack.yaml").write_text(PACK, encoding="utf-8")
    for text in policies:
        name = text.split("name: ")[1].split("}")[0]
        (folder / "policies" / "steps" / f"{name}.yaml").write_text(text, encoding="utf-8")
    for number, text in enumerate(manifests, 1):
        (folder / f"{number:02}.yaml").write_text(text, encoding="utf-8")
    return folder


def planned(folder: Path, as_of: str = AS_OF, only: str | None = None) -> Plan:
    """The plan of a rollout, as the command makes it."""
    opened = open_rollout(folder)
    config, book = opened.config, opened.book(as_of)
    return plan(
        opened.loaded,
        book.policies,
        config.selection,
        as_of=as_of,
        fail_on=config.fail_on,
        only=only,
        circumstances=opened.circumstances(book, as_of),
    )


def single(folder: Path, as_of: str = AS_OF) -> UseCasePlan:
    """The plan of a rollout's only use case."""
    (case,) = planned(folder, as_of).use_cases
    return case


def states(case: UseCasePlan) -> dict[int, str]:
    """The state of each step."""
    return {step.number: step.state.value for step in case.steps}


def obstacles(case: UseCasePlan) -> list[tuple[str, str | None, str | None]]:
    """Rule, stage and day of each obstacle, in the order of the steps."""
    return [(each.finding.rule, each.stage, each.resolves_on) for step in case.steps for each in step.obstacles]
