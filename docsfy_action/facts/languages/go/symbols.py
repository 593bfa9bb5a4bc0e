"""Definitions of a Go file: functions, methods, types with their fields and methods, constants and variables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tree_sitter import Node

from docsfy_action.facts.languages.go.comments import comment_text, documented
from docsfy_action.facts.model import Parameter, Symbol, SymbolKind
from docsfy_action.facts.treesitter import digest, folded_text, head, is_name, span, text

# Values longer than a line of a table say more in the source than in a signature.
MAX_VALUE = 200
_TYPE_KINDS = {"struct_type": SymbolKind.STRUCT, "interface_type": SymbolKind.INTERFACE}


def package_clause(root: Node) -> tuple[str, str]:
    """(name, comment) of the package."""
    for node, above, _ in documented(root.children):
        if node.type == "package_clause":
            name = next((text(child) for child in node.named_children if child.type == "package_identifier"), "")
            return name, comment_text(above)
    return "", ""


def symbols(root: Node) -> tuple[Symbol, ...]:
    """All definitions at the top level of a file, with their members, in source order."""
    found: list[Symbol] = []
    for node, above, trailing in documented(root.children):
        doc = comment_text(above)
        match node.type:
            case "function_declaration":
                found.append(_function(node, text(node.child_by_field_name("name")), doc))
            case "method_declaration":
                found.extend(_method(node, doc))
            case "type_declaration":
                found.extend(_types(node, doc))
            case "const_declaration":
                found.extend(_values(node, node.children, doc or _remark(trailing), SymbolKind.CONSTANT))
            case "var_declaration":
                group = next((child for child in node.children if child.type == "var_spec_list"), node)
                found.extend(_values(node, group.children, doc or _remark(trailing), SymbolKind.VARIABLE))
            case _:
                pass
    return tuple(symbol for symbol in found if is_name(symbol.name) and symbol.name not in ("_", "init"))


def exported(name: str) -> bool:
    """Go's own rule: every part of the name starts with an upper-case letter."""
    return all(part[:1].isupper() for part in name.split("."))


def _function(node: Node, name: str, doc: str) -> Symbol:
    return Symbol(
        name=name,
        kind=SymbolKind.FUNCTION,
        span=span(node),
        signature=head(node, node.child_by_field_name("body")),
        doc=doc,
        parameters=tuple(parameters(node.child_by_field_name("parameters"))),
        returns=folded_text(node.child_by_field_name("result")),
        public=exported(name),
        body=digest([node]),
    )


def _method(node: Node, doc: str) -> Iterator[Symbol]:
    receiver = receiver_type(node)
    if receiver:
        name = f"{receiver}.{text(node.child_by_field_name('name'))}"
        yield replace(_function(node, name, doc), kind=SymbolKind.METHOD)


def receiver_type(method: Node) -> str:
    """Name of the type that a method belongs to, without pointer and type parameters."""
    receiver = method.child_by_field_name("receiver")
    declared = (
        next((child for child in receiver.named_children if child.type == "parameter_declaration"), None)
        if (receiver is not None)
        else None
    )
    return base_name(declared.child_by_field_name("type")) if declared is not None else ""


def base_name(node: Node | None) -> str:
    """`Stack` for `*Stack[T]`, `http.Client` for `*http.Client`."""
    while node is not None and node.type in ("pointer_type", "parenthesized_type", "generic_type"):
        inner = node.child_by_field_name("type") if node.type == "generic_type" else None
        node = inner or next(iter(node.named_children), None)
    return text(node) if node is not None and node.type in ("type_identifier", "qualified_type") else ""


def parameters(node: Node | None) -> Iterator[Parameter]:
    """Parameters one by one: `a, b int` are two, an unnamed one has an empty name."""
    for declared in node.named_children if node is not None else ():
        if declared.type not in ("parameter_declaration", "variadic_parameter_declaration"):
            continue
        dots = "..." if declared.type == "variadic_parameter_declaration" else ""
        annotation = dots + folded_text(declared.child_by_field_name("type"))
        names = [name for name in declared.children_by_field_name("name") if name.is_named]
        for name in [text(node) for node in names] or [""]:
            yield Parameter(name=name, annotation=annotation)


def _types(declaration: Node, doc: str) -> Iterator[Symbol]:
    specs = [entry for entry in documented(declaration.children) if entry[0].type in ("type_spec", "type_alias")]
    grouped = any(child.type == "(" for child in declaration.children)
    for spec, above, _ in specs:
        own = comment_text(above) if grouped else doc
        yield from _type(spec if grouped else declaration, spec, own or (doc if len(specs) == 1 else ""))


def _type(written: Node, spec: Node, doc: str) -> Iterator[Symbol]:
    name = text(spec.child_by_field_name("name"))
    meaning = spec.child_by_field_name("type")
    if meaning is None:
        return
    kind = _TYPE_KINDS.get(meaning.type, SymbolKind.TYPE) if spec.type == "type_spec" else SymbolKind.TYPE
    members: list[Symbol] = []
    bases: list[str] = []
    body: Node | None = None
    if kind is SymbolKind.STRUCT:
        body = next((child for child in meaning.children if child.type == "field_declaration_list"), None)
        members, bases = _fields(name, body)
    elif kind is SymbolKind.INTERFACE:
        body = next((child for child in meaning.children if child.type == "{"), None)
        members, bases = _interface(name, meaning)
    signature = head(written, body)
    value = folded_text(meaning) if body is None else ""
    if body is None and len(signature) > MAX_VALUE:
        signature, value = head(written, meaning), ""
    yield Symbol(
        name=name,
        kind=kind,
        span=span(written),
        signature=signature,
        doc=doc,
        bases=tuple(bases),
        value=value,
        public=exported(name),
        body=digest([written]),
    )
    yield from members


def _fields(owner: str, body: Node | None) -> tuple[list[Symbol], list[str]]:
    members: list[Symbol] = []
    bases: list[str] = []
    for node, above, trailing in documented(body.children if body is not None else ()):
        if node.type != "field_declaration":
            continue
        tag = node.child_by_field_name("tag")
        names = [name for name in node.children_by_field_name("name") if name.is_named]
        if not names:
            bases.append(head(node, tag))
        members.extend(
            Symbol(
                name=f"{owner}.{text(name)}",
                kind=SymbolKind.ATTRIBUTE,
                span=span(node),
                signature=_field_signature(node, tag),
                doc=comment_text(above) or _remark(trailing),
                returns=_short(node.child_by_field_name("type")),
                value=folded_text(tag),
                public=exported(owner),
                body=digest([node]),
            )
            for name in names
            if exported(text(name))
        )
    return members, bases


def _field_signature(node: Node, tag: Node | None) -> str:
    inner = node.child_by_field_name("type")
    nested = inner is not None and inner.type == "struct_type" and len(inner.text or b"") > MAX_VALUE
    if nested and inner is not None:
        return head(node, next((child for child in inner.children if child.type == "field_declaration_list"), tag))
    return head(node, tag)


def _interface(owner: str, meaning: Node) -> tuple[list[Symbol], list[str]]:
    members: list[Symbol] = []
    bases: list[str] = []
    for node, above, trailing in documented(meaning.children):
        if node.type == "type_elem":
            bases.append(folded_text(node))
        elif node.type == "method_elem":
            name = f"{owner}.{text(node.child_by_field_name('name'))}"
            members.append(
                replace(_function(node, name, comment_text(above) or _remark(trailing)), kind=SymbolKind.METHOD)
            )
    return members, bases


def _remark(trailing: Sequence[Node]) -> str:
    """A comment behind a declaration, unless it speaks to a linter."""
    found = comment_text(trailing)
    return "" if found.startswith("nolint") else found


def _values(declaration: Node, children: Iterable[Node], doc: str, kind: SymbolKind) -> Iterator[Symbol]:
    specs = [entry for entry in documented(children) if entry[0].type in ("const_spec", "var_spec")]
    grouped = any(child.type == "(" for child in children) or any(child.type == "(" for child in declaration.children)
    for position, (spec, above, trailing) in enumerate(specs):
        # The comment of a whole group speaks of its first member when that has none of its own.
        own = comment_text(above) or _remark(trailing) if grouped else doc
        if grouped and not own and position == 0:
            own = doc
        yield from _spec(spec if grouped else declaration, spec, own, kind)


def _spec(written: Node, spec: Node, doc: str, kind: SymbolKind) -> Iterator[Symbol]:
    names = [name for name in spec.children_by_field_name("name") if name.type == "identifier"]
    values = spec.child_by_field_name("value")
    given: Sequence[Node] = values.named_children if values is not None else ()
    expressions = [child for child in given if child.type != "comment"]
    signature = head(written, None)
    if len(signature) > MAX_VALUE and values is not None:
        signature = head(written, values).removesuffix("=").rstrip()
    for position, name in enumerate(names):
        value = _short(expressions[position]) if len(expressions) == len(names) else ""
        yield Symbol(
            name=text(name),
            kind=kind,
            span=span(written),
            signature=signature,
            doc=doc,
            returns=folded_text(spec.child_by_field_name("type")),
            value=value,
            public=exported(text(name)),
            body=digest([written]),
        )


def _short(node: Node | None) -> str:
    source = head(node, None) if node is not None else ""
    return source if len(source) <= MAX_VALUE else ""
