"""Members of classes, interfaces, enums and object literals."""

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.comments import Documented, documented, is_internal
from docsfy_action.facts.languages.ecmascript.overloads import Entry
from docsfy_action.facts.languages.ecmascript.signatures import (
    annotation,
    function_signature,
    is_private,
    member_name,
    parameters,
    property_parameters,
    short,
    without_decorators,
)
from docsfy_action.facts.languages.ecmascript.syntax import FUNCTIONS, bare, key_name
from docsfy_action.facts.model import Symbol, SymbolKind
from docsfy_action.facts.treesitter import digest, folded_text, head, span, text

_METHODS = frozenset({"method_definition", "method_signature", "abstract_method_signature"})
_FIELDS = frozenset({"public_field_definition", "field_definition", "property_signature"})


def class_members(owner: Symbol, body: Node) -> Iterator[Entry]:
    """Methods, accessors and fields of a class, with the properties that constructor parameters declare."""
    for item in documented(body.children):
        node = item.node
        if node.type in _METHODS:
            yield _method(owner, item)
            if member_name(node) == "constructor":
                yield from _parameter_properties(owner, node)
        elif node.type in _FIELDS:
            yield from _field(owner, item)


def interface_members(owner: Symbol, body: Node) -> Iterator[Entry]:
    """Methods and properties of an interface or an object type."""
    for item in documented(body.children):
        if item.node.type in _METHODS:
            yield _method(owner, item)
        elif item.node.type in _FIELDS:
            yield from _field(owner, item)


def enum_members(owner: Symbol, body: Node) -> Iterator[Entry]:
    """Names of an enum with their values."""
    for item in documented(body.children):
        node = item.node
        assigned = node.type == "enum_assignment"
        yield Entry(
            Symbol(
                name=f"{owner.name}.{key_name(node.child_by_field_name('name') if assigned else node)}",
                kind=SymbolKind.CONSTANT,
                span=span(node),
                signature=folded_text(node),
                doc=item.doc,
                value=short(node.child_by_field_name("value")) if assigned else "",
                public=owner.public and not is_internal(item.doc),
                body=digest([node]),
            )
        )


def object_members(owner: Symbol, literal: Node) -> Iterator[Entry]:
    """Functions and accessors of an object literal."""
    for item in documented(literal.children):
        node = item.node
        if node.type == "method_definition":
            yield _method(owner, item)
        elif node.type == "pair":
            value = bare(node.child_by_field_name("value"))
            if value is not None and value.type in FUNCTIONS:
                yield _callable(owner, key_name(node.child_by_field_name("key")), value, item, SymbolKind.METHOD)


def _shown(owner: Symbol, name: str, item: Documented) -> bool:
    return owner.public and not name.startswith(("_", "#")) and not is_private(item.node) and not is_internal(item.doc)


def _callable(owner: Symbol, name: str, function: Node, item: Documented, kind: SymbolKind) -> Entry:
    decorators = (*item.decorators, *item.node.children_by_field_name("decorator"))
    symbol = Symbol(
        name=f"{owner.name}.{name}",
        kind=kind,
        span=span(item.node),
        signature=function_signature(item.node, function),
        doc=item.doc,
        parameters=parameters(function),
        returns=annotation(function.child_by_field_name("return_type")),
        decorators=tuple(folded_text(node).removeprefix("@") for node in decorators),
        public=_shown(owner, name, item),
        body=digest([item.node]),
    )
    return Entry(symbol, function.child_by_field_name("body") is not None)


def _method(owner: Symbol, item: Documented) -> Entry:
    accessor = any(child.type in ("get", "set") for child in item.node.children)
    kind = SymbolKind.PROPERTY if accessor else SymbolKind.METHOD
    entry = _callable(owner, member_name(item.node), item.node, item, kind)
    setter = any(child.type == "set" for child in item.node.children)
    return entry if not accessor or setter else replace(entry, symbol=replace(entry.symbol, parameters=()))


def _field(owner: Symbol, item: Documented) -> Iterator[Entry]:
    node, name = item.node, member_name(item.node)
    value = bare(node.child_by_field_name("value"))
    if value is not None and value.type in FUNCTIONS:
        yield _callable(owner, name, value, item, SymbolKind.METHOD)
        return
    written = node.child_by_field_name("value")
    start = without_decorators(node)
    signature = head(node, None if written is None or short(written) else written, start)
    decorators = (*item.decorators, *node.children_by_field_name("decorator"))
    yield Entry(
        Symbol(
            name=f"{owner.name}.{name}",
            kind=SymbolKind.ATTRIBUTE,
            span=span(node),
            signature=signature.rstrip(" =;"),
            doc=item.doc,
            returns=annotation(node.child_by_field_name("type")),
            decorators=tuple(folded_text(found).removeprefix("@") for found in decorators),
            value=short(written),
            public=_shown(owner, name, item),
            body=digest([node]),
        )
    )


def _parameter_properties(owner: Symbol, constructor: Node) -> Iterator[Entry]:
    for node, private in property_parameters(constructor):
        name = text(node.child_by_field_name("pattern"))
        yield Entry(
            Symbol(
                name=f"{owner.name}.{name}",
                kind=SymbolKind.ATTRIBUTE,
                span=span(node),
                signature=head(node, None),
                returns=annotation(node.child_by_field_name("type")),
                value=short(node.child_by_field_name("value")),
                public=owner.public and not private and not name.startswith("_"),
                body=digest([node]),
            )
        )
