"""What a script imports: ES module statements, `export … from`, `require()` and `import()` of a literal."""

from collections.abc import Iterator

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.syntax import arguments, bare, dotted, plain_string, taken
from docsfy_action.facts.model import Import, ImportTime
from docsfy_action.facts.treesitter import ancestors, captures, line, text

PACKAGE = __name__.rpartition(".")[0]
_PROMISE = frozenset({"then", "catch", "finally"})
_REEXPORTING = frozenset({"module.exports", "exports"})
_FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "generator_function",
        "arrow_function",
        "method_definition",
    }
)
_TYPES = frozenset(
    {"type_alias_declaration", "type_annotation", "type_arguments", "type_query", "interface_declaration"}
)


def imports(root: Node, grammar: str, blob: bytes) -> tuple[Import, ...]:
    """All imports in source order."""
    found = [item for statement in root.named_children for item in _statement(statement)]
    if b"require" in blob or b"import(" in blob:
        for call in captures(PACKAGE, "imports", grammar, root).get("call", []):
            module = plain_string(next(iter(arguments(call)), None))
            if module:
                found.append(_called(call, module))
    return tuple(sorted(dict.fromkeys(found), key=lambda item: (item.line, item.module, item.names)))


def _statement(statement: Node) -> Iterator[Import]:
    if statement.type not in ("import_statement", "export_statement"):
        return
    module = plain_string(statement.child_by_field_name("source"))
    for clause in statement.named_children:
        if clause.type == "import_require_clause":
            required = plain_string(clause.child_by_field_name("source"))
            if required:
                yield Import(
                    module=required,
                    line=line(statement),
                    names=("*",),
                    aliases=(("*", text(clause.named_children[0])),),
                    when=ImportTime.TYPING if _is_for_types(statement) else ImportTime.LOAD,
                )
    if not module:
        return
    pairs = list(_pairs(statement))
    reexport = statement.type == "export_statement"
    if reexport and not pairs and not any(child.type == "export_clause" for child in statement.named_children):
        pairs = [("*", "*")]
    yield Import(
        module=module,
        line=line(statement),
        names=tuple(dict.fromkeys(there for there, _ in pairs)),
        reexport=reexport,
        aliases=tuple((there, here) for there, here in pairs if there != here),
        when=ImportTime.TYPING if _is_for_types(statement) else ImportTime.LOAD,
    )


def _is_for_types(statement: Node) -> bool:
    """Whether a statement takes nothing but types (`import type`, or `type` before each name): the compiler drops it."""
    # The grammar does not know `export type * from`, and reports its `type` as an error.
    if any("type" in (child.type, text(child) if child.is_error else "") for child in statement.children):
        return True
    taken_parts = [part for c in statement.named_children for part in (c.named_children if _is_clause(c) else ())]
    specifiers = [
        one
        for part in taken_parts
        for one in (part.named_children if part.type == "named_imports" else [part])
        if one.type != "comment"
    ]
    return bool(specifiers) and all(any(child.type == "type" for child in one.children) for one in specifiers)


def _is_clause(node: Node) -> bool:
    return node.type in ("import_clause", "export_clause")


def _time_of(call: Node, *, is_awaited: bool) -> ImportTime:
    """When a call loads its module: `import()` that nothing waits for is done after the file."""
    time = ImportTime.LOAD if is_awaited or text(call.children[0]) == "require" else ImportTime.DEFERRED
    for node in ancestors(call):
        if node.type in _TYPES:
            return ImportTime.TYPING
        if node.type in _FUNCTIONS and not _is_called_at_once(node):
            time = ImportTime.DEFERRED
    return time


def _is_called_at_once(function: Node) -> bool:
    node = function.parent
    while node is not None and node.type == "parenthesized_expression":
        function, node = node, node.parent
    return node is not None and node.type == "call_expression" and node.child_by_field_name("function") == function


def _pairs(statement: Node) -> Iterator[tuple[str, str]]:
    """(name there, name here) of everything that a statement takes."""
    for clause in statement.named_children:
        if clause.type == "namespace_export":
            yield "*", text(clause.named_children[-1]).strip("\"'")
        elif clause.type == "export_clause":
            yield from _specifiers(clause)
        elif clause.type == "import_clause":
            for part in clause.named_children:
                if part.type == "identifier":
                    yield "default", text(part)
                elif part.type == "namespace_import":
                    yield "*", text(part.named_children[-1])
                elif part.type == "named_imports":
                    yield from _specifiers(part)


def _specifiers(clause: Node) -> Iterator[tuple[str, str]]:
    for specifier in clause.named_children:
        if specifier.type in ("import_specifier", "export_specifier"):
            there = text(specifier.child_by_field_name("name")).strip("\"'")
            here = text(specifier.child_by_field_name("alias")).strip("\"'")
            yield there, here or there


def _called(call: Node, module: str) -> Import:
    """What becomes of the value of `require("module")` or `await import("module")`."""
    node, above = call, call.parent
    when = _time_of(call, is_awaited=above is not None and above.type == "await_expression")
    while above is not None and above.type in ("await_expression", "parenthesized_expression", "non_null_expression"):
        node, above = above, above.parent
    member = ""
    if above is not None and above.type == "member_expression" and above.child_by_field_name("object") == node:
        member = text(above.child_by_field_name("property"))
        above = above.parent
        if member in _PROMISE:
            return Import(module=module, line=line(call), names=("*",), when=when)
    names: tuple[str, ...] = (member or "*",)
    aliases: tuple[tuple[str, str], ...] = ()
    reexport = False
    if above is not None and above.type == "variable_declarator":
        target = above.child_by_field_name("name")
        if target is not None and target.type == "object_pattern" and not member:
            pairs = list(taken(target))
            names = tuple(there for there, _ in pairs) or names
            aliases = tuple((there, here) for there, here in pairs if there != here)
        elif target is not None and target.type == "identifier" and text(target) != names[0]:
            aliases = ((names[0], text(target)),)
    elif above is not None and above.type == "assignment_expression":
        target_name = dotted(bare(above.child_by_field_name("left")))
        holder_name, _, exported = target_name.rpartition(".")
        reexport = (target_name in _REEXPORTING and not member) or holder_name in _REEXPORTING
        if holder_name in _REEXPORTING and exported not in ("exports", names[0]):
            aliases = ((names[0], exported),)
    elif above is not None and above.type == "spread_element":
        holder = above.parent.parent if above.parent is not None else None
        reexport = holder is not None and dotted(holder.child_by_field_name("left")) in _REEXPORTING
    return Import(module=module, line=line(call), names=names, reexport=reexport, aliases=aliases, when=when)
