"""Calls that define a flag in the packages flag and pflag: `StringVarP(&x, "name", "n", "default", "usage")`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from docsfy_action.facts.languages.go.values import GoFile, arguments, parameter_types
from docsfy_action.facts.model import Option
from docsfy_action.facts.treesitter import line, text

_DASHES = {"flag": "-", "github.com/spf13/pflag": "--"}
_METHOD = re.compile(
    r"(?P<type>BoolFunc|Bool|String|U?[Ii]nt(?:8|16|32|64)?|Float(?:32|64)|Duration|IPMask|IPNet|IP|BytesHex|BytesBase64"
    r"|Count|Time|Text|Func)"
    r"(?P<list>Slice|Array|ToString|ToInt64|ToInt)?(?P<var>Var)?(?P<short>P)?"
)
_ANY_VALUE = re.compile(r"Var(?P<short>P)?F?")
_NAME = re.compile(r"[A-Za-z0-9_?][\w.:-]*")
_METAVAR = re.compile(r"`([^`]+)`")
_WITHOUT_DEFAULT = frozenset({"Count", "Func", "BoolFunc", ""})
_LISTS = {"Slice": "{}s", "Array": "{}Array", "ToString": "{}ToString", "ToInt": "{}ToInt", "ToInt64": "{}ToInt64"}


@dataclass(frozen=True, slots=True)
class FlagSet:
    """What a flag is defined on. `kind` is `command` (`node` is the expression of the command), `program` (the flags of
    the process), `set` (one made with `NewFlagSet`, by `name`) or `parameter` (of the function `name`)."""

    kind: str
    dashes: str
    node: Node | None = None
    name: str = ""
    inherited: bool = False


def flag_set(file: GoFile, node: Node | None, steps: int = 6) -> FlagSet | None:
    """The flag set that an expression stands for; None for anything else."""
    if node is None or not steps:
        return None
    if node.type == "call_expression":
        return _called(file, node)
    if node.type == "selector_expression":
        path, _, name = file.qualified(node).partition("#")
        return FlagSet("program", _DASHES[path]) if name == "CommandLine" and path in _DASHES else None
    if node.type != "identifier":
        return None
    binding = file.lookup(node)
    if binding is None and (path := file.packages.get(text(node), "")) in _DASHES:
        return FlagSet("program", _DASHES[path])
    if binding is not None and binding.value is not None:
        return flag_set(file, binding.value, steps - 1)
    return _parameter(file, node)


def _called(file: GoFile, call: Node) -> FlagSet | None:
    function = call.child_by_field_name("function")
    if function is None or function.type != "selector_expression":
        return None
    path, _, name = file.qualified(function).partition("#")
    if name == "NewFlagSet" and path in _DASHES:
        given = arguments(call)
        return FlagSet("set", _DASHES[path], call, (file.string(given[0]) or "") if given else "")
    method = text(function.child_by_field_name("field"))
    if method in ("Flags", "PersistentFlags", "LocalFlags", "LocalNonPersistentFlags"):
        return FlagSet("command", "--", function.child_by_field_name("operand"), "", method == "PersistentFlags")
    return None


def _parameter(file: GoFile, node: Node) -> FlagSet | None:
    owner = parameter_owner(file, node)
    if owner is None:
        return None
    function, written = owner
    package, _, name = written.removeprefix("*").partition(".")
    path = file.packages.get(package, "")
    return FlagSet("parameter", _DASHES[path], None, function) if name == "FlagSet" and path in _DASHES else None


def parameter_owner(file: GoFile, node: Node) -> tuple[str, str] | None:
    """(function, type) where an identifier is a parameter of the top-level function or method around it."""
    declaration = file.declaration_around(node)
    if declaration is None:
        return None
    kinds = dict(parameter_types(declaration))
    name = text(node)
    return (text(declaration.child_by_field_name("name")), kinds[name]) if name in kinds else None


def defines_flag(method: str) -> bool:
    """Whether a method of that name may define a flag."""
    return bool(_METHOD.fullmatch(method) or _ANY_VALUE.fullmatch(method))


def flag_option(file: GoFile, call: Node, method: str, dashes: str) -> Option | None:
    """The option that a defining call describes, not yet given to a command."""
    given = arguments(call)
    matched = _METHOD.fullmatch(method) or _ANY_VALUE.fullmatch(method)
    if matched is None:
        return None
    parts = matched.groupdict(default="")
    kind, position = parts.get("type", ""), 1 if parts.get("var") or "type" not in parts else 0
    name = _string(file, given, position)
    position += 1
    short = ""
    if parts["short"]:
        short = _string(file, given, position)
        position += 1
    default = ""
    if kind not in _WITHOUT_DEFAULT:
        default = _default(file, given[position]) if position < len(given) else ""
        position += 2 if kind == "Time" and dashes == "--" else 1
    if position >= len(given) or not _NAME.fullmatch(name):
        return None
    usage = file.string(given[position], holes=True) or ""
    kind_name = kind if kind in ("IP", "IPMask", "IPNet") else kind[:1].lower() + kind[1:]
    return described(
        Option(
            name=name,
            line=line(call),
            flags=(*((f"-{short}",) if short else ()), f"{dashes}{name}"),
            default=default,
            type=_LISTS.get(parts.get("list", ""), "{}").format(kind_name) if kind not in ("Func", "Text") else "",
            repeated=bool(parts.get("list")),
        ),
        usage,
    )


def _default(file: GoFile, node: Node) -> str:
    """A literal, or the name of another package's constant."""
    named = node.type == "selector_expression" and file.qualified(node).partition("#")[0]
    return file.default(node) or (text(node) if named and text(node).rpartition(".")[2][:1].isupper() else "")


def described(option: Option, usage: str) -> Option:
    """The option with its help text: words in back quotes name its value, as both packages print them."""
    quoted = _METAVAR.search(usage)
    if quoted is None:
        return replace(option, help=usage.strip())
    return replace(option, help=usage.replace(quoted[0], quoted[1], 1).strip(), metavar=quoted[1])


def _string(file: GoFile, given: Sequence[Node], position: int) -> str:
    return (file.string(given[position]) or "") if position < len(given) else ""
