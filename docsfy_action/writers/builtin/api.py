"""API reference pages: the public definitions of one package or module, with signatures, parameters and their documentation."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from docsfy_action.facts.docstrings import ParsedDoc, parse_doc
from docsfy_action.facts.model import Symbol, SymbolKind
from docsfy_action.facts.modules import SCRIPT_LANGUAGES, Located, Module, import_name, members_of
from docsfy_action.facts.surface import Member, Surface, is_type
from docsfy_action.outline.api_pages import members_of_subject, parts_of
from docsfy_action.outline.letters import shown
from docsfy_action.outline.model import PageSpec
from docsfy_action.verify.markdown import slugify
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.definitions import constructor_of, is_constructor, is_row, is_silent, short_name
from docsfy_action.writers.builtin.documentation import data_table, documentation, parameters_table, results
from docsfy_action.writers.builtin.prose import (
    code,
    count,
    document,
    fence,
    file_link,
    heading,
    listing,
    plain,
    source_link,
    symbol_link,
)
from docsfy_action.writers.builtin.signatures import FENCE_LANGUAGE, declaration, layout

CONSTANTS = "Constants and variables"
INHERITED_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A base class as written; `target` where this repository defines it, with the public names it passes on."""

    text: str
    target: tuple[str, str] | None = None
    passes_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A documented definition. `heading` is its heading's text, unique on the page; `silent` members are only named."""

    heading: str
    symbol: Located[Symbol]
    constructor: Located[Symbol] | None = None
    bases: tuple[Base, ...] = ()
    children: tuple[tuple[str, Located[Symbol]], ...] = ()
    silent: tuple[Located[Symbol], ...] = ()
    data: tuple[Located[Symbol], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSection:
    """A module's part of a page. `data_heading` stands over its constants, where it has any."""

    name: str
    language: str
    path: str
    doc: str
    heading: str
    types: tuple[Entry, ...]
    functions: tuple[Entry, ...]
    data: tuple[Located[Symbol], ...]
    data_heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiInput:
    """Everything an API page is made from. `others` are slug and letters of the pages with the rest of the module, where it
    is spread over several."""

    spec: PageSpec
    title: str
    importable: bool
    modules: tuple[ModuleSection, ...]
    others: tuple[tuple[str, str], ...] = ()


def select(spec: PageSpec, context: Context) -> ApiInput:
    """The definitions that the page documents."""
    surface = context.code.surface
    single = len(spec.subjects) == 1
    page_title = _page_title(spec, context)
    taken: set[str] = {slugify(page_title)}
    sections = []
    others = _others(spec, context)
    for subject in spec.subjects:
        module = context.code.table.by_name[parts_of(subject)[0]]
        called = import_name(module, context.code.table)
        title = "" if single else _unique("The package itself" if called == _prefix(spec) else called, "", taken)
        path = next((p for p in module.files if context.code.files[p].facts.doc), module.primary)
        members = members_of_subject(subject, context.code)
        entries = [_entry(member, surface, called, taken) for member in members if not is_row(member.symbol.item)]
        data = tuple(member.symbol for member in members if is_row(member.symbol.item))
        sections.append(
            ModuleSection(
                name=called,
                language=module.language,
                path=path,
                doc="" if context.api_page_of[module.name] != spec else context.code.files[path].facts.doc,
                heading=title,
                types=tuple(entry for entry in entries if is_type(entry.symbol.item)),
                functions=tuple(entry for entry in entries if not is_type(entry.symbol.item)),
                data=data,
                data_heading=_unique(CONSTANTS if single else f"{CONSTANTS} of {called}", "", taken) if data else "",
            )
        )
    return ApiInput(spec=spec, title=page_title, importable=single, modules=tuple(sections), others=others)


def _others(spec: PageSpec, context: Context) -> tuple[tuple[str, str], ...]:
    """The other pages of a module that is spread over several."""
    module, range_ = parts_of(spec.subjects[0])
    if not range_:
        return ()
    pages = ((page, parts_of(subject)) for page in context.outline.pages() for subject in page.subjects)
    return tuple(
        (page.slug, shown(letters))
        for page, (name, letters) in pages
        if page.writer == "api" and name == module and letters not in ("", range_)
    )


def _page_title(spec: PageSpec, context: Context) -> str:
    """What the page is about, in the words of the language."""
    table = context.code.table
    name, range_ = parts_of(spec.subjects[0])
    module = table.by_name[name]
    if len(spec.subjects) > 1:
        return f"Package {spec.title}"
    if module.language in SCRIPT_LANGUAGES:
        called = import_name(module, table)
        part = f": {shown(range_)}" if range_ else ""
        return f"{'Package' if called == module.package else 'Module'} {called}{part}"
    return f"{'Package' if _is_package(module) else 'Module'} {spec.title}"


def _is_package(module: Module) -> bool:
    return module.language == "go" or module.primary.endswith("__init__.py")


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
            for child in (*entry.data, *entry.silent):
                yield (child.path, child.item.name), slugify(entry.heading)
        for located in module.data:
            yield (located.path, located.item.name), slugify(module.data_heading)


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
        known = first.name != first.path
        place = f"{_called(first)}, defined in {file_link(first.path)}" if known else file_link(first.path)
        said = f"This page documents {listing(parts)} of {place}."
        if not page.others:
            return said
        rest = listing(f"[{letters}]({slug}.md)" for slug, letters in page.others)
        return f"{said} What begins with other letters is on pages of its own: {rest}."
    return (
        f"This page documents {listing(parts)} in {count(len(page.modules), 'module')}: "
        + listing((f"[{_called(m)}](#{slugify(m.heading)})" for m in page.modules), limit=12)
        + "."
    )


def _called(module: ModuleSection) -> str:
    """The module's name; a script's specifier is no path of the repository."""
    return plain(module.name) if module.language in SCRIPT_LANGUAGES else code(module.name)


def _module(module: ModuleSection, level: int, *, titled: bool) -> Iterator[str]:
    if titled:
        yield heading(2, module.heading)
        yield f"Defined in {file_link(module.path)}."
    doc = parse_doc(module.doc, module.language) if module.doc else ParsedDoc()
    yield from documentation(doc)
    for entry in (*module.types, *module.functions):
        yield from _entry_blocks(entry, level, module.language)
    if module.data:
        yield heading(level, module.data_heading)
        yield data_table(module.data, module.language)


def _entry_blocks(entry: Entry, level: int, language: str) -> Iterator[str]:
    symbol = entry.symbol.item
    doc = parse_doc(symbol.doc, language) if symbol.doc else ParsedDoc()
    yield heading(level, entry.heading)
    yield _kind_line(entry)
    yield fence(FENCE_LANGUAGE[language], declaration(symbol))
    yield from documentation(doc)
    constructor = entry.constructor
    if constructor is not None:
        made = parse_doc(constructor.item.doc, language) if constructor.item.doc else ParsedDoc()
        yield f"Created by {source_link(constructor.path, constructor.item.name)}:"
        yield fence(FENCE_LANGUAGE[language], layout(constructor.item.signature))
        if made.summary and made.summary != doc.summary:
            yield from documentation(made)
        yield parameters_table(constructor.item.parameters, made.parameters or doc.parameters)
    elif symbol.parameters or doc.parameters:
        yield parameters_table(symbol.parameters, doc.parameters)
    yield from results(doc)
    if entry.data:
        yield f"**{_data_title(symbol)}**"
        yield data_table(entry.data, language, doc.attributes)
    if entry.silent:
        names = (source_link(child.path, child.item.name, code(short_name(child.item))) for child in entry.silent)
        yield f"It also defines {listing(names)}."
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
    yield from documentation(doc)
    yield parameters_table(symbol.parameters, doc.parameters)
    yield from results(doc)


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


def _data_title(symbol: Symbol) -> str:
    if symbol.kind is SymbolKind.ENUM or any("Enum" in base for base in symbol.bases):
        return "Members"
    return {SymbolKind.STRUCT: "Fields", SymbolKind.INTERFACE: "Properties"}.get(symbol.kind, "Attributes")


def _bare(located: Located[Symbol]) -> Located[Symbol]:
    """The definition as far as the page shows it: of decorators only their names matter."""
    symbol = located.item
    names = tuple(decorator.partition("(")[0].split(".")[-1] for decorator in symbol.decorators)
    return Located(path=located.path, item=replace(symbol, decorators=names))


def _entry(member: Member, surface: Surface, module: str, taken: set[str]) -> Entry:
    symbol = member.symbol
    constructor = constructor_of(symbol, surface)
    title = _unique(member.name, module, taken)
    owner = symbol.item.name
    told = [child for child in member.children if not is_constructor(child.item)]
    children = tuple(
        (_unique(title + child.item.name[len(owner) :], "", taken), _bare(child))
        for child in told
        if not is_row(child.item) and not is_silent(child.item)
    )
    return Entry(
        heading=title,
        symbol=_bare(symbol),
        constructor=_bare(constructor) if constructor is not None else None,
        bases=tuple(_base(text, symbol, surface) for text in symbol.item.bases),
        children=children,
        silent=tuple(_bare(child) for child in told if is_silent(child.item)),
        data=tuple(child for child in told if is_row(child.item)),
    )


def _base(text: str, symbol: Located[Symbol], surface: Surface) -> Base:
    found = surface.lookup(symbol.path, text)
    if found is None or found == symbol:
        return Base(text=text)
    own = {short_name(s) for s in members_of(surface.files[symbol.path].facts.symbols, symbol.item.name)}
    names = (
        short_name(child)
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
    numbered = (f"{title} ({number})" for number in range(2, 1000))
    for option in chain((title, f"{module}.{title}" if module else title), numbered):
        anchor = slugify(option)
        if anchor not in taken:
            taken.add(anchor)
            return option
    raise AssertionError(f"a thousand definitions are called {title}")


def api_anchors(pages: Mapping[str, ApiInput]) -> dict[tuple[str, str], tuple[str, str]]:
    """(path, qualified name) → (slug, anchor) over all API pages."""
    return {key: (slug, anchor) for slug, page in pages.items() for key, anchor in documented(page)}
