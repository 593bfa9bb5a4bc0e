"""Commands declared with commander."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.commands.chains import ChainReader
from docsfy_action.facts.languages.ecmascript.commands.tree import CliCommand, flagged, usage_parts
from docsfy_action.facts.languages.ecmascript.syntax import FUNCTIONS, arguments, bare, call_line, dotted
from docsfy_action.facts.languages.ecmascript.values import Script
from docsfy_action.facts.model import CommandLink, Option
from docsfy_action.facts.treesitter import line, text

_PROGRAM_NAMES = ("program", "cli", "app")


@dataclass
class Commander:
    """Reads calls on a commander `Command`."""

    script: Script
    packages: ClassVar[tuple[str, ...]] = ("commander", "@commander-js/extra-typings")
    parameter_types: ClassVar[tuple[str, ...]] = ("Command", "CommanderStatic")
    parameter_names: ClassVar[tuple[str, ...]] = ("program", "command", "cmd", "cli", "parent")

    def created(self, node: Node) -> CliCommand | None:
        """`new Command("name")`, `createCommand("name")`, or the `program` that the package exports."""
        if node.type == "new_expression":
            module, name = self.script.origin(node.child_by_field_name("constructor"))
            if module in self.packages and name == "Command":
                return self._made(node)
        elif node.type == "call_expression":
            module, name = self.script.origin(node.child_by_field_name("function"))
            if module in self.packages and name == "createCommand":
                return self._made(node)
        elif node.type in ("identifier", "member_expression"):
            module, name = self.script.origin(node)
            if module in self.packages and name in ("program", "default", "*"):
                return CliCommand("commander", line(node), id="program", root=True)
        return None

    def _made(self, node: Node) -> CliCommand:
        given = arguments(node)
        word = (self.script.string(given[0]) or "") if given else ""
        holder = node.parent
        while holder is not None and holder.type in ("member_expression", "call_expression"):
            holder = holder.parent
        bound = holder is not None and holder.type == "variable_declarator"
        variable = text(holder.child_by_field_name("name")) if holder is not None and bound else ""
        # A command without a name is the program; so is one that code calls that.
        program = not word or variable in _PROGRAM_NAMES
        return CliCommand("commander", line(node), word=word, usage=word, root=program)

    def apply(self, reader: ChainReader, command: CliCommand, method: str, call: Node) -> CliCommand:
        """Read one call."""
        given = arguments(call)
        match method:
            case "command" if given:
                return self._command(reader, command, call)
            case "addCommand" if given:
                self._added(reader, command, given, call)
            case "option" | "requiredOption" | "addOption" | "argument" | "arguments" | "addArgument" | "version":
                self._option(command, method, call)
            case "alias" | "aliases" if given:
                command.aliases = (*command.aliases, *self.script.words(given[0]))
            case "action" if given:
                command.handler = self._handler(given[0])
            case "addHelpText":
                self._more(command, given[1] if len(given) > 1 else None)
            case "parse" | "parseAsync":
                command.root = command.root or command.parent is None
            case _:
                self._text(command, method, call)
        return command

    def _text(self, command: CliCommand, method: str, call: Node) -> None:
        given = arguments(call)
        said = (self.script.string(given[0], holes=True) or "").strip() if given else ""
        if not said:
            return
        if method == "description":
            command.help = said
        elif method == "summary":
            command.details, command.help = command.help, said
        elif method == "usage":
            command.usage = f"{command.word} {said}".strip()
        elif method == "name":
            self._rename(command, said)

    def _more(self, command: CliCommand, node: Node | None) -> None:
        """Text that the help ends or begins with: examples, or anything else."""
        said = (self.script.string(node, holes=True) or "").strip()
        if "xample" in said:
            command.examples = f"{command.examples}\n{said}".strip()
        elif said:
            command.details = f"{command.details}\n\n{said}".strip()

    def _rename(self, command: CliCommand, word: str) -> None:
        command.word, command.usage = word, command.usage or word
        command.root = command.root and command.id.rpartition(".")[2] in (*_PROGRAM_NAMES, "default", "")

    def _command(self, reader: ChainReader, command: CliCommand, call: Node) -> CliCommand:
        given = arguments(call)
        usage = self.script.string(given[0])
        if not usage:
            return CliCommand("commander", call_line(call), foreign=True)
        words, positional = usage_parts(usage, call_line(call))
        found = reader.add(command.subcommand(words, call_line(call)))
        found.usage = usage
        found.options.extend(positional)
        described = self.script.string(given[1], holes=True) if len(given) > 1 else None
        options = self.script.fields(given[-1]) if len(given) > 1 else {}
        found.hidden = text(options.get("hidden")) == "true" or text(options.get("noHelp")) == "true"
        if described is not None:
            # With a description the command is a program of its own, and the call returns its parent.
            found.help = described
            return command
        return found

    def _added(self, reader: ChainReader, command: CliCommand, given: Sequence[Node], call: Node) -> None:
        below = reader.find(given[0])
        options = self.script.fields(given[1]) if len(given) > 1 else {}
        if below is not None and below.parent is None and not command.is_below(below) and not below.foreign:
            below.parent, below.root = command, False
            below.hidden = below.hidden or text(options.get("hidden")) == "true"
        elif below is None and (reference := reader.reference(given[0])):
            command.links.append(CommandLink(parent=command.id, child=reference, line=call_line(call)))

    def _handler(self, node: Node) -> str:
        if node.type == "identifier":
            return text(node)
        body = bare(node.child_by_field_name("body")) if node.type in FUNCTIONS else None
        if body is not None and body.type == "await_expression":
            body = bare(next(iter(body.named_children), None))
        called = body.child_by_field_name("function") if body is not None and body.type == "call_expression" else None
        return text(called) if called is not None and called.type == "identifier" else ""

    def _option(self, command: CliCommand, method: str, call: Node) -> None:
        given = arguments(call)
        if not given:
            return
        if method in ("addOption", "addArgument"):
            option = self._instance(given[0])
        elif method == "version":
            option = flagged(self.script.string(given[1]) or "", call_line(call)) if len(given) > 1 else None
            option = self._described(option, given[2:]) if option is not None else None
        else:
            option = self._declared(method, given, call_line(call), command)
        if option is not None:
            command.options[:] = [known for known in command.options if known.flags or known.name != option.name]
            command.options.append(option)

    def _declared(self, method: str, given: Sequence[Node], start: int, command: CliCommand) -> Option | None:
        raw = self.script.string(given[0]) or ""
        if method == "arguments":
            command.options.extend(usage_parts(raw, start)[1])
            return None
        if method == "argument":
            positional = usage_parts(raw if raw[:1] in "<[" else f"<{raw}>", start)[1]
            return self._described(positional[0], given[1:]) if positional else None
        option = flagged(raw, start)
        required = method == "requiredOption"
        return replace(self._described(option, given[1:]), required=required) if option is not None else None

    def _described(self, option: Option, rest: Sequence[Node]) -> Option:
        """Description and default, which a function that parses the value may stand before."""
        help_text = self.script.string(rest[0], holes=True) if rest else None
        values = [node for node in rest[1:3] if (self.script.resolve(node) or node).type not in FUNCTIONS]
        default = next((found for node in values if (found := self.script.literal(node))), "")
        return replace(option, help=help_text or "", default=default)

    def _instance(self, node: Node) -> Option | None:
        """`new Option("-p, --port <n>", "text").default(80).env("PORT").choices([...])`, or an `Argument`."""
        steps: list[tuple[str, Node]] = []
        current = self.script.resolve(node)
        while current is not None and current.type == "call_expression":
            function = current.child_by_field_name("function")
            if function is None or function.type != "member_expression":
                break
            steps.append((text(function.child_by_field_name("property")), current))
            current = bare(function.child_by_field_name("object"))
        if current is None or current.type not in ("new_expression", "call_expression"):
            return None
        maker = current.child_by_field_name("constructor") or current.child_by_field_name("function")
        given = arguments(current)
        raw = (self.script.string(given[0]) or "") if given else ""
        kind = dotted(maker).rpartition(".")[2]
        if kind in ("Argument", "createArgument"):
            found = usage_parts(raw if raw[:1] in "<[" else f"<{raw}>", line(current))[1]
            option = found[0] if found else None
        else:
            option = flagged(raw, line(current)) if kind in ("Option", "createOption") else None
        if option is None:
            return None
        option = self._described(option, given[1:2])
        for method, call in reversed(steps):
            option = self._refined(option, method, arguments(call))
        return option

    def _refined(self, option: Option, method: str, given: Sequence[Node]) -> Option:
        match method:
            case "default" if given:
                described = self.script.string(given[1]) if len(given) > 1 else None
                return replace(option, default=self.script.literal(given[0]) or described or "")
            case "env" if given:
                return replace(option, env=self.script.string(given[0]) or "")
            case "choices" if given:
                return replace(option, choices=self.script.strings(given[0]) or ())
            case "makeOptionMandatory" | "argRequired":
                return replace(option, required=True)
            case "argOptional":
                return replace(option, required=False)
            case "hideHelp":
                return replace(option, hidden=True)
            case _:
                return option
