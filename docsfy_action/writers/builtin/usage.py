"""The usage guide: the types and functions that users start from, how they are made and called, and samples that use them."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from docsfy_action.facts.model import CodeSample, Role, Symbol, SymbolKind
from docsfy_action.facts.modules import Located, members_of
from docsfy_action.facts.surface import Member, is_type
from docsfy_action.outline.model import PageSpec
from docsfy_action.outline.ranking import main_members
from docsfy_action.verify.fences import known_language
from docsfy_action.verify.markdown import slugify
from docsfy_action.writers.builtin.context import Context, summary_of
from docsfy_action.writers.builtin.prose import (
    code,
    document,
    fence,
    file_link,
    heading,
    listing,
    plain,
    quotation,
    quoted,
    source_link,
    symbol_link,
    table,
)
from docsfy_action.writers.builtin.signatures import FENCE_LANGUAGE, layout

METHODS_SHOWN = 8
FILES_SHOWN = 3
SAMPLE_LINES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One definition users start from, with what helps to use it."""

    title: str
    module: str
    language: str
    symbol: Located[Symbol]
    constructor: Located[Symbol] | None
    methods: tuple[Located[Symbol], ...]
    sample: Located[CodeSample] | None
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageInput:
    """Everything the guide is made from."""

    title: str
    package: str
    topics: tuple[Topic, ...]


def select(spec: PageSpec, context: Context) -> UsageInput:
    """The definitions that users meet first, the most used first."""
    members = main_members(context.code)
    used: set[tuple[str, int]] = set()
    topics = [_topic(member, context, used) for member in members]
    # `Session` and `session` would share an anchor.
    shared = Counter(slugify(topic.title) for topic in topics)
    topics = [
        replace(topic, title=f"{topic.title} ({topic.symbol.item.kind})") if shared[slugify(topic.title)] > 1 else topic
        for topic in topics
    ]
    manifest = context.code.main_manifest
    return UsageInput(title=context.title, package=manifest.item.name if manifest else "", topics=tuple(topics))


def _topic(member: Member, context: Context, used: set[tuple[str, int]]) -> Topic:
    symbol = member.symbol
    file = context.code.files[symbol.path]
    word = re.compile(rf"\b{re.escape(member.name)}\b")
    sample = next(
        (
            s
            for s in context.samples
            if (s.path, s.item.line) not in used
            and s.item.language.lower() in (file.language, "py", "js", "ts", "tsx", "jsx", "pycon", "python3", "golang")
            and s.item.text.count("\n") < SAMPLE_LINES
            and word.search(s.item.text)
        ),
        None,
    )
    if sample is not None:
        used.add((sample.path, sample.item.line))
    tests = [
        test.path
        for test in context.code.sources(Role.TEST, Role.EXAMPLE)
        if any(member.name in item.names for item in test.facts.imports)
    ]
    constructor = next(
        (
            Located(path=symbol.path, item=child)
            for child in members_of(file.facts.symbols, symbol.item.name)
            if child.name.rsplit(".", 1)[-1] in ("__init__", "constructor")
        ),
        None,
    )
    methods = [c for c in member.children if c.item.kind is SymbolKind.METHOD and c.item.doc]
    return Topic(
        title=member.name,
        module=member.module,
        language=file.language,
        symbol=symbol,
        constructor=constructor,
        methods=tuple(methods[:METHODS_SHOWN]),
        sample=sample,
        tests=tuple(tests[:FILES_SHOWN]),
    )


def write(page: UsageInput) -> str:
    """The page's Markdown."""
    names = (f"[{code(topic.title.partition(' (')[0])}](#{slugify(topic.title)})" for topic in page.topics)
    lead = f"The definitions that most users of {page.title} start from are {listing(names)}. Each links to its full reference."
    blocks = [heading(1, f"Using {page.title}"), lead]
    for topic in page.topics:
        blocks.extend(_topic_blocks(topic))
    return document(blocks)


def _topic_blocks(topic: Topic) -> list[str]:
    symbol = topic.symbol
    kind = "type" if is_type(symbol.item) else "function"
    blocks = [
        heading(2, topic.title),
        (
            f"{symbol_link(symbol.path, symbol.item.name)} is a {kind} of {code(topic.module)}, defined in "
            f"{source_link(symbol.path, symbol.item.name, code(symbol.path))}."
        ),
    ]
    summary = summary_of(symbol.item.doc, topic.language)
    if summary:
        blocks.append(quotation(summary))
    shown = topic.constructor.item if topic.constructor else symbol.item
    if topic.constructor:
        blocks.append(f"It is created by {source_link(symbol.path, shown.name)}:")
    elif symbol.item.kind is SymbolKind.FUNCTION:
        blocks.append(f"It is called as {source_link(symbol.path, shown.name)} says:")
    if topic.constructor or symbol.item.kind is SymbolKind.FUNCTION:
        blocks.append(fence(FENCE_LANGUAGE[topic.language], layout(shown.signature)))
    if topic.sample:
        under = f", under “{plain(topic.sample.item.heading)}”" if topic.sample.item.heading else ""
        blocks.append(f"An example from {file_link(topic.sample.path)}{under}:")
        language = known_language(topic.sample.item.language, topic.sample.item.text)
        blocks.append(fence(language, topic.sample.item.text))
    if topic.methods:
        rows = [
            (
                symbol_link(method.path, method.item.name, code(method.item.name.rsplit(".", 1)[-1])),
                quoted(summary_of(method.item.doc, topic.language)),
                source_link(method.path, method.item.name, "source"),
            )
            for method in topic.methods
        ]
        blocks.append(table(("Method", "What it does", "Source"), rows))
    if topic.tests:
        blocks.append(f"See it at work in {listing(file_link(path) for path in topic.tests)}.")
    return blocks
