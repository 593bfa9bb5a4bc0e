"""Options and arguments that typer derives from the parameters of a function."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from docsfy_action.facts.languages.python.calls import Calls
from docsfy_action.facts.languages.python.commands.click_options import choices_of, flags_and_parameter
from docsfy_action.facts.languages.python.commands.model import long_flag
from docsfy_action.facts.languages.python.syntax import clean_docstring
from docsfy_action.facts.languages.python.values import Arguments
from docsfy_action.facts.model import Option
from docsfy_action.facts.treesitter import line

_MAKERS = {"typer.Option": "option", "typer.Argument": "argument"}
_HANDED_IN = frozenset({"Context", "CallbackParam"})
_LIST = re.compile(r"(?:\w+\.)?(?:list|List|Sequence|Iterable)\[")
_WRAPPERS = frozenset({"Optional", "Union"})


def parameters_of(calls: Calls, function: Node) -> Iterator[Option]:
    """The options and arguments of a command in the order of its parameters."""
    parameters = function.child_by_field_name("parameters")
    for child in parameters.named_children if parameters is not None else ():
        if child.type in ("identifier", "default_parameter", "typed_parameter", "typed_default_parameter"):
            option = _parameter(calls, child)
            if option is not None:
                yield option


def _parameter(calls: Calls, node: Node) -> Option | None:
    name_node = node.child_by_field_name("name") or (node if node.type == "identifier" else node.named_children[0])
    if name_node.type != "identifier":
        return None
    name = calls.names.source.text(name_node)
    kind, marker = _annotation(calls, node.child_by_field_name("type"))
    default = node.child_by_field_name("value")
    if kind is not None and calls.names.qualify(kind).rpartition(".")[2] in _HANDED_IN:
        return None
    explicit = default is not None
    if default is not None and _maker(calls, default):
        marker, default = default, calls.values.arguments(default).get("default", 0)
        # The first argument of the marker is the default, what follows are the flags.
        arguments = _without_first(calls.values.arguments(marker))
    else:
        arguments = calls.values.arguments(marker)
    if default is not None and default.type == "ellipsis":
        default = None
    maker = _maker(calls, marker) or ("option" if explicit else "argument")
    factory = arguments.get("default_factory")
    required = default is None and factory is None
    is_bool = kind is not None and _unwrapped(calls, kind) == "bool"
    flags = _flags(calls, name, arguments, is_bool) if maker == "option" else ()
    if flags is None:
        return None
    variable = calls.values.string(arguments.get("envvar")) or next(
        iter(calls.values.strings(arguments.get("envvar")) or ()), ""
    )
    hidden = arguments.get("hidden")
    described = calls.values.string(arguments.get("show_default"))
    return Option(
        name=_found_as(calls, flags, arguments, name),
        line=line(node),
        flags=flags,
        help=" ".join(clean_docstring(calls.values.string(arguments.get("help"), holes=True) or "").split()),
        default=described or calls.values.default(default),
        type=_type(calls, kind, arguments, is_bool and maker == "option"),
        choices=_choices(calls, kind, arguments),
        env=variable,
        required=required,
        metavar=calls.values.string(arguments.get("metavar")) or "",
        hidden=hidden is not None and hidden.type == "true",
        repeated=kind is not None and bool(_LIST.match(_unwrapped(calls, kind))),
    )


def _found_as(calls: Calls, flags: tuple[str, ...], arguments: Arguments, parameter: str) -> str:
    """The flag where it is spelled out, else the parameter: the text by which the option is found in the source."""
    written = [calls.values.string(node) for node in arguments.positional]
    return long_flag(flags) if any(text is not None and text.startswith("-") for text in written) else parameter


def _annotation(calls: Calls, annotation: Node | None) -> tuple[Node | None, Node | None]:
    """The type of a parameter without `Annotated[…]`, and the `typer.Option(…)` that stands in there."""
    if annotation is None or not annotation.named_child_count:
        return None, None
    inner = annotation.named_children[0]
    parts = annotated_parts(calls, inner)
    if not parts:
        return inner, None
    return parts[0], next((part for part in parts[1:] if _maker(calls, part)), None)


def annotated_parts(calls: Calls, node: Node) -> list[Node]:
    """The parts of `Annotated[type, …]`, also through an alias of this file; empty for any other type."""
    if node.type == "identifier":
        node = calls.names.resolve(node) or node
    if node.type not in ("generic_type", "subscript") or not node.named_child_count:
        return []
    if calls.names.qualify(node.named_children[0]).rpartition(".")[2] != "Annotated":
        return []
    parts = node.named_children[1].named_children if node.type == "generic_type" else node.named_children[1:]
    return [part.named_children[0] if part.type == "type" and part.named_child_count else part for part in parts]


def _maker(calls: Calls, node: Node | None) -> str:
    if node is None or node.type != "call":
        return ""
    return _MAKERS.get(calls.names.qualify(node.child_by_field_name("function")), "")


def _without_first(arguments: Arguments) -> Arguments:
    return Arguments(arguments.positional[1:], arguments.named, arguments.complete)


def _flags(calls: Calls, name: str, arguments: Arguments, is_bool: bool) -> tuple[str, ...] | None:
    """The flags as written, else those that typer derives from the parameter; None where they cannot be read."""
    written = [calls.values.string(node) for node in arguments.positional]
    if any(text is None for text in written):
        return None
    spelled = tuple(text for text in written if text is not None and not text.isidentifier())
    if spelled:
        return flags_and_parameter(spelled)[0]
    flag = name.lower().replace("_", "-")
    return (f"--{flag}", f"--no-{flag}") if is_bool else (f"--{flag}",)


def _unwrapped(calls: Calls, kind: Node) -> str:
    """The type itself where it is optional: `Optional[bool]`, `bool | None`, `Union[bool, None]`."""
    source = calls.names.source
    if kind.type == "binary_operator":
        sides = [source.folded(child) for child in kind.named_children]
        return next((side for side in sides if side != "None"), "")
    generic = kind.type in ("generic_type", "subscript") and kind.named_child_count > 1
    if generic and calls.names.qualify(kind.named_children[0]).rpartition(".")[2] in _WRAPPERS:
        inner = kind.named_children[1]
        return source.folded(inner.named_children[0] if inner.type == "type_parameter" else inner)
    return source.folded(kind)


def _type(calls: Calls, kind: Node | None, arguments: Arguments, is_flag: bool) -> str:
    counted = arguments.get("count")
    if counted is not None and counted.type == "true":
        return "count"
    if is_flag:
        return "flag"
    return _unwrapped(calls, kind) if kind is not None else ""


def _choices(calls: Calls, kind: Node | None, arguments: Arguments) -> tuple[str, ...]:
    """The values of an enum class of this file, of `Literal[…]`, or of `click_type=click.Choice([…])`."""
    if found := choices_of(calls, arguments.get("click_type")):
        return found
    if kind is None:
        return ()
    name = _unwrapped(calls, kind)
    for prefix in ("list[", "List[", "typing.List["):
        name = name.removeprefix(prefix).removesuffix("]") if name.startswith(prefix) else name
    if (values := calls.values.enum_values(name)) is not None:
        return values
    if kind.type in ("generic_type", "subscript") and calls.names.qualify(kind.named_children[0]).endswith("Literal"):
        parts = kind.named_children[1].named_children if kind.type == "generic_type" else kind.named_children[1:]
        texts = [
            calls.values.string(p.named_children[0] if p.type == "type" and p.named_child_count else p) for p in parts
        ]
        return tuple(text for text in texts if text is not None)
    return ()
