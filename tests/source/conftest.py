"""Runs a test under both of PyYAML's parsers, when it asks for ``any_parser``."""

from __future__ import annotations

import pytest

from penstock.source import parser

LIBYAML = parser.PARSER is not parser.PythonParser


@pytest.fixture(params=["libyaml", "python"])
def any_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the parser in use."""
    if request.param == "python":
        monkeypatch.setattr(parser, "PARSER", parser.PythonParser)
    elif not LIBYAML:
        pytest.skip("PyYAML without libyaml")
    return str(request.param)
