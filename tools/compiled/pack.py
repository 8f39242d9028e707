"""A pack of policies -> modules that make the same pack, examples apart, without reading a file.

One module holds what every run asks of each policy, and the functions that answer for manifests with which all is
well. What few runs need stands in two others: the expressions, and the words about the rules. They are put
together by ``penstock.policy.late``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType

from compiled.values import Writer, fields, named
from penstock import __version__
from penstock.cel import engine
from penstock.cel.fast import generate_many
from penstock.policy import BUILT_IN, Pack, Policy, find, load_pack_files, verdict
from penstock.policy.late import EXPRESSIONS, OF_POLICY, OF_RULE, WORDS
from penstock.policy.model import ExampleBase, Expression

_HEAD = '"""The pack {}, compiled when penstock was built: {}."""'


def built_in() -> Pack:
    """The built-in pack as this checkout has it, by the long way."""
    return load_pack_files(find(BUILT_IN, Path()), engine())


def sources(pack: Pack) -> dict[str, str]:
    """The modules by their names."""
    asked, late, words = Writer(), Writer(), Writer()
    heads = [_head(asked, number, policy, pack.name) for number, policy in enumerate(pack.policies)]
    bodies = [late.value(_some(fields(policy), OF_POLICY)) for policy in pack.policies]
    said = [words.value(_some(fields(policy.rule), OF_RULE)) for policy in pack.policies]
    code = generate_many(_numbered([*late.expressions, *asked.expressions]))
    checks = verdict.write(pack.policies)
    # What every run asks names few expressions: their functions are taken from the other module when called.
    first = len(late.expressions)
    called = {
        str(number): f"m.late({code.names[str(first + number)]!r})" for number in range(len(asked.expressions))
    }
    called |= {f"check {policy.rule.id}": checks.names.get(policy.rule.id, "None") for policy in pack.policies}
    whole = _whole(asked, pack)
    return {
        pack.name: _module(
            *(_HEAD.format(pack.name, "what every run asks"), *asked.heading, checks.source),
            *(f"def policy_{number}(m):\n{named(head, called)}" for number, head in enumerate(heads)),
            f"def pack(m):\n    return {whole}",
        ),
        f"{pack.name}{EXPRESSIONS}": _module(
            *(_HEAD.format(pack.name, "its expressions"), *late.heading, code.source),
            *(f"def policy_{n}(m, d):\n    return {named(body, code.names)}" for n, body in enumerate(bodies)),
            f"POLICIES = ({''.join(f'policy_{number}, ' for number in range(len(bodies)))})",
        ),
        f"{pack.name}{WORDS}": _module(
            *(_HEAD.format(pack.name, "the words about its rules"), *words.heading),
            *(f"def rule_{number}():\n    return {each}" for number, each in enumerate(said)),
            f"RULES = ({''.join(f'rule_{number}, ' for number in range(len(said)))})",
        ),
    }


def _module(*parts: str) -> str:
    return "\n".join([*parts, f"VERSION = {__version__!r}", ""])


def _head(writer: Writer, number: int, policy: Policy, shown: str) -> str:
    """The body of the function that makes a policy without what comes late."""
    apart = {*OF_POLICY, "rule", "document", "check", "good", "bad"}
    rule = writer.arguments((name, value) for name, value in fields(policy.rule) if name not in OF_RULE)
    given = writer.arguments((name, value) for name, value in fields(policy) if name not in apart)
    path = policy.document.file.path.removeprefix(f"{shown}/")
    check = f"\0check {policy.rule.id}\0"
    return (
        f"    d = m.document({path!r})\n    rule = m.rule({number}, {rule})\n"
        f"    return m.policy({number}, rule=rule, document=d, check={check}, good=(), bad=(), {given})"
    )


def _whole(writer: Writer, pack: Pack) -> str:
    bare = {**dict(fields(pack)), "base": ExampleBase("", MappingProxyType({}))}
    del bare["policies"]
    policies = "".join(f"policy_{number}(m), " for number in range(len(pack.policies)))
    writer.imports.setdefault(Pack.__module__, set()).add(Pack.__name__)
    return f"Pack({writer.arguments(bare.items())}, policies=({policies}))"


def _some(given: Iterable[tuple[str, object]], names: Iterable[str]) -> dict[str, object]:
    return {name: value for name, value in given if name in names}


def _numbered(expressions: Iterable[Expression]) -> Iterable[tuple[str, object, object, object]]:
    for number, each in enumerate(expressions):
        program = each.program
        yield str(number), program.expression, program.resolution, program.types
