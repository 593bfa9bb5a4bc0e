"""All definitions of a Python file in source order, one symbol a name."""

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from docsfy_action.facts.extractor import MAX_NAME_LENGTH
from docsfy_action.facts.languages.python.data import data_symbols, instance_attributes
from docsfy_action.facts.languages.python.definitions import class_symbol, function_symbol
from docsfy_action.facts.languages.python.imports import is_main_guard
from docsfy_action.facts.languages.python.names import HOLD_STATEMENTS, Names
from docsfy_action.facts.model import Span, Symbol, SymbolKind

MAX_NESTING = 60
_DATA_KINDS = frozenset({SymbolKind.ATTRIBUTE, SymbolKind.CONSTANT, SymbolKind.VARIABLE})


def read_symbols(names: Names, exports: tuple[str, ...] | None) -> tuple[Symbol, ...]:
    """The symbols of a file, those in branches (`if TYPE_CHECKING`, `try`) included, those inside functions not.

    Names of more than 80 characters are left out: they are generated.
    """
    found: dict[str, Symbol] = {}
    for symbol in _in_block(names, names.source.root, "", frozenset(exports or ()), 0):
        if len(symbol.name.rpartition(".")[2]) <= MAX_NAME_LENGTH:
            known = found.get(symbol.name)
            found[symbol.name] = symbol if known is None else _merged(known, symbol)
    return tuple(sorted(found.values(), key=lambda s: (s.span.start, -s.span.end, s.name)))


def _in_block(names: Names, block: Node, owner: str, exports: frozenset[str], depth: int) -> Iterator[Symbol]:
    if depth > MAX_NESTING:
        return
    statements = block.named_children
    for index, node in enumerate(statements):
        match node.type:
            case "function_definition" | "class_definition" | "decorated_definition":
                yield from _definition(names, node, owner, depth)
            case "expression_statement" | "type_alias_statement":
                yield from data_symbols(names, statements, index, owner, exports)
            case kind if kind in HOLD_STATEMENTS and not is_main_guard(names.source, node):
                yield from _in_block(names, node, owner, exports, depth + 1)


def _definition(names: Names, whole: Node, owner: str, depth: int) -> Iterator[Symbol]:
    source = names.source
    node = whole.child_by_field_name("definition") if whole.type == "decorated_definition" else whole
    name_node = node.child_by_field_name("name") if node is not None else None
    parameters = node.child_by_field_name("parameters") if node is not None else None
    if node is None or name_node is None or name_node.is_missing or (parameters is not None and parameters.has_error):
        return
    name = f"{owner}.{source.text(name_node)}" if owner else source.text(name_node)
    if node.type == "class_definition":
        yield class_symbol(source, whole, node, name)
        body = node.child_by_field_name("body")
        if body is not None:
            yield from _in_block(names, body, name, frozenset(), depth + 1)
    else:
        yield function_symbol(source, whole, node, name, in_class=bool(owner))
        if owner and name.endswith(".__init__"):
            yield from instance_attributes(names, node, owner)


def _merged(known: Symbol, symbol: Symbol) -> Symbol:
    """One symbol of two: overloads with their implementation, the getter with its setter, else the first of them."""
    both = f"{known.body}{symbol.body}"
    accessor = f"{symbol.name.rpartition('.')[2]}."
    added = tuple(decorator for decorator in symbol.decorators if decorator.startswith(accessor))
    if added:
        return replace(known, decorators=known.decorators + added, body=both)
    if _is_overload(known):
        overloads = known.overloads or (known.signature,)
        if _is_overload(symbol):
            return replace(known, overloads=(*overloads, symbol.signature), doc=known.doc or symbol.doc, body=both)
        return replace(
            symbol,
            signature=overloads[0],
            overloads=overloads,
            span=Span(start=known.span.start, end=symbol.span.end),
            doc=symbol.doc or known.doc,
            body=both,
        )
    if known.kind in _DATA_KINDS and symbol.kind not in _DATA_KINDS:
        return symbol
    return known if known.doc or symbol.kind is not known.kind else replace(known, doc=symbol.doc)


def _is_overload(symbol: Symbol) -> bool:
    return any(decorator.rpartition(".")[2] == "overload" for decorator in symbol.decorators)
