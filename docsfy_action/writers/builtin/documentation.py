"""What doc comments say, as blocks of a page: text, notes, examples, and tables of parameters, results and data."""

from collections.abc import Iterator

from docsfy_action.facts.docstrings import DocItem, ParsedDoc, parse_doc
from docsfy_action.facts.model import Parameter, Symbol, SymbolKind
from docsfy_action.facts.modules import Located
from docsfy_action.writers.builtin.prose import (
    bullets,
    code,
    document,
    plain,
    quotation,
    quoted,
    source_link,
    table,
)

RECEIVERS = frozenset({"self", "cls"})
LONGEST_VALUE = 60


def documentation(doc: ParsedDoc) -> Iterator[str]:
    """Everything that is no table: the text, notes and examples."""
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


def parameters_table(parameters: tuple[Parameter, ...], documented_items: tuple[DocItem, ...]) -> str:
    """Parameters with what is said of them; empty where nothing is."""
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


def results(doc: ParsedDoc) -> Iterator[str]:
    """What is returned, yielded and raised."""
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


def data_table(items: tuple[Located[Symbol], ...], language: str, described: tuple[DocItem, ...] = ()) -> str:
    """Constants, variables and attributes; `described` is what their owner says of them."""
    texts = {item.name: item.text for item in described}
    rows = []
    for located in items:
        symbol = located.item
        name = symbol.name.rsplit(".", 1)[-1]
        doc = parse_doc(symbol.doc, language).summary if symbol.doc else _inline(texts.get(name, ""))
        # The value of a field of a Go struct is its tag.
        tag = language == "go" and symbol.kind is SymbolKind.ATTRIBUTE
        value = symbol.value if len(symbol.value) <= LONGEST_VALUE and not tag else ""
        rows.append(
            (source_link(located.path, symbol.name, code(name)), code(symbol.returns), code(value), quoted(doc))
        )
    return table(("Name", "Type", "Value", "Description"), rows)
