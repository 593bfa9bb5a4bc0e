"""Commands declared with cac."""

from dataclasses import dataclass, replace
from typing import ClassVar

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.commands.chains import ChainReader
from docsfy_action.facts.languages.ecmascript.commands.tree import CliCommand, flagged, usage_parts
from docsfy_action.facts.languages.ecmascript.syntax import arguments, call_line
from docsfy_action.facts.languages.ecmascript.values import Script
from docsfy_action.facts.treesitter import line, text


@dataclass
class Cac:
    """Reads calls on a cac program and its commands."""

    script: Script
    packages: ClassVar[tuple[str, ...]] = ("cac",)
    parameter_types: ClassVar[tuple[str, ...]] = ("CAC", "Command")
    parameter_names: ClassVar[tuple[str, ...]] = ("cli", "cac", "program")

    def created(self, node: Node) -> CliCommand | None:
        """`cac("name")`."""
        if node.type not in ("call_expression", "new_expression"):
            return None
        maker = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        module, name = self.script.origin(maker)
        if module not in self.packages or name not in ("cac", "default", "CAC", "*"):
            return None
        given = arguments(node)
        word = (self.script.string(given[0]) or "") if given else ""
        return CliCommand("cac", line(node), word=word, usage=word, root=True)

    def apply(self, reader: ChainReader, command: CliCommand, method: str, call: Node) -> CliCommand:
        """Read one call."""
        given = arguments(call)
        said = self.script.string(given[0], holes=True) if given else None
        whole = command.stands_for or command
        match method:
            case "command" if given:
                return self._command(reader, whole, call)
            case "option" if said:
                self._option(command, said, call)
            case "alias" if said:
                whole.aliases = (*whole.aliases, said)
            case "usage" if said:
                whole.usage = said
            case "example" if said:
                whole.examples = f"{whole.examples}\n{said}".strip()
            case "action" if given and given[0].type == "identifier":
                whole.handler = text(given[0])
            case _:
                pass
        return command

    def _command(self, reader: ChainReader, command: CliCommand, call: Node) -> CliCommand:
        given = arguments(call)
        usage = self.script.string(given[0])
        if usage is None:
            return CliCommand("cac", call_line(call), foreign=True)
        words, positional = usage_parts(usage, call_line(call))
        described = (self.script.string(given[1], holes=True) or "") if len(given) > 1 else ""
        # Commands hang on the program, whichever command the chain has reached.
        top = command.parent or command
        if words:
            found = reader.add(top.subcommand(words, call_line(call)))
            found.usage, found.help = usage, described
        else:
            # The default command: its options are the program's, but no other command takes them.
            top.help = top.help or described
            top.usage = f"{top.word} {usage}".strip()
            found = CliCommand("cac", call_line(call), id=top.id, options=top.options, stands_for=top)
        found.options.extend(positional)
        return found

    def _option(self, command: CliCommand, raw: str, call: Node) -> None:
        option = flagged(raw, call_line(call))
        if option is None:
            return
        given = arguments(call)
        config = self.script.fields(given[2]) if len(given) > 2 else {}
        command.options.append(
            replace(
                option,
                help=(self.script.string(given[1], holes=True) or "") if len(given) > 1 else "",
                default=self.script.literal(config.get("default")),
                inherited=command.root and command.stands_for is None,
            )
        )
