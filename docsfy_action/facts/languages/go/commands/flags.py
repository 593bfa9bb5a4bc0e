"""Flags defined with the packages flag and pflag: on the program, on flag sets, in functions that are handed a set."""

from collections.abc import Iterator
from dataclasses import replace

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.languages.go.commands.flag_calls import FlagSet, defines_flag, flag_option, flag_set
from docsfy_action.facts.languages.go.values import PACKAGE, GoFile
from docsfy_action.facts.model import Command, Option
from docsfy_action.facts.treesitter import captures, line, text, walk


def flag_facts(file: GoFile) -> CommandFacts:
    """Options of flag sets, and a command for the program or the flag set that they belong to."""
    options: list[Option] = []
    commands: dict[str, Command] = {}
    defined = list(_defined(file))
    words = _switched_words(file) if any(target.kind == "set" for target, _ in defined) else frozenset()
    for target, option in defined:
        if target.kind == "parameter":
            options.append(replace(option, owner=target.name))
            continue
        # A flag set is a subcommand where the program compares its arguments with the set's name.
        name = target.name if target.kind == "set" and target.name in words else ""
        framework = "flag" if target.dashes == "-" else "pflag"
        start = line(target.node) if target.node is not None and name else option.line
        commands.setdefault(name, Command(name=name, line=start, framework=framework))
        options.append(replace(option, command=name))
    return CommandFacts(commands=tuple(commands.values()), options=tuple(options))


def _defined(file: GoFile) -> Iterator[tuple[FlagSet, Option]]:
    for call in captures(PACKAGE, "calls", "go", file.root).get("call", []):
        function = call.child_by_field_name("function")
        if function is None or function.type != "selector_expression":
            continue
        method = text(function.child_by_field_name("field"))
        if not defines_flag(method):
            continue
        target = flag_set(file, function.child_by_field_name("operand"))
        if target is not None and target.kind != "command":
            option = flag_option(file, call, method, target.dashes)
            if option is not None:
                yield target, option


def _switched_words(file: GoFile) -> frozenset[str]:
    found: set[str] = set()
    for node in walk(file.root):
        if node.type == "expression_case" and (values := node.child_by_field_name("value")) is not None:
            found.update(word for value in values.named_children if (word := file.string(value)))
        elif node.type == "binary_expression" and text(node.child_by_field_name("left")).startswith("os.Args["):
            found.add(file.string(node.child_by_field_name("right")) or "")
    return frozenset(found)
