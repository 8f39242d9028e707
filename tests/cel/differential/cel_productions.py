"""What expressions the differential tests are made of: a table of productions, by the type of what they give.

Data only. In a template ``<int>`` stands for an expression of that type, ``<T>`` for one of the type asked for; A
and B are any types, K is one that a map may have as its key, N a number, O one that has an order. ``@v:A`` is a
variable that holds for the rest of the template, ``@w:A`` one that holds from the next hole but one on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Production:
    result: str
    template: str
    feature: str


_ORDERED = ("int", "uint", "double", "string", "bytes", "bool", "timestamp", "duration")
_CLOCK = ("FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear", "Hours", "Minutes", "Seconds")
_ZONES = ("'UTC'", "'Europe/Berlin'", "'America/New_York'", "'Asia/Kathmandu'", "'+05:30'", "'-11:00'", "'02:00'")
_PATTERNS = (r"'^a'", r"'[0-9]+$'", r"'a|b'", r"''", r"'.'", r"'\\d{2}'", r"'é+'", r"'(?i)A'", r"'a.c'", r"'^$'")

# Feature -> what it gives -> templates. The core is CEL itself; the rest are extensions, or what an engine lacks.
_TABLE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "core": {
        "T": (
            "<bool> ? <T> : <T>",
            "[<T>, <T>][<index>]",
            "<list(T)>[<index>]",
            "{'a': <T>, 'b': <T>}.a",
            "{'a': <T>, 'b': <A>}['a']",
            "<map(K,T)>[<K>]",
            "(<T>)",
            "[<T>].filter(@v:T, true)[0]",
            "[<A>, <A>].map(@v:A, <T>)[<index>]",
        ),
        "bool": (
            "!<bool>",
            "<bool> && <bool>",
            "<bool> || <bool>",
            "<bool> && <bool> && <bool>",
            "<bool> || <bool> || <bool>",
            "<bool> && <bool> || <bool>",
            "<bool> || <bool> && <bool>",
            "<A> == <A>",
            "<A> != <A>",
            "<O> < <O>",
            "<O> <= <O>",
            "<O> > <O>",
            "<O> >= <O>",
            "<N> == dyn(<N2>)",
            "dyn(<N>) != dyn(<N2>)",
            "<N> < <N2>",
            "<N> <= <N2>",
            "<N> > <N2>",
            "<N> >= <N2>",
            "dyn(<A>) == dyn(<B>)",
            "[dyn(<A>), <N>] == [dyn(<A>), <N2>]",
            "{'a': dyn(<N>)} == {'a': dyn(<N2>)}",
            "<A> in <list(A)>",
            "<A> in [<A>, <A>, <A>]",
            "dyn(<N>) in [dyn(<N2>), dyn(<A>)]",
            "<K> in <map(K,A)>",
            "dyn(<N>) in {1: 1, 2u: 2, -1: 3}",
            "<string>.contains(<string>)",
            "<string>.startsWith(<string>)",
            "<string>.endsWith(<string>)",
            *(f"<string>.matches({pattern})" for pattern in _PATTERNS),
            "matches(<string>, '[a-c]')",
            "has({'a': <A>}.a)",
            "has({'a': <A>}.b)",
            "has(<map(string,A)>.a)",
            "<list(A)>.all(@v:A, <bool>)",
            "<list(A)>.exists(@v:A, <bool>)",
            "<list(A)>.exists_one(@v:A, <bool>)",
            "<map(K,A)>.all(@v:K, <bool>)",
            "<map(K,A)>.exists(@v:K, <bool>)",
            "<map(K,A)>.exists_one(@v:K, <bool>)",
            "type(<A>) == type(<B>)",
            "bool(<bool>)",
            "bool(<string>)",
            "bool('True')",
        ),
        "int": (
            "<int> + <int>",
            "<int> - <int>",
            "<int> * <int>",
            "<int> / <int>",
            "<int> % <int>",
            "-<int>",
            "--<int>",
            "size(<string>)",
            "size(<bytes>)",
            "size(<list(A)>)",
            "<map(K,A)>.size()",
            "<string>.size()",
            "int(<int>)",
            "int(<uint>)",
            "int(<double>)",
            "int(<integral>)",
            "int(<timestamp>)",
            *(f"<timestamp>.get{part}()" for part in _CLOCK),
            *(f"<timestamp>.getHours({zone})" for zone in _ZONES),
            "<timestamp>.getDayOfYear('Europe/Berlin')",
            "<timestamp>.getMilliseconds()",
            "<duration>.getHours()",
            "<duration>.getMinutes()",
            "<duration>.getSeconds()",
            "<duration>.getMilliseconds()",
        ),
        "uint": (
            "<uint> + <uint>",
            "<uint> - <uint>",
            "<uint> * <uint>",
            "<uint> / <uint>",
            "<uint> % <uint>",
            "uint(<int>)",
            "uint(<uint>)",
            "uint(<double>)",
            "uint(<natural>)",
        ),
        "double": (
            "<double> + <double>",
            "<double> - <double>",
            "<double> * <double>",
            "<double> / <double>",
            "-<double>",
            "double(<int>)",
            "double(<uint>)",
            "double(<double>)",
            "double(<decimal>)",
        ),
        "string": (
            "<string> + <string>",
            "<string> + <string> + <string>",
            "string(<int>)",
            "string(<uint>)",
            "string(<bool>)",
            "string(<string>)",
            "string(<bytes>)",
        ),
        "bytes": ("<bytes> + <bytes>", "bytes(<string>)", "bytes(<bytes>)"),
        "null": ("null",),
        "timestamp": (
            "<timestamp> + <duration>",
            "<duration> + <timestamp>",
            "<timestamp> - <duration>",
            "timestamp(<stamp>)",
            "timestamp(<int>)",
            "timestamp(<timestamp>)",
        ),
        "duration": (
            "<duration> + <duration>",
            "<duration> - <duration>",
            "<timestamp> - <timestamp>",
            "duration(<span>)",
            "duration(<duration>)",
        ),
        "type": ("type(<A>)", "type(dyn(<A>))", "type(<dyn>)", "type(type(<A>))", *_ORDERED[:6], "list", "map"),
        "list(A)": (
            "<list(A)> + <list(A)>",
            "<list(A)> + [<A>]",
            "<list(A)>.filter(@v:A, <bool>)",
            "<list(B)>.map(@v:B, <A>)",
            "<list(B)>.map(@v:B, <bool>, <A>)",
        ),
        "map(K,A)": ("{<K>: <A>}", "{<K>: <A>, <K>: <A>}"),
    },
    "dyn": {
        "T": ("dyn(<T>)", "<dyn>", "dyn(<A>)"),
        "dyn": ("<A>", "<dyn>.a", "<dyn>.a.b", "<dyn>['a']", "<dyn>[0]", "<dyn> + <dyn>", "[<A>, <B>][<index>]"),
        "bool": (
            "has(<dyn>.a)",
            "has(<dyn>.a.b)",
            "<dyn> == <dyn>",
            "<A> in <dyn>",
            "<dyn>.exists(@v:dyn, <bool>)",
        ),
        "int": ("size(<dyn>)",),
    },
    "text": {"string": ("string(<double>)", "string(<timestamp>)", "string(<duration>)")},
    "bindings": {"T": ("cel.bind(@w:A, <A>, <T>)",)},
    "optionals": {
        "T": (
            "<optional(T)>.orValue(<T>)",
            "optional.of(<T>).value()",
            "<optional(A)>.optMap(@v:A, <T>).orValue(<T>)",
        ),
        "bool": ("<optional(A)>.hasValue()", "<optional(A)> == <optional(A)>", "<optional(A)> != <optional(B)>"),
        "optional(A)": (
            "optional.of(<A>)",
            "optional.none()",
            "optional.ofNonZeroValue(<A>)",
            "<map(string,A)>.?a",
            "<map(K,A)>[?<K>]",
            "<list(A)>[?<small>]",
            "<optional(A)>.or(<optional(A)>)",
            "<optional(B)>.optMap(@v:B, <A>)",
            "<optional(B)>.optFlatMap(@v:B, <optional(A)>)",
            "<optional(map(string,A))>.b",
        ),
        "list(A)": ("[?<optional(A)>, <A>]", "[<A>, ?<optional(A)>]"),
        "map(K,A)": ("{?<K>: <optional(A)>}",),
    },
    "map-order": {"list(A)": ("<map(K,B)>.map(@v:K, <A>)", "<map(A,B)>.filter(@v:A, <bool>)")},
    "optional-element": {"optional(A)": ("<optional(list(A))>[0]", "<list(A)>[?1u]", "<list(A)>[?1.0]")},
    "strings": {
        "string": (
            "<string>.charAt(<small>)",
            "<string>.substring(<small>)",
            "<string>.substring(<small>, <small>)",
            "<string>.replace(<string>, <string>)",
            "<string>.replace(<string>, <string>, <small>)",
            "<string>.lowerAscii()",
            "<string>.upperAscii()",
            "<string>.trim()",
            "<string>.reverse()",
            "<list(string)>.join()",
            "<list(string)>.join(<string>)",
            "strings.quote(<string>)",
        ),
        "list(string)": ("<string>.split(<string>)", "<string>.split(<string>, <small>)"),
        "int": (
            "<string>.indexOf(<string>)",
            "<string>.indexOf(<string>, <small>)",
            "<string>.lastIndexOf(<string>)",
            "<string>.lastIndexOf(<string>, <small>)",
        ),
    },
    "format": {
        "string": (
            "'%s|%s'.format([<string>, <string>])",
            "'%d %x'.format([<int>, <int>])",
            "'%d'.format([<uint>])",
            "'%X'.format([<string>])",
            "'%o %b'.format([<int>, <int>])",
            "'%.2f %e'.format([<double>, <double>])",
        ),
    },
    "format-any": {"string": ("'%s|%s'.format([<A>, <B>])", "'%s'.format([[<A>, <B>]])", "'%d'.format([<N>])")},
    "math": {
        "N": ("math.greatest(<N>, <N>)", "math.least(<N>, <N>, <N>)", "math.abs(<N>)", "math.sign(<N>)"),
        "double": (
            "math.ceil(<double>)",
            "math.floor(<double>)",
            "math.round(<double>)",
            "math.trunc(<double>)",
            "math.sqrt(<N>)",
            "math.greatest(<list(double)>)",
        ),
        "int": (
            "math.bitAnd(<int>, <int>)",
            "math.bitOr(<int>, <int>)",
            "math.bitXor(<int>, <int>)",
            "math.bitNot(<int>)",
            "math.bitShiftLeft(<int>, <small>)",
            "math.bitShiftRight(<int>, <small>)",
        ),
        "uint": (
            "math.bitAnd(<uint>, <uint>)",
            "math.bitNot(<uint>)",
            "math.bitShiftLeft(<uint>, <small>)",
            "math.bitShiftRight(<uint>, <small>)",
        ),
        "bool": ("math.isNaN(<double>)", "math.isInf(<double>)", "math.isFinite(<double>)"),
    },
    "encoders": {"string": ("base64.encode(<bytes>)",), "bytes": ("base64.decode(<encoded>)",)},
    "two": {
        "bool": (
            "<list(A)>.all(@i:int, @v:A, <bool>)",
            "<map(K,A)>.exists(@k:K, @v:A, <bool>)",
            "<list(A)>.existsOne(@i:int, @v:A, <bool>)",
        ),
        "list(A)": (
            "<list(B)>.transformList(@i:int, @v:B, <A>)",
            "<map(K,B)>.transformList(@k:K, @v:B, <bool>, <A>)",
        ),
        "map(K,A)": (
            "<map(K,B)>.transformMap(@k:K, @v:B, <A>)",
            "<map(K,A)>.transformMap(@k:K, @v:A, <bool>, <A>)",
            "<list(B)>.transformMapEntry(@i:int, @v:B, {<K>: <A>})",
        ),
    },
    "lists": {
        "T": ("<list(T)>.first().orValue(<T>)", "<list(T)>.last().orValue(<T>)"),
        "list(A)": (
            "<list(A)>.slice(<small>, <small>)",
            "<list(A)>.distinct()",
            "<list(A)>.reverse()",
            "[<list(A)>, <list(A)>].flatten()",
        ),
        "list(O)": ("<list(O)>.sort()", "<list(O)>.sortBy(@v:O, <int>)"),
        "list(int)": ("lists.range(<small>)",),
    },
    "sets": {
        "bool": (
            "sets.contains(<list(A)>, <list(A)>)",
            "sets.equivalent(<list(A)>, <list(A)>)",
            "sets.intersects(<list(A)>, <list(A)>)",
        ),
    },
}

FEATURES = frozenset(_TABLE)
PRODUCTIONS: tuple[Production, ...] = tuple(
    Production(result, template, feature)
    for feature, results in _TABLE.items()
    for result, templates in results.items()
    for template in templates
)
