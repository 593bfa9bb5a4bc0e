"""What a script exports, by ES module statements or CommonJS assignments."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.syntax import (
    DECLARED_FUNCTIONS,
    FUNCTIONS,
    assignment_chain,
    bare,
    bound_names,
    dotted,
    properties,
)
from docsfy_action.facts.treesitter import is_name, text

_WHOLE = frozenset({"module.exports", "exports"})
_PARTS = ("module.exports.", "exports.")
_DECLARATIONS = frozenset(
    {
        *DECLARED_FUNCTIONS,
        "function_signature",
        "class_declaration",
        "abstract_class_declaration",
        "interface_declaration",
        "type_alias_declaration",
        "enum_declaration",
        "internal_module",
        "module",
        "import_alias",
    }
)  # fmt: skip


@dataclass
class Exports:
    """`names` are those that importers use; `local` maps a name of this file to the names that it is exported under."""

    names: list[str] = field(default_factory=list)
    local: dict[str, list[str]] = field(default_factory=dict)
    found: bool = False

    def add(self, exported: str, local: str = "") -> None:
        """Record an exported name, and the definition behind it where that has a name of its own."""
        self.found = True
        if is_name(exported) and exported not in self.names:
            self.names.append(exported)
        if local:
            known = self.local.setdefault(local, [])
            if exported not in known:
                known.append(exported)

    @property
    def aliases(self) -> tuple[tuple[str, str], ...]:
        """(exported name, name here) where the two differ."""
        return tuple((there, here) for here, names in self.local.items() for there in names if there != here)


def exports(root: Node) -> Exports:
    """The exports of a file, in source order."""
    found = Exports()
    for statement in root.named_children:
        if statement.type == "export_statement":
            _statement(found, statement)
    if not found.found:
        for statement in root.named_children:
            for targets, value in assignments(statement):
                _common_js(found, targets, value)
    return found


def assignments(statement: Node) -> Iterator[tuple[list[Node], Node | None]]:
    """(targets, value) of the assignments that a statement makes; a variable declared by it is the first target."""
    if statement.type == "expression_statement" and statement.named_children:
        expression = statement.named_children[0]
        for part in expression.named_children if expression.type == "sequence_expression" else [expression]:
            targets, value = assignment_chain(part)
            if targets:
                yield targets, value
    elif statement.type in ("lexical_declaration", "variable_declaration"):
        for declarator in statement.named_children:
            name = declarator.child_by_field_name("name")
            targets, value = assignment_chain(bare(declarator.child_by_field_name("value")))
            if targets and name is not None:
                yield [name, *targets], value


def _statement(found: Exports, statement: Node) -> None:
    found.found = True
    default = any(child.type == "default" for child in statement.children)
    declaration = statement.child_by_field_name("declaration")
    if declaration is not None:
        for name in declared_names(declaration):
            found.add("default" if default else name, name)
        if default and not list(declared_names(declaration)):
            found.add("default")
        return
    value = bare(statement.child_by_field_name("value"))
    if default or value is not None:
        _default(found, value)
    elif any(child.type == "=" for child in statement.children):
        _default(found, statement.named_children[-1])
    else:
        _clauses(found, statement)


def _default(found: Exports, value: Node | None) -> None:
    if value is not None and value.type == "identifier":
        found.add("default", text(value))
    else:
        name = value.child_by_field_name("name") if value is not None else None
        found.add("default", text(name))


def _clauses(found: Exports, statement: Node) -> None:
    local = statement.child_by_field_name("source") is None
    for clause in statement.named_children:
        if clause.type == "namespace_export":
            found.add(text(clause.named_children[-1]).strip("\"'"))
        for specifier in clause.named_children if clause.type == "export_clause" else ():
            if specifier.type == "export_specifier":
                name = text(specifier.child_by_field_name("name"))
                alias = text(specifier.child_by_field_name("alias")).strip("\"'")
                found.add(alias or name, name if local else "")


def declared_names(declaration: Node) -> Iterator[str]:
    """Names that a declaration gives to the scope around it."""
    if declaration.type in _DECLARATIONS:
        name = declaration.child_by_field_name("name") or next(iter(declaration.named_children), None)
        yield text(name).partition(".")[0]
    elif declaration.type == "ambient_declaration":
        for inner in declaration.named_children:
            yield from declared_names(inner)
    elif declaration.type in ("lexical_declaration", "variable_declaration"):
        for declarator in declaration.named_children:
            yield from bound_names(declarator.child_by_field_name("name"))


def _common_js(found: Exports, targets: list[Node], value: Node | None) -> None:
    names = [dotted(target) for target in targets]
    local = text(value) if value is not None and value.type == "identifier" else ""
    if not local and value is not None and value.type in (*FUNCTIONS, "class"):
        local = text(value.child_by_field_name("name"))
    for name in names:
        part = next((name.removeprefix(prefix) for prefix in _PARTS if name.startswith(prefix)), "")
        if part and "." not in part:
            found.add(part, local)
        elif name in _WHOLE and name != "exports":
            _whole(found, value, local)
            for other in names:
                if other and "." not in other and other != "exports":
                    found.add("default", other)


def _whole(found: Exports, value: Node | None, local: str) -> None:
    if value is None or value.type != "object":
        found.add("default", local)
        return
    found.found = True
    for name, inner, _ in properties(value):
        if name != "...":
            is_identifier = inner is not None and inner.type in ("identifier", "shorthand_property_identifier")
            found.add(name, text(inner) if is_identifier else "")
