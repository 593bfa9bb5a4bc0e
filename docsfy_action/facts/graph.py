"""The import graph: who imports whom, how much depends on each module, and the same collapsed to what fits a drawing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from docsfy_action.facts.model import Import, ImportTime, SourceFile
from docsfy_action.facts.modules import Module, ModuleTable

DAMPING = 0.85
ITERATIONS = 30
# Files that hold nothing that runs.
DECLARATIONS = (".pyi", ".d.ts", ".d.mts", ".d.cts")
_SOONEST = (ImportTime.LOAD, ImportTime.DEFERRED, ImportTime.TYPING)


@dataclass(frozen=True, kw_only=True)
class ImportGraph:
    """Directed edges from a module to the modules of this repository that it imports, whenever that is.

    `late` holds the edges that are not needed for loading the module, and why: only those beside it can make loading run
    in a circle."""

    nodes: tuple[str, ...]
    edges: Mapping[str, frozenset[str]]
    late: Mapping[tuple[str, str], ImportTime] = field(default_factory=dict)

    @cached_property
    def loading(self) -> Mapping[str, frozenset[str]]:
        """What each module imports as it is loaded."""
        return {
            name: frozenset(target for target in targets if (name, target) not in self.late)
            for name, targets in self.edges.items()
        }

    @cached_property
    def running(self) -> Mapping[str, frozenset[str]]:
        """What each module imports at all while a program runs: not what only type checkers follow."""
        return {
            name: frozenset(t for t in targets if self.late.get((name, t)) is not ImportTime.TYPING)
            for name, targets in self.edges.items()
        }

    @cached_property
    def importers(self) -> Mapping[str, frozenset[str]]:
        """Modules that import a module."""
        found: dict[str, set[str]] = defaultdict(set)
        for source, targets in self.edges.items():
            for target in targets:
                found[target].add(source)
        return {name: frozenset(found[name]) for name in sorted(found)}

    @cached_property
    def rank(self) -> Mapping[str, float]:
        """PageRank: how much of the code leans on a module, directly or not. Sums to 1."""
        count = len(self.nodes)
        if not count:
            return {}
        score = dict.fromkeys(self.nodes, 1 / count)
        for _ in range(ITERATIONS):
            loose = sum(score[node] for node in self.nodes if not self.edges.get(node)) / count
            fresh = dict.fromkeys(self.nodes, (1 - DAMPING) / count + DAMPING * loose)
            for node in self.nodes:
                targets = sorted(self.edges.get(node, ()))
                for target in targets:
                    fresh[target] += DAMPING * score[node] / len(targets)
            score = fresh
        return score

    def reachable(self, start: Iterable[str]) -> frozenset[str]:
        """All modules that a run of `start` may import, directly or not, itself included."""
        seen = set(start)
        queue = sorted(seen)
        while queue:
            for target in self.running.get(queue.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    queue.append(target)
        return frozenset(seen)


def build_graph(files: Mapping[str, SourceFile], table: ModuleTable) -> ImportGraph:
    """The import graph of all source modules; imports of other packages are left out."""
    times: dict[str, dict[str, ImportTime]] = {module.name: {} for module in table.modules if not module.tool}
    for path, module in sorted(table.by_file.items()):
        if module.tool:
            continue
        for item in files[path].facts.imports:
            when = ImportTime.TYPING if path.endswith(DECLARATIONS) else item.when
            for target in _targets(item, table.resolve(path, item), times.keys()):
                if target != module.name:
                    times[module.name][target] = min(when, times[module.name].get(target, when), key=_SOONEST.index)
    return ImportGraph(
        nodes=tuple(sorted(times)),
        edges={name: frozenset(times[name]) for name in sorted(times)},
        late={
            (name, target): times[name][target]
            for name in sorted(times)
            for target in sorted(times[name])
            if times[name][target] is not ImportTime.LOAD
        },
    )


def _targets(item: Import, target: Module | None, known: Container[str]) -> Iterator[str]:
    """Names of the modules that an import leads to: in Python what it takes from a package may be modules of it."""
    if target is None or target.tool:
        return
    modules = [f"{target.name}.{name}" for name in item.names] if target.language == "python" else []
    inner = [name for name in modules if name in known]
    yield from inner
    if not inner or len(inner) < len(item.names):
        yield target.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Collapsed:
    """The graph with modules merged into groups. `groups` maps a group's name to its modules, `edges` counts the imports
    that loading takes."""

    groups: Mapping[str, tuple[str, ...]]
    edges: Mapping[tuple[str, str], int]


def collapse(graph: ImportGraph, limit: int, without: Collection[str] = ()) -> Collapsed:
    """Merge the deepest modules into their parents until at most `limit` groups are left, or leave the least used out.
    Modules in `without` are passed over."""
    nodes = [name for name in graph.nodes if name not in without]
    depth = max((len(_parts(name)) for name in nodes), default=0)
    sizes = {level: len({_shorten(name, level) for name in nodes}) for level in range(1, depth + 1)}
    fitting = max((level for level, size in sizes.items() if size <= limit), default=0)
    # A flat package has one level with everything in it: better its main modules than a single box.
    if fitting < depth and sizes.get(fitting, 0) * 3 < limit:
        fitting += 1
    group_of = _opened({name: _shorten(name, fitting) for name in nodes}, limit)
    kept = sorted(set(group_of.values()))
    if len(kept) > limit:
        rank: dict[str, float] = defaultdict(float)
        for name in nodes:
            rank[group_of[name]] += graph.rank[name]
        kept = sorted(sorted(kept, key=lambda group: (-rank[group], group))[:limit])
    groups: dict[str, list[str]] = {group: [] for group in kept}
    edges: dict[tuple[str, str], int] = defaultdict(int)
    for name in nodes:
        if group_of[name] not in groups:
            continue
        groups[group_of[name]].append(name)
        for target in sorted(graph.loading[name]):
            pair = (group_of[name], group_of.get(target, group_of[name]))
            if pair[0] != pair[1] and pair[1] in groups:
                edges[pair] += 1
    return Collapsed(
        groups={group: tuple(groups[group]) for group in kept}, edges={pair: edges[pair] for pair in sorted(edges)}
    )


def _opened(group_of: Mapping[str, str], limit: int) -> Mapping[str, str]:
    """The groups, of which one that holds more than half of all modules is shown by its parts while there is room."""
    while group_of:
        sizes = Counter(group_of.values())
        largest, size = min(sizes.items(), key=lambda item: (-item[1], item[0]))
        inner = {name: _shorten(name, len(_parts(largest)) + 1) for name in group_of if group_of[name] == largest}
        parts = set(inner.values())
        if 2 * size <= len(group_of) or len(parts) < 2 or len(sizes) - 1 + len(parts) > limit:
            return group_of
        group_of = {**group_of, **inner}
    return group_of


def _parts(name: str) -> list[str]:
    return name.split("/") if "/" in name else name.split(".")


def _shorten(name: str, depth: int) -> str:
    separator = "/" if "/" in name else "."
    return separator.join(_parts(name)[:depth])
