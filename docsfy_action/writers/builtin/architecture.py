"""The architecture page: the import graph collapsed and drawn, what everything leans on, where programs start, key types."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.graph import collapse
from docsfy_action.facts.model import ImportTime
from docsfy_action.facts.modules import SCRIPT_LANGUAGES, Module
from docsfy_action.facts.programs import Program
from docsfy_action.outline.model import PageSpec
from docsfy_action.verify.diagrams import Diagram, Edge, Node, compile_diagram
from docsfy_action.writers.builtin.context import Context, ModuleNote, note_on
from docsfy_action.writers.builtin.key_types import TypeRow, key_types
from docsfy_action.writers.builtin.prose import (
    bullets,
    capital,
    code,
    count,
    document,
    fact_link,
    fence,
    file_link,
    heading,
    listing,
    page_link,
    plain,
    quoted,
    source_link,
    spell,
    symbol_link,
    table,
)

DRAWN = 16
CYCLE_NAMED = 6
PUBLISHED_MINIMUM = 4
MODULES_SHOWN = 12
TYPES_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleRow:
    """A module that much leans on; `page` is the slug of its reference page, if it has one."""

    note: ModuleNote
    importers: int
    imports: int
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A program that starts in `path`; `manifest` declares it, where one does, by the text `literal`. `reached` counts the
    modules that a run of it may load."""

    name: str
    path: str
    manifest: str
    literal: str
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchitectureInput:
    """Everything the page is made from. `unpublished` counts the modules that the drawing leaves out because users never
    get them. `layers` are groups by how far above the foundation they stand. `deferred` and `typing` count the imports
    between modules that loading does not need."""

    title: str
    modules: int
    unpublished: int
    edges: tuple[tuple[str, str, int], ...]
    hidden_edges: int
    deferred: int
    typing: int
    groups: tuple[tuple[str, str, int], ...]
    layers: tuple[tuple[str, ...], ...]
    cycles: tuple[tuple[str, ...], ...]
    ranked: tuple[ModuleRow, ...]
    starts: tuple[Start, ...]
    types: tuple[TypeRow, ...]


def select(spec: PageSpec, context: Context) -> ArchitectureInput:
    """The shape of the code."""
    code_base = context.code
    graph = code_base.graph
    inner = _unpublished(code_base)
    drawn = collapse(graph, DRAWN, inner)
    shown = {name: _label(name, members, code_base) for name, members in drawn.groups.items()}
    components = _components(tuple(drawn.groups), set(drawn.edges))
    ranked = sorted(
        (m for m in code_base.table.modules if graph.importers.get(m.name)),
        key=lambda m: (-round(graph.rank[m.name], 6), m.name),
    )
    return ArchitectureInput(
        title=context.title,
        modules=len(graph.nodes),
        unpublished=len(inner),
        edges=tuple((shown[a], shown[b], number) for (a, b), number in essential(drawn.edges).items()),
        hidden_edges=len(drawn.edges) - len(essential(drawn.edges)),
        deferred=sum(when is ImportTime.DEFERRED for when in graph.late.values()),
        typing=sum(when is ImportTime.TYPING for when in graph.late.values()),
        groups=tuple((shown[name], _place(members, code_base), len(members)) for name, members in drawn.groups.items()),
        layers=tuple(tuple(shown[name] for name in layer) for layer in _layers(components, set(drawn.edges))),
        cycles=tuple(tuple(shown[name] for name in part) for part in components if len(part) > 1),
        ranked=tuple(_row(module, context) for module in ranked[:MODULES_SHOWN]),
        starts=tuple(_start(program, code_base) for program in code_base.programs[:8]),
        types=key_types(code_base)[:TYPES_SHOWN],
    )


def _unpublished(code_base: CodeBase) -> frozenset[str]:
    """Modules of packages that the project keeps for itself, beside others that it publishes and that are worth a
    drawing of their own."""
    private = code_base.surface.private_packages
    # A workspace's own manifest at the top often has no name.
    outside = private | {""} if private else private
    found = frozenset(m.name for m in code_base.table.modules if m.package in outside)
    return found if len(code_base.graph.nodes) - len(found) >= PUBLISHED_MINIMUM else frozenset()


def _start(program: Program, code_base: CodeBase) -> Start:
    module = code_base.table.by_file.get(program.path)
    return Start(
        name=program.name,
        path=program.path,
        manifest=program.entry.path if program.entry else "",
        literal=program.entry.item.literal if program.entry else "",
        reached=len(code_base.graph.reachable([module.name])) - 1 if module is not None else 0,
    )


def _row(module: Module, context: Context) -> ModuleRow:
    graph = context.code.graph
    page = context.api_page_of.get(module.name)
    return ModuleRow(
        note=note_on(module, context.code),
        importers=len(graph.importers.get(module.name, ())),
        imports=len(graph.edges[module.name]),
        page=page.slug if page else "",
    )


def _place(members: tuple[str, ...], code_base: CodeBase) -> str:
    """The file or folder that holds a group of modules."""
    files = [path for name in members for path in code_base.table.by_name[name].files]
    if len(members) == 1 and len(files) == 1:
        return files[0]
    folders = [path.split("/")[:-1] for path in files]
    shared: list[str] = []
    for column in zip(*folders, strict=False):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    return "/".join(shared) + "/" if shared else ""


def essential(edges: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """The edges without those that follow from others, the weakest dropped first; what reaches what stays the same."""
    kept = dict(edges)
    for pair in sorted(edges, key=lambda pair: (edges[pair], pair)):
        others = kept.keys() - {pair}
        rest = {b for a, b in others if a == pair[0]}
        seen: set[str] = set()
        while rest:
            node = rest.pop()
            seen.add(node)
            rest |= {b for a, b in others if a == node} - seen
        if pair[1] in seen:
            del kept[pair]
    return kept


def _label(name: str, members: tuple[str, ...], code_base: CodeBase) -> str:
    """What readers know a group by: a module's name, a Go package's path below its module, a JavaScript file or folder."""
    if code_base.table.by_name[members[0]].language in SCRIPT_LANGUAGES:
        return _place(members, code_base) or name
    for root in sorted(code_base.table.go_roots.values(), key=len, reverse=True):
        if name.startswith(f"{root}/"):
            return name[len(root) + 1 :]
        if name == root:
            return name.rsplit("/", 1)[-1]
    return name


def _components(nodes: tuple[str, ...], edges: set[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Strongly connected components: groups that import each other in a circle belong to one."""
    reach = {node: {b for a, b in edges if a == node} for node in nodes}
    for middle in nodes:
        for node in nodes:
            if middle in reach[node]:
                reach[node] |= reach[middle]
    seen: set[str] = set()
    parts = []
    for node in nodes:
        if node not in seen:
            part = tuple(sorted({node} | {other for other in reach[node] if node in reach[other]}))
            seen.update(part)
            parts.append(part)
    return parts


def _layers(components: list[tuple[str, ...]], edges: set[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Components by the longest way down to one that imports nothing; the highest layer first."""
    home = {name: index for index, part in enumerate(components) for name in part}
    below = {
        index: {home[b] for a, b in edges if home[a] == index and home[b] != index} for index in range(len(components))
    }
    level: dict[int, int] = {}

    def depth(index: int) -> int:
        if index not in level:
            level[index] = 1 + max((depth(target) for target in below[index]), default=-1)
        return level[index]

    for index in range(len(components)):
        depth(index)
    top = max(level.values(), default=-1)
    return [
        tuple(sorted(name for index, part in enumerate(components) if level[index] == height for name in part))
        for height in range(top, -1, -1)
    ]


def write(page: ArchitectureInput) -> str:
    """The page's Markdown."""
    lead = (
        f"{page.title} consists of {count(page.modules, 'module')}. This page shows how they depend on each other, "
        "which of them the others lean on, and where a run begins. It is drawn from the import statements of the code."
    )
    return document(heading(1, "Architecture"), lead, _overview(page), _starts(page), _ranked(page), _types(page))


def _overview(page: ArchitectureInput) -> list[str]:
    if len(page.groups) < 2 or not page.edges:
        return []
    joined = {end for a, b, _ in page.edges for end in (a, b)}
    nodes = tuple(Node(id=name, label=name) for name, _, _ in page.groups if name in joined)
    edges = tuple(Edge(source=a, target=b) for a, b, _ in page.edges)
    text = "An arrow points from a part to what it imports."
    if any(number > 1 for _, _, number in page.groups):
        text += " Modules of one package are drawn as one box."
    if page.unpublished:
        verb = "stands" if page.unpublished == 1 else "stand"
        text += f" {capital(count(page.unpublished, 'module'))} of packages that are not published {verb} aside."
    if sum(number for _, _, number in page.groups) < page.modules - page.unpublished:
        text += " Only the parts that the rest leans on most are drawn."
    if page.hidden_edges:
        text += " Where one arrow follows from others, it is left out."
    text += _late(page)
    blocks = [
        heading(2, "How the parts depend on each other"),
        text,
        fence("mermaid", compile_diagram(Diagram(direction="TD", nodes=nodes, edges=edges))),
    ]
    places = {name: place for name, place, _ in page.groups}
    if len(page.layers) > 2 and all(len(cycle) <= CYCLE_NAMED for cycle in page.cycles):
        verb = "loads" if page.deferred or page.typing else "imports"
        blocks.append(f"Read as layers, from what nothing else {verb} down to the foundation:")
        blocks.append(
            "\n".join(
                f"{number}.  {listing(_group(name, places[name]) for name in layer)}"
                for number, layer in enumerate(page.layers, 1)
            )
        )
    for cycle in page.cycles[:3]:
        names = listing((_group(name, places[name]) for name in cycle), limit=CYCLE_NAMED)
        blocks.append(f"{names} import each other in a circle, directly or through others.")
    return blocks


def _late(page: ArchitectureInput) -> str:
    """Which imports the drawing leaves out because no module needs them to be loaded."""
    later = f"{spell(page.deferred)} inside functions" if page.deferred else ""
    typing = f"{spell(page.typing)} for type checkers alone" if page.typing else ""
    left_out = " and ".join(filter(None, (later, typing)))
    return f" Imports that loading a module does not need are left out: {left_out}." if left_out else ""


def _group(name: str, place: str) -> str:
    # The package at the root of a Go module has a name that its files do not.
    named = re.split(r"[./]", name)[-1] in place
    return file_link(place, code(name) if named else plain(name)) if place else code(name)


def _starts(page: ArchitectureInput) -> list[str]:
    if not page.starts:
        return []
    items = []
    for start in page.starts:
        name = code(start.name)
        declared = fact_link(start.manifest, start) if start.manifest else name
        more = f" and reaches {count(start.reached, 'module')} from there" if start.reached else ""
        items.append(f"{declared} starts in {file_link(start.path)}{more}.")
    return [heading(2, "Where a run begins"), bullets(items)]


def _ranked(page: ArchitectureInput) -> list[str]:
    if len(page.ranked) < 3:
        return []
    rows = [
        (
            page_link(row.page, code(row.note.name)) if row.page else file_link(row.note.path, code(row.note.name)),
            str(row.importers),
            str(row.imports),
            quoted(row.note.summary),
            file_link(row.note.path, "source"),
        )
        for row in page.ranked
    ]
    text = (
        "The more of the code depends on a module, directly or through others, the higher it stands here. "
        "A change in one of these is felt widely."
    )
    return [
        heading(2, "What the code leans on"),
        text,
        table(("Module", "Imported by", "Imports", "What it is for", "Source"), rows),
    ]


def _types(page: ArchitectureInput) -> list[str]:
    if len(page.types) < 3:
        return []
    rows = [
        (
            symbol_link(row.path, row.name) if row.documented else source_link(row.path, row.name),
            str(row.mentions),
            quoted(row.summary),
            file_link(row.path),
        )
        for row in page.types
    ]
    text = "These types are passed around most; knowing them makes most signatures readable."
    return [heading(2, "Key types"), text, table(("Type", "Signatures", "What it is", "Defined in"), rows)]
