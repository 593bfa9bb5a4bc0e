"""Options and arguments as click knows them: decorators, `click.Option([...])`, and decorators of the file's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tree_sitter import Node

from docsfy_action.facts.languages.python.calls import Calls
from docsfy_action.facts.languages.python.commands.model import long_flag
from docsfy_action.facts.languages.python.syntax import clean_docstring
from docsfy_action.facts.languages.python.values import Arguments
from docsfy_action.facts.model import Option
from docsfy_action.facts.treesitter import line

# Decorators with a flag of their own where none is written.
_READY_FLAGS: Mapping[str, str] = {
    "version_option": "--version",
    "help_option": "--help",
    "password_option": "--password",
    "confirmation_option": "--yes",
}
_FLAG_ONLY = frozenset({"version_option", "help_option", "confirmation_option"})
_MAKERS = frozenset({"option", "argument", *_READY_FLAGS})
_CLASSES: Mapping[str, str] = {"Option": "option", "Argument": "argument"}
MAX_DEPTH = 4
MAX_TYPE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickOption:
    """An option with the parameter that it fills, from which click derives an environment variable."""

    option: Option
    parameter: str
    automatic_env: bool = True

    def under(self, prefix: str) -> Option:
        """The option with the variable that `auto_envvar_prefix` gives it, where it has none of its own."""
        if not prefix or self.option.env or not self.option.flags or not self.automatic_env:
            return self.option
        return replace(self.option, env=f"{prefix}_{self.parameter}".upper().replace("-", "_"))


def options_of(calls: Calls, decorator: Node, depth: int = 0) -> Iterator[ClickOption]:
    """The options that a decorator gives a command: its own, or those that a decorator of this file bundles."""
    if decorator.type == "call":
        maker = maker_of(calls, decorator)
        if maker:
            yield from _made(calls, decorator, maker)
            return
        function = decorator.child_by_field_name("function")
    else:
        function = decorator
    if function is None or function.type != "identifier" or depth > MAX_DEPTH:
        return
    for binding in calls.names.lookup(function):
        if binding.kind in ("value", "definition"):
            yield from options_inside(calls, binding.node, depth + 1)


def options_inside(calls: Calls, node: Node, depth: int = 0) -> Iterator[ClickOption]:
    """All options made anywhere in an expression or function, also in lists and decorators that it names."""
    pending = [node]
    seen: set[str] = set()
    while pending:
        current = pending.pop(0)
        if current.type == "call" and (maker := maker_of(calls, current)):
            yield from _made(calls, current, maker)
            continue
        if current.type == "identifier" and depth <= MAX_DEPTH:
            name = calls.names.source.text(current)
            bound = calls.names.bindings(calls.names.source.root).get(name, [])
            if name not in seen and len(bound) == 1 and bound[0].kind == "value":
                seen.add(name)
                yield from options_inside(calls, bound[0].node, depth + 1)
        pending.extend(current.named_children)


def maker_of(calls: Calls, call: Node) -> str:
    """`option`, `argument`, `version_option` …; `option` also for other calls that name a flag; empty for the rest."""
    dotted = calls.names.qualify(call.child_by_field_name("function"))
    module, _, last = dotted.rpartition(".")
    if last in _CLASSES and module.partition(".")[0] in ("click", "rich_click", "asyncclick", "cloup"):
        return _CLASSES[last]
    if last in _MAKERS:
        return last
    first = calls.values.arguments(call).positional[:1]
    text = calls.values.string(first[0]) if first else None
    return "option" if text is not None and text.startswith("-") and last and text.strip("-")[:1].isalpha() else ""


def _made(calls: Calls, call: Node, maker: str) -> Iterator[ClickOption]:
    arguments = calls.values.arguments(call)
    written = _declarations(calls, arguments, maker)
    if written is None:
        return
    flags, parameter = flags_and_parameter(written)
    if maker == "argument":
        flags, parameter = (), (written[0] if written else "")
    elif not flags and maker in _READY_FLAGS:
        flags, parameter = (_READY_FLAGS[maker],), parameter or _READY_FLAGS[maker].strip("-")
    if not (flags or parameter):
        return
    variables = _variables(calls, arguments)
    automatic = arguments.get("allow_from_autoenv")
    option = Option(
        name=long_flag(flags) or parameter,
        line=line(call),
        flags=flags,
        help=" ".join(clean_docstring(calls.values.string(arguments.get("help"), holes=True) or "").split()),
        default=_default(calls, arguments),
        type="flag" if maker in _FLAG_ONLY else type_of(calls, arguments, written),
        choices=choices_of(calls, arguments.get("type", 1 if maker == "argument" else None)),
        env=variables[0] if variables else "",
        required=_is_required(calls, arguments, maker),
        metavar=calls.values.string(arguments.get("metavar")) or "",
        hidden=_is_true(arguments.get("hidden")),
        repeated=_is_true(arguments.get("multiple")) or _is_any(arguments),
    )
    named = (
        parameter not in ("version", "help")
        and maker not in ("version_option", "help_option")
        and (automatic is None or automatic.type != "false")
    )
    yield ClickOption(option=option, parameter=parameter, automatic_env=named)


def _declarations(calls: Calls, arguments: Arguments, maker: str) -> tuple[str, ...] | None:
    """The texts that name an option; None where one cannot be read."""
    nodes = list(arguments.positional)
    if nodes and nodes[0].type in ("list", "tuple"):
        return calls.values.strings(nodes[0])
    texts = [calls.values.string(node) for node in nodes]
    if maker == "version_option":
        # Its first argument is the version, unless it is a flag.
        return tuple(text for text in texts if text is not None and text.startswith("-"))
    if not arguments.complete and not texts:
        return None
    known = tuple(text for text in texts if text is not None)
    return known if len(known) == len(texts) else None


def flags_and_parameter(written: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The flags in declarations such as `-v` and `--on/--off`, and the parameter that click derives from them."""
    flags: list[str] = []
    parameter = ""
    candidates: list[str] = []
    for text in written:
        if text.isidentifier():
            parameter = text
            continue
        # `/debug;/no-debug` is the spelling for flags that begin with a slash.
        first, _, second = text.partition(";" if text.startswith("/") else "/")
        candidates.append(first.strip())
        flags += [part.strip() for part in (first, second) if part.strip()]
    if not parameter and candidates:
        longest = max(candidates, key=lambda flag: len(flag) - len(flag.lstrip("-/")))
        parameter = longest.lstrip("-/").replace("-", "_").lower()
    return tuple(flags), parameter


def type_of(calls: Calls, arguments: Arguments, written: tuple[str, ...]) -> str:
    """The type as written, `flag` or `count` where no value follows the flag."""
    if _is_true(arguments.get("count")):
        return "count"
    is_flag = arguments.get("is_flag")
    switched = any("/" in text.lstrip("/") for text in written if text.startswith("-"))
    given = arguments.get("type")
    if _is_true(is_flag) or (
        is_flag is None and (switched or (arguments.get("flag_value") is not None and given is None))
    ):
        return "flag"
    if given is None or given.type == "lambda" or choices_of(calls, given):
        return ""
    text = calls.names.source.folded(given)
    # `click.Path(exists=True, …)`: the arguments are for the program, not for its users.
    return text.partition("(")[0] if given.type == "call" and len(text) > MAX_TYPE else text


def choices_of(calls: Calls, given: Node | None) -> tuple[str, ...]:
    """The values that `click.Choice([...])` allows, also through a constant."""
    found = calls.names.resolve(given) if given is not None else None
    if found is None or found.type != "call":
        return ()
    if calls.names.qualify(found.child_by_field_name("function")).rpartition(".")[2] != "Choice":
        return ()
    return calls.values.strings(calls.values.arguments(found).get("choices", 0)) or ()


def _default(calls: Calls, arguments: Arguments) -> str:
    given = arguments.get("default")
    if given is not None and given.type == "lambda":
        return ""
    shown = arguments.get("show_default")
    described = calls.values.string(shown)
    return described or calls.values.default(given)


def _variables(calls: Calls, arguments: Arguments) -> tuple[str, ...]:
    given = arguments.get("envvar")
    text = calls.values.string(given)
    return (text,) if text else calls.values.strings(given) or ()


def _is_required(calls: Calls, arguments: Arguments, maker: str) -> bool:
    given = arguments.get("required")
    if maker != "argument" or given is not None:
        return _is_true(given)
    return (
        arguments.get("default") is None
        and calls.values.scalar(arguments.get("nargs")) != "-1"
        and not _is_any(arguments)
    )


def _is_any(arguments: Arguments) -> bool:
    """`nargs=-1` is a unary operator in the tree."""
    nargs = arguments.get("nargs")
    return nargs is not None and nargs.type == "unary_operator"


def _is_true(node: Node | None) -> bool:
    return node is not None and node.type == "true"
