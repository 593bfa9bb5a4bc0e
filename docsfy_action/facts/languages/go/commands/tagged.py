"""Command lines declared as structs: kong (`cmd:"" help:"…"`) and go-flags (`long:"…" description:"…"`)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tree_sitter import Node

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.languages.go.struct_tags import Field, named_structs, struct_fields, type_text
from docsfy_action.facts.languages.go.symbols import exported, receiver_type
from docsfy_action.facts.languages.go.values import PACKAGE, GoFile
from docsfy_action.facts.model import Command, CommandLink, Option
from docsfy_action.facts.treesitter import ancestors, captures, line, text

_KONG = "github.com/alecthomas/kong"
_GO_FLAGS = "github.com/jessevdk/go-flags"
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d]+")
MAX_DEPTH = 6
_STARTS = frozenset({f"{_KONG}#Parse", f"{_KONG}#Must", f"{_KONG}#New"})


def tagged_facts(file: GoFile) -> CommandFacts:
    """Commands and options that the structs of a file declare."""
    named = named_structs(file.root)
    if file.imports_any(_GO_FLAGS):
        reader = _Reader(file, named, "go-flags")
    elif file.imports_any(_KONG) or _methods(file, "Run"):
        reader = _Reader(file, named, "kong")
    else:
        return CommandFacts()
    return reader.all()


def _methods(file: GoFile, name: str) -> frozenset[str]:
    """Types of the file that have a method of that name."""
    return frozenset(
        receiver_type(node)
        for node in file.root.children
        if node.type == "method_declaration" and text(node.child_by_field_name("name")) == name
    )


def dashed(name: str) -> str:
    """The flag that kong derives from a field's name: `HTTPPort` becomes `http-port`."""
    return "-".join(_WORD.findall(name)).lower()


def _holder(struct: Node) -> str:
    """The variable that a struct without a name is the type of, or the function it stands in."""
    for above in ancestors(struct):
        if above.type in ("var_spec", "function_declaration", "method_declaration"):
            return text(above.child_by_field_name("name"))
    return ""


@dataclass
class _Reader:
    file: GoFile
    named: Mapping[str, Node]
    framework: str
    commands: list[Command] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    links: list[CommandLink] = field(default_factory=list)

    def all(self) -> CommandFacts:
        """Read every struct that no other struct of the file holds."""
        structs = captures(PACKAGE, "tags", "go", self.file.root).get("struct", [])
        names = {struct.id: name for name, struct in self.named.items()}
        runnable = self._runnable
        held = {
            inner.id
            for struct in structs
            for member in struct_fields(struct)
            if (inner := member.struct or self.named.get(member.type_name)) is not None
        }
        started = self.framework == "go-flags" or self._starts()
        for struct in structs:
            name = names.get(struct.id) or _holder(struct)
            members = list(struct_fields(struct))
            if struct.id in held or not any(self._declares(member) for member in members):
                continue
            if started and name not in runnable:
                self.commands.append(Command(name="", line=line(struct), framework=self.framework, id=name))
                self._members(members, Command(name="", line=0, framework="", id=name), "", MAX_DEPTH)
            elif name in runnable or any("cmd" in member.tags for member in members):
                self._members(members, Command(name="", line=0, framework="", id=name), "", MAX_DEPTH)
        return CommandFacts(commands=tuple(self.commands), options=tuple(self.options), links=tuple(self.links))

    @property
    def _method(self) -> str:
        return "Execute" if self.framework == "go-flags" else "Run"

    @cached_property
    def _runnable(self) -> frozenset[str]:
        return _methods(self.file, self._method)

    def _starts(self) -> bool:
        calls = captures(PACKAGE, "calls", "go", self.file.root).get("call", [])
        return any(self.file.qualified(call.child_by_field_name("function")) in _STARTS for call in calls)

    def _declares(self, member: Field) -> bool:
        keys = ("long", "short", "command") if self.framework == "go-flags" else ("help", "cmd", "arg", "short")
        return any(key in member.tags for key in keys)

    def _members(self, members: list[Field], above: Command, prefix: str, depth: int) -> None:
        for member in members:
            if not depth or not exported(member.name) or member.tags.get("kong") == "-":
                continue
            inner = member.struct or self.named.get(member.type_name)
            word = self._command_word(member)
            if word:
                self._command(member, inner, above, word, depth)
            elif inner is not None and ("embed" in member.tags or member.embedded or "group" in member.tags):
                below = prefix + (member.tags.get("prefix") or self._namespace(member))
                self._members(list(struct_fields(inner)), above, below, depth - 1)
            elif inner is not None and "positional-args" in member.tags:
                for argument in struct_fields(inner):
                    self._option(argument, above, "", positional=True)
            elif inner is None or self._declares(member):
                self._option(member, above, prefix, positional="arg" in member.tags and self.framework == "kong")

    def _namespace(self, member: Field) -> str:
        return f"{member.tags['namespace']}." if member.tags.get("namespace") else ""

    def _command_word(self, member: Field) -> str:
        if self.framework == "go-flags":
            return member.tags.get("command", "")
        return (member.tags.get("name") or dashed(member.name)) if "cmd" in member.tags else ""

    def _command(self, member: Field, inner: Node | None, above: Command, word: str, depth: int) -> None:
        tags = member.tags
        package, _, kind = member.type_name.rpartition(".")
        path = self.file.packages.get(package, "")
        command = Command(
            name=f"{above.name} {word}".strip(),
            line=line(member.node),
            framework=self.framework,
            handler=f"{kind}.{self._method}" if not package and kind in self._runnable else "",
            help=tags.get("help") or tags.get("description") or member.doc,
            parent=above.name,
            aliases=tuple(part.strip() for part in tags.get("aliases", "").split(",") if part.strip()),
            hidden="hidden" in tags,
            id=(f"{path}#{kind}" if path else kind) or f"{above.id}.{member.name}",
        )
        self.commands.append(command)
        self.links.append(CommandLink(parent=above.id, child=command.id, line=command.line, name=word))
        if inner is not None:
            self._members(list(struct_fields(inner)), command, "", depth - 1)

    def _option(self, member: Field, above: Command, prefix: str, *, positional: bool) -> None:
        tags = member.tags
        word = tags.get("long") or tags.get("name") or tags.get("positional-arg-name") or ""
        if self.framework == "go-flags" and not positional and not (word or tags.get("short")):
            return
        name = (prefix + (word or (tags.get("short", "") if self.framework == "go-flags" else ""))) or ""
        name = name if word or self.framework == "go-flags" else prefix + dashed(member.name)
        name = name or dashed(member.name)
        choices = tags.get("enum") or tags.get("choice") or ""
        self.options.append(
            Option(
                name=name,
                line=line(member.node),
                flags=() if positional else tuple(self._flags(member, name)),
                command=above.name,
                help=tags.get("help") or tags.get("description") or member.doc,
                default=tags.get("default", ""),
                type=type_text(member),
                choices=tuple(part.strip() for part in choices.split(",") if part.strip()),
                env=tags.get("env", "").partition(",")[0],
                required=self._required(member, positional=positional),
                metavar=tags.get("placeholder") or tags.get("value-name") or "",
                owner=above.id,
                hidden="hidden" in tags,
                inherited=self.framework == "kong" and not positional,
                repeated=type_text(member).startswith(("[]", "map[")),
            )
        )

    def _flags(self, member: Field, name: str) -> Iterator[str]:
        if short := member.tags.get("short"):
            yield f"-{short}"
        if len(name) > 1 or name != short:
            yield f"--{name}"
        if "negatable" in member.tags and self.framework == "kong":
            yield f"--{member.tags['negatable'] or 'no-' + name}"

    def _required(self, member: Field, *, positional: bool) -> bool:
        if "required" in member.tags:
            return member.tags["required"] in ("", "true", "yes", "1")
        return self.framework == "kong" and positional and not {"optional", "default"} & member.tags.keys()
