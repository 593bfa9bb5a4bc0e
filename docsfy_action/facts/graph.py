"""The import graph: who imports whom, how much depends on each module, and the same collapsed to what fits a drawing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from docsfy_action.facts.model import SourceFile
from docsfy_action.facts.modules import ModuleTable

DAMPING = 0.85
ITERATIONS = 30


@dataclass(frozen=True, kw_only=True)
class ImportGraph:
    """Directed edges from a module to the modules of this repository that it imports."""

    nodes: tuple[str, ...]
    edges: Mapping[str, frozenset[str]]

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
        """All modules that `start` imports, directly or not, itself included."""
        seen = set(start)
        queue = sorted(seen)
        while queue:
            for target in self.edges.get(queue.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    queue.append(target)
        return frozenset(seen)


def build_graph(files: Mapping[str, SourceFile], table: ModuleTable) -> ImportGraph:
    """The import graph of all source modules; imports of other packages are left out."""
    edges: dict[str, set[str]] = {module.name: set() for module in table.modules if not module.tool}
    for path, module in sorted(table.by_file.items()):
        if module.tool:
            continue
        for item in files[path].facts.imports:
            target = table.resolve(path, item)
            if module.language == "python" and target is not None and item.names:
                submodules = {f"{target.name}.{name}" for name in item.names} & edges.keys()
                edges[module.name] |= submodules - {module.name}
                if submodules and len(submodules) == len(item.names):
                    continue
            if target is not None and target.name != module.name and not target.tool:
                edges[module.name].add(target.name)
    return ImportGraph(nodes=tuple(sorted(edges)), edges={name: frozenset(edges[name]) for name in sorted(edges)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Collapsed:
    """The graph with modules merged into groups. `groups` maps a group's name to its modules, `edges` counts imports."""

    groups: Mapping[str, tuple[str, ...]]
    edges: Mapping[tuple[str, str], int]


def collapse(graph: ImportGraph, limit: int) -> Collapsed:
    """Merge the deepest modules into their parents until at most `limit` groups are left, or leave the least used out."""
    depth = max((len(_parts(name)) for name in graph.nodes), default=0)
    sizes = {level: len({_shorten(name, level) for name in graph.nodes}) for level in range(1, depth + 1)}
    fitting = max((level for level, size in sizes.items() if size <= limit), default=0)
    # A flat package has one level with everything in it: better its main modules than a single box.
    if fitting < depth and sizes.get(fitting, 0) * 3 < limit:
        fitting += 1
    group_of = {name: _shorten(name, fitting) for name in graph.nodes}
    kept = sorted(set(group_of.values()))
    if len(kept) > limit:
        rank: dict[str, float] = defaultdict(float)
        for name, value in graph.rank.items():
            rank[group_of[name]] += value
        kept = sorted(sorted(kept, key=lambda group: (-rank[group], group))[:limit])
    groups: dict[str, list[str]] = {group: [] for group in kept}
    edges: dict[tuple[str, str], int] = defaultdict(int)
    for name in graph.nodes:
        if group_of[name] not in groups:
            continue
        groups[group_of[name]].append(name)
        for target in sorted(graph.edges[name]):
            pair = (group_of[name], group_of[target])
            if pair[0] != pair[1] and pair[1] in groups:
                edges[pair] += 1
    return Collapsed(
        groups={group: tuple(groups[group]) for group in kept}, edges={pair: edges[pair] for pair in sorted(edges)}
    )


def _parts(name: str) -> list[str]:
    return name.split("/") if "/" in name else name.split(".")


def _shorten(name: str, depth: int) -> str:
    separator = "/" if "/" in name else "."
    return separator.join(_parts(name)[:depth])
