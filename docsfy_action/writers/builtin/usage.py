"""The usage guide: the types and functions that users start from, how they are made and called, and samples that use them."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from docsfy_action.facts.model import CodeSample, Role, Symbol, SymbolKind
from docsfy_action.facts.modules import SCRIPT_LANGUAGES, Located, import_name
from docsfy_action.facts.surface import Member, is_type
from docsfy_action.outline.model import PageSpec
from docsfy_action.outline.ranking import PROSE, TAKEN, main_members
from docsfy_action.verify.fences import known_language
from docsfy_action.verify.markdown import slugify
from docsfy_action.writers.builtin.context import Context, summary_of
from docsfy_action.writers.builtin.definitions import (
    DATA_KINDS,
    constructor_of,
    inherited,
    is_constructor,
    short_name,
)
from docsfy_action.writers.builtin.documentation import data_table
from docsfy_action.writers.builtin.prose import (
    capital,
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
    spell,
    symbol_link,
    table,
)
from docsfy_action.writers.builtin.signatures import FENCE_LANGUAGE, declaration, layout

METHODS_SHOWN = 8
FILES_SHOWN = 3
SAMPLE_LINES = 30
SAMPLE_LANGUAGES = ("py", "js", "ts", "tsx", "jsx", "pycon", "python3", "golang")
CALL = re.compile(r"\.(\w+)\(")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One definition users start from, with what helps to use it. `fields` stand for a constructor where objects are made
    of their fields; of them and of `methods` the page shows as many as fit on it."""

    title: str
    module: str
    language: str
    symbol: Located[Symbol]
    constructor: Located[Symbol] | None
    methods: tuple[Located[Symbol], ...]
    fields: tuple[Located[Symbol], ...]
    more: int
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
    sample = _sample(member, context, used)
    if sample is not None:
        used.add((sample.path, sample.item.line))
    tests = [
        test.path
        for test in context.code.sources(Role.TEST, Role.EXAMPLE)
        if any(member.name in item.names for item in test.facts.imports)
    ]
    constructor = constructor_of(symbol, context.code.surface)
    methods = _methods(member, context)
    made_of_fields = is_type(symbol.item) and constructor is None and not methods
    fields = [child for child in member.children if child.item.kind in DATA_KINDS] if made_of_fields else []
    return Topic(
        title=member.name,
        module=import_name(context.code.table.by_name[member.module], context.code.table),
        language=file.language,
        symbol=symbol,
        constructor=constructor,
        methods=tuple(methods[:METHODS_SHOWN]),
        fields=tuple(fields[:METHODS_SHOWN]),
        more=max(0, len(methods) - METHODS_SHOWN) + max(0, len(fields) - METHODS_SHOWN),
        sample=sample,
        tests=tuple(tests[:FILES_SHOWN]),
    )


def _sample(member: Member, context: Context, used: Collection[tuple[str, int]]) -> Located[CodeSample] | None:
    """The first sample that calls the definition, else the first whose code names it; comments and imports do not."""
    own = context.code.files[member.symbol.path].language
    word = re.escape(member.name)
    call = re.compile(rf"(?<!def )(?<!function )(?<!func )(?<!class )(?<![\w.$])(?:[\w$]+\.)?{word}(?:<[^<>\n()]*>)?\(")
    made = re.compile(rf"\b(?:class|interface|type|def|function|func)\s+{word}\b")
    fitting = [
        sample
        for sample in context.samples
        if (sample.path, sample.item.line) not in used
        and sample.item.language.lower() in (own, *SAMPLE_LANGUAGES)
        and sample.item.text.count("\n") < SAMPLE_LINES
    ]
    texts = [TAKEN.sub(" ", PROSE.sub(" ", sample.item.text)) for sample in fitting]
    calling = (sample for sample, text in zip(fitting, texts, strict=True) if call.search(text))
    naming = (
        sample
        for sample, text in zip(fitting, texts, strict=True)
        if re.search(rf"\b{word}\b", text) and not made.search(text)
    )
    return next(calling, None) or next(naming, None)


def _methods(member: Member, context: Context) -> list[Located[Symbol]]:
    """Documented methods, own and inherited, those first that samples call most; else in the order of the source."""
    called = Counter(name for sample in context.samples for name in set(CALL.findall(sample.item.text)))
    offered = (*member.children, *inherited(member, context.code.surface))
    methods = [
        child
        for child in offered
        if child.item.kind is SymbolKind.METHOD
        and not is_constructor(child.item)
        and summary_of(child.item.doc, context.code.files[child.path].language)
    ]
    return sorted(methods, key=lambda child: -called[short_name(child.item)])


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
    # A script's specifier is no path of the repository.
    module = plain(topic.module) if topic.language in SCRIPT_LANGUAGES else code(topic.module)
    blocks = [
        heading(2, topic.title),
        (
            f"{symbol_link(symbol.path, symbol.item.name)} is {_article(symbol.item.kind.value)} of {module}, "
            f"defined in {source_link(symbol.path, symbol.item.name, code(symbol.path))}."
        ),
    ]
    summary = summary_of(symbol.item.doc, topic.language)
    if summary:
        blocks.append(quotation(summary))
    if topic.constructor:
        made = topic.constructor
        blocks.append(f"It is created by {source_link(made.path, made.item.name)}:")
        blocks.append(fence(FENCE_LANGUAGE[topic.language], layout(made.item.signature)))
    elif symbol.item.kind is SymbolKind.FUNCTION:
        blocks.append(f"Its signature ({source_link(symbol.path, symbol.item.name, 'source')}):")
        blocks.append(fence(FENCE_LANGUAGE[topic.language], declaration(symbol.item)))
    if topic.fields:
        blocks.append("It is made of these fields:")
        blocks.append(data_table(topic.fields, topic.language))
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
    if topic.more:
        rest = symbol_link(symbol.path, symbol.item.name, "its reference")
        blocks.append(f"{capital(spell(topic.more))} more {'is' if topic.more == 1 else 'are'} in {rest}.")
    if topic.tests:
        blocks.append(f"See it at work in {listing(file_link(path) for path in topic.tests)}.")
    return blocks


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
