"""Data that a Python file defines: attributes, constants, documented or annotated variables, type aliases."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from docsfy_action.facts.languages.python.definitions import ENUM_BASES, is_public
from docsfy_action.facts.languages.python.names import Names
from docsfy_action.facts.languages.python.syntax import Source, literal_text
from docsfy_action.facts.model import Symbol, SymbolKind
from docsfy_action.facts.treesitter import span

# Longer values say nothing in a signature or a table of constants.
MAX_VALUE_LENGTH = 200
_UPPER_CASE = re.compile(r"_*[A-Z][A-Z0-9_]*\Z")
_CAMEL_CASE = re.compile(r"_*[A-Z]\w*[a-z]\w*\Z")
# Type variables are left out unless exported: they are notation, nothing that users look up.
_TYPE_MAKERS = frozenset({"NewType", "TypeAliasType"})
_NOTATION = frozenset({"TypeVar", "ParamSpec", "TypeVarTuple"})
_LITERALS = frozenset({"string", "concatenated_string", "integer", "float", "true", "false", "none", "unary_operator"})
_CLASS_MAKERS = frozenset({"namedtuple", "NamedTuple", "TypedDict", *ENUM_BASES})


@dataclass(frozen=True, slots=True)
class Target:
    """One name that a statement defines, with its value where it has one of its own."""

    name: str
    value: Node | None


def data_symbols(
    names: Names, statements: Sequence[Node], index: int, owner: str, exports: frozenset[str]
) -> Iterator[Symbol]:
    """The symbols that the statement at `index` defines in the class `owner`, or in the module where that is empty."""
    source = names.source
    statement = statements[index]
    if statement.type == "expression_statement" and statement.named_child_count == 1:
        statement = statement.named_children[0]
    targets = list(_targets(source, statement))
    if not targets:
        return
    doc = doc_of(source, statements, index)
    for target in targets:
        kind = _kind(names, statement, target, owner, exports)
        if kind is None and (doc or target.name in exports):
            kind = SymbolKind.VARIABLE
        dunder = target.name.startswith("__") and target.name not in exports
        if kind is not None and not dunder and target.name.isidentifier():
            yield _symbol(source, statement, target, kind, f"{owner}.{target.name}" if owner else target.name, doc)


def instance_attributes(names: Names, init: Node, owner: str) -> Iterator[Symbol]:
    """What `__init__` sets on the object, as attributes of the class, where it is annotated or documented."""
    source = names.source
    parameters, body = init.child_by_field_name("parameters"), init.child_by_field_name("body")
    if parameters is None or body is None or not parameters.named_child_count:
        return
    prefix = f"{source.text(parameters.named_children[0])}."
    pending = [body]
    while pending:
        statements = pending.pop(0).named_children
        for index, node in enumerate(statements):
            if node.type == "expression_statement" and node.named_child_count == 1:
                statement = node.named_children[0]
                left = statement.child_by_field_name("left") if statement.type == "assignment" else None
                if left is None or left.type != "attribute" or not source.text(left).startswith(prefix):
                    continue
                name = source.text(left).removeprefix(prefix)
                doc = doc_of(source, statements, index)
                if name.isidentifier() and (doc or statement.child_by_field_name("type") is not None):
                    value = statement.child_by_field_name("right")
                    target = Target(name, value if value is not None and value.type in _LITERALS else None)
                    yield _symbol(source, statement, target, SymbolKind.ATTRIBUTE, f"{owner}.{name}", doc)
            elif node.type in ("if_statement", "else_clause", "block", "with_statement", "try_statement"):
                pending.append(node)


def _symbol(source: Source, statement: Node, target: Target, kind: SymbolKind, name: str, doc: str) -> Symbol:
    annotation = source.folded(statement.child_by_field_name("type"))
    value = source.folded(target.value)
    if len(value) > MAX_VALUE_LENGTH:
        value = ""
    if statement.type == "type_alias_statement":
        signature = source.folded(statement)
    else:
        signature = f"{target.name}: {annotation}" if annotation else target.name
        signature += f" = {value}" if value else ""
    return Symbol(
        name=name,
        kind=kind,
        span=span(statement),
        signature=signature,
        doc=doc,
        returns=annotation,
        value=value,
        public=is_public(name),
        body=source.digest(statement),
    )


def _targets(source: Source, statement: Node) -> Iterator[Target]:
    left, value = statement.child_by_field_name("left"), statement.child_by_field_name("right")
    if left is None:
        return
    if statement.type == "type_alias_statement":
        yield Target(re.split(r"[\[\s]", source.text(left))[0], value)
    elif statement.type == "assignment":
        lefts = [left]
        while value is not None and value.type == "assignment":
            lefts += value.children_by_field_name("left")
            value = value.child_by_field_name("right")
        for target in lefts:
            if target.type == "identifier":
                yield Target(source.text(target), value)
            elif target.type in ("pattern_list", "tuple_pattern"):
                values = (
                    value.named_children if value is not None and value.type in ("expression_list", "tuple") else []
                )
                matching = len(values) == target.named_child_count
                for index, item in enumerate(target.named_children):
                    yield Target(source.text(item), values[index] if matching else None)


def _kind(names: Names, statement: Node, target: Target, owner: str, exports: frozenset[str]) -> SymbolKind | None:
    annotated = statement.child_by_field_name("type")
    annotation = names.source.text(annotated) if annotated is not None else ""
    if statement.type == "type_alias_statement" or annotation.rpartition(".")[2] == "TypeAlias":
        return SymbolKind.TYPE
    value = target.value
    maker = ""
    if value is not None and value.type == "call":
        maker = names.qualify(value.child_by_field_name("function")).rpartition(".")[2]
    if maker in _NOTATION:
        return SymbolKind.TYPE if target.name in exports else None
    if owner:
        return SymbolKind.PROPERTY if maker == "property" else SymbolKind.ATTRIBUTE
    if maker in _TYPE_MAKERS:
        return SymbolKind.TYPE
    if maker in _CLASS_MAKERS and not annotation:
        return SymbolKind.CLASS
    if _UPPER_CASE.match(target.name):
        return SymbolKind.CONSTANT
    if annotation:
        return SymbolKind.VARIABLE
    union = value is not None and value.type == "binary_operator" and any(child.type == "|" for child in value.children)
    generic = value is not None and value.type == "subscript"
    return SymbolKind.TYPE if (union or generic) and _CAMEL_CASE.match(target.name) else None


def doc_of(source: Source, statements: Sequence[Node], index: int) -> str:
    """The documentation of an attribute: `#:` behind it, a string right below, or `#:` lines right above."""
    following = list(statements[index + 1 : index + 3])
    if following and following[0].type == "comment" and following[0].start_point[0] == statements[index].end_point[0]:
        behind = source.text(following.pop(0))
        if behind.startswith("#:"):
            return behind[2:].strip()
    if following and following[0].type == "expression_statement" and following[0].named_child_count == 1:
        value = following[0].named_children[0]
        if value.type in ("string", "concatenated_string") and (text := literal_text(source, value)):
            return text
    return _comment_above(source, statements[index])


def _comment_above(source: Source, node: Node) -> str:
    """The text of the `#:` lines right above a statement. Read from the bytes: to a tree, siblings are far apart."""
    lines: list[str] = []
    end = source.data.rfind(b"\n", 0, node.start_byte)
    while end > 0:
        start = source.data.rfind(b"\n", 0, end) + 1
        line = source.data[start:end].strip()
        if not line.startswith(b"#:"):
            break
        lines.append(line[2:].removeprefix(b" ").decode("utf-8", "replace"))
        end = start - 1
    return "\n".join(reversed(lines)).strip("\n")
