"""Commands and flags declared with urfave/cli, versions 1 to 3: a tree of literals in one file or several."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tree_sitter import Node

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.languages.go.commands.flag_calls import described
from docsfy_action.facts.languages.go.strings import dedented
from docsfy_action.facts.languages.go.values import PACKAGE, GoFile, arguments, elements, fields
from docsfy_action.facts.model import Command, CommandLink, Option, Setting, SettingKind
from docsfy_action.facts.treesitter import captures, line, text, walk

_PATHS = ("github.com/urfave/cli", "gopkg.in/urfave/cli", "github.com/codegangsta/cli")
_SUBCOMMANDS = ("Commands", "Subcommands")
_ENVIRONMENT = ("EnvVars", "EnvVar", "Sources")
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree a command hangs: `name` in this file, `id` for other files."""

    name: str
    id: str


@dataclass
class _Reader:
    file: GoFile
    literals: Mapping[int, Node]
    commands: list[Command] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    links: list[CommandLink] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    taken: dict[str, int] = field(default_factory=dict)

    def command(self, literal: Node, known: Mapping[str, Node], place: _Place, parent: str | None) -> None:
        """One command with its flags and everything below it."""
        word = self._text(known.get("Name"))
        name = place.name
        usage = self._text(known.get("UsageText")) or f"{word} {self._text(known.get('ArgsUsage'))}".strip()
        self.commands.append(
            Command(
                name=name,
                line=line(literal),
                framework="urfave/cli",
                handler=self._handler(known.get("Action")),
                help=self._text(known.get("Usage")),
                usage=usage,
                parent=parent or "",
                aliases=self.file.strings(known.get("Aliases")) or (),
                hidden=text(known.get("Hidden")) == "true",
                id=place.id,
                details=dedented(self._text(known.get("Description"))),
            )
        )
        for listing in ("Flags", "Arguments"):
            for item in self._items(known.get(listing)):
                self._option(item, place, positional=listing == "Arguments")
        for listing in _SUBCOMMANDS:
            for item in self._items(known.get(listing)):
                self._subcommand(item, place, self.file.declaration_around(literal) or literal)

    def _subcommand(self, item: Node, place: _Place, above: Node) -> None:
        literal = self._literal(item)
        if literal is None:
            reference = self.file.qualified(item.child_by_field_name("function") or item)
            if reference:
                self.links.append(CommandLink(parent=place.id, child=reference, line=line(item)))
            return
        known = fields(literal)
        word = self.file.string(known.get("Name"))
        if literal.id in self.seen or not word:
            return
        self.seen.add(literal.id)
        identity = f"{place.id}.{word}" if _contains(above, literal) else self.unique(_identity(self.file, literal)[1])
        below = _Place(f"{place.name} {word}".strip(), identity)
        self.links.append(CommandLink(parent=place.id, child=below.id, line=line(literal)))
        self.command(literal, known, below, place.name)

    def unique(self, identity: str) -> str:
        """A name that no other command of the file has."""
        self.taken[identity] = self.taken.get(identity, 0) + 1
        return identity if self.taken[identity] == 1 else f"{identity}.{self.taken[identity]}"

    def _literal(self, item: Node) -> Node | None:
        """The literal behind an element: written there, bound to a name, or returned by a function of this file."""
        resolved = self.file.resolve(item)
        if resolved is not None and resolved.type == "call_expression":
            function = self.file.functions.get(text(resolved.child_by_field_name("function")))
            inside = [n for n in self.literals.values() if function is not None and _contains(function, n)]
            return next(iter(inside), None)
        if resolved is not None and resolved.type in ("composite_literal", "literal_value"):
            return resolved
        return None

    def _items(self, node: Node | None, depth: int = MAX_DEPTH) -> Iterator[Node]:
        """Elements of a list, through names, `append`, spreading and functions of this file."""
        resolved = self.file.resolve(node)
        if resolved is None or not depth:
            return
        if resolved.type == "variadic_argument":
            yield from self._items(resolved.named_children[0], depth - 1)
        elif resolved.type == "composite_literal" and text(resolved.child_by_field_name("type")).startswith("[]"):
            yield from elements(resolved)
        elif resolved.type == "call_expression":
            called = text(resolved.child_by_field_name("function"))
            if called == "append":
                for index, item in enumerate(arguments(resolved)):
                    spread = index == 0 or item.type == "variadic_argument"
                    yield from self._items(item, depth - 1) if spread else [item]
            elif (function := self.file.functions.get(called)) is not None:
                for inner in walk(function):
                    if inner.type == "return_statement" and inner.named_children:
                        yield from self._items(inner.named_children[0].named_children[0], depth - 1)

    def _option(self, item: Node, place: _Place, *, positional: bool) -> None:
        resolved = self.file.resolve(item)
        if resolved is not None and resolved.type == "call_expression" and arguments(resolved):
            resolved = self.file.resolve(arguments(resolved)[0])
        if resolved is None or resolved.type != "composite_literal":
            return
        path, _, kind = self.file.qualified(resolved.child_by_field_name("type")).partition("#")
        suffix = "Arg" if positional else "Flag"
        known = fields(resolved)
        # Version 1 writes all names of a flag into one text.
        names = [part.strip() for part in (self.file.string(known.get("Name")) or "").split(",") if part.strip()]
        if not names or not kind.endswith(suffix) or not path.startswith(_PATHS):
            return
        names.extend(self.file.strings(known.get("Aliases")) or ())
        variables = self._variables(known)
        option = Option(
            name=names[0],
            line=line(resolved),
            flags=() if positional else tuple(f"-{n}" if len(n) == 1 else f"--{n}" for n in names),
            command=place.name,
            default=self.file.default(known.get("Value")) or self._text(known.get("DefaultText")),
            type=kind.removesuffix(suffix)[:1].lower() + kind.removesuffix(suffix)[1:],
            env=variables[0] if variables else "",
            required=text(known.get("Required")) == "true",
            owner=place.id,
            hidden=text(known.get("Hidden")) == "true",
            repeated="Slice" in kind or kind.endswith(("MapFlag", "Args")),
        )
        option = described(option, self._text(known.get("Usage") or known.get("UsageText")))
        self.options.append(option)
        for variable in variables:
            self.settings.append(
                Setting(
                    name=variable,
                    kind=SettingKind.ENVIRONMENT,
                    line=option.line,
                    default=option.default,
                    type=option.type,
                    doc=option.help,
                )
            )

    def _variables(self, known: Mapping[str, Node]) -> list[str]:
        found: list[str] = []
        for node in (known[key] for key in _ENVIRONMENT if key in known):
            listed = self.file.strings(node)
            single = self.file.string(node)
            if listed is not None:
                found.extend(listed)
            elif single is not None:
                found.extend(part.strip() for part in single.split(","))
            else:
                calls = (inner for inner in walk(node) if inner.type == "call_expression")
                for call in calls:
                    if text(call.child_by_field_name("function")).endswith((".EnvVars", ".EnvVar")):
                        found.extend(value for item in arguments(call) if (value := self.file.string(item)))
        return [name for name in dict.fromkeys(found) if name.isidentifier()]

    def _handler(self, node: Node | None) -> str:
        if node is None:
            return ""
        if node.type == "identifier":
            return text(node)
        maker = self.file.declaration_around(node)
        return text(maker.child_by_field_name("name")) if maker is not None else ""

    def _text(self, node: Node | None) -> str:
        return (self.file.string(node, holes=True) or "").strip()


def urfave_facts(file: GoFile) -> CommandFacts:
    """Commands of a file that imports urfave/cli; the program itself is the app or the command that is run."""
    captured = captures(PACKAGE, "calls", "go", file.root)
    literals = {node.id: node for node in captured.get("literal", []) if _kind(file, node) in ("App", "Command")}
    reader = _Reader(file, literals)
    started = _started(file, captured.get("call", []))
    for literal in _programs_first(file, literals, started):
        if literal.id in reader.seen or _inside_another(literal, literals):
            continue
        reader.seen.add(literal.id)
        known = fields(literal)
        word = file.string(known.get("Name")) or ""
        variable, identity = _identity(file, literal)
        program = _kind(file, literal) == "App" or variable in started or literal.id in started
        if program or word:
            reader.command(literal, known, _Place("" if program else word, reader.unique(identity)), None)
    for variable, known, node in _assembled(file, captured.get("call", [])):
        reader.command(node, known, _Place("", variable), None)
    return CommandFacts(
        commands=tuple(reader.commands),
        options=tuple(dict.fromkeys(reader.options)),
        links=tuple(reader.links),
        settings=tuple(dict.fromkeys(reader.settings)),
    )


def _kind(file: GoFile, literal: Node) -> str:
    path, _, name = file.qualified(literal.child_by_field_name("type")).partition("#")
    return name if path.startswith(_PATHS) else ""


def _programs_first(file: GoFile, literals: Mapping[int, Node], started: set[str | int]) -> list[Node]:
    """Literals with the program before the commands that it refers to by name."""

    def rank(literal: Node) -> tuple[bool, bool, int]:
        known = fields(literal)
        variable, _ = _identity(file, literal)
        program = _kind(file, literal) == "App" or variable in started or literal.id in started
        return not program, not any(key in known for key in _SUBCOMMANDS), literal.start_byte

    return sorted(literals.values(), key=rank)


def _started(file: GoFile, calls: list[Node]) -> set[str | int]:
    """Names of variables, and literals, on which `Run(…, os.Args)` is called."""
    found: set[str | int] = set()
    for call in calls:
        function = call.child_by_field_name("function")
        if function is None or text(function.child_by_field_name("field")) not in ("Run", "RunContext"):
            continue
        operand = function.child_by_field_name("operand")
        if operand is not None and any("os.Args" in text(item) for item in arguments(call)):
            found.add(text(operand))
            resolved = file.resolve(operand)
            if resolved is not None:
                found.add(resolved.id)
    return found


def _inside_another(literal: Node, literals: Mapping[int, Node]) -> bool:
    current = literal.parent
    while current is not None and current.type not in ("func_literal", "function_declaration", "method_declaration"):
        if current.id in literals:
            return True
        current = current.parent
    return False


def _contains(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def _identity(file: GoFile, literal: Node) -> tuple[str, str]:
    """(variable, id): the package's variable, or the function that makes the command."""
    variable = ""
    current, above = literal, literal.parent
    while above is not None and above.type in ("unary_expression", "expression_list"):
        current, above = above, above.parent
    if above is not None and above.type in ("var_spec", "short_var_declaration", "assignment_statement"):
        left = above.child_by_field_name("left") or above.child_by_field_name("name")
        variable = text(left)
    maker = file.declaration_around(current)
    made = text(maker.child_by_field_name("name")) if maker is not None else ""
    return variable, made or variable


def _assembled(file: GoFile, calls: list[Node]) -> Iterator[tuple[str, dict[str, Node], Node]]:
    """Apps made with `cli.NewApp()` and filled by assignments to their fields."""
    made: dict[str, dict[str, Node]] = {}
    places: dict[str, Node] = {}
    for call in calls:
        path, _, name = file.qualified(call.child_by_field_name("function")).partition("#")
        holder = call.parent.parent if call.parent is not None else None
        if name == "NewApp" and path.startswith(_PATHS) and holder is not None:
            variable = text(holder.child_by_field_name("left") or holder.child_by_field_name("name"))
            made[variable], places[variable] = {}, call
    for assignment in captures(PACKAGE, "bindings", "go", file.root).get("assign", []) if made else ():
        target, _, key = text(assignment.child_by_field_name("left")).rpartition(".")
        right = assignment.child_by_field_name("right")
        if target in made and right is not None and right.named_children:
            made[target][key] = right.named_children[0]
    for variable, known in made.items():
        yield variable, known, places[variable]
