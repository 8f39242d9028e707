"""URLs: ``url("https://example.com:80/path?k=v")`` and its parts.

Takes and gives native values and ``Url``. A URL is an absolute URI or an absolute path. Source of the behaviour:
Kubernetes' CEL URL library. Must not reach for any network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv6Address
from typing import ClassVar
from urllib.parse import quote, unquote_to_bytes

from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.types import BOOL, STRING, Type, list_of, map_of
from penstock.cel.values import MadeList, MadeMap
from penstock.record import dataclass

URL = Type("kubernetes.URL")

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_USER = re.compile(r"(?:[A-Za-z0-9._:~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})*")
_NAME = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=<>\"-]|[^\x00-\x7f]|%[89A-Fa-f][0-9A-Fa-f])*")
_HOST = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([0-9]*))?")
_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/\[\]%-]*")
_PATH_SAFE = "$&+,/:;=@~"


@dataclass(frozen=True, slots=True)
class Url:
    """``path`` and ``query`` are as written; ``host`` has the port."""

    cel_name: ClassVar[str] = URL.name

    scheme: str
    user: str
    host: str
    path: str
    query: str
    fragment: str


def parse(text: str) -> Url:
    """Raises ValueError, saying what keeps the text from being a URL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a URL cannot hold half a surrogate pair") from None
    if _CONTROL.search(text):
        raise ValueError("a URL cannot hold control characters")
    rest, _, fragment = text.partition("#")
    found = _SCHEME.match(rest)
    scheme = found[1].lower() if found else ""
    rest = rest[found.end() :] if found else rest
    if not scheme and not rest.startswith("/"):
        raise ValueError("a URL is absolute: it begins with a scheme such as https: or with a slash")
    rest, _, query = rest.partition("?")
    user = host = ""
    if scheme and rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        user, _, host = authority.rpartition("@")
        _check_authority(user, host)
        rest = slash + path
    if rest.startswith("/") or not scheme or not rest:
        _check_escapes(rest)
        path = rest
    else:  # mailto:someone@example.com has no path
        path = ""
    _check_escapes(fragment)
    return Url(scheme, user, host, path, query, fragment)


def _check_escapes(part: str) -> None:
    if _BAD_ESCAPE.search(part):
        raise ValueError("in a URL, two hexadecimal digits must follow a %")


def _check_authority(user: str, host: str) -> None:
    if not _USER.fullmatch(user):
        raise ValueError("the user of the URL has characters that must be escaped")
    found = _HOST.fullmatch(host)
    if found is None:
        raise ValueError("the host of the URL is not a name or an address with, at most, a port of digits")
    name = found[1]
    if name.startswith("["):
        try:
            IPv6Address(name[1:-1].partition("%25")[0])
        except AddressValueError:
            raise ValueError("in the URL, what is in brackets is not an IPv6 address") from None
    elif not _NAME.fullmatch(name):
        raise ValueError("the host of the URL has characters that no host has")


def _is_url(text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _hostname(url: Url) -> str:
    found = _HOST.fullmatch(url.host)
    return found[1].strip("[]") if found else ""


def _port(url: Url) -> str:
    found = _HOST.fullmatch(url.host)
    return (found[2] or "") if found else ""


def _escaped_path(url: Url) -> str:
    return url.path if _PATH.fullmatch(url.path) else quote(unquote_to_bytes(url.path), safe=_PATH_SAFE)


def _query(url: Url) -> Mapping[object, object]:
    """Each name with its values. What is wrongly escaped, or has a semicolon, is left out."""
    found = MadeMap()
    for pair in url.query.split("&"):
        if not pair or ";" in pair or _BAD_ESCAPE.search(pair):
            continue
        name, _, value = (_unescaped(part) for part in pair.partition("="))
        values = found.setdefault(name, MadeList())
        assert isinstance(values, MadeList)
        values.append(value)
    return found


def _unescaped(part: str) -> str:
    return unquote_to_bytes(part.replace("+", " ")).decode("utf-8", "replace")


def _method(name: str, result: Type, implementation: Implementation) -> Function:
    return Function(name, (Overload((URL,), result, implementation, receiver=True),))


FUNCTIONS: tuple[Function, ...] = (
    Function("url", (Overload((STRING,), URL, parse),)).about(
        "A URL, from its text: absolute, or a path that begins with a slash.",
        "url('https://example.com/a').getHost() == 'example.com'",
    ),
    Function("isURL", (Overload((STRING,), BOOL, _is_url),)).about(
        "Whether a text is such a URL.", "!isURL('example.com/a')"
    ),
    _method("getScheme", STRING, lambda url: url.scheme).about(
        "The scheme of a URL, without its colon.", "url('https://example.com/a').getScheme() == 'https'"
    ),
    _method("getHost", STRING, lambda url: url.host).about(
        "The host of a URL, with its port.", "url('https://example.com:8080/a').getHost() == 'example.com:8080'"
    ),
    _method("getHostname", STRING, _hostname).about(
        "The host of a URL, without its port.", "url('https://example.com:8080/a').getHostname() == 'example.com'"
    ),
    _method("getPort", STRING, _port).about(
        "The port of a URL, as text; empty without one.", "url('https://example.com:8080/a').getPort() == '8080'"
    ),
    _method("getEscapedPath", STRING, _escaped_path).about(
        "The path of a URL, with special characters as `%20` and the like.",
        "url('https://example.com/a b').getEscapedPath() == '/a%20b'",
    ),
    _method("getQuery", map_of(STRING, list_of(STRING)), _query).about(
        "What stands behind the question mark of a URL: a map from each name to a list of its values.",
        "url('/a?k=1&k=2').getQuery() == {'k': ['1', '2']}",
    ),
)
