"""Environment variables that a Python file reads: `os.environ`, `os.getenv`, environs, django-environ, decouple."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tree_sitter import Node

from docsfy_action.facts.extractor import MAX_NAME_LENGTH
from docsfy_action.facts.languages.python.calls import Calls, enclosing
from docsfy_action.facts.languages.python.syntax import captures
from docsfy_action.facts.model import Setting, SettingKind
from docsfy_action.facts.treesitter import ancestors, line

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_()-]*\Z")
_MARKS = (b"environ", b"getenv", b"decouple", b"starlette.config")
_MAPPINGS = frozenset({"os.environ", "os.environb"})
_READING_METHODS = frozenset({"get", "pop", "setdefault", "__getitem__"})
_CONVERSIONS = {
    "int": "int", "str": "str", "float": "float", "bool": "bool", "Path": "Path", "Decimal": "Decimal", "json.loads": "json",
    "UUID": "UUID", "timedelta": "timedelta", "strtobool": "bool", "str_to_bool": "bool", "set": "set",
}  # fmt: skip
_ENV_CLASSES = frozenset({"environs.Env", "environs.EnvManager", "environ.Env", "environ.FileAwareEnv"})
_ENV_METHODS = frozenset(
    "str bool int float decimal json list tuple dict datetime date time timedelta url uuid log_level path enum bytes "
    "unicode db db_url cache cache_url email email_url search_url channels channels_url dj_db_url dj_email_url "
    "dj_cache_url get_value raw".split()
)
_CONFIG_CALLABLES = frozenset({"decouple.config"})
_CONFIG_CLASSES = frozenset({"decouple.Config", "decouple.AutoConfig", "starlette.config.Config"})
_PLAIN_VALUES = frozenset({"string", "integer", "float", "identifier", "attribute", "list", "true", "false"})
MAX_FOLLOWED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One place that reads a variable: the expression of its name, the whole reading expression, and what it says.

    `name` is the name itself where it is no expression.
    """

    key: Node
    whole: Node
    name: str = ""
    default: Node | None = None
    type: str = ""
    required: bool = False
    prefix: str = ""


def read_environment(calls: Calls) -> tuple[Setting, ...]:
    """The environment variables that the file reads by a name it spells out, one setting a name, in source order."""
    if not any(mark in calls.names.source.data for mark in _MARKS):
        return ()
    found: dict[str, Setting] = {}
    tolerated: set[str] = set()
    for read in _reads(calls):
        for setting in _settings(calls, read):
            known = found.get(setting.name)
            if not setting.required:
                tolerated.add(setting.name)
            if known is None:
                found[setting.name] = setting
            else:
                first, second = (known, setting) if known.line <= setting.line else (setting, known)
                found[setting.name] = replace(
                    first, default=first.default or second.default, type=first.type or second.type
                )
    settled = (replace(s, required=s.required and s.name not in tolerated) for s in found.values())
    return tuple(sorted(settled, key=lambda s: (s.line, s.name)))


def read_by(calls: Calls, node: Node | None) -> tuple[str, Node | None]:
    """The variable that an expression such as `os.getenv("X", "d")` reads, and its default; ("", node) for others."""
    inner = node
    while inner is not None and inner.type == "call" and inner.child_count:
        read = _read_by_call(calls, inner)
        if read is not None:
            return read.prefix + (calls.values.string(read.key) or ""), read.default or _fallback(inner)
        arguments = calls.values.arguments(inner).positional
        dotted = calls.names.qualify(inner.child_by_field_name("function"))
        if dotted not in _CONVERSIONS or len(arguments) != 1:
            break
        inner = arguments[0]
    return "", node


def _settings(calls: Calls, read: Read, depth: int = 0) -> Iterator[Setting]:
    names = (read.name,) if read.name else calls.values.each(read.key)
    default = read.default if read.default is not None else _fallback(read.whole)
    for name in names:
        full = read.prefix + name
        if len(full) <= MAX_NAME_LENGTH and _NAME.match(full):
            yield Setting(
                name=full,
                kind=SettingKind.ENVIRONMENT,
                line=line(read.whole),
                default=calls.values.default(default),
                type=read.type or _conversion(calls, read.whole),
                required=read.required and default is None and not _caught(calls, read.whole),
            )
    if not names and read.key.type == "identifier" and depth < MAX_FOLLOWED:
        yield from _through_parameter(calls, read, depth)


def _through_parameter(calls: Calls, read: Read, depth: int) -> Iterator[Setting]:
    """A function that reads the variable named by its parameter: its calls in this file and the parameter's default."""
    found = calls.parameter(read.key)
    if found is None:
        return
    function, parameter = found
    own_default = calls.default_of(function, parameter)
    if own_default is not None:
        yield from _settings(calls, replace(read, key=own_default), depth + 1)
    for call in calls.of(function):
        passed = calls.passed_in(call, function, parameter)
        if passed is None:
            continue
        default = read.default
        if default is not None and default.type == "identifier" and (inner := calls.parameter(default)) is not None:
            default = calls.passed_in(call, function, inner[1]) or calls.default_of(function, inner[1])
        yield from _settings(calls, replace(read, key=passed, whole=call, default=default), depth + 1)


def _reads(calls: Calls) -> Iterator[Read]:
    found = captures("environment", calls.names.source.root)
    for node in found.get("subscript", []):
        if _is_mapping(calls, node.child_by_field_name("value")) and not _is_written(node):
            key = node.child_by_field_name("subscript")
            if key is not None:
                yield Read(key=key, whole=node, required=True)
    for node in found.get("membership", []):
        sides = node.named_children
        if len(sides) == 2 and _is_mapping(calls, sides[1]):
            yield Read(key=sides[0], whole=node)
    for call in calls.all:
        read = _read_by_call(calls, call)
        if read is not None:
            yield read
    for call in calls.all:
        yield from _declared_by_scheme(calls, call)


def _read_by_call(calls: Calls, call: Node) -> Read | None:
    function = call.child_by_field_name("function")
    if function is None:
        return None
    arguments = calls.values.arguments(call)
    dotted = calls.names.qualify(function)
    method = dotted.rpartition(".")[2]
    key = arguments.get("key", 0)
    if key is None:
        key = arguments.get("var") or arguments.get("name")
    if key is None:
        return None
    default = arguments.get("default", 1)
    if dotted in ("os.getenv", "os.getenvb"):
        return Read(key=key, whole=call, default=default)
    owner = function.child_by_field_name("object") if function.type == "attribute" else None
    if method in _READING_METHODS and owner is not None and _is_mapping(calls, owner):
        return Read(key=key, whole=call, default=default, required=method in ("__getitem__", "pop") and default is None)
    if dotted in _CONFIG_CALLABLES or _made_by(calls, function, _CONFIG_CLASSES):
        cast = arguments.named.get("cast")
        kind = calls.names.source.folded(cast) if cast is not None else ""
        return Read(key=key, whole=call, default=arguments.named.get("default"), type=kind, required=True)
    reader = owner if owner is not None and method in _ENV_METHODS else function
    if _made_by(calls, reader, _ENV_CLASSES):
        kind = method if reader is owner and method not in ("get_value", "raw") else ""
        prefix = _environs_prefix(calls, call, reader)
        given = arguments.get("default", None if reader is function else 1)
        return Read(key=key, whole=call, default=given, type=kind, required=True, prefix=prefix)
    return None


def _declared_by_scheme(calls: Calls, call: Node) -> Iterator[Read]:
    """`environ.Env(DEBUG=(bool, False))` declares type and default of variables by keyword."""
    if calls.names.qualify(call.child_by_field_name("function")) not in ("environ.Env", "environ.FileAwareEnv"):
        return
    holder = call.child_by_field_name("arguments")
    for argument in holder.named_children if holder is not None else ():
        key, value = argument.child_by_field_name("name"), argument.child_by_field_name("value")
        if argument.type == "keyword_argument" and key is not None and value is not None and value.type == "tuple":
            parts = value.named_children
            kind = calls.names.source.folded(parts[0]) if parts else ""
            default = parts[1] if len(parts) > 1 else None
            yield Read(key=key, whole=argument, name=calls.names.source.text(key), default=default, type=kind)


def _is_mapping(calls: Calls, node: Node | None, depth: int = 0) -> bool:
    """Whether an expression is `os.environ`, a copy of it, or a name or attribute that holds one of these."""
    if node is None or depth > MAX_FOLLOWED:
        return False
    if calls.names.qualify(node) in _MAPPINGS:
        return True
    if node.type == "call":
        function = node.child_by_field_name("function")
        is_copy = (
            function is not None and function.type == "attribute" and calls.names.written(function).endswith(".copy")
        )
        if calls.names.written(function) == "dict":
            arguments = calls.values.arguments(node).positional
            return bool(arguments) and _is_mapping(calls, arguments[0], depth + 1)
        return (
            is_copy and function is not None and _is_mapping(calls, function.child_by_field_name("object"), depth + 1)
        )
    if node.type == "identifier":
        bound = calls.names.latest(node)
        return bound is not None and bound.kind == "value" and _is_mapping(calls, bound.node, depth + 1)
    return node.type == "attribute" and any(
        _is_mapping(calls, value, depth + 1) for value in calls.attribute_values(node)
    )


def _made_by(calls: Calls, node: Node | None, classes: frozenset[str]) -> bool:
    """Whether a name is bound to a call of one of the classes."""
    if node is None or node.type != "identifier":
        return False
    bound = calls.names.latest(node)
    if bound is None or bound.node.type != "call":
        # `from environs import env` offers a ready reader.
        return calls.names.qualify(node) == "environs.env" and classes is _ENV_CLASSES
    return calls.names.qualify(bound.node.child_by_field_name("function")) in classes


def _environs_prefix(calls: Calls, call: Node, reader: Node) -> str:
    """The prefixes of the `with env.prefixed("…")` blocks around a call."""
    name = calls.names.written(reader)
    prefixes: list[str] = []
    for parent in ancestors(call):
        if parent.type != "with_statement":
            continue
        for clause in parent.named_children:
            for item in clause.named_children if clause.type == "with_clause" else ():
                opened = item.child_by_field_name("value")
                if opened is None or opened.type != "call":
                    continue
                if calls.names.written(opened.child_by_field_name("function")) == f"{name}.prefixed":
                    prefixes.append(calls.values.string(calls.values.arguments(opened).get("prefix", 0)) or "")
    return "".join(reversed(prefixes))


def _is_written(node: Node) -> bool:
    parent = node.parent
    if parent is None or parent.type == "delete_statement":
        return parent is not None
    return parent.type == "assignment" and parent.child_by_field_name("left") == node


def _fallback(node: Node) -> Node | None:
    """The last operand of `os.environ.get("X") or … or …`, if it is a plain value."""
    last: Node | None = None
    while node.parent is not None and node.parent.type == "boolean_operator":
        parent = node.parent
        if parent.child_by_field_name("left") == node and any(child.type == "or" for child in parent.children):
            last = parent.child_by_field_name("right")
        node = parent
    return last if last is not None and last.type in _PLAIN_VALUES else None


def _conversion(calls: Calls, node: Node) -> str:
    """The type that the value is converted to at once: `int(os.environ["X"])`, `Path(os.getenv("X") or ".")`."""
    parent = node.parent
    while parent is not None and parent.type in (
        "boolean_operator",
        "parenthesized_expression",
        "conditional_expression",
    ):
        parent = parent.parent
    if parent is None or parent.type != "argument_list" or parent.parent is None:
        return ""
    if node.start_byte >= parent.named_children[0].end_byte:
        return ""
    dotted = calls.names.qualify(parent.parent.child_by_field_name("function"))
    return _CONVERSIONS.get(dotted) or _CONVERSIONS.get(dotted.rpartition(".")[2], "")


def _caught(calls: Calls, node: Node) -> bool:
    """Whether a missing variable is expected: a `try` around it that handles `KeyError`."""
    statement = enclosing(node, "try_statement")
    if statement is None:
        return False
    clauses = [child for child in statement.named_children if child.type == "except_clause"]
    texts = [calls.names.source.text(clause).partition("\n")[0] for clause in clauses]
    return any(re.match(r"except\s*:|except\b.*\b(KeyError|LookupError|Exception)\b", text) for text in texts)
