"""The beginning of a policy for tests, to which its match, validations and the rest are added."""

ENVELOPE = """apiVersion: policy/v1
kind: Policy
metadata: {name: under-test}
spec:
  {id: TEST001, title: The title, severity: error, step: 1, why: Because., remediation: Mend it.,
   examples: {good: [{name: good, manifests: [{kind: UseCase, metadata: {name: a}}]}], bad: [{name: bad,
     manifests: [{kind: UseCase, metadata: {name: a}}], findings: [{resource: UseCase/a, at: spec}]}]},
"""
