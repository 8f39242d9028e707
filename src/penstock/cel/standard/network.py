"""IP addresses and networks: ``ip("192.168.0.1")``, ``cidr("192.168.0.0/24")``.

Takes and gives native values, ``Ip`` and ``Cidr``. Source of the behaviour: the CEL network extension and
Kubernetes' IP and CIDR libraries. Must not reach for any network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from types import MappingProxyType
from typing import ClassVar

from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.types import BOOL, INT, STRING, Type
from penstock.record import dataclass

IP = Type("net.IP")
CIDR = Type("net.CIDR")

_BITS = re.compile(r"0|[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Ip:
    cel_name: ClassVar[str] = IP.name

    address: IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Cidr:
    """An address, whatever its last bits, and how many bits of it name the network."""

    cel_name: ClassVar[str] = CIDR.name

    address: IPv4Address | IPv6Address
    bits: int


def parse_ip(text: str) -> Ip:
    """Raises ValueError. An IPv4 address written as IPv6 in hexadecimal is that IPv4 address."""
    if "%" in text:
        raise ValueError("an IP address with a zone is not allowed")
    if ":" in text and "." in text:
        raise ValueError("an IPv4 address written as IPv6 is not allowed")
    try:
        address = ip_address(text)
    except ValueError:
        raise ValueError("not an IP address such as 192.168.0.1 or 2001:db8::1") from None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return Ip(mapped or address)


def parse_cidr(text: str) -> Cidr:
    """Raises ValueError."""
    before, _, bits = text.partition("/")
    address = parse_ip(before).address
    if not _BITS.fullmatch(bits) or int(bits) > address.max_prefixlen:
        raise ValueError("not a network such as 192.168.0.0/24 or 2001:db8::/32")
    return Cidr(address, int(bits))


def _parses(parse: Callable[[str], object]) -> Implementation:
    def is_valid(text: str) -> bool:
        try:
            parse(text)
        except ValueError:
            return False
        return True

    return is_valid


def _is_canonical(text: str) -> bool:
    return str(parse_ip(text).address) == text


def _is_link_local_multicast(value: Ip) -> bool:
    if isinstance(value.address, IPv4Address):
        return value.address.packed[:3] == b"\xe0\x00\x00"
    return value.address.packed[0] == 0xFF and value.address.packed[1] & 0x0F == 2


def _is_global_unicast(value: Ip) -> bool:
    address = value.address
    others = (address.is_unspecified, address.is_loopback, address.is_multicast, address.is_link_local)
    return not any(others) and address != IPv4Address("255.255.255.255")


def _contains(network: Cidr, address: IPv4Address | IPv6Address, bits: int) -> bool:
    if network.address.version != address.version or bits < network.bits:
        return False
    return _masked(network) == _masked(Cidr(address, network.bits))


def _masked(network: Cidr) -> Cidr:
    whole = ip_network((network.address, network.bits), strict=False)
    return Cidr(whole.network_address, network.bits)


def _contains_ip(network: Cidr, other: Ip) -> bool:
    return _contains(network, other.address, other.address.max_prefixlen)


def _contains_cidr(network: Cidr, other: Cidr) -> bool:
    return _contains(network, other.address, other.bits)


def _method(name: str, *overloads: tuple[tuple[Type, ...], Type, Implementation]) -> Function:
    return Function(name, tuple(Overload(*overload, receiver=True) for overload in overloads))


FUNCTIONS: tuple[Function, ...] = (
    Function(
        "ip", (Overload((STRING,), IP, parse_ip), Overload((CIDR,), IP, lambda net: Ip(net.address), True))
    ).about(
        "An IP address, from its text; the address that a network is written with.",
        "cidr('10.0.0.7/8').ip() == ip('10.0.0.7')",
    ),
    Function("isIP", (Overload((STRING,), BOOL, _parses(parse_ip)),)).about(
        "Whether a text is an IP address.", "isIP('2001:db8::1')"
    ),
    Function("ip.isCanonical", (Overload((STRING,), BOOL, _is_canonical),)).about(
        "Whether an IP address is written in its shortest form, in small letters.",
        "!ip.isCanonical('2001:DB8::1')",
    ),
    Function("cidr", (Overload((STRING,), CIDR, parse_cidr),)).about(
        "A network: an address, a slash, and how many bits name the network.",
        "cidr('10.0.0.0/8').prefixLength() == 8",
    ),
    Function("isCIDR", (Overload((STRING,), BOOL, _parses(parse_cidr)),)).about(
        "Whether a text is such a network.", "!isCIDR('10.0.0.0')"
    ),
    _method("family", ((IP,), INT, lambda value: value.address.version)).about(
        "4 or 6: the version of the protocol.", "ip('10.0.0.1').family() == 4"
    ),
    _method("isUnspecified", ((IP,), BOOL, lambda value: value.address.is_unspecified)).about(
        "Whether an address is `0.0.0.0` or `::`.", "ip('::').isUnspecified()"
    ),
    _method("isLoopback", ((IP,), BOOL, lambda value: value.address.is_loopback)).about(
        "Whether an address is the machine's own.", "ip('127.0.0.1').isLoopback()"
    ),
    _method("isLinkLocalMulticast", ((IP,), BOOL, _is_link_local_multicast)).about(
        "Whether an address is for several machines of the same link.", "ip('224.0.0.1').isLinkLocalMulticast()"
    ),
    _method("isLinkLocalUnicast", ((IP,), BOOL, lambda value: value.address.is_link_local)).about(
        "Whether an address is for one machine of the same link.", "ip('169.254.0.1').isLinkLocalUnicast()"
    ),
    _method("isGlobalUnicast", ((IP,), BOOL, _is_global_unicast)).about(
        "Whether an address is for one machine beyond the link, private networks included.",
        "ip('192.168.0.1').isGlobalUnicast()",
    ),
    _method(
        "containsIP",
        ((CIDR, IP), BOOL, _contains_ip),
        ((CIDR, STRING), BOOL, lambda network, text: _contains_ip(network, parse_ip(text))),
    ).about("Whether an address is within a network.", "cidr('10.0.0.0/8').containsIP('10.1.2.3')"),
    _method(
        "containsCIDR",
        ((CIDR, CIDR), BOOL, _contains_cidr),
        ((CIDR, STRING), BOOL, lambda network, text: _contains_cidr(network, parse_cidr(text))),
    ).about("Whether a network is within another.", "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')"),
    _method("masked", ((CIDR,), CIDR, _masked)).about(
        "A network, with the bits behind its name set to 0.", "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')"
    ),
    _method("prefixLength", ((CIDR,), INT, lambda network: network.bits)).about(
        "How many bits name a network.", "cidr('10.0.0.0/8').prefixLength() == 8"
    ),
)

SHARED_OVERLOADS: Mapping[str, tuple[Overload, ...]] = MappingProxyType(
    {
        "string": (
            Overload((IP,), STRING, lambda value: str(value.address)),
            Overload((CIDR,), STRING, lambda network: f"{network.address}/{network.bits}"),
        ),
    }
)
