"""What a Python file imports, what it offers in `__all__`, and whether it runs when started."""

from collections.abc import Iterator

from tree_sitter import Node

from docsfy_action.facts.languages.python.names import HOLD_STATEMENTS, Names
from docsfy_action.facts.languages.python.syntax import Source
from docsfy_action.facts.languages.python.values import Values
from docsfy_action.facts.model import Import, ImportTime
from docsfy_action.facts.treesitter import ancestors, line


def read_imports(names: Names) -> tuple[Import, ...]:
    """All imports, at any depth, in source order; names as they are called in the imported module."""
    return tuple(found for statement in names.import_statements for found in _imports(names.source, statement))


def _imports(source: Source, statement: Node) -> Iterator[Import]:
    at, when = line(statement), _time_of(source, statement)
    taken = [_name_and_alias(source, node) for node in statement.children_by_field_name("name")]
    if statement.type == "import_statement":
        for name, alias in taken:
            if name:
                yield Import(module=name, line=at, aliases=(("*", alias),) if alias else (), when=when)
        return
    module = statement.child_by_field_name("module_name")
    written = "__future__" if statement.type == "future_import_statement" else source.folded(module).replace(" ", "")
    star = any(child.type == "wildcard_import" for child in statement.children)
    if written:
        yield Import(
            module=written,
            line=at,
            names=("*",) if star else tuple(name for name, _ in taken if name),
            aliases=tuple((name, alias) for name, alias in taken if name and alias and alias != name),
            when=when,
        )


def _time_of(source: Source, statement: Node) -> ImportTime:
    time, inner = ImportTime.LOAD, statement
    for node in ancestors(statement):
        if _is_for_type_checkers(source, node, inner):
            return ImportTime.TYPING
        if node.type == "function_definition":
            time = ImportTime.DEFERRED
        inner = node
    return time


def _is_for_type_checkers(source: Source, node: Node, branch: Node) -> bool:
    """Whether `branch` of an `if` is the one that only type checkers take."""
    condition = node.child_by_field_name("condition") if node.type in ("if_statement", "elif_clause") else None
    if condition is None:
        return False
    asked = condition.child_by_field_name("argument") if condition.type == "not_operator" else condition
    name = source.folded(asked).strip("()").rpartition(".")[2].strip()
    is_first = node.child_by_field_name("consequence") == branch
    return name == "TYPE_CHECKING" and is_first == (asked == condition)


def _name_and_alias(source: Source, node: Node) -> tuple[str, str]:
    if node.type != "aliased_import":
        return source.folded(node), ""
    return source.folded(node.child_by_field_name("name")), source.folded(node.child_by_field_name("alias"))


def read_exports(values: Values) -> tuple[str, ...] | None:
    """The names in `__all__` as far as they are literals; None where there is no `__all__` that can be read."""
    found: dict[str, None] | None = None
    for statement in _module_statements(values.source.root):
        listed = _listed(values, statement)
        if listed is not None:
            found = (found or {}) | dict.fromkeys(listed)
    return None if found is None else tuple(found)


def _listed(values: Values, statement: Node) -> tuple[str, ...] | None:
    """What one statement adds to `__all__`."""
    names = values.names
    if statement.type in ("assignment", "augmented_assignment"):
        if names.written(statement.child_by_field_name("left")) == "__all__":
            return _literal_names(values, statement.child_by_field_name("right"))
    elif statement.type == "call":
        method = names.written(statement.child_by_field_name("function"))
        arguments = values.arguments(statement).positional
        if method == "__all__.extend" and len(arguments) == 1:
            return _literal_names(values, arguments[0])
        if method == "__all__.append" and len(arguments) == 1 and (name := values.string(arguments[0])) is not None:
            return (name,)
    return None


def _literal_names(values: Values, node: Node | None) -> tuple[str, ...] | None:
    """The strings of a literal list; of a sum such as `base.__all__ + ["x"]` those of its literal parts."""
    found: list[str] = []
    pending = [node]
    readable = False
    while pending:
        part = pending.pop()
        if part is None:
            continue
        if part.type == "binary_operator":
            pending += [part.child_by_field_name("right"), part.child_by_field_name("left")]
        elif part.type == "parenthesized_expression":
            pending += part.named_children
        elif part.type in ("list", "tuple", "set", "identifier", "call"):
            literal = part if part.type in ("list", "tuple", "set") else values.names.resolve(part)
            if literal is not None and literal.type in ("list", "tuple", "set"):
                readable = True
                found += [text for item in literal.named_children if (text := values.string(item)) is not None]
    return tuple(found) if readable else None


def _module_statements(root: Node) -> Iterator[Node]:
    pending = list(reversed(root.named_children))
    while pending:
        node = pending.pop()
        if node.type in HOLD_STATEMENTS:
            pending.extend(reversed(node.named_children))
        elif node.type == "expression_statement":
            yield from node.named_children


def is_main_guard(source: Source, node: Node) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    condition = node.child_by_field_name("condition") if node.type == "if_statement" else None
    if condition is None or condition.type != "comparison_operator" or condition.named_child_count != 2:
        return False
    sides = {source.text(child).strip("'\"") for child in condition.named_children}
    return sides == {"__name__", "__main__"} and any(child.type == "==" for child in condition.children)


def runs_when_started(source: Source) -> bool:
    """Whether the file has a main guard or begins with `#!`."""
    return source.data.startswith(b"#!") or any(is_main_guard(source, node) for node in source.root.named_children)
