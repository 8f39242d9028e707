"""What can be said of policies from their expressions alone: what can never hold, and what cannot hold together.

Takes policies in force; gives remarks for their authors. No manifest is read and no expression evaluated. What it
claims is certain; what it cannot decide within bounds it leaves alone.
"""

from penstock.policy.reasoning.remarks import Level, Remark
from penstock.policy.reasoning.review import review

__all__ = ["Level", "Remark", "review"]
