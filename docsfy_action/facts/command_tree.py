"""A program's commands: the parts that single files define, joined into the tree that the user sees."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from docsfy_action.facts.model import Command, Import, Option, SourceFile
from docsfy_action.facts.modules import Located, ModuleTable

# A place that code can name: (module, function or variable).
Node = tuple[str, str]

# Frameworks whose commands register themselves when their module is loaded, without a call that could be followed.
SELF_REGISTERING = frozenset({"click", "typer", "argparse", "optparse"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCommand:
    """A command as the user types it after the program's name; `name` is empty for the program itself."""

    name: str
    command: Located[Command]
    options: tuple[Located[Option], ...] = ()


@dataclass(kw_only=True)
class _Tree:
    """Commands, the links between them, and the names found so far."""

    files: Mapping[str, SourceFile]
    table: ModuleTable
    commands: list[Located[Command]] = field(default_factory=list)
    by_node: dict[Node, Located[Command]] = field(default_factory=dict)
    links: dict[Node, list[tuple[Node, str]]] = field(default_factory=lambda: defaultdict(list))
    names: dict[tuple[str, int], str] = field(default_factory=dict)
    owners: dict[Node, tuple[str, int]] = field(default_factory=dict)

    def node(self, path: str, reference: str) -> Node:
        """The place that `reference`, written in `path`, names."""
        module_name, mark, name = reference.rpartition("#")
        own = self.table.by_file.get(path)
        if not mark:
            return (own.name if own else path, name)
        target = self.table.resolve(path, Import(module=module_name, line=0))
        return (target.name if target else module_name, name)


def program_commands(
    program: str, function: str, files: Mapping[str, SourceFile], table: ModuleTable
) -> tuple[ProgramCommand, ...]:
    """The commands of `program`, itself first, then by name. `function` is what its entry point calls, if known."""
    tree = _Tree(files=files, table=table)
    for path, file in files.items():
        for command in file.facts.commands:
            located = Located(path=path, item=command)
            tree.commands.append(located)
            if command.id:
                tree.by_node.setdefault(tree.node(path, command.id), located)
        for link in file.facts.command_links:
            tree.links[tree.node(path, link.parent)].append((tree.node(path, link.child), link.name))
    root = _root(program, function, tree)
    if root is not None:
        _place(root, "", tree)
    for located in tree.commands:
        key = (located.path, located.item.line)
        free = not tree.links or located.item.framework in SELF_REGISTERING
        if key not in tree.names and free and _top(located.item):
            _place(located, located.item.name, tree)
    return tuple(_found(tree))


def _top(command: Command) -> bool:
    return not command.parent


def _root(program: str, function: str, tree: _Tree) -> Located[Command] | None:
    children = {child for links in tree.links.values() for child, _ in links}
    word = program.split()[-1].rsplit("/", 1)[-1].removesuffix(".py")
    tests: tuple[Callable[[Located[Command]], bool], ...] = (
        lambda c: bool(function) and function in (c.item.handler, c.item.id) and _top(c.item),
        lambda c: not c.item.name,
        lambda c: c.item.name == word and _top(c.item),
        lambda c: bool(c.item.id) and tree.node(c.path, c.item.id) in tree.links and _top(c.item),
    )
    for test in tests:
        for located in tree.commands:
            if test(located) and (not located.item.id or tree.node(located.path, located.item.id) not in children):
                return located
    return None


def _place(located: Located[Command], name: str, tree: _Tree) -> None:
    """Give a command its full name, then all that stand below it in its file or are linked to it."""
    key = (located.path, located.item.line)
    if key in tree.names:
        return
    tree.names[key] = name
    for other in tree.commands:
        below = other.path == located.path and other is not located and other.item.parent
        if below and other.item.parent == located.item.name and other.item.name != located.item.name:
            _place(other, _join(name, other.item.name.split()[-1] if other.item.name else ""), tree)
    if located.item.id:
        _follow(tree.node(located.path, located.item.id), key, name, tree, set())


def _follow(node: Node, owner: tuple[str, int], name: str, tree: _Tree, seen: set[Node]) -> None:
    if node in seen:
        return
    seen.add(node)
    tree.owners.setdefault(node, owner)
    for child, word in tree.links.get(node, ()):
        located = tree.by_node.get(child)
        if located is None:
            _follow(child, owner, name, tree, seen)
        else:
            own = word or (located.item.name.split()[0] if located.item.name else "")
            _place(located, _join(name, own), tree)


def _join(name: str, word: str) -> str:
    return f"{name} {word}".strip()


def _found(tree: _Tree) -> Iterator[ProgramCommand]:
    options: dict[tuple[str, int], list[Located[Option]]] = defaultdict(list)
    for path, file in tree.files.items():
        for option in file.facts.options:
            key = _owner(path, option, tree)
            if key is not None and not option.hidden:
                options[key].append(Located(path=path, item=option))
    seen: set[str] = set()
    for located in sorted(tree.commands, key=lambda c: (tree.names.get((c.path, c.item.line), ""), c.path, c.item.line)):
        key = (located.path, located.item.line)
        name = tree.names.get(key)
        if name is not None and name not in seen:
            seen.add(name)
            yield ProgramCommand(name=name, command=located, options=tuple(options[key]))


def _owner(path: str, option: Option, tree: _Tree) -> tuple[str, int] | None:
    if option.owner:
        node = tree.node(path, option.owner)
        located = tree.by_node.get(node)
        if located is not None:
            return located.path, located.item.line
        if node in tree.owners:
            return tree.owners[node]
    for located in tree.commands:
        if located.path == path and located.item.name == option.command:
            return path, located.item.line
    return None


