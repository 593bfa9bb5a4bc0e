"""API reference pages: the public definitions of one package or module, with signatures, parameters and their documentation."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from docsfy_action.facts.docstrings import DocItem, ParsedDoc, parse_doc
from docsfy_action.facts.model import Parameter, Symbol, SymbolKind
from docsfy_action.facts.modules import SCRIPT_LANGUAGES, Located, members_of
from docsfy_action.facts.surface import Member, Surface, is_type
from docsfy_action.outline.model import PageSpec
from docsfy_action.verify.markdown import slugify
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import (
    bullets,
    code,
    count,
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
from docsfy_action.writers.builtin.signatures import FENCE_LANGUAGE, declaration, layout

DATA_KINDS = (SymbolKind.ATTRIBUTE, SymbolKind.CONSTANT, SymbolKind.VARIABLE)
RECEIVERS = frozenset({"self", "cls"})
INHERITED_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A base class as written; `target` where this repository defines it, with the public names it passes on."""

    text: str
    target: tuple[str, str] | None = None
    passes_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A documented definition. `heading` is its heading's text, unique on the page."""

    heading: str
    symbol: Located[Symbol]
    constructor: Located[Symbol] | None = None
    bases: tuple[Base, ...] = ()
    children: tuple[tuple[str, Located[Symbol]], ...] = ()
    data: tuple[Located[Symbol], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSection:
    """A module's part of a page."""

    name: str
    language: str
    path: str
    doc: str
    heading: str
    types: tuple[Entry, ...]
    functions: tuple[Entry, ...]
    data: tuple[Located[Symbol], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiInput:
    """Everything an API page is made from."""

    spec: PageSpec
    title: str
    importable: bool
    modules: tuple[ModuleSection, ...]


def select(spec: PageSpec, context: Context) -> ApiInput:
    """The definitions that the page documents."""
    surface = context.code.surface
    single = len(spec.subjects) == 1
    page_title = _page_title(spec, context)
    taken: set[str] = {slugify(page_title)}
    sections = []
    for name in spec.subjects:
        module = context.code.table.by_name[name]
        title = "" if single else _unique("The package itself" if name == _prefix(spec) else name, "", taken)
        path = next((p for p in module.files if context.code.files[p].facts.doc), module.primary)
        members = surface.members.get(name, ())
        entries = [
            _entry(member, surface, name, taken) for member in members if member.symbol.item.kind not in DATA_KINDS
        ]
        sections.append(
            ModuleSection(
                name=name,
                language=module.language,
                path=path,
                doc=context.code.files[path].facts.doc,
                heading=title,
                types=tuple(entry for entry in entries if is_type(entry.symbol.item)),
                functions=tuple(entry for entry in entries if not is_type(entry.symbol.item)),
                data=tuple(member.symbol for member in members if member.symbol.item.kind in DATA_KINDS),
            )
        )
    return ApiInput(spec=spec, title=page_title, importable=single, modules=tuple(sections))


def _page_title(spec: PageSpec, context: Context) -> str:
    """What the page is about, in the words of the language."""
    module = context.code.table.by_name[spec.subjects[0]]
    if module.language in SCRIPT_LANGUAGES and len(spec.subjects) == 1:
        return f"Module {module.primary}"
    if len(spec.subjects) > 1 or module.language == "go" or module.primary.endswith("__init__.py"):
        return f"Package {spec.title}"
    return f"Module {spec.title}"


def _prefix(spec: PageSpec) -> str:
    """The name that all modules of the page share."""
    return spec.identity.partition(":")[2]


def documented(page: ApiInput) -> Iterator[tuple[tuple[str, str], str]]:
    """((path, qualified name), anchor) of every definition that the page documents under a heading or in a table."""
    for module in page.modules:
        for entry in (*module.types, *module.functions):
            yield (entry.symbol.path, entry.symbol.item.name), slugify(entry.heading)
            for title, child in entry.children:
                yield (child.path, child.item.name), slugify(title)
            for child in entry.data:
                yield (child.path, child.item.name), slugify(entry.heading)
        for located in module.data:
            yield (located.path, located.item.name), slugify(module.heading or page.title)


def write(page: ApiInput) -> str:
    """The page's Markdown."""
    level = 2 if page.importable else 3
    blocks = [heading(1, page.title), _introduction(page)]
    for module in page.modules:
        blocks.extend(_module(module, level, titled=not page.importable))
    return document(blocks)


def _introduction(page: ApiInput) -> str:
    types = sum(len(module.types) for module in page.modules)
    functions = sum(len(module.functions) for module in page.modules)
    data = sum(len(module.data) for module in page.modules)
    parts = [
        count(number, noun, plural)
        for number, noun, plural in ((types, "type", ""), (functions, "function", ""), (data, "constant", ""))
        if number
    ]
    first = page.modules[0]
    if page.importable:
        shown = "" if first.language in SCRIPT_LANGUAGES else code(first.name)
        return f"This page documents {listing(parts)} of {file_link(first.path, shown)}."
    return (
        f"This page documents {listing(parts)} in {count(len(page.modules), 'module')}: "
        + listing((f"[{code(m.name)}](#{slugify(m.heading)})" for m in page.modules), limit=12)
        + "."
    )


def _module(module: ModuleSection, level: int, *, titled: bool) -> Iterator[str]:
    if titled:
        yield heading(2, module.heading)
        yield f"Defined in {file_link(module.path)}."
    doc = parse_doc(module.doc, module.language) if module.doc else ParsedDoc()
    yield from _documentation(doc)
    if module.data:
        yield "**Constants and variables**"
        yield _data_table(module.data, module.language)
    for entry in (*module.types, *module.functions):
        yield from _entry_blocks(entry, level, module.language)


def _entry_blocks(entry: Entry, level: int, language: str) -> Iterator[str]:
    symbol = entry.symbol.item
    doc = parse_doc(symbol.doc, language) if symbol.doc else ParsedDoc()
    yield heading(level, entry.heading)
    yield _kind_line(entry)
    yield fence(FENCE_LANGUAGE[language], declaration(symbol))
    yield from _documentation(doc)
    constructor = entry.constructor
    if constructor is not None:
        made = parse_doc(constructor.item.doc, language) if constructor.item.doc else ParsedDoc()
        yield f"Created by {source_link(constructor.path, constructor.item.name)}:"
        yield fence(FENCE_LANGUAGE[language], layout(constructor.item.signature))
        if made.summary and made.summary != doc.summary:
            yield from _documentation(made)
        yield _parameters(constructor.item.parameters, made.parameters or doc.parameters)
    elif symbol.parameters or doc.parameters:
        yield _parameters(symbol.parameters, doc.parameters)
    yield from _results(doc)
    if entry.data:
        yield f"**{_data_title(symbol)}**"
        yield _data_table(entry.data, language, doc.attributes)
    for base in entry.bases:
        if base.passes_on:
            yield f"Inherited from {_base_text(base)}: {_inherited(base)}."
    for title, child in entry.children:
        yield from _child_blocks(title, child, level + 1, language)


def _inherited(base: Base) -> str:
    path, owner = base.target or ("", "")
    links = (symbol_link(path, f"{owner}.{name}", code(name)) for name in base.passes_on)
    return listing(links, limit=INHERITED_SHOWN)


def _child_blocks(title: str, child: Located[Symbol], level: int, language: str) -> Iterator[str]:
    symbol = child.item
    doc = parse_doc(symbol.doc, language) if symbol.doc else ParsedDoc()
    yield heading(level, title)
    yield f"{_kind_name(symbol)} · {source_link(child.path, symbol.name, 'source')}"
    yield fence(FENCE_LANGUAGE[language], declaration(symbol))
    yield from _documentation(doc)
    yield _parameters(symbol.parameters, doc.parameters)
    yield from _results(doc)


def _kind_line(entry: Entry) -> str:
    symbol = entry.symbol
    bases = f" · extends {listing(_base_text(base) for base in entry.bases)}" if entry.bases else ""
    # The source comes last: the code and the words that follow are attributed to the nearest citation.
    return f"{_kind_name(symbol.item)}{bases} · {source_link(symbol.path, symbol.item.name, code(symbol.path))}"


def _base_text(base: Base) -> str:
    return symbol_link(*base.target, code(base.text.lstrip("*").split("[")[0])) if base.target else code(base.text)


def _kind_name(symbol: Symbol) -> str:
    names = set(symbol.decorators)
    signature = symbol.signature
    if symbol.kind is SymbolKind.METHOD:
        kind = "class method" if "classmethod" in names else "static method" if "staticmethod" in names else "method"
    else:
        kind = symbol.kind.value
    if symbol.kind is SymbolKind.CLASS and "dataclass" in names:
        kind = "data class"
    if re.match(r"(async|export async|export default async)\b", signature):
        kind = f"async {kind}"
    if "abstractmethod" in names:
        kind = f"abstract {kind}"
    return kind[:1].upper() + kind[1:]


def _documentation(doc: ParsedDoc) -> Iterator[str]:
    text = document(doc.summary, doc.body) if doc.summary or doc.body else ""
    if text.strip():
        yield quotation(text)
    for title, note in doc.notes:
        # The title is ours: the source says it with a directive (`versionchanged`).
        yield f"**{plain(title)}**"
        if note:
            yield quotation(note)
    if doc.examples:
        yield "**Example**" if len(doc.examples) == 1 else "**Examples**"
        for example in doc.examples:
            yield quotation(example)


def _parameters(parameters: tuple[Parameter, ...], documented_items: tuple[DocItem, ...]) -> str:
    texts: dict[str, DocItem] = {item.name.lstrip("*"): item for item in documented_items}
    rows = []
    known = set()
    for parameter in parameters:
        bare = parameter.name.lstrip("*.").rstrip("?")
        known.add(bare)
        if bare in RECEIVERS or parameter.name in ("*", "/", ""):
            continue
        item = texts.get(bare, DocItem())
        kind = code(parameter.annotation) if parameter.annotation else quoted(code(item.type)) if item.type else ""
        rows.append((code(parameter.name), kind, code(parameter.default), quoted(_inline(item.text))))
    rows.extend(
        (quoted(code(item.name)), quoted(code(item.type)) if item.type else "", "", quoted(_inline(item.text)))
        for item in documented_items
        if item.name and item.name.lstrip("*") not in known
    )
    # Without a word on any parameter the table would repeat the signature right above it.
    if not any(row[3] for row in rows):
        return ""
    return document("**Parameters**", table(("Name", "Type", "Default", "Description"), rows))


def _results(doc: ParsedDoc) -> Iterator[str]:
    for title, items in (("Returns", doc.returns), ("Yields", doc.yields), ("Raises", doc.raises)):
        lines = [_result(item) for item in items if item.text or item.type or item.name]
        if lines:
            yield f"**{title}**"
            yield quotation(lines[0] if len(lines) == 1 else bullets(lines))


def _result(item: DocItem) -> str:
    label = code(item.type or item.name) if item.type or item.name else ""
    return " – ".join(filter(None, (label, _inline(item.text))))


def _inline(text: str) -> str:
    """The first paragraph of a description; tables and list items hold no blocks."""
    first = text.strip().split("\n\n")[0]
    return "" if first.startswith(("```", "-   ", "1.  ", "|", ">")) else " ".join(first.split())


def _data_title(symbol: Symbol) -> str:
    if symbol.kind is SymbolKind.ENUM or any("Enum" in base for base in symbol.bases):
        return "Members"
    return {SymbolKind.STRUCT: "Fields", SymbolKind.INTERFACE: "Properties"}.get(symbol.kind, "Attributes")


def _data_table(items: tuple[Located[Symbol], ...], language: str, described: tuple[DocItem, ...] = ()) -> str:
    texts = {item.name: item.text for item in described}
    rows = []
    for located in items:
        symbol = located.item
        name = symbol.name.rsplit(".", 1)[-1]
        doc = parse_doc(symbol.doc, language).summary if symbol.doc else _inline(texts.get(name, ""))
        value = symbol.value if len(symbol.value) <= 60 and language != "go" else ""
        rows.append(
            (source_link(located.path, symbol.name, code(name)), code(symbol.returns), code(value), quoted(doc))
        )
    return table(("Name", "Type", "Value", "Description"), rows)


def _bare(located: Located[Symbol]) -> Located[Symbol]:
    """The definition as far as the page shows it: of decorators only their names matter."""
    symbol = located.item
    names = tuple(decorator.partition("(")[0].split(".")[-1] for decorator in symbol.decorators)
    return Located(path=located.path, item=replace(symbol, decorators=names))


def _entry(member: Member, surface: Surface, module: str, taken: set[str]) -> Entry:
    symbol = member.symbol
    symbols = surface.files[symbol.path].facts.symbols
    constructor = next(
        (
            Located(path=symbol.path, item=child)
            for child in members_of(symbols, symbol.item.name)
            if child.name.rsplit(".", 1)[-1] in ("__init__", "constructor")
        ),
        None,
    )
    title = _unique(member.name, module, taken)
    owner = symbol.item.name
    children = []
    for child in member.children:
        if child.item.kind in DATA_KINDS or (constructor is not None and child.item.name == constructor.item.name):
            continue
        children.append((_unique(title + child.item.name[len(owner) :], "", taken), _bare(child)))
    return Entry(
        heading=title,
        symbol=_bare(symbol),
        constructor=_bare(constructor) if constructor is not None else None,
        bases=tuple(_base(text, symbol, surface) for text in symbol.item.bases),
        children=tuple(children),
        data=tuple(child for child in member.children if child.item.kind in DATA_KINDS),
    )


def _base(text: str, symbol: Located[Symbol], surface: Surface) -> Base:
    found = surface.lookup(symbol.path, text)
    if found is None or found == symbol:
        return Base(text=text)
    own = {s.name.rsplit(".", 1)[-1] for s in members_of(surface.files[symbol.path].facts.symbols, symbol.item.name)}
    names = (
        child.name.rsplit(".", 1)[-1]
        for child in members_of(surface.files[found.path].facts.symbols, found.item.name)
        if child.public
    )
    return Base(
        text=text,
        target=(found.path, found.item.name),
        passes_on=tuple(sorted(name for name in names if name not in own)),
    )


def _unique(title: str, module: str, taken: set[str]) -> str:
    """A heading whose anchor no other heading of the page has."""
    options = [title, f"{module}.{title}" if module else title]
    options += [f"{title} ({number})" for number in range(2, 1000)]
    for option in options:
        anchor = slugify(option)
        if anchor not in taken:
            taken.add(anchor)
            return option
    raise AssertionError(f"a thousand definitions are called {title}")


def api_anchors(pages: Mapping[str, ApiInput]) -> dict[tuple[str, str], tuple[str, str]]:
    """(path, qualified name) → (slug, anchor) over all API pages."""
    return {key: (slug, anchor) for slug, page in pages.items() for key, anchor in documented(page)}
