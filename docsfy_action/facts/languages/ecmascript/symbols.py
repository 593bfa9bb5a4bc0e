"""Definitions of a script: what stands at its top level, in namespaces, and what CommonJS assignments define."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.comments import Documented, documented, is_internal
from docsfy_action.facts.languages.ecmascript.exports import Exports, assignments
from docsfy_action.facts.languages.ecmascript.members import (
    class_members,
    enum_members,
    interface_members,
    object_members,
)
from docsfy_action.facts.languages.ecmascript.overloads import Entry, merged
from docsfy_action.facts.languages.ecmascript.signatures import (
    annotation,
    function_signature,
    heritage,
    parameters,
    short,
    value_signature,
    without_decorators,
)
from docsfy_action.facts.languages.ecmascript.syntax import (
    DECLARED_FUNCTIONS,
    FUNCTIONS,
    assignment_chain,
    bare,
    bound_names,
    dotted,
    loads_module,
    properties,
)
from docsfy_action.facts.model import Symbol, SymbolKind
from docsfy_action.facts.treesitter import digest, folded_text, head, is_name, span, text

MAX_NESTING = 6
_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_NAMESPACES = frozenset({"internal_module", "module"})
_VARIABLES = frozenset({"lexical_declaration", "variable_declaration"})
_OBJECT_PARTS = ("module.exports.", "exports.")


def symbols(root: Node, exported: Exports) -> tuple[Symbol, ...]:
    """All definitions of a file in source order, with the members of classes, interfaces, enums and plain objects."""
    found = merged(_Scope("", lambda name: name in exported.local, exported).read(root.children))
    kept = (symbol for symbol in found if is_name(symbol.name) and not any(c.isspace() for c in symbol.name))
    return tuple(dict.fromkeys(kept))


class _Scope:
    """A file or a namespace: a prefix for names, and which of them users can reach."""

    def __init__(self, prefix: str, offered: Callable[[str], bool], exported: Exports, depth: int = 0) -> None:
        self._prefix = prefix
        self._offered = offered
        self._exported = exported
        self._depth = depth
        self._here: set[str] = set()

    def read(self, nodes: Sequence[Node]) -> Iterator[Entry]:
        """Definitions among the statements of the scope."""
        statements = list(documented(nodes))
        self._here = {name for statement in statements for name in _defined(statement.node)}
        for statement in statements:
            yield from self._statement(statement)

    def _statement(self, item: Documented) -> Iterator[Entry]:
        node = item.node
        if node.type == "export_statement":
            yield from self._export(item)
        elif node.type == "ambient_declaration":
            for inner in node.named_children:
                yield from self._declaration(inner, node, item, {"statement_block": True}.get(inner.type, False))
        elif node.type == "expression_statement" and node.named_children and node.named_children[0].type in _NAMESPACES:
            yield from self._declaration(node.named_children[0], node, item)
        elif node.type == "expression_statement":
            yield from self._assigned(item)
        else:
            yield from self._declaration(node, node, item)
            if node.type in _VARIABLES:
                yield from self._assigned(item)

    def _export(self, item: Documented) -> Iterator[Entry]:
        node = item.node
        decorators = (*item.decorators, *node.children_by_field_name("decorator"))
        item = Documented(node, item.doc, decorators)
        declaration = node.child_by_field_name("declaration")
        value = bare(node.child_by_field_name("value"))
        if declaration is not None:
            inside = declaration.named_children if declaration.type == "ambient_declaration" else [declaration]
            for inner in inside:
                yield from self._declaration(inner, declaration, item, public=True)
        elif value is not None and value.type != "identifier":
            name = text(value.child_by_field_name("name")) if value.type in (*FUNCTIONS, *_CLASSES) else ""
            yield from self._value(name or "default", value, value, item, public=True)

    def _declaration(self, node: Node, written: Node, item: Documented, public: bool = False) -> Iterator[Entry]:
        name = text(node.child_by_field_name("name"))
        if node.type in DECLARED_FUNCTIONS or node.type == "function_signature":
            yield self._function(name or "default", node, written, item, public=public)
        elif node.type in _CLASSES or node.type in ("interface_declaration", "enum_declaration"):
            yield from self._type(name or "default", node, written, item, public=public)
        elif node.type == "type_alias_declaration":
            yield from self._alias(name, node, written, item, public=public)
        elif node.type in _NAMESPACES:
            yield from self._namespace(name, node, written, item, public=public)
        elif node.type == "statement_block":
            yield from _Scope("", lambda _: False, self._exported, self._depth + 1).read(node.children)
        elif node.type in _VARIABLES:
            yield from self._variables(node, written, item, public=public)

    def _shown(self, name: str, doc: str, *, public: bool) -> bool:
        return (public or self._offered(name)) and not name.startswith("_") and not is_internal(doc)

    def _function(self, name: str, node: Node, written: Node, item: Documented, *, public: bool) -> Entry:
        symbol = Symbol(
            name=self._prefix + name,
            kind=SymbolKind.FUNCTION,
            span=span(item.node),
            signature=function_signature(written, node),
            doc=item.doc,
            parameters=parameters(node),
            returns=annotation(node.child_by_field_name("return_type")),
            decorators=_decorators(item),
            public=self._shown(name, item.doc, public=public),
            body=digest([written]),
        )
        return Entry(symbol, node.child_by_field_name("body") is not None)

    def _type(self, name: str, node: Node, written: Node, item: Documented, *, public: bool) -> Iterator[Entry]:
        body = node.child_by_field_name("body")
        kind = {"interface_declaration": SymbolKind.INTERFACE, "enum_declaration": SymbolKind.ENUM}
        owner = Symbol(
            name=self._prefix + name,
            kind=kind.get(node.type, SymbolKind.CLASS),
            span=span(item.node),
            signature=head(written, body, without_decorators(node) if written is node else None),
            doc=item.doc,
            bases=heritage(node),
            decorators=(*_decorators(item), *_own_decorators(node)),
            public=self._shown(name, item.doc, public=public),
            body=digest([written]),
        )
        yield Entry(owner)
        if body is not None:
            read = {SymbolKind.INTERFACE: interface_members, SymbolKind.ENUM: enum_members}
            yield from read.get(owner.kind, class_members)(owner, body)

    def _alias(self, name: str, node: Node, written: Node, item: Documented, *, public: bool) -> Iterator[Entry]:
        value = node.child_by_field_name("value")
        owner = Symbol(
            name=self._prefix + name,
            kind=SymbolKind.TYPE,
            span=span(item.node),
            signature=value_signature(written, node),
            doc=item.doc,
            value=short(value),
            public=self._shown(name, item.doc, public=public),
            body=digest([written]),
        )
        yield Entry(owner)
        if value is not None and value.type == "object_type":
            yield from interface_members(owner, value)

    def _namespace(self, name: str, node: Node, written: Node, item: Documented, *, public: bool) -> Iterator[Entry]:
        body = node.child_by_field_name("body")
        ambient = written.type == "ambient_declaration"
        if name[:1] in "\"'":
            # The types of another module: its names are not this one's.
            prefix, shown = "", False
        else:
            shown = self._shown(name.partition(".")[0], item.doc, public=public)
            prefix = f"{self._prefix}{name}."
            yield Entry(
                Symbol(
                    name=prefix[:-1],
                    kind=SymbolKind.NAMESPACE,
                    span=span(item.node),
                    signature=head(written, body),
                    doc=item.doc,
                    public=shown,
                    body=digest([written]),
                )
            )
        if body is not None and self._depth < MAX_NESTING:
            inner = _Scope(prefix, lambda _: ambient and shown, self._exported, self._depth + 1)
            for entry in inner.read(body.children):
                yield replace(entry, symbol=replace(entry.symbol, public=entry.symbol.public and shown))

    def _variables(self, node: Node, written: Node, item: Documented, *, public: bool) -> Iterator[Entry]:
        declarators = [child for child in node.named_children if child.type == "variable_declarator"]
        for declarator in declarators:
            target = declarator.child_by_field_name("name")
            if loads_module(declarator.child_by_field_name("value")):
                continue
            whole = written if len(declarators) == 1 else declarator
            if target is not None and target.type == "identifier":
                value = bare(declarator.child_by_field_name("value"))
                yield from self._variable(text(target), value, whole, declarator, item, public=public)
                continue
            for name in bound_names(target):
                kind = SymbolKind.CONSTANT if text(node).startswith("const") else SymbolKind.VARIABLE
                yield Entry(
                    Symbol(
                        name=self._prefix + name,
                        kind=kind,
                        span=span(declarator),
                        signature=short(whole).rstrip(" ;"),
                        doc=item.doc if len(declarators) == 1 else "",
                        public=self._shown(name, item.doc, public=public),
                        body=digest([whole]),
                    )
                )

    def _variable(
        self, name: str, value: Node | None, whole: Node, declarator: Node, item: Documented, *, public: bool
    ) -> Iterator[Entry]:
        if whole is declarator:
            item = Documented(declarator, "" if item.node.named_children[0].id != declarator.id else item.doc, ())
        if value is not None and value.type in (*FUNCTIONS, *_CLASSES):
            yield from self._value(name, value, whole, item, public=public)
            return
        constant = text(whole if whole is not declarator else whole.parent).removeprefix("declare ").startswith("const")
        owner = Symbol(
            name=self._prefix + name,
            kind=SymbolKind.CONSTANT if constant else SymbolKind.VARIABLE,
            span=span(item.node),
            signature=value_signature(whole, declarator),
            doc=item.doc,
            returns=annotation(declarator.child_by_field_name("type")),
            value=short(assignment_chain(declarator.child_by_field_name("value"))[1]),
            public=self._shown(name, item.doc, public=public),
            body=digest([whole]),
        )
        yield Entry(owner)
        if value is not None and value.type == "object" and (public or self._offered(name)):
            yield from object_members(owner, value)

    def _value(self, name: str, value: Node, written: Node, item: Documented, *, public: bool) -> Iterator[Entry]:
        """A definition by its value: a function, a class, an object literal or anything else."""
        if value.type in FUNCTIONS:
            yield self._function(name, value, written, item, public=public)
        elif value.type in _CLASSES:
            yield from self._type(name, value, written, item, public=public)
        else:
            owner = Symbol(
                name=self._prefix + name,
                kind=SymbolKind.CONSTANT,
                span=span(item.node),
                signature=short(written).rstrip(" ;"),
                doc=item.doc,
                value=short(value),
                public=self._shown(name, item.doc, public=public),
                body=digest([written]),
            )
            yield Entry(owner)
            if value.type == "object":
                yield from object_members(owner, value)

    def _assigned(self, item: Documented) -> Iterator[Entry]:
        """What assignments define: `exports.x =`, `module.exports =`, `Type.prototype.x =`, `Type.x =`."""
        for targets, value in assignments(item.node):
            if value is None:
                continue
            written = item.node.named_children[0] if item.node.type == "expression_statement" else item.node
            for name in dict.fromkeys(dotted(target) for target in targets):
                yield from self._target(name, value, written, item)

    def _target(self, name: str, value: Node, written: Node, item: Documented) -> Iterator[Entry]:
        part = next((name.removeprefix(prefix) for prefix in _OBJECT_PARTS if name.startswith(prefix)), "")
        if part and "." not in part:
            if value.type not in ("identifier", "unary_expression", "undefined") and not loads_module(value):
                named = text(value.child_by_field_name("name")) if value.type in (*FUNCTIONS, *_CLASSES) else ""
                if named != part or part not in self._here:
                    yield from self._value(part, value, written, item, public=part in self._exported.names)
            return
        if name == "module.exports":
            yield from self._whole(value, written, item)
            return
        owner, _, member = name.rpartition(".")
        holder = owner.removesuffix(".prototype")
        if holder in self._here and member not in ("prototype", ""):
            yield from self._attached(holder, member, value, written, item)
        elif holder + ".prototype" == name and value.type == "object" and holder in self._here:
            yield from object_members(_holder(holder, value, public=self._offered(holder)), value)

    def _attached(self, holder: str, member: str, value: Node, written: Node, item: Documented) -> Iterator[Entry]:
        public = self._offered(holder) and not member.startswith("_")
        for entry in self._value(f"{holder}.{member}", value, written, item, public=public):
            kind = SymbolKind.METHOD if entry.symbol.kind is SymbolKind.FUNCTION else SymbolKind.ATTRIBUTE
            if entry.symbol.name == self._prefix + f"{holder}.{member}":
                shown = public and not is_internal(item.doc)
                yield replace(entry, symbol=replace(entry.symbol, kind=kind, public=shown))

    def _whole(self, value: Node, written: Node, item: Documented) -> Iterator[Entry]:
        if value.type in (*FUNCTIONS, *_CLASSES):
            name = text(value.child_by_field_name("name")) or "default"
            if name not in self._here:
                yield from self._value(name, value, written, item, public=True)
        elif value.type == "object":
            for entry in documented(value.children):
                for name, inner, _ in properties_of(entry.node):
                    if inner is not None and inner.type in (*FUNCTIONS, *_CLASSES):
                        yield from self._value(name, inner, entry.node, entry, public=True)
                    elif inner is not None and inner.type == "method_definition":
                        yield self._function(name, inner, inner, entry, public=True)


def _holder(name: str, value: Node, *, public: bool) -> Symbol:
    """What a prototype's members belong to; it has its own definition elsewhere."""
    return Symbol(name=name, kind=SymbolKind.CLASS, span=span(value), signature="", public=public)


def properties_of(entry: Node) -> Iterable[tuple[str, Node | None, Node]]:
    """`properties` of the object literal that an entry stands in, for that entry alone."""
    return (found for found in properties(entry.parent) if found[2] == entry) if entry.parent is not None else ()


def _defined(statement: Node) -> Iterator[str]:
    node = statement.child_by_field_name("declaration") or statement
    if node.type in _VARIABLES:
        for declarator in node.named_children:
            yield from bound_names(declarator.child_by_field_name("name"))
    elif node.type in DECLARED_FUNCTIONS or node.type in _CLASSES:
        yield text(node.child_by_field_name("name"))


def _decorators(item: Documented) -> tuple[str, ...]:
    return tuple(folded_text(node).removeprefix("@") for node in item.decorators)


def _own_decorators(node: Node) -> tuple[str, ...]:
    return tuple(folded_text(child).removeprefix("@") for child in node.children_by_field_name("decorator"))
