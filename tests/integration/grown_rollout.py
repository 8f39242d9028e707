"""A rollout with a history: eight months of commits by several people, each of them one decision.

``grow`` makes the repository and gives the id of every commit by its name, in order.
"""

from __future__ import annotations

from pathlib import Path

from git_history import History

_ORGANIZATION = """\
apiVersion: rollout/v1
kind: Organization
metadata: {name: acme}
spec:
  industry: insurance
  segment: global-2000
  maturity: {stage: agent-pilots, assessedOn: 2026-01-10, chatRollout: complete}
  businessUnits:
    - {name: claims, head: lee@acme.example}
    - {name: it, head: ira@acme.example}
  centralIT: it
"""
_DATA = """\
apiVersion: rollout/v1
kind: DataSource
metadata: {name: crm}
spec:
  system: Bellwick CRM
  owner: data@acme.example
  classification: restricted
  audit: {status: passed, auditedOn: 2026-05-04}
"""
_GRANT = """\
apiVersion: rollout/v1
kind: AccessGrant
metadata: {name: triage-crm}
spec:
  principal: {agent: triage}
  dataSource: crm
  permission: read
  scope: {tables: [claims]}
  purpose: Read new claims
  approver: data@acme.example
  grantedOn: 2026-05-06
  expiresOn: 2027-05-05
"""
_USE_CASE = """\
# What the claims unit wants.
apiVersion: rollout/v1
kind: UseCase
metadata: {name: claims-triage, title: Claims triage}
spec:
  workflow: Sort new claims by urgency
  businessUnit: claims
  domain: knowledge-work
  stage: prepare
  sponsor: lee@acme.example
  dataSources:
    - {name: crm, permission: read}
  tasks:
    - {name: classify, complexity: low, modelTier: small}
  checkpoints:
    - {name: handler, tasks: [classify], reviewer: lee@acme.example, when: before-delivery}
"""
_BUDGET = """\
apiVersion: rollout/v1
kind: TokenBudget
metadata: {name: claims-triage}
spec:
  useCase: claims-triage
  owner: {budget: line-of-business, costCenter: Marketing, accountable: lee@acme.example}
  currency: USD
  budgetDuration: P1M
  maxBudget: 10000
  maxPerRun: 2
"""
_TRIAGE = """\
apiVersion: rollout/v1
kind: Agent
metadata: {name: triage}
spec:
  useCase: claims-triage
  fteOwner: dana
  autonomy: act-with-approval
  modelAccess: {via: gateway, tiers: [small]}
  stopgap: {killSwitch: the switch in the gateway, operators: [dana@acme.example, ira@acme.example]}
"""
_DANA = """\
apiVersion: rollout/v1
kind: FteOwner
metadata: {name: dana}
spec:
  person: dana@acme.example
  employment: internal
  businessUnit: claims
  allocationPercent: 60
  duties: [wiring, checkpoints]
"""
_SAM = """\
apiVersion: rollout/v1
kind: FteOwner
metadata: {name: sam}
spec:
  person: sam@acme.example
  employment: internal
  businessUnit: it
  sourcing: repositioned-engineer
  allocationPercent: 20
  duties: [wiring]
  engagement: {type: sustaining}
"""
_TIER = """\
apiVersion: rollout/v1
kind: ModelTier
metadata: {name: small}
spec:
  tier: small
  currency: USD
  models:
    - {name: pebble-1, contract: acme-lab, inputPrice: 0.1, outputPrice: 0.4}
    - {name: pebble-2, contract: acme-lab, inputPrice: 0.2, outputPrice: 0.6}
  primary: pebble-1
  substitutes: [pebble-2]
"""
_CONTRACT = """\
apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme-lab}
spec:
  vendor: Acme Lab
  category: model-lab
  startsOn: 2026-01-01
  endsOn: 2026-12-31
  renewal: {automatic: false, noticeDays: 30}
"""
_CONFIG = """\
apiVersion: config/v1
name: acme-claims
select: [LV104, LV201, LV303, LV601, LV801]
rules:
  LV104:
    params: {maxMonths: 4}
"""

REPLIER = """\
---
apiVersion: rollout/v1
kind: Agent
metadata: {name: replier}
spec:
  useCase: claims-triage
  autonomy: suggest
"""
PACK = """\
apiVersion: policy/v1
kind: Pack
metadata: {name: acme}
spec:
  version: 1.0.0
  title: What Acme asks
  description: Rules of our own.
  manifests: [rollout/v1]
  documents: {handbook: {title: The handbook}}
  examples: {asOf: "2026-06-30", base: {}}
"""
POLICY = """\
apiVersion: policy/v1
kind: Policy
metadata: {name: small-run-ceiling}
spec:
  id: ACME001
  title: A run may cost one dollar at most
  severity: error
  step: 4
  why: It adds up.
  remediation: Lower maxPerRun.
  match: {kinds: [TokenBudget]}
  params: {maxPerRun: {type: number, default: 1, description: The most that a run may cost.}}
  validations:
    - expression: "!has(object.spec.maxPerRun) || object.spec.maxPerRun <= params.maxPerRun"
      messageExpression: "'a run may cost ' + string(object.spec.maxPerRun)"
      at: spec.maxPerRun
  examples:
    good:
      - {name: good, manifests: [{apiVersion: rollout/v1, kind: TokenBudget, metadata: {name: x}}]}
    bad:
      - name: bad
        manifests: [{apiVersion: rollout/v1, kind: TokenBudget, metadata: {name: x}, spec: {maxPerRun: 2}}]
        findings: [{resource: TokenBudget/x, at: spec.maxPerRun}]
"""
WAIVER = """\
apiVersion: rollout/v1
kind: Waiver
metadata: {name: acme-lab-term}
spec:
  rules: [LV801]
  resources: [{kind: VendorContract, name: acme-lab}]
  reason: Renegotiation to a one-year term is under way.
  approver: cfo@acme.example
  grantedOn: 2026-06-20
  expiresOn: 2026-08-31
"""

START = {
    "penstock.yaml": _CONFIG,
    "organization.yaml": _ORGANIZATION,
    "data/crm.yaml": _DATA,
    "data/grants.yaml": _GRANT,
    "claims/use-case.yaml": _USE_CASE,
    "claims/budget.yaml": _BUDGET,
    "claims/agents.yaml": _TRIAGE,
    "people/dana.yaml": _DANA,
    "models/small.yaml": _TIER,
    "contracts/acme-lab.yaml": _CONTRACT,
}


class _Grown(History):
    """The repository, and who decided what."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ids: dict[str, str] = {}

    def change(self, file: str, *edits: tuple[str, str]) -> None:
        """Replace texts in a file; each must be there."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        for old, new in edits:
            assert old in text, f"{file} does not hold {old}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def move(self, old: str, new: str) -> None:
        (self.folder / new).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / old).rename(self.folder / new)

    def decide(self, name: str, author: str) -> None:
        """Commit what is there."""
        self.git("add", "--all")
        person = {"GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": f"{author}@acme.example"}
        self.git("commit", "-q", "-m", name, **person)
        self.ids[name] = self.git("rev-parse", "HEAD")
        if name != "topic":
            self.git("tag", name)


def grow(folder: Path) -> dict[str, str]:
    """Make the repository. On ``main`` it grows; on ``topic``, which left it at ``stage``, somebody works.

    Each commit has a tag of its name.
    """
    made = _Grown(folder)
    made.write(START)
    made.decide("start", "lee")

    made.change("claims/agents.yaml", ("operators: [dana@acme.example, ira@acme.example]}\n", _operators()))
    made.decide("agent", "dana")

    made.change("claims/budget.yaml", ("maxBudget: 10000", "maxBudget: 40000"))
    made.decide("ceiling", "lee")

    grant = (("permission: read", "permission: write"), ("tables: [claims]", "tables: [payments, claims]"))
    made.change("data/grants.yaml", *grant)
    made.decide("grant", "omar")

    made.change("contracts/acme-lab.yaml", ("endsOn: 2026-12-31", "endsOn: 2028-12-31"))
    made.change("contracts/acme-lab.yaml", ("automatic: false", "automatic: true"))
    made.decide("contract", "pia")

    (made.folder / "people/dana.yaml").unlink()
    made.write({"people/sam.yaml": _SAM})
    made.change("claims/agents.yaml", ("fteOwner: dana", "fteOwner: sam"), ("dana@acme.example, ", ""))
    made.decide("fte", "lee")

    made.move("claims/budget.yaml", "finance/budgets/claims.yaml")
    made.move("data/grants.yaml", "grants.yaml")
    made.change("grants.yaml", ("name: triage-crm", "name: triage-reads-crm"))
    reordered = "# Who decides what.\n" + _ORGANIZATION.replace("  industry: insurance\n", "")
    made.write({"organization.yaml": reordered + "  industry: insurance   # since 1911\n"})
    made.decide("moves", "omar")

    made.change("penstock.yaml", ("maxMonths: 4", "maxMonths: 12"))
    made.decide("parameter", "ira")

    made.write({"policies/pack.yaml": PACK, "policies/small-run-ceiling.yaml": POLICY})
    made.change("penstock.yaml", ("name: acme-claims\n", "name: acme-claims\npacks: [levie, ./policies]\n"))
    made.change("penstock.yaml", ("LV801]", "LV801, ACME001]"))
    made.decide("policy", "ira")

    made.write({"waivers/acme-lab.yaml": WAIVER})
    made.decide("waiver", "pia")

    made.change("claims/use-case.yaml", ("stage: prepare", "stage: pilot"))
    made.change("models/small.yaml", ("primary: pebble-1", "primary: pebble-2"), ("[pebble-2]", "[pebble-1]"))
    made.decide("stage", "lee")

    made.git("checkout", "-q", "-b", "topic")
    made.change("claims/use-case.yaml", ("when: before-delivery", "when: after-run"))
    made.decide("topic", "dana")

    made.git("checkout", "-q", "main")
    made.change("finance/budgets/claims.yaml", ("maxPerRun: 2", "maxPerRun: 1"))
    made.decide("later", "lee")
    return made.ids


def _operators() -> str:
    return "operators: [dana@acme.example, ira@acme.example]}\n" + REPLIER
