"""Exact figures as people and programs read them: the one place where costs are rounded.

Takes fractions, gives texts. For people: two decimals, four below 1, thousands apart, half to even. For programs:
every digit where there are at most twelve decimals, else rounded to twelve.
"""

from __future__ import annotations

from fractions import Fraction

PLACES = 12
"""Decimals that programs get: a weekly volume makes fractions of 365 that no decimal ends."""
ROUNDED = "Amounts are rounded to 2 decimals, below 1 to 4; sums are made of the exact amounts."

_HUGE = 10**15
_FULL, _EMPTY = "█", "░"
_EIGHTHS = " ▏▎▍▌▋▊▉"


def rounded(value: Fraction, places: int) -> str:
    """``1,234.50``: with so many decimals, half to even."""
    scaled = round(value * 10**places)
    whole, rest = divmod(abs(scaled), 10**places)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole:,}.{rest:0{places}}" if places else f"{sign}{whole:,}"


def money(value: Fraction) -> str:
    """An amount without its currency; one too small for four decimals is ``<0.0001``, a huge one ``1.20e18``."""
    if abs(value) >= _HUGE:
        digits = len(str(abs(round(value)))) - 1
        return f"{rounded(value / 10**digits, 2)}e{digits}"
    if value == 0 or abs(value) >= 1:
        return rounded(value, 2)
    if abs(value) < Fraction(1, 10_000):
        return "<0.0001" if value > 0 else ">-0.0001"
    return rounded(value, 4)


def signed(value: Fraction) -> str:
    """A difference: ``+12.00``, ``-12.00``, ``0.00``."""
    return f"+{money(value)}" if value > 0 else money(value)


def percent(share: Fraction | None, places: int = 1) -> str:
    """``42.8 %`` of a share of 0.428; empty when there is none."""
    return "" if share is None else f"{rounded(100 * share, places)} %"


def number(value: Fraction) -> str:
    """Any number for people: as many decimals as it has, at most twelve, thousands apart."""
    return rounded(value, PLACES).rstrip("0").rstrip(".")


def decimal(value: Fraction) -> str:
    """A number for programs: plain digits and a point, no thousands."""
    text = rounded(value, PLACES).replace(",", "")
    return text.rstrip("0").rstrip(".") or "0"


def bar(share: Fraction | None, width: int) -> str:
    """A share from 0 to 1 as a bar; what is above 1 fills it."""
    if share is None:
        return ""
    eighths = int(min(max(share, Fraction(0)), Fraction(1)) * width * 8)
    full, part = divmod(eighths, 8)
    if share > 0 and not eighths:
        part = 1
    drawn = _FULL * full + (_EIGHTHS[part] if part else "")
    return drawn + _EMPTY * (width - len(drawn))
