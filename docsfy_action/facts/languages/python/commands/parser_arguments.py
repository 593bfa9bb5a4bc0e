"""Single arguments of argparse and optparse: flags, defaults, types and texts of one call that adds them."""

import re

from tree_sitter import Node

from docsfy_action.facts.languages.python.calls import Calls
from docsfy_action.facts.languages.python.commands.model import long_flag
from docsfy_action.facts.languages.python.environment import read_by
from docsfy_action.facts.languages.python.syntax import clean_docstring
from docsfy_action.facts.languages.python.values import Arguments
from docsfy_action.facts.model import Option
from docsfy_action.facts.treesitter import line

_FLAG_ACTIONS = frozenset({"store_true", "store_false", "store_const", "append_const", "help", "version"})
_REPEATED_ACTIONS = frozenset({"append", "extend", "append_const"})
_PERCENT = re.compile(r"%(?:\((\w+)\)[sdr]|%)")


class ArgumentReader:
    """Reads what stands in the brackets of `add_argument` and its relatives."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._names = calls.names
        self._values = calls.values

    def option(self, call: Node, arguments: Arguments, written: tuple[str, ...]) -> Option | None:
        """What a call that adds an argument declares; `written` are its names."""
        destination = self._values.string(arguments.get("dest"))
        flags = tuple(name for name in written if name.startswith("-"))
        if not written and not destination:
            return None
        action_node = arguments.get("action")
        action = self._values.string(action_node) or self._names.qualify(action_node).rpartition(".")[2]
        if action == "BooleanOptionalAction":
            flags += tuple(f"--no-{flag[2:]}" for flag in flags if flag.startswith("--"))
        choices = self._values.strings(arguments.get("choices")) or ()
        variable, default_node = read_by(self._calls, arguments.get("default"))
        default = "" if self.is_suppressed(default_node) else self._values.default(default_node)
        count_of_values = self._values.scalar(arguments.get("nargs")) or ""
        required = arguments.get("required")
        return Option(
            name=long_flag(flags) or (written[0] if written else destination or ""),
            line=line(call),
            flags=flags,
            help=self._help(arguments, choices),
            default=default,
            env=variable,
            type=self._type(action, arguments, count_of_values),
            choices=choices,
            required=(required is not None and required.type == "true")
            or (not flags and count_of_values not in ("?", "*") and not default),
            metavar=self._values.string(arguments.get("metavar"))
            or " ".join(self._values.strings(arguments.get("metavar")) or ()),
            hidden=self.is_suppressed(arguments.get("help")),
            repeated=count_of_values in ("*", "+", "...") or action in _REPEATED_ACTIONS,
        )

    def _type(self, action: str, arguments: Arguments, count_of_values: str) -> str:
        if action == "count":
            return "count"
        if action in _FLAG_ACTIONS or action == "BooleanOptionalAction" or count_of_values == "0":
            return "flag"
        given = arguments.get("type")
        if given is None or given.type == "lambda":
            return ""
        return self._values.string(given) or self._names.source.folded(given)

    def _help(self, arguments: Arguments, choices: tuple[str, ...]) -> str:
        """The help text as the program prints it: `%(default)s` and `%(choices)s` filled in where they are known."""
        text = self.text(arguments.get("help"))
        if "%" not in text:
            return " ".join(text.split())
        default = arguments.get("default")
        known = {
            "default": self._values.string(default) or self._values.default(default),
            "choices": ", ".join(choices),
        }

        def fill(match: re.Match[str]) -> str:
            return "%" if match.group(1) is None else known.get(match.group(1)) or match.group(0)

        return " ".join(_PERCENT.sub(fill, text).split())

    def text(self, node: Node | None) -> str:
        """The text of a description as the program prints it."""
        return clean_docstring(self._values.string(node, holes=True) or "")

    def is_suppressed(self, node: Node | None) -> bool:
        """Whether `argparse.SUPPRESS` hides it."""
        return self._names.qualify(node).rpartition(".")[2] in ("SUPPRESS", "SUPPRESS_HELP")
