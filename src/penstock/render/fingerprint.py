"""What makes a finding the same finding in the next run: takes findings, gives one short text for each.

Rule, rollout, resource and path by name, and which of several alike it is. Neither line numbers nor the file take
part, so that a finding keeps its fingerprint when lines move and when the file is renamed; nor does the message,
which may hold a number of days that grows overnight. Only a finding without a resource (a file that does not
parse) is known by its file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from penstock.model import Finding


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """One fingerprint per finding, in order: 32 hexadecimal digits, different for every finding of a run."""
    seen: Counter[tuple[str, ...]] = Counter()
    result = []
    for finding in findings:
        where = finding.location
        resource = where.resource or f"file:{where.file}"
        identity = (finding.rule, finding.rollout, resource, where.path_text)
        ordinal = seen[identity]
        seen[identity] += 1
        text = "\0".join((*identity, str(ordinal)))
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
        result.append(digest.hexdigest()[:32])
    return result
