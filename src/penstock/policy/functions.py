"""The functions penstock adds to CEL: the way around the rollout, dates by the calendar, the ends of contracts.

Takes and gives native values; knows the rollout's index and its pairing with what it was, nothing of an engine. A
fault is a ``EvalError``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from functools import partial

from penstock.cel import EvalError
from penstock.manifest.pairing import Pairing
from penstock.manifest.paths import value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.pattern import late
from penstock.policy.matching import Manifests, UnresolvedReferenceError, usable
from penstock.policy.narrow import Narrow

__all__ = ["WITHOUT_END", "Function", "UnresolvedReferenceError", "add_period", "functions"]

Function = Callable[..., object]

_NAME = ("metadata", "name")
WITHOUT_END = "9999-12-31"
"""The last day of the calendar: what has no end ends then."""

_PERIOD = late(r"(-)?P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?")


def functions(rollout: Rollout, base: Pairing | None = None, narrow: Narrow | None = None) -> dict[str, Function]:
    """Every function, bound to one rollout, and to what it was; ``narrow`` are what long lists may hold."""
    asked = Manifests(narrow)
    return {
        "ref": partial(_ref, rollout),
        "referrers": partial(_referrers, rollout, asked),
        "resources": partial(_resources, rollout, asked),
        "date": _timestamp,
        "days": _days,
        "months": _months,
        "periods": _periods,
        "monthsAndDays": _months_and_days,
        "addPeriod": add_period,
        "contractEnd": _contract_end,
        "perYear": _per_year,
        "sum": _sum,
        "decimal": _decimal,
        "join": _join,
        "inWords": _in_words,
        **(_looking_back(base) if base is not None else dict.fromkeys(_LOOKING_BACK, _no_base)),
    }


_LOOKING_BACK = ("oldVersion", "newVersion", "oldRef", "oldReferrers", "oldResources", "addedResources")


def _looking_back(base: Pairing) -> dict[str, Function]:
    """The functions that ask for the rollout as it was."""
    asked = Manifests()
    return {
        "oldVersion": partial(_counterpart, "oldVersion", base.new, base.old_of),
        "newVersion": partial(_counterpart, "newVersion", base.old, base.new_of),
        "oldRef": partial(_ref, base.old),
        "oldReferrers": partial(_referrers, base.old, asked),
        "oldResources": partial(_resources, base.old, asked),
        "addedResources": partial(_added, base, {}, asked),
    }


def _no_base(*_arguments: object) -> object:
    raise EvalError("there is no earlier state of the rollout to look at")


def _counterpart(
    name: str, side: Rollout, other: Callable[[Resource], Resource | None], resource: object
) -> object:
    """What a manifest of one side is on the other; null when it is not there, or is null itself."""
    if resource is None:
        return None
    if not isinstance(resource, Mapping):
        raise EvalError(f"{name}() takes a resource, such as object or what ref() gives")
    here = side.get(str(resource.get("kind")), str(value_at(resource, ("metadata", "name"))))
    there = other(here) if here is not None else None
    return usable(there) if there is not None else None


def _ref(rollout: Rollout, name: object, kind: object) -> object:
    """The manifest of that kind and name."""
    if type(name) is not str or type(kind) is not str:
        name, kind = _text(name, "ref"), _text(kind, "ref")
    resource = rollout.get(kind, name)
    if resource is None:
        raise UnresolvedReferenceError(f"there is no {kind} named {name!r}")
    return resource.data if resource.valid else usable(resource)


def _referrers(rollout: Rollout, known: Manifests, target: object, kind: object, where: object = None) -> object:
    """The manifests of that kind that refer to ``target``, of those whose fields have the values in ``where``."""
    if type(target) is not dict and not isinstance(target, Mapping):
        raise EvalError("referrers() takes a resource, such as object or what ref() gives")
    asked = (str(target.get("kind")), str(value_at(target, _NAME)), _text(kind, "referrers"))
    found = known.known(asked) if where is None else None
    if found is not None:
        return found

    def listed() -> Iterable[Resource]:
        resource = rollout.get(asked[0], asked[1])
        return rollout.referrers(resource, asked[2]) if resource is not None else ()

    return known.find(asked, listed, where)


def _resources(rollout: Rollout, known: Manifests, kind: object, where: object = None) -> object:
    """The manifests of that kind, in the order of the files, of those whose fields have the values."""
    asked = _text(kind, "resources")
    return known.find((asked,), lambda: rollout.of_kind(asked), where)


def _added(
    base: Pairing, added: dict[str, list[Resource]], known: Manifests, kind: object, where: object = None
) -> object:
    """As ``_resources``, of the manifests that were not there before."""
    asked = _text(kind, "addedResources")
    if not added:
        for resource in base.added:
            added.setdefault(resource.kind, []).append(resource)
    return known.find(("added", asked), lambda: added.get(asked, ()), where)


def _contract_end(contract: object, day: object) -> str:
    """The last day of a contract as of ``day``: with every renewal that it has made by itself before.

    It renews while it may (``maxRenewals``), unless it was decided to exit. A renewal that states no term of its
    own is as long as the contract, or a year where that is not known.
    """
    if not isinstance(contract, Mapping) or contract.get("kind") != "VendorContract":
        raise EvalError("contractEnd() takes a VendorContract, such as object or what ref() gives")
    spec, today = contract["spec"], _date(day)
    start, term = spec.get("startsOn", spec.get("signedOn")), spec.get("term")
    if "endsOn" in spec:
        end = _date(spec["endsOn"])
    elif start is not None and term is not None:
        end = _last_day(_date(start), 1, term)
    else:
        return WITHOUT_END
    renewal = spec.get("renewal", {})
    if end >= today or not renewal.get("automatic") or spec.get("decision", {}).get("outcome") == "exit":
        return end.isoformat()
    first = end + timedelta(days=1)
    lasts = f"P{(first - _date(start)).days}D" if start is not None and _date(start) < first else "P1Y"
    each = renewal.get("term", lasts if term is None else term)
    made = _periods(first.isoformat(), today.isoformat(), each) + 1
    made = min(made, renewal.get("maxRenewals", made))
    return _last_day(first, made, each).isoformat()


def _last_day(first: date, count: int, period: object) -> date:
    """The last day of so many periods in a row, at most that of the calendar."""
    months, days = _months_and_rest(period)
    try:
        return _shift(first, count * months) + timedelta(days=count * days - 1)
    except (EvalError, OverflowError):
        return date.fromisoformat(WITHOUT_END)


def _text(value: object, function: str) -> str:
    if not isinstance(value, str):
        raise EvalError(f"{function}() takes names as strings, not {value!r}")
    return value


def _date(value: object) -> date:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).date()
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise EvalError(f"expected a date such as 2026-01-31, not {value!r}")


def _timestamp(value: object) -> datetime:
    """Midnight UTC at the start of that day."""
    day = _date(value)
    return datetime(day.year, day.month, day.day, tzinfo=timezone.utc)


def _days(start: object, end: object) -> int:
    """Days from ``start`` to ``end``; negative when ``end`` comes first."""
    return (_date(end) - _date(start)).days


def _months(start: object, end: object) -> int:
    """Whole calendar months from ``start`` to ``end``; negative when ``end`` comes first.

    A month is whole when the same day of a later month is reached, or that month's last day where it has no
    such day: 31 January to 28 February is one month.
    """
    first, last = _date(start), _date(end)
    if last < first:
        return -_months(end, start)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if _shift(first, months) <= last else months - 1


def _shift(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise EvalError(f"{day.isoformat()} moved by {months} months leaves the calendar")
    from calendar import monthrange  # late: few dates are moved by months

    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_period(start: object, period: object) -> str:
    """The date a period (``P1Y``, ``P90D``, ``-P3M``) after ``start``: years and months first, then days."""
    day = _date(start)
    months, days = _months_and_rest(period)
    try:
        moved = _shift(day, months) + timedelta(days=days)
    except OverflowError:
        raise EvalError(f"{day.isoformat()} moved by {period} leaves the calendar") from None
    return moved.isoformat()


def _period(period: object) -> re.Match[str]:
    match = _PERIOD.fullmatch(period) if isinstance(period, str) else None
    if match is None or not any(match.groups()[1:]):
        raise EvalError(f"expected a period of whole days such as P1Y or P90D, not {period!r}")
    return match


def _months_and_rest(period: object) -> tuple[int, int]:
    """A period as months and days; both negative, or 0, with a minus."""
    match = _period(period)
    sign = -1 if match[1] else 1
    years, months, weeks, days = (int(part or 0) for part in match.groups()[1:])
    return sign * (12 * years + months), sign * (7 * weeks + days)


def _periods(start: object, end: object, period: object) -> int:
    """How many whole periods from ``start`` to ``end``; negative when ``end`` comes first.

    Each is counted from ``start`` itself, so that the months after 31 January end on the last day of each.
    """
    first, last = _date(start), _date(end)
    if last < first:
        return -_periods(end, start, period)
    months, days = _months_and_rest(period)
    if months + days <= 0:
        raise EvalError(f"a period longer than nothing is needed, not {period!r}")
    # No month has more than 31 days: so many fit for certain, and few more than that.
    count = (last - first).days // (31 * months + days)
    with suppress(EvalError, OverflowError):  # What leaves the calendar is later than any date.
        while _shift(first, (count + 1) * months) + timedelta(days=(count + 1) * days) <= last:
            count += 1
    return count


def _months_and_days(start: object, end: object) -> str:
    """The time between two dates for people: ``12 months and 1 day``; whole months first, then days."""
    first, last = sorted((_date(start), _date(end)))
    months = _months(first.isoformat(), last.isoformat())
    return _counted({"month": months, "day": (last - _shift(first, months)).days})


def _per_year(period: object) -> float:
    """How often a period fits into a year: 12 for ``P1M``, 365/7 for ``P1W``; a month of days counts 365/12."""
    from decimal import Decimal

    months, days = _months_and_rest(period)
    share = Decimal(months) / 12 + Decimal(days) / 365
    if share <= 0:
        raise EvalError(f"a period longer than nothing is needed, not {period!r}")
    return float(1 / share)


def _in_words(period: object) -> str:
    """A period for people: ``month`` for ``P1M``, ``90 days`` for ``P90D``, ``1 year and 6 months``."""
    match = _period(period)
    parts = match.groups()[1:]
    counts = {unit: int(part or 0) for unit, part in zip(("year", "month", "week", "day"), parts, strict=True)}
    text = _counted(counts)
    return text if " and " in text else text.removeprefix("1 ")


def _counted(counts: Mapping[str, int]) -> str:
    """``1 year and 6 months``: what there is none of is left out."""
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for unit, count in counts.items() if count]
    return " and ".join(parts) or "0 days"


def _join(values: object, separator: object) -> str:
    """A list of strings as one, with the separator between them."""
    if not isinstance(values, Sequence) or isinstance(values, (str, bytes)) or not isinstance(separator, str):
        raise EvalError("join() takes a list of strings and a separator")
    for value in values:
        if not isinstance(value, str):
            raise EvalError(f"join() takes a list of strings, and one element is {value!r}")
    return separator.join(values)


def _decimal(value: object, places: object) -> str:
    """A number for people: rounded to at most ``places`` decimals, with commas between thousands."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isinstance(places, int):
        raise EvalError(f"decimal() takes a number and how many decimals, not {value!r} and {places!r}")
    text = f"{value:,.{min(max(places, 0), 12)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sum(values: object) -> float:
    """The sum of a list of numbers, added as decimals so that 0.1 ten times is 1."""
    if not isinstance(values, Sequence) or isinstance(values, (str, bytes)):
        raise EvalError("sum() takes a list of numbers")
    from decimal import Decimal

    total = Decimal(0)
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise EvalError(f"sum() takes a list of numbers, and one element is {value!r}")
        total += Decimal(repr(value))
    return float(total)
