"""A pack of one policy, and contracts for it to judge."""

CONTRACT = """apiVersion: rollout/v1
kind: VendorContract
metadata: {{name: {name}}}
spec: {{vendor: {vendor}, category: model-lab, startsOn: 2026-01-01, endsOn: 2028-12-31}}
"""
PACK = """apiVersion: policy/v1
kind: Pack
metadata: {name: acme}
spec: {version: 1.0.0, title: Acme, manifests: [rollout/v1]}
"""
POLICY = """apiVersion: policy/v1
kind: Policy
metadata: {name: vendor-too-long}
spec:
  id: ACME001
  title: A vendor's name is too long
  severity: error
  step: 8
  why: Because it does not fit.
  remediation: Shorten it.
  match: {kinds: [VendorContract]}
  validations:
    - {expression: size(object.spec.vendor) < 4, message: too long, at: spec.vendor}
  examples:
    good: [{name: good, manifests: [{kind: VendorContract, metadata: {name: a}}]}]
    bad:
      - name: bad
        manifests: [{kind: VendorContract, metadata: {name: a}}]
        findings: [{resource: VendorContract/a, at: spec.vendor}]
"""
