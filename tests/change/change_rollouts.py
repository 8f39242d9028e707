"""Rollouts of a few manifests, and what changes between two of them."""

from __future__ import annotations

from collections.abc import Iterable

from penstock.change import Change, manifest_changes
from penstock.manifest.load import load
from penstock.manifest.pairing import pair
from penstock.manifest.rollout import Rollout
from penstock.source import read_bytes


def rollout(*files: str) -> Rollout:
    """The rollout of these files, called a.yaml, b.yaml and so on."""
    readings = [read_bytes(text.encode(), f"{chr(97 + index)}.yaml") for index, text in enumerate(files)]
    return load("test", ".", readings).rollout


def changes(old: str | Iterable[str], new: str | Iterable[str]) -> tuple[Change, ...]:
    """The changes between two rollouts, each one file or several."""
    before, after = ((given,) if isinstance(given, str) else tuple(given) for given in (old, new))
    return manifest_changes(pair(rollout(*before), rollout(*after)))


def told(old: str | Iterable[str], new: str | Iterable[str]) -> list[tuple[str, str, str]]:
    """What kind of change, what it weighs, and the sentence."""
    return [(each.what.value, each.weight.value, each.sentence) for each in changes(old, new)]


def manifest(kind: str, name: str, spec: str) -> str:
    """One document; ``spec`` is a flow mapping."""
    return f"---\napiVersion: rollout/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"
