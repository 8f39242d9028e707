"""penstock: policy as code for enterprise agentic-AI rollouts.

The package itself imports nothing, so that ``penstock --version`` costs little more than Python's own start.
"""

__version__ = "0.1.0"
