"""No policy of the pack fails to evaluate on a valid rollout, whatever its manifests leave out."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.cel import engine
from penstock.manifest.load import load
from penstock.manifest.pairing import pair
from penstock.manifest.rollout import Rollout
from penstock.policy import Evaluator, load_pack
from penstock.source import SourceFile, read

PACK = load_pack("levie", Path(), engine("cel-python"))
BASE = {kind: copy.deepcopy(manifest) for kind, manifest in PACK.base.manifests.items() if kind != "Waiver"}
ENVELOPE = ("apiVersion", "kind", "metadata")


def places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every field and element below the envelope."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    below = [(*at, key) for key, _ in children if at or key not in ENVELOPE]
    return below + [
        place for key, value in children if at or key not in ENVELOPE for place in places(value, (*at, key))
    ]


PLACES = [(kind, *place) for kind, manifest in BASE.items() for place in places(manifest) if len(place) > 1]


@settings(max_examples=120)
@given(
    st.sets(st.sampled_from(PLACES), min_size=1, max_size=12), st.sampled_from(["pilot", "production", "prepare"])
)
def test_no_policy_fails_on_what_a_valid_rollout_leaves_out(gone: set[tuple[Any, ...]], stage: str) -> None:
    whole, rollout = load_all(BASE), copy.deepcopy(BASE)
    rollout["UseCase"]["spec"]["stage"] = stage  # type: ignore[index]
    for place in sorted(gone, key=repr, reverse=True):
        drop(rollout, place)
    partial = load_all(rollout)
    # Rules about changes see it go and come back.
    for old, new in ((whole, partial), (partial, whole), (partial, partial)):
        evaluator = Evaluator(new, PACK.base.as_of, pair(old, new))
        for policy in PACK.policies:
            evaluator.apply(policy)
        assert [found.message for found in evaluator.outcome.findings if found.rule == "LV011"] == []


def load_all(manifests: Mapping[str, object]) -> Rollout:
    text = "\n---\n".join(json.dumps(manifest) for manifest in manifests.values())
    return load("base", ".", [read(SourceFile("all.yaml", text))]).rollout


def drop(data: Any, place: tuple[Any, ...]) -> None:
    """Remove what is at a place, if it is still there."""
    *way, last = place
    for key in way:
        present = key in data if isinstance(data, dict) else isinstance(data, list) and key < len(data)
        if not present:
            return
        data = data[key]
    if isinstance(data, dict):
        data.pop(last, None)
    elif isinstance(data, list) and last < len(data):
        del data[last]


def test_the_base_itself_satisfies_its_schemas() -> None:
    text = "\n---\n".join(json.dumps(manifest) for manifest in BASE.values())
    assert load("base", ".", [read(SourceFile("all.yaml", text))]).findings == ()
