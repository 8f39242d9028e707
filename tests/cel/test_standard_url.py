"""URLs and their parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.cel import EvalError, program
from penstock.cel.standard import url


@pytest.mark.parametrize(
    "text",
    [
        "https://user:pass@example.com:80/path?query=val#fragment",
        "/absolute-path",
        "/",
        "https://example.com",
        "https://example.com:",
        "https://[::1]:80/",
        "https://[fe80::1%25en0]/",
        "https://exämple.com/ä",
        "https://example.com/path with spaces/",
        "mailto:someone@example.com",
        "file:///etc/hosts",
        "/a?b=%zz",
        "HTTP://EXAMPLE.COM",
    ],
)
def test_a_url(text: str) -> None:
    assert program.compile("isURL(x)")({"x": text}) is True
    assert program.compile("format.uri().validate(x).hasValue()")({"x": text}) is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("https://a:b:c/", "the host of the URL is not a name or an address"),
        ("https://a:b/", "the host of the URL is not a name or an address"),
        ("https://a:1:2/", "the host of the URL is not a name or an address"),
        ("../relative-path", "a URL is absolute"),
        ("example.com", "a URL is absolute"),
        ("", "a URL is absolute"),
        (":foo", "a URL is absolute"),
        ("1https://a", "a URL is absolute"),
        ("/a%zz", "two hexadecimal digits must follow a %"),
        ("/a#%", "two hexadecimal digits must follow a %"),
        ("/a\nb", "a URL cannot hold control characters"),
        ("https://a b/", "the host of the URL has characters that no host has"),
        ("https://a%20b/", "the host of the URL has characters that no host has"),
        ("https://a b@c/", "the user of the URL has characters that must be escaped"),
        ("https://[::1/", "the host of the URL is not a name or an address"),
        ("https://[1.2.3.4]/", "what is in brackets is not an IPv6 address"),
        ("/\ud800", "a URL cannot hold half a surrogate pair"),
    ],
)
def test_not_a_url(text: str, message: str) -> None:
    assert program.compile("isURL(x)")({"x": text}) is False
    with pytest.raises(EvalError) as error:
        program.compile("url(x)")({"x": text})
    assert message in error.value.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("url('/path').getScheme()", ""),
        ("url('HTTPS://example.com/').getScheme()", "https"),
        ("url('https://example.com:80/').getHost()", "example.com:80"),
        ("url('https://u:p@[::1]:80/').getHost()", "[::1]:80"),
        ("url('/path').getHost()", ""),
        ("url('https://example.com:80/').getHostname()", "example.com"),
        ("url('https://[::1]:80/').getHostname()", "::1"),
        ("url('https://[::1]/').getHostname()", "::1"),
        ("url('/path').getHostname()", ""),
        ("url('https://example.com:80/').getPort()", "80"),
        ("url('https://[::1]:8080').getPort()", "8080"),
        ("url('https://example.com/').getPort()", ""),
        ("url('/path').getPort()", ""),
        ("url('https://example.com/path?q#f').getEscapedPath()", "/path"),
        ("url('https://example.com/path with spaces/').getEscapedPath()", "/path%20with%20spaces/"),
        ("url('https://example.com/a%2Fb').getEscapedPath()", "/a%2Fb"),
        ("url('https://example.com/ä').getEscapedPath()", "/%C3%A4"),
        ("url('https://example.com').getEscapedPath()", ""),
        ("url('mailto:a@example.com').getEscapedPath()", ""),
        ("url('/x?k1=a&k2=b&k2=c').getQuery()", {"k1": ["a"], "k2": ["b", "c"]}),
        ("url('/x?a b=c d').getQuery()", {"a b": ["c d"]}),
        ("url('/x?a+b=c%20d&e').getQuery()", {"a b": ["c d"], "e": [""]}),
        ("url('/x?a=%zz&b;c=1&d=1').getQuery()", {"d": ["1"]}),
        ("url('/x?').getQuery()", {}),
        ("url('/x').getQuery()", {}),
        ("url('/x?a=1#b').getQuery()", {"a": ["1"]}),
        ("url('https://a/x') == url('HTTPS://a/x')", True),
        ("url('https://a/x') == url('https://a/y')", False),
    ],
)
def test_value(text: str, expected: object) -> None:
    assert program.compile(text)({}) == expected


@given(st.one_of(st.text(max_size=20), st.text("htps:/[]@%2?#.a ", max_size=20)))
def test_any_text_is_a_url_or_a_value_error(text: str) -> None:
    try:
        found = url.parse(text)
    except ValueError:
        return
    for part in ("getHostname", "getPort", "getEscapedPath", "getQuery"):
        program.compile(f"x.{part}()")({"x": found})
