"""Dicts in pieces: the same as the dict, and only what is asked for is fetched."""

from __future__ import annotations

import marshal

import pytest

from penstock.workspace.state.pieces import COUNT, Pieces, pieces

WHOLE = {f"Kind/{number}": [number] for number in range(1000)}
TUPLES = {("Kind", f"n{number}", "Other"): [number] for number in range(50)}


class Fetched:
    """The pieces of a dict, and which were asked for."""

    def __init__(self, whole: dict[object, list[int]]) -> None:
        self.parts = list(pieces(whole))
        self.places: list[int] = []

    def __call__(self, place: int) -> bytes:
        self.places.append(place)
        return self.parts[place]


@pytest.mark.parametrize("whole", [{}, WHOLE, TUPLES, {"\ud800": [1]}])
def test_the_pieces_are_the_dict(whole: dict[object, list[int]]) -> None:
    found = Pieces(Fetched(whole))
    assert dict(found.items()) == whole
    assert len(found) == len(whole)


def test_a_key_fetches_one_piece_once() -> None:
    fetched = Fetched(dict(WHOLE))
    assert len(fetched.parts) == COUNT
    found = Pieces(fetched)
    assert found.get("Kind/7") == [7]
    assert found["Kind/7"] == [7]
    assert len(fetched.places) == 1
    assert "Kind/7" in marshal.loads(fetched.parts[fetched.places[0]])


def test_what_is_changed_stays_changed() -> None:
    found = Pieces(Fetched(dict(WHOLE)))
    found["Kind/7"].append(8)
    found.setdefault("Kind/new", []).append(9)
    del found["Kind/8"]
    assert (found["Kind/7"], found["Kind/new"], found.get("Kind/8")) == ([7, 8], [9], None)
    assert len(found) == len(WHOLE)
