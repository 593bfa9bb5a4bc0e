"""Settings that Go code reads: environment variables by call, by struct tag and through viper, and viper's own keys."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from docsfy_action.facts.languages.go.struct_tags import Field, named_structs, struct_fields, type_text
from docsfy_action.facts.languages.go.values import PACKAGE, GoFile, arguments, parameter_types
from docsfy_action.facts.languages.go.viper import viper_settings
from docsfy_action.facts.model import Setting, SettingKind
from docsfy_action.facts.treesitter import captures, line, text, walk

_READERS = frozenset({"os#Getenv", "os#LookupEnv", "syscall#Getenv"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EXPANDED = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_MARKS = (b"Getenv", b"LookupEnv", b"ExpandEnv", b"viper", b'env:"', b'envconfig:"')
_WORDS_OF_A_TAG = frozenset(
    {"required", "notEmpty", "file", "expand", "unset", "init", "overwrite", "noinit", "decodeunset", "squash"}
)


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A function of the file that reads the variable its parameter `key` names, with `prefix` in front."""

    key: int
    default: int | None
    prefix: str


def settings(file: GoFile, blob: bytes) -> tuple[Setting, ...]:
    """All settings of a file in source order, each place once."""
    if not any(mark in blob for mark in _MARKS):
        return ()
    found = [*_calls(file), *_tags(file)]
    if file.imports_any("github.com/spf13/viper"):
        found.extend(viper_settings(file))
    unique = dict.fromkeys(sorted(found, key=lambda s: (s.line, s.kind, s.name, s.default == "")))
    places: dict[tuple[str, str, int], Setting] = {}
    for setting in unique:
        places.setdefault((setting.name, setting.kind, setting.line), setting)
    return tuple(places.values())


def variable(name: str, node: Node, default: str = "") -> Setting:
    """An environment variable read at a node."""
    return Setting(name=name, kind=SettingKind.ENVIRONMENT, line=line(node), default=default)


def _calls(file: GoFile) -> Iterator[Setting]:
    calls = captures(PACKAGE, "calls", "go", file.root).get("call", [])
    wrappers: dict[str, Wrapper] = {}
    for call in calls:
        given = arguments(call)
        reader = file.qualified(call.child_by_field_name("function"))
        if not given:
            continue
        if reader in _READERS:
            name = file.string(given[0])
            if name is None:
                wrappers.update(_wrapper(file, call, given[0]))
            elif _NAME.fullmatch(name):
                yield variable(name, call, default=_fallback(file, call))
        elif reader == "os#ExpandEnv":
            for match in _EXPANDED.finditer(file.string(given[0]) or ""):
                yield variable(match[1] or match[2], call)
    for call in calls if wrappers else ():
        function = call.child_by_field_name("function")
        wrapper = wrappers.get(text(function)) if function is not None and function.type == "identifier" else None
        if wrapper is not None and len(given := arguments(call)) > wrapper.key:
            name = file.string(given[wrapper.key])
            known = wrapper.default is not None and wrapper.default < len(given)
            if name is not None and _NAME.fullmatch(wrapper.prefix + name):
                default = file.default(given[wrapper.default]) if known and wrapper.default is not None else ""
                yield variable(wrapper.prefix + name, call, default=default)


def _wrapper(file: GoFile, call: Node, argument: Node) -> Iterator[tuple[str, Wrapper]]:
    function = file.declaration_around(call)
    if function is None or function.type != "function_declaration":
        return
    prefix = ""
    if argument.type == "binary_expression":
        prefix = file.string(argument.child_by_field_name("left")) or ""
        if not prefix or (right := argument.child_by_field_name("right")) is None:
            return
        argument = right
    names = [name for name, _ in parameter_types(function)]
    if argument.type != "identifier" or text(argument) not in names:
        return
    returned = {text(node) for node in _returned(function)}
    others = [index for index, name in enumerate(names) if name in returned and name != text(argument)]
    default = others[0] if len(others) == 1 else None
    yield text(function.child_by_field_name("name")), Wrapper(names.index(text(argument)), default, prefix)


def _returned(function: Node) -> Iterator[Node]:
    for node in walk(function):
        if node.type == "return_statement":
            for listing in node.named_children:
                yield from listing.named_children[:1]


def _fallback(file: GoFile, call: Node) -> str:
    """The default that `cmp.Or(os.Getenv("X"), "d")` or a following `if x == "" { x = "d" }` gives."""
    outer = call.parent
    if outer is not None and outer.type == "argument_list" and outer.parent is not None:
        if file.qualified(outer.parent.child_by_field_name("function")) == "cmp#Or":
            return file.default(arguments(outer.parent)[-1])
        return ""
    statement = outer.parent if outer is not None and outer.type == "expression_list" else None
    if statement is None or statement.type not in ("short_var_declaration", "assignment_statement", "var_spec"):
        return ""
    holder = statement.parent if statement.type == "var_spec" and statement.parent is not None else statement
    name = text(statement.child_by_field_name("left") or statement.child_by_field_name("name"))
    following = holder.next_named_sibling
    if following is None or following.type != "if_statement":
        return ""
    condition = text(following.child_by_field_name("condition")).replace(" ", "")
    if condition not in (f'{name}==""', f"len({name})==0"):
        return ""
    for node in walk(following):
        if node.type == "assignment_statement" and text(node.child_by_field_name("left")) == name:
            right = node.child_by_field_name("right")
            return file.default(next(iter(right.named_children), None)) if right is not None else ""
        if node.type == "return_statement" and node.named_children:
            return file.default(next(iter(node.named_children[0].named_children), None))
    return ""


def _tags(file: GoFile) -> Iterator[Setting]:
    structs = captures(PACKAGE, "tags", "go", file.root).get("struct", [])
    if not structs:
        return
    found = [(struct, list(struct_fields(struct))) for struct in structs]
    named = named_structs(file.root)
    prefixes: dict[int, list[str]] = {}
    for _, members in found:
        for member in members:
            inner = member.struct or named.get(member.type_name)
            prefix = member.tags.get("envPrefix") or member.tags.get("env-prefix")
            if inner is not None and prefix:
                prefixes.setdefault(inner.id, []).append(prefix)
    for struct, members in found:
        for member in members:
            for prefix in prefixes.get(struct.id, [""]):
                yield from _tagged(member, prefix)


def _tagged(member: Field, prefix: str) -> Iterator[Setting]:
    tags = member.tags
    written = tags.get("envconfig") if "envconfig" in tags else tags.get("env")
    if not written or written == "-":
        return
    written, _, inline = written.partition(",default=")
    first, *rest = (part.strip() for part in written.split(","))
    # cleanenv and kong list several variables in one tag; caarlos0/env and its kin put options there.
    names = [first, *(part for part in rest if part not in _WORDS_OF_A_TAG and part.isupper())]
    default = inline or tags.get("envDefault") or tags.get("env-default") or tags.get("default") or ""
    doc = tags.get("env-description") or tags.get("desc") or tags.get("help") or tags.get("description") or member.doc
    required = "required" in rest or "notEmpty" in rest
    required = required or "true" in (tags.get("env-required"), tags.get("required")) or tags.get("required") == ""
    for name in names:
        if _NAME.fullmatch(prefix + name):
            yield Setting(
                name=prefix + name,
                kind=SettingKind.ENVIRONMENT,
                line=line(member.node),
                default=default,
                type=type_text(member),
                doc=doc,
                required=required,
            )
