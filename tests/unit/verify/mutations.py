"""Changes to facts that a page names, made in the source text: what grounding must never miss.

What a page names is told here by another, simpler reading than the program's, or a mistake there would hide itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.extractor import extractor_for
from docsfy_action.facts.model import BlobFacts, Command, Dependency, Option, Role, Setting, SourceFile, Symbol
from docsfy_action.facts.reading import GENERATED_NOTE
from docsfy_action.verify.common_words import COMMON
from docsfy_action.verify.page import parse_page
from docsfy_action.verify.shell import SHELL_LANGUAGES

Named = Symbol | Option | Setting | Command | Dependency
PLACE = frozenset({"span", "line", "body", "literal"})
# What has a slash, dash or dot beside it belongs to a path, an address or a longer name.
TOKEN = re.compile(r"(?<![\w./~-])(?:--?[A-Za-z][\w-]*|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?![\w/-])")
# Strings are values, and comments are prose.
NO_NAME = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|(?:^|\s)#.*", re.MULTILINE)
REGION = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A change of one fact: the file's new text, and what was done."""

    path: str
    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """What a page names: tokens in code, whole code spans, cited definitions as (path, name)."""

    tokens: frozenset[str]
    spans: frozenset[str]
    cited: frozenset[str]

    def holds(self, path: str, fact: Named) -> bool:
        """Whether the page names a fact."""
        match fact:
            case Symbol(name=name):
                tails = {name} | {name[at + 1 :] for at, mark in enumerate(name) if mark == "."}
                # `Client.get` names no `get` of another owner.
                return f"{path}#{name}" in self.cited or not tails.isdisjoint(self.tokens)
            case Option(flags=flags, name=name, env=env):
                return bool({*flags, env} & self.tokens) or (not flags and name in self.spans)
            case Command(name=name):
                return bool(name) and name.rpartition(" ")[2] in self.spans
            case _:
                return fact.name in self.spans or (isinstance(fact, Setting) and fact.name in self.tokens)


def mentions(markdown: str) -> Mentions:
    """The names on a page."""
    page = parse_page(markdown)
    shell = [fence.text for fence in page.fences if fence.language in SHELL_LANGUAGES]
    texts = [*(span.text for span in page.spans), *shell]
    cited = (link.target.partition(":")[2] for link in page.links if link.target.startswith(("src:", "doc:")))
    return Mentions(
        # A language's own words, such as `args`, are names only where they stand alone.
        tokens=frozenset(
            token
            for text in texts
            for token in TOKEN.findall(NO_NAME.sub(" ", text))
            if token not in COMMON or token == text
        ),
        spans=frozenset(span.text for span in page.spans),
        cited=frozenset(target.replace("%20", " ") for target in cited),
    )


def mutations(page: Mentions, code: CodeBase, texts: Mapping[str, str]) -> Iterator[Mutation]:
    """Every change of a kind known here to every fact that the page names, if it is seen in the file's facts."""
    for path, file in code.files.items():
        if file.role in (Role.TEST, Role.EXAMPLE, Role.DOCUMENT) or path not in texts:
            continue
        for fact in _facts(file.facts):
            if page.holds(path, fact):
                for kind, text in dict(_changes(fact, texts[path])).items():
                    if text != texts[path] and _bare(fact) not in map(_bare, _facts(_extracted(path, text))):
                        yield Mutation(path=path, kind=kind, name=fact.name, text=text)


def mutated(code: CodeBase, mutation: Mutation) -> CodeBase:
    """The code base after a change. Blob ids stay, so that a file cited as a whole does not give the change away."""
    file = code.files[mutation.path]
    changed = replace(file, facts=_extracted(mutation.path, mutation.text))
    return CodeBase(name=code.name, files={**code.files, mutation.path: changed}, clone_url=code.clone_url)


def with_constant_blobs(files: Mapping[str, SourceFile]) -> dict[str, SourceFile]:
    """Files whose blob ids do not tell their content."""
    return {path: replace(file, blob=f"blob of {path}") for path, file in files.items()}


@cache
def _extracted(path: str, text: str) -> BlobFacts:
    extractor = extractor_for(path)
    if extractor is None:
        return BlobFacts()
    facts = extractor.extract(text.encode("utf-8", "surrogateescape"))
    return facts if facts.error != GENERATED_NOTE else BlobFacts()


def _facts(facts: BlobFacts) -> Iterator[Named]:
    yield from facts.symbols
    yield from facts.options
    yield from facts.settings
    yield from facts.commands
    yield from facts.dependencies


def _bare(fact: Named) -> tuple[object, ...]:
    return (type(fact), *(getattr(fact, one.name) for one in fields(fact) if one.name not in PLACE))


def _changes(fact: Named, text: str) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    start = fact.span.start if isinstance(fact, Symbol) else fact.line
    end = fact.span.end if isinstance(fact, Symbol) else fact.line
    reach = max(end, min(len(lines), start + REGION)) if not isinstance(fact, Symbol) else end

    def swapped(old: str, new: str) -> str:
        region = "\n".join(lines[start - 1 : reach])
        pattern = rf"(?<![\w-]){re.escape(old)}(?![\w-])" if old else r"(?!)"
        region = re.sub(pattern, lambda _: new, region, count=1)
        return "\n".join([*lines[: start - 1], region, *lines[reach:]])

    last = fact.name.rpartition(".")[2].rpartition(" ")[2]
    yield "rename", swapped(last, f"{last}zz")
    yield "remove", "\n".join([*lines[: start - 1], *lines[end:]])
    match fact:
        case Symbol(parameters=parameters, value=value, doc=doc):
            for parameter in parameters:
                yield (
                    f"parameter {parameter.name}",
                    swapped(parameter.name.lstrip("*"), f"{parameter.name.lstrip('*')}zz"),
                )
                yield f"default {parameter.name}", swapped(parameter.default, "987")
                yield f"annotation {parameter.name}", swapped(parameter.annotation, "Zzz")
            yield "value", swapped(value, "987")
            yield "doc", swapped(next(iter(doc.split()), ""), "Zzz")
        case Option(flags=flags, default=default, env=env, help=help_text):
            for flag in flags:
                yield f"flag {flag}", swapped(flag, f"{flag}zz")
            yield "default", swapped(default, "987")
            yield "variable", swapped(env, f"{env}_ZZ")
            yield "help", swapped(next(iter(help_text.split()), ""), "Zzz")
        case Setting(default=default):
            yield "default", swapped(default, "987")
        case Dependency(constraint=constraint):
            number = next(iter(re.findall(r"\d+", constraint)), "")
            yield "constraint", swapped(constraint, constraint.replace(number, "987", 1)) if number else text
        case _:
            pass
