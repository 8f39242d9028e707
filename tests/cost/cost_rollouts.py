"""Small rollouts for the tests of costs: texts to a loaded rollout, and one whose costs are worked out here."""

from __future__ import annotations

from datetime import date

from penstock.cost import Projection, project
from penstock.cost.whatif import overlay_of
from penstock.manifest.load import load
from penstock.manifest.rollout import Rollout
from penstock.source import SourceFile, read

AS_OF = date(2026, 11, 20)

ORGANIZATION = """\
apiVersion: rollout/v1
kind: Organization
metadata: {name: acme}
spec:
  industry: insurance
  segment: global-2000
  annualRevenue: {amount: 1000000, currency: USD}
  exchangeRates: [{currency: EUR, rate: 1.25, statedOn: 2026-10-01}]
  businessUnits: [{name: claims}, {name: legal}, {name: it}]
"""

TIERS = """\
apiVersion: rollout/v1
kind: ModelTier
metadata: {name: frontier}
spec:
  tier: frontier
  currency: USD
  models:
    - {name: best-1, inputPrice: 5, outputPrice: 25}
    - {name: best-2, inputPrice: 4, outputPrice: 20}
  primary: best-1
---
apiVersion: rollout/v1
kind: ModelTier
metadata: {name: small}
spec:
  tier: small
  currency: USD
  models: [{name: little-1, inputPrice: 0.5, outputPrice: 2}]
  primary: little-1
---
apiVersion: rollout/v1
kind: ModelTier
metadata: {name: mid}
spec:
  tier: mid
  currency: EUR
  models: [{name: middle-1, inputPrice: 2, outputPrice: 8}]
  primary: middle-1
"""

# assess: (12,000 x 5 + 1,500 x 25) / 1,000,000 = 0.0975 a run, 3,000 runs a month: 292.50.
# sort:   (10,000 x 5 +   400 x 25) / 1,000,000 = 0.06   a run, 7 runs a week are 365 a year: 1.825 a month.
CLAIMS = """\
apiVersion: rollout/v1
kind: UseCase
metadata: {name: claims}
spec:
  workflow: Triage of incoming claims
  businessUnit: claims
  domain: knowledge-work
  stage: production
  goLiveOn: 2026-06-01
  tasks:
    - name: assess
      complexity: high
      saturated: false
      reliability: 0.97
      repeatable: false
      volume: {runs: 3000, per: P1M, queriesPerRun: 4}
      tokens: {input: 12000, output: 1500}
      modelTier: frontier
    - name: sort
      team: legal
      complexity: low
      saturated: true
      repeatable: true
      reliability: 0.95
      regulatedAccountability: true
      volume: {runs: 7, per: P1W}
      tokens: {input: 10000, output: 400}
      modelTier: frontier
"""

BUDGET = """\
apiVersion: rollout/v1
kind: TokenBudget
metadata: {name: claims-budget}
spec:
  useCase: claims
  owner: {budget: it, costCenter: IT-1, accountable: cio@acme.example}
  currency: USD
  budgetDuration: P1M
  maxBudget: 300
  softBudget: 250
  maxPerRun: 0.1
  maxPerQuery: 0.02
  allocations:
    - {name: assessing, task: assess, amount: 290}
    - {name: rest, team: legal, amount: 5}
  forecast: {amount: 300}
  migration: {by: 2027-01-10, costCenter: CL-9}
"""


def rollout(*texts: str, name: str = "acme") -> Rollout:
    """The rollout of these files, which are called ``1.yaml``, ``2.yaml`` and so on."""
    readings = [read(SourceFile(f"{number}.yaml", text)) for number, text in enumerate(texts, 1)]
    return load(name, ".", readings).rollout


def acme(**changed: str) -> Rollout:
    """The rollout of the texts above, with some of them replaced."""
    texts = {"organization": ORGANIZATION, "tiers": TIERS, "claims": CLAIMS, "budget": BUDGET, **changed}
    made = rollout(*texts.values())
    assert all(resource.valid for resource in made.resources), [each for each in made.resources if not each.valid]
    return made


def projected(of: Rollout, *what_ifs: str, as_of: date = AS_OF, months: int = 12) -> Projection:
    return project(of, as_of, months=months, overlay=overlay_of(of, what_ifs))
