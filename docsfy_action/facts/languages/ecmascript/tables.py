"""Environment variables that tables declare: convict, envalid, t3-env, zod over `process.env`, and `env:` entries."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.syntax import arguments, bare, dotted, key_name
from docsfy_action.facts.languages.ecmascript.values import PACKAGE, Script
from docsfy_action.facts.model import Setting, SettingKind
from docsfy_action.facts.treesitter import captures, line, text

_UPPER = re.compile(r"[A-Z][A-Z0-9_]{2,}")
_CREATORS = frozenset({"createEnv", "cleanEnv", "defineEnv"})
_SECTIONS = ("server", "client", "shared")
_PARSERS = frozenset({"parse", "safeParse", "parseAsync"})
# How validators call the default and the description of a value: `z.string().default("x").describe("…")`.
_DEFAULT, _DESCRIBE = "default", "describe"


def table_settings(script: Script, blob: bytes) -> Iterator[Setting]:
    """Variables that object literals name, with the default, type and description that stand beside them."""
    if b"env:" in blob or b"envVar" in blob or b"environmentVariable:" in blob:
        for entry in captures(PACKAGE, "objects", script.grammar, script.root).get("entry", []):
            yield from _entry(script, entry)
    if any(word in blob for word in (b"createEnv", b"cleanEnv", b"defineEnv", b"arse(process.env", b"@Env(")):
        for call in script.calls:
            yield from _created(script, call)


def _entry(script: Script, entry: Node) -> Iterator[Setting]:
    name = script.string(entry.child_by_field_name("value"))
    fields = script.fields(entry.parent)
    known = {"default", "doc", "format", "description", "desc", "describe", "type", "help", "required"}
    if name is None or not _UPPER.fullmatch(name) or not known & fields.keys():
        return
    doc = next((fields[key] for key in ("doc", "description", "desc", "describe", "help") if key in fields), None)
    kind = fields.get("format") or fields.get("type")
    yield Setting(
        name=name,
        kind=SettingKind.ENVIRONMENT,
        line=line(entry),
        default=script.literal(fields.get("default")),
        type=(script.string(kind) or (text(kind) if kind is not None and kind.type == "identifier" else "")),
        doc=script.string(doc, holes=True) or "",
        required=text(fields.get("required")) == "true",
    )


def _created(script: Script, call: Node) -> Iterator[Setting]:
    function = call.child_by_field_name("function")
    name = text(function).rpartition(".")[2]
    given = arguments(call)
    if name in _CREATORS:
        for argument in given:
            fields = script.fields(argument)
            sections = [fields[section] for section in _SECTIONS if section in fields]
            for table in sections or [argument]:
                yield from _validated(script, table)
    elif name in _PARSERS and given and dotted(given[0]) == "process.env" and function is not None:
        schema = script.resolve(function.child_by_field_name("object"))
        for step in _steps(schema):
            if text(step.child_by_field_name("function")).endswith(("object", "strictObject", "looseObject")):
                for argument in arguments(step)[:1]:
                    yield from _validated(script, argument)
    elif name == "Env" and call.parent is not None and call.parent.type == "decorator" and given:
        yield from _decorated(script, call)


def _validated(script: Script, table: Node) -> Iterator[Setting]:
    """`{ PORT: z.coerce.number().default(3000), HOST: str({ default: "x", desc: "…" }) }`."""
    literal = script.resolve(table)
    for entry in literal.named_children if literal is not None and literal.type == "object" else ():
        name = key_name(entry.child_by_field_name("key")) if entry.type == "pair" else ""
        if not _UPPER.fullmatch(name):
            continue
        default = doc = ""
        optional = False
        for step in _steps(bare(entry.child_by_field_name("value"))):
            method = text(step.child_by_field_name("function")).rpartition(".")[2]
            given = arguments(step)
            options = script.fields(given[0]) if given else {}
            if method == _DEFAULT and given:
                default = default or script.literal(given[0])
            elif method == _DESCRIBE and given:
                doc = doc or (script.string(given[0]) or "")
            optional = optional or method in ("optional", "nullish", _DEFAULT)
            default = default or script.literal(options.get("default"))
            doc = doc or (script.string(options.get("desc") or options.get("description")) or "")
            optional = optional or bool({"default", "devDefault"} & options.keys())
        yield Setting(
            name=name,
            kind=SettingKind.ENVIRONMENT,
            line=line(entry),
            default=default,
            doc=doc,
            required=not optional,
        )


def _steps(node: Node | None) -> Iterator[Node]:
    """The calls of a chain `a().b().c()`, last one first."""
    while node is not None and node.type in ("call_expression", "member_expression"):
        if node.type == "call_expression":
            yield node
            node = bare(node.child_by_field_name("function"))
        else:
            node = bare(node.child_by_field_name("object"))


def _decorated(script: Script, call: Node) -> Iterator[Setting]:
    """`@Env("N8N_PORT") port: number = 5678`."""
    name = script.string(arguments(call)[0])
    field = call.parent.parent if call.parent is not None else None
    if name is None or not _UPPER.fullmatch(name) or field is None:
        return
    yield Setting(
        name=name,
        kind=SettingKind.ENVIRONMENT,
        line=line(call),
        default=script.literal(field.child_by_field_name("value")),
        type=text(field.child_by_field_name("type")).removeprefix(":").strip(),
    )
