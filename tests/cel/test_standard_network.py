"""IP addresses and networks."""

from __future__ import annotations

import pytest

from penstock.cel import EvalError, program


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string(ip('2001:DB8::68'))", "2001:db8::68"),
        ("isIP('192.168.0.1')", True),
        ("isIP('192.168.0.1.0')", False),
        ("isIP('192.168.0.01')", False),
        ("isIP('fe80::1%en0')", False),
        ("isIP('::ffff:192.168.0.1')", False),
        ("isIP('')", False),
        ("ip.isCanonical('127.0.0.1')", True),
        ("ip.isCanonical('2001:DB8::68')", False),
        ("ip.isCanonical('2001:db8::0:68')", False),
        ("ip('::ffff:c0a8:1') == ip('192.168.0.1')", True),
        ("ip('::') == ip('::ffff')", False),
        ("ip('192.168.0.1').family()", 4),
        ("ip('::1').family()", 6),
        ("ip('0.0.0.0').isUnspecified()", True),
        ("ip('127.0.0.1').isLoopback()", True),
        ("ip('1.2.3.4').isLoopback()", False),
        ("ip('192.168.0.1').isGlobalUnicast()", True),
        ("ip('255.255.255.255').isGlobalUnicast()", False),
        ("ip('2001:db8::abcd').isGlobalUnicast()", True),
        ("ip('ff00::1').isGlobalUnicast()", False),
        ("ip('224.0.0.1').isLinkLocalMulticast()", True),
        ("ip('224.0.1.1').isLinkLocalMulticast()", False),
        ("ip('ff02::1').isLinkLocalMulticast()", True),
        ("ip('fd00::1').isLinkLocalMulticast()", False),
        ("ip('169.254.169.254').isLinkLocalUnicast()", True),
        ("ip('fd80::1').isLinkLocalUnicast()", False),
        ("isCIDR('192.168.0.0/16')", True),
        ("isCIDR('192.168.0.0/33')", False),
        ("isCIDR('192.168.0.0')", False),
        ("isCIDR('192.168.0.0/08')", False),
        ("isCIDR('::1/129')", False),
        ("cidr('127.0.0.1/24') == cidr('127.0.0.1/24')", True),
        ("cidr('192.168.0.0/24').containsIP(ip('192.168.0.1'))", True),
        ("cidr('192.168.0.0/24').containsIP('192.168.1.1')", False),
        ("cidr('2001:db8::/32').containsIP(ip('192.168.1.1'))", False),
        ("cidr('192.168.0.0/24').containsCIDR(cidr('192.168.0.1/32'))", True),
        ("cidr('192.168.0.0/24').containsCIDR('192.168.0.0/23')", False),
        ("cidr('192.168.0.1/24').ip() == ip('192.168.0.1')", True),
        ("cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24')", True),
        ("cidr('192.168.0.0/24').prefixLength()", 24),
        ("string(cidr('192.168.0.1/24'))", "192.168.0.1/24"),
    ],
)
def test_value(text: str, expected: object) -> None:
    assert program.compile(text)({}) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ip('192.168.0.1.0')", "not an IP address such as 192.168.0.1 or 2001:db8::1"),
        ("ip('fe80::1%en0')", "an IP address with a zone is not allowed"),
        ("ip('::ffff:192.168.0.1')", "an IPv4 address written as IPv6 is not allowed"),
        ("cidr('192.168.0.0/')", "not a network such as 192.168.0.0/24 or 2001:db8::/32"),
        ("cidr('fe80::1%en0/24')", "an IP address with a zone is not allowed"),
        ("cidr('10.0.0.0/8').containsIP('x')", "not an IP address"),
        ("isIP(dyn(cidr('192.168.0.0/24')))", "no such overload"),
    ],
)
def test_error(text: str, message: str) -> None:
    with pytest.raises(EvalError) as error:
        program.compile(text)({})
    assert message in error.value.message
