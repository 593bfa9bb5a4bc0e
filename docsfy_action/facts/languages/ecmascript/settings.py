"""Environment variables that a script reads: direct access, destructuring, wrappers, and tables that name them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.syntax import (
    DECLARED_FUNCTIONS,
    WRAPPERS,
    arguments,
    bare,
    dotted,
    key_name,
    plain_string,
)
from docsfy_action.facts.languages.ecmascript.tables import table_settings
from docsfy_action.facts.languages.ecmascript.values import PACKAGE, SCOPES, Script, parameter_names
from docsfy_action.facts.model import Setting, SettingKind
from docsfy_action.facts.treesitter import ancestors, captures, line, text, walk

_HOLDERS = frozenset(
    {"process.env", "import.meta.env", "Bun.env", "globalThis.process.env", "global.process.env", "window.process.env"}
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Vite gives these itself; nobody sets them in the environment.
_BUILT_IN = frozenset({"MODE", "DEV", "PROD", "SSR", "BASE_URL"})
_NUMBERS = frozenset({"Number", "parseInt", "parseFloat", "Number.parseInt", "Number.parseFloat"})
_ACCESSES = ("member_expression", "subscript_expression")
_FALLBACKS = ("||", "??")


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A function of the file that reads the variable its parameter `key` names; `default` is the parameter returned."""

    key: int
    default: int | None
    prefix: str


def settings(script: Script, blob: bytes) -> tuple[Setting, ...]:
    """All environment variables of a file in source order, each place once."""
    if b"env" not in blob and b"Env" not in blob:
        return ()
    found = [*_accesses(script), *table_settings(script, blob)]
    places: dict[tuple[str, int], Setting] = {}
    for setting in sorted(found, key=lambda s: (s.line, s.name, not s.default, not s.doc)):
        places.setdefault((setting.name, setting.line), setting)
    return tuple(places.values())


def _accesses(script: Script) -> Iterator[Setting]:
    wrappers: dict[str, Wrapper] = {}
    for found in _holders(script):
        holder = _wrapped_in_casts(found)
        above = holder.parent
        if above is None:
            continue
        if above.type in _ACCESSES and above.child_by_field_name("object") == holder:
            yield from _member(script, holder, above, wrappers)
        elif above.type in ("variable_declarator", "assignment_expression", "assignment_pattern"):
            yield from _destructured(script, above)
        elif above.type == "binary_expression" and text(above.child_by_field_name("operator")) == "in":
            name = script.string(above.child_by_field_name("left"))
            if name is not None and name.isidentifier():
                yield _variable(name, above)
    if wrappers:
        yield from _wrapped(script, wrappers)


def _wrapped_in_casts(node: Node) -> Node:
    while node.parent is not None and node.parent.type in WRAPPERS:
        node = node.parent
    return node


def _holders(script: Script) -> Iterator[Node]:
    """Expressions that are the environment, names for it included."""
    names: set[str] = set()
    for node in captures(PACKAGE, "environment", script.grammar, script.root).get("env", []):
        if dotted(node) not in _HOLDERS and not _is_deno(node):
            continue
        yield node
        above = node.parent
        if above is not None and above.type == "variable_declarator" and above.child_by_field_name("value") == node:
            target = above.child_by_field_name("name")
            if target is not None and target.type == "identifier":
                names.add(text(target))
    names.update(name for name, origin in script.imported.items() if origin in _IMPORTED)
    for node in walk(script.root) if names else ():
        if node.type == "identifier" and text(node) in names and node.parent is not None:
            declared = node.parent.type in ("variable_declarator", "import_specifier", "object_pattern")
            if not declared or node.parent.child_by_field_name("value") == node:
                yield node


_IMPORTED = frozenset({("process", "env"), ("node:process", "env"), ("std-env", "env")})


def _is_deno(node: Node) -> bool:
    return dotted(node) == "Deno.env"


def _member(script: Script, holder: Node, access: Node, wrappers: dict[str, Wrapper]) -> Iterator[Setting]:
    if _is_deno(holder):
        call = access.parent
        reads = text(access.child_by_field_name("property")) in ("get", "has")
        if reads and call is not None and call.type == "call_expression" and arguments(call):
            yield from _named(script, arguments(call)[0], call, wrappers)
        return
    if _is_written(access):
        return
    if access.type == "member_expression":
        name = text(access.child_by_field_name("property"))
        if not (name in _BUILT_IN and "import.meta" in text(holder)) and _NAME.fullmatch(name):
            yield _variable(name, access, _default(script, access))
    elif (index := access.child_by_field_name("index")) is not None:
        yield from _named(script, index, access, wrappers)


def _named(script: Script, key: Node, access: Node, wrappers: dict[str, Wrapper]) -> Iterator[Setting]:
    name = script.string(key)
    if name is None:
        wrappers.update(_wrapper(script, key))
    elif _NAME.fullmatch(name):
        yield _variable(name, access, _default(script, access))


def _is_written(access: Node) -> bool:
    above = access.parent
    if above is None:
        return False
    if above.type == "assignment_expression":
        return above.child_by_field_name("left") == access
    return above.type == "unary_expression" and text(above).startswith("delete")


def _variable(name: str, node: Node, default: str = "") -> Setting:
    above = next((a for a in ancestors(node) if a.type not in ("arguments", "binary_expression")), None)
    converted = (
        above is not None
        and above.type == "call_expression"
        and dotted(above.child_by_field_name("function")) in _NUMBERS
    )
    return Setting(
        name=name,
        kind=SettingKind.ENVIRONMENT,
        line=line(node),
        default=default,
        type="number" if converted else "",
    )


def _default(script: Script, access: Node) -> str:
    """The literal that `??`, `||`, `||=` or a destructuring default puts in the variable's place."""
    node, above = access, access.parent
    while above is not None and above.type in ("binary_expression", "parenthesized_expression", "as_expression"):
        if above.type == "binary_expression":
            if text(above.child_by_field_name("operator")) not in _FALLBACKS:
                return ""
            right = bare(above.child_by_field_name("right"))
            if right is not None and right != node and (found := script.literal(right)):
                return found
        node, above = above, above.parent
    if above is not None and above.type == "augmented_assignment_expression":
        return script.literal(above.child_by_field_name("right"))
    return ""


def _destructured(script: Script, holder: Node) -> Iterator[Setting]:
    """`const { PORT = "3000", HOST: host } = process.env`."""
    pattern = holder.child_by_field_name("name") or holder.child_by_field_name("left")
    if pattern is None or pattern.type != "object_pattern":
        return
    for entry in pattern.named_children:
        if entry.type == "shorthand_property_identifier_pattern":
            yield _variable(text(entry), entry)
        elif entry.type == "object_assignment_pattern":
            name = text(entry.child_by_field_name("left"))
            yield _variable(name, entry, script.literal(entry.child_by_field_name("right")))
        elif entry.type == "pair_pattern":
            name, value = key_name(entry.child_by_field_name("key")), entry.child_by_field_name("value")
            default = value.child_by_field_name("right") if value is not None else None
            if _NAME.fullmatch(name):
                yield _variable(name, entry, script.literal(default))


def _wrapper(script: Script, key: Node) -> Iterator[tuple[str, Wrapper]]:
    prefix = ""
    if key.type == "template_string":
        parts = key.named_children
        if len(parts) == 2 and parts[0].type == "string_fragment" and parts[1].type == "template_substitution":
            prefix, key = text(parts[0]), parts[1].named_children[0]
        elif len(parts) == 1 and parts[0].type == "template_substitution":
            key = parts[0].named_children[0]
    elif key.type == "binary_expression":
        prefix = plain_string(key.child_by_field_name("left")) or ""
        right = key.child_by_field_name("right")
        if not prefix or right is None:
            return
        key = right
    function = script.scope(key)
    if key.type != "identifier" or function is None or text(key) not in parameter_names(function):
        return
    names = list(_ordered_parameters(function))
    defaults = [index for index, name in enumerate(names) if name != text(key) and _falls_back(function, name)]
    name = _function_name(function)
    if name and text(key) in names:
        yield name, Wrapper(names.index(text(key)), defaults[0] if len(defaults) == 1 else None, prefix)


def _ordered_parameters(function: Node) -> Iterator[str]:
    holder = function.child_by_field_name("parameters") or function.child_by_field_name("parameter")
    nodes = [holder] if holder is not None and holder.type == "identifier" else []
    for node in holder.named_children if holder is not None and not nodes else nodes:
        pattern = node.child_by_field_name("pattern") or node.child_by_field_name("left") or node
        yield text(pattern)


def _falls_back(function: Node, name: str) -> bool:
    """Whether a function gives its parameter back where there is no value."""
    for node in walk(function):
        if node.type == "binary_expression" and text(node.child_by_field_name("right")) == name:
            return text(node.child_by_field_name("operator")) in _FALLBACKS
        if node.type == "return_statement" and node.named_children and text(node.named_children[0]) == name:
            return True
    return False


def _function_name(function: Node) -> str:
    if function.type in DECLARED_FUNCTIONS:
        return text(function.child_by_field_name("name"))
    above = function.parent
    if function.type in SCOPES and above is not None and above.type == "variable_declarator":
        return text(above.child_by_field_name("name"))
    return ""


def _wrapped(script: Script, wrappers: Mapping[str, Wrapper]) -> Iterator[Setting]:
    for call in script.calls:
        function = call.child_by_field_name("function")
        wrapper = wrappers.get(text(function)) if function is not None and function.type == "identifier" else None
        given = arguments(call)
        if wrapper is None or len(given) <= wrapper.key:
            continue
        name = script.string(given[wrapper.key])
        if name is None or not _NAME.fullmatch(wrapper.prefix + name):
            continue
        index = wrapper.default
        default = script.literal(given[index]) if index is not None and index < len(given) else ""
        yield _variable(wrapper.prefix + name, call, default or _default(script, call))
