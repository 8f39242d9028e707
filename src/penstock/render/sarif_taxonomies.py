"""SARIF taxonomies from rules: the framework's steps, and the controls of each public standard.

Takes the rules of a report; gives the toolComponents of ``run.taxonomies`` and the references to their taxa.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from penstock.model import STEPS, Rule
from penstock.render.escape import one_line

FRAMEWORK = "Levie Enterprise AI Diffusion Framework"

Object = dict[str, Any]


class Taxonomies:
    """The taxonomies that a list of rules refers to: the framework first, then the standards by name."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._taxa: dict[str, list[str]] = {}
        steps = sorted({rule.step for rule in rules if rule.step})
        if steps:
            self._taxa[FRAMEWORK] = [f"step-{step}" for step in steps]
        controls = {(one_line(c.standard), one_line(c.id)) for rule in rules for c in rule.controls}
        for standard, control in sorted(controls):
            self._taxa.setdefault(standard, []).append(control)
        self._names = {name: index for index, name in enumerate(self._taxa)}
        self._targets = {rule.id: self._references(rule) for rule in rules}

    @property
    def components(self) -> list[Object]:
        """What ``run.taxonomies`` holds."""
        return [
            {
                "name": name,
                "shortDescription": {"text": _description(name)},
                "isComprehensive": False,
                "taxa": [_taxon(name, taxon) for taxon in taxa],
            }
            for name, taxa in self._taxa.items()
        ]

    @property
    def references(self) -> list[Object]:
        """What ``driver.supportedTaxonomies`` holds."""
        return [{"name": name, "index": index} for name, index in self._names.items()]

    def targets(self, rule: Rule) -> list[Object]:
        """References to the rule's step and controls."""
        return self._targets[rule.id]

    def relationships(self, rule: Rule) -> list[Object]:
        """What the rule's descriptor says of its taxa; a control's note becomes the relationship's description."""
        notes = {(one_line(c.standard), one_line(c.id)): one_line(c.note) for c in rule.controls if c.note}
        relationships = []
        for target in self.targets(rule):
            relationship = {"target": target, "kinds": ["relevant"]}
            if note := notes.get((target["toolComponent"]["name"], target["id"])):
                relationship["description"] = {"text": note}
            relationships.append(relationship)
        return relationships

    def _references(self, rule: Rule) -> list[Object]:
        # Step 0, integrity, is not of the framework.
        wanted = [(FRAMEWORK, f"step-{rule.step}")] if rule.step else []
        wanted += [(one_line(control.standard), one_line(control.id)) for control in rule.controls]
        return [self._reference(*pair) for pair in dict.fromkeys(wanted)]

    def _reference(self, name: str, taxon: str) -> Object:
        component = {"name": name, "index": self._names[name]}
        return {"id": taxon, "index": self._taxa[name].index(taxon), "toolComponent": component}


def _description(name: str) -> str:
    return "The framework's steps." if name == FRAMEWORK else f"Controls of {name} that rules support."


def _taxon(name: str, taxon: str) -> Object:
    if name == FRAMEWORK:
        step = taxon.removeprefix("step-")
        return {"id": taxon, "name": f"Step {step}", "shortDescription": {"text": _step_title(int(step))}}
    return {"id": taxon, "shortDescription": {"text": f"{name} {taxon}"}}


def _step_title(step: int) -> str:
    return STEPS[step] if step < len(STEPS) else f"Step {step}"
