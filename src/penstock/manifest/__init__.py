"""Documents to resources and resources to a rollout, checked against the schemas and against each other.

Takes what ``source`` read, gives a ``Rollout`` and the integrity findings. Must not know of policies, CEL or
output.
"""
