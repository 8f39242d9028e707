"""Where a use case of a generated rollout lives, and what everything that belongs to it is called.

Takes a number, a business unit and a stage; gives names and people. It must not know what the manifests say.
"""

from __future__ import annotations

from dataclasses import dataclass

from rollout_company import person

AGENTS = 3
SOURCES = 3
SHARED_BY = 8  # so many use cases read the same second source
TOPICS = (
    "intake", "triage", "review", "matching", "forecast", "summary", "routing", "reconciliation", "screening",
    "drafting", "look-up", "follow-up", "scheduling", "classification", "extraction", "reporting",
)  # fmt: skip
STAGES = ("production", "production", "production", "pilot", "pilot", "prepare", "assess")
TIERS = ("frontier", "mid", "small", "open-source")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a use case lives and which names it uses."""

    number: int
    unit: str
    stage: str
    tiers: tuple[str, ...] = TIERS
    agents: int = AGENTS
    sources: int = SOURCES
    software: bool = True

    @property
    def name(self) -> str:
        return f"{self.unit}-{TOPICS[self.number % len(TOPICS)]}-{self.number:05}"

    @property
    def folder(self) -> str:
        return f"units/{self.unit}/{self.name}"

    @property
    def fte(self) -> str:
        return f"{self.name}-owner"

    @property
    def contract(self) -> str:
        return f"{self.name}-suite"

    def agent(self, number: int) -> str:
        return f"{self.name}-agent-{number}"

    def shares(self, number: int) -> bool:
        """Whether the source is one that several use cases read. The first of them writes its manifest."""
        return number == 1

    @property
    def first_to_share(self) -> bool:
        return self.number % SHARED_BY == 0

    def source(self, number: int) -> str:
        if self.shares(number):
            return f"shared-data-{self.number // SHARED_BY:05}"
        return f"{self.name}-data-{number}"

    def data_owner(self, number: int) -> str:
        return person(f"data.{self.source(number)}")

    @property
    def written(self) -> int:
        """The source that agents write to: the last one."""
        return self.sources - 1
