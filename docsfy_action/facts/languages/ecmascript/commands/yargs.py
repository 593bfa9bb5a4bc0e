"""Commands declared with yargs, in chains and in command modules."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.commands.chains import ChainReader
from docsfy_action.facts.languages.ecmascript.commands.tree import CliCommand, key_flags, usage_parts
from docsfy_action.facts.languages.ecmascript.exports import Exports, assignments
from docsfy_action.facts.languages.ecmascript.syntax import FUNCTIONS, arguments, bare, call_line, dotted, plain_string
from docsfy_action.facts.languages.ecmascript.values import Script, parameter_names
from docsfy_action.facts.model import CommandLink, Option
from docsfy_action.facts.treesitter import line, text

_TYPES = ("boolean", "string", "number", "array", "count")
_DESCRIPTIONS = ("describe", "description", "desc")
_EXPORTED = ("module.exports.", "exports.")


@dataclass
class Yargs:
    """Reads calls on a yargs instance."""

    script: Script
    waiting: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    packages: ClassVar[tuple[str, ...]] = ("yargs",)
    parameter_types: ClassVar[tuple[str, ...]] = ("Argv", "YargsInstance", "CommandBuilder")
    parameter_names: ClassVar[tuple[str, ...]] = ("yargs", "argv", "y", "cli")

    def created(self, node: Node) -> CliCommand | None:
        """`yargs(process.argv)`, `require("yargs")`, or the instance that the package exports."""
        if node.type == "call_expression":
            function = bare(node.child_by_field_name("function"))
            loaded = plain_string(next(iter(arguments(node)), None)) if text(function) == "require" else ""
            if loaded == "yargs":
                return CliCommand("yargs", line(node), id="yargs", root=True)
            if function is not None and function.type == "call_expression":
                inner = plain_string(next(iter(arguments(function)), None))
                is_factory = text(function.child_by_field_name("function")) == "require" and inner is not None
                made = is_factory and (inner or "").partition("/")[0] == "yargs"
                return CliCommand("yargs", line(node), root=True) if made else None
            module, name = self.script.origin(function)
            made = module.partition("/")[0] == "yargs" and name in ("default", "*", "yargs")
            return CliCommand("yargs", line(node), root=True) if made else None
        if node.type == "identifier":
            module, name = self.script.origin(node)
            if module == "yargs" and name in ("default", "*"):
                return CliCommand("yargs", line(node), id="yargs", root=True)
        return None

    def apply(self, reader: ChainReader, command: CliCommand, method: str, call: Node) -> CliCommand:
        """Read one call; all of yargs' methods return the instance."""
        given = arguments(call)
        if not given:
            return command
        match method:
            case "command":
                self._command(reader, command, call)
            case "option" | "options" | "positional" | "string" | "boolean" | "number" | "array" | "count":
                self._options(command, method, call)
            case "alias" | "describe" | "default" | "choices" | "demandOption" | "demand" | "required" | "hide":
                self._refine(command, method, call)
            case "scriptName" | "usage" | "example" | "epilogue" | "epilog":
                self._text(reader, command, method, call)
            case _:
                pass
        return command

    def _text(self, reader: ChainReader, command: CliCommand, method: str, call: Node) -> None:
        given = arguments(call)
        said = (self.script.string(given[0], holes=True) or "").strip()
        if method == "scriptName" and said:
            command.word = command.usage = said
        elif method == "usage" and said:
            if len(given) > 1:
                command.help = self.script.string(given[1], holes=True) or command.help
                command.options.extend(usage_parts(said, call_line(call))[1])
                self._build(reader, command, given[2] if len(given) > 2 else None)
            prose, named, call_of = said.partition("Usage:")
            if named or "$0" in said:
                command.usage = (call_of if named else said).replace("$0", command.word).strip() or command.usage
            command.help = command.help or (prose if named else "" if "$0" in said else said).strip()
        elif method == "example" and said:
            about = self.script.string(given[1], holes=True) if len(given) > 1 else None
            shown = said.replace("$0", command.word or "$0")
            entry = f"# {about}\n{shown}" if about else shown
            command.examples = f"{command.examples}\n{entry}".strip()
        elif method in ("epilogue", "epilog") and said:
            command.details = f"{command.details}\n\n{said}".strip()

    def _command(self, reader: ChainReader, command: CliCommand, call: Node) -> None:
        given = arguments(call)
        table = self.script.resolve(given[0])
        if table is not None and table.type == "object":
            self._module(reader, command, self.script.fields(table), call_line(call))
            return
        names = self.script.words(given[0])
        if not names:
            if reference := reader.reference(given[0]):
                command.links.append(CommandLink(parent=command.id, child=reference, line=call_line(call)))
            return
        described = given[1] if len(given) > 1 else None
        found = self._named(reader, command, names, call_line(call))
        found.hidden = text(described) == "false"
        found.help = self.script.string(described, holes=True) or found.help
        builder = given[2] if len(given) > 2 else None
        module = self.script.resolve(builder)
        fields = self.script.fields(module)
        if "handler" in fields and "builder" in fields:
            builder = fields["builder"]
        if len(given) > 3 and given[3].type == "identifier":
            found.handler = text(given[3])
        self._build(reader, found, builder)

    def _named(self, reader: ChainReader, command: CliCommand | None, names: tuple[str, ...], start: int) -> CliCommand:
        words, positional = usage_parts(names[0], start)
        aliases = tuple(usage_parts(name, start)[0] for name in names[1:])
        default = "$0" in (words, *aliases)
        words = words if words != "$0" else next((alias for alias in aliases if alias != "$0"), "")
        if command is None:
            found = reader.add(CliCommand("yargs", start, word=words, id="default"))
        elif default and not words:
            found = command
        else:
            found = reader.add(command.subcommand(words, start))
        found.usage = names[0].replace("$0", words).strip() if found is not command else found.usage
        found.aliases = (*found.aliases, *(alias for alias in aliases if alias not in ("$0", words)))
        for option in positional:
            found.put(option)
        return found

    def _build(self, reader: ChainReader, command: CliCommand, builder: Node | None) -> None:
        """A builder is a table of options, or a function whose parameter is the command."""
        resolved = self.script.resolve(builder)
        if resolved is None:
            return
        if resolved.type == "object":
            self._table(command, resolved)
            return
        if resolved.type == "identifier":
            declared = [n for n in self.script.root.named_children if n.type == "function_declaration"]
            resolved = next((n for n in declared if text(n.child_by_field_name("name")) == text(builder)), resolved)
        if resolved.type in (*FUNCTIONS, "function_declaration", "method_definition"):
            for name in parameter_names(resolved):
                reader.variables[(resolved.start_byte, name)] = command
        elif reference := reader.reference(builder):
            command.links.append(CommandLink(parent=command.id, child=reference, line=line(resolved)))

    def _module(
        self, reader: ChainReader, command: CliCommand | None, fields: Mapping[str, Node], start: int
    ) -> CliCommand | None:
        """`{ command, aliases, describe, builder, handler }`."""
        names = self.script.words(fields.get("command"))
        if not names:
            return None
        aliases = self.script.words(fields.get("aliases"))
        found = self._named(reader, command, (*names, *aliases), start)
        described = next((fields[key] for key in _DESCRIPTIONS if key in fields), None)
        found.help = self.script.string(described, holes=True) or found.help
        found.hidden = text(described) == "false"
        handler = fields.get("handler")
        found.handler = text(handler) if handler is not None and handler.type == "identifier" else ""
        self._build(reader, found, fields.get("builder"))
        return found

    def read_modules(self, reader: ChainReader, exported: Exports) -> None:
        """Command modules: a file that exports `command` and `handler`, singly or as one object."""
        fields: dict[str, Node] = {}
        for statement in self.script.root.named_children:
            declaration = statement.child_by_field_name("declaration")
            for declarator in declaration.named_children if declaration is not None else ():
                value = bare(declarator.child_by_field_name("value"))
                if declarator.type == "variable_declarator" and value is not None:
                    fields[text(declarator.child_by_field_name("name"))] = value
                elif statement.type == "export_statement" and declaration is not None:
                    fields.setdefault(text(declaration.child_by_field_name("name")), declaration)
            value = bare(statement.child_by_field_name("value"))
            if statement.type == "export_statement" and value is not None:
                self._exported(reader, value)
            for targets, assigned in assignments(statement):
                for name in map(dotted, targets):
                    part = next((name.removeprefix(p) for p in _EXPORTED if name.startswith(p)), "")
                    if part and assigned is not None:
                        fields[part] = assigned
                    elif name == "module.exports" and assigned is not None:
                        self._exported(reader, assigned)
        if {"command", "handler"} <= fields.keys() and "command" in exported.names:
            self._module(reader, None, fields, line(fields["command"]))

    def _exported(self, reader: ChainReader, value: Node) -> None:
        fields = self.script.fields(value)
        described = {*_DESCRIPTIONS, "builder"} & fields.keys()
        if {"command", "handler"} <= fields.keys() and described:
            self._module(reader, None, fields, line(value))

    def _options(self, command: CliCommand, method: str, call: Node) -> None:
        given = arguments(call)
        table = self.script.resolve(given[0])
        if table is not None and table.type == "object":
            self._table(command, table)
            return
        names = self.script.words(given[0])
        fields = self.script.fields(given[1]) if len(given) > 1 else {}
        for name in names:
            known = command.option(name)
            flags = () if method == "positional" else key_flags([name])
            start = known or Option(name=name, line=call_line(call), flags=flags)
            option = self._described(start, fields)
            option = replace(option, inherited=command.root and bool(option.flags))
            command.put(replace(option, type=method) if method in _TYPES else option)

    def _table(self, command: CliCommand, table: Node) -> None:
        for name, value in self.script.fields(table).items():
            known = command.option(name) or Option(name=name, line=line(value), flags=key_flags([name]))
            command.put(self._described(known, self.script.fields(value)))

    def _described(self, option: Option, fields: Mapping[str, Node]) -> Option:
        aliases = self.script.words(fields.get("alias"))
        described = next((fields[key] for key in _DESCRIPTIONS if key in fields), None)
        demanded = fields.get("demandOption") or fields.get("demand") or fields.get("required")
        kind = self.script.string(fields.get("type")) or next(
            (name for name in _TYPES if text(fields.get(name)) == "true"), ""
        )
        flags = key_flags([option.name, *aliases]) if option.flags else ()
        return replace(
            option,
            flags=tuple(sorted(flags, key=len)) if flags else (),
            help=self.script.string(described, holes=True) or option.help,
            default=self.script.literal(fields.get("default")) or option.default,
            type=kind or option.type,
            choices=self.script.strings(fields.get("choices")) or option.choices,
            required=option.required if demanded is None else text(demanded) not in ("false", "undefined"),
            hidden=text(fields.get("hidden")) == "true",
        )

    def _refine(self, command: CliCommand, method: str, call: Node) -> None:
        key, value = (*arguments(call), None)[:2]
        fields = self.script.fields(key)
        if fields:
            for name, inner in fields.items():
                self._refine_one(command, method, name, inner, call_line(call))
            return
        for name in self.script.words(key):
            self._refine_one(command, method, name, value, call_line(call))

    def _refine_one(self, command: CliCommand, method: str, name: str, value: Node | None, start: int) -> None:
        option = command.option(name)
        if option is None:
            aliased = self.script.string(value) if method == "alias" else None
            option = command.option(aliased) if aliased else None
            if option is not None:
                flags = dict.fromkeys((*option.flags, *key_flags([name])))
                command.put(replace(option, flags=tuple(sorted(flags, key=len))) if option.flags else option)
                return
            if method in ("alias", "hide"):
                if method == "alias":
                    self.waiting[id(command), name] = self.script.words(value)
                return
            # What is described, demanded or has a default is an option, declared or not.
            flags = dict.fromkeys(key_flags([name, *self.waiting.get((id(command), name), ())]))
            option = Option(name=name, line=start, flags=tuple(sorted(flags, key=len)), inherited=command.root)
        match method:
            case "alias":
                names = self.script.words(value)
                flags = dict.fromkeys((*option.flags, *key_flags(names)))
                command.put(replace(option, flags=tuple(sorted(flags, key=len))))
            case "describe":
                command.put(replace(option, help=self.script.string(value, holes=True) or option.help))
            case "default":
                command.put(replace(option, default=self.script.literal(value)))
            case "choices":
                command.put(replace(option, choices=self.script.strings(value) or ()))
            case "hide":
                command.put(replace(option, hidden=True))
            case _:
                command.put(replace(option, required=text(value) != "false"))
