"""How the API reference is cut into pages: by package and module, so that a page is neither a crumb nor a wall."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.modules import Module

# In entries (a definition or one of its members): a page with more is split, a part with less joins its neighbours.
PAGE_LIMIT = 80
PAGE_MINIMUM = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPart:
    """One page of the reference: `name` is the module or package prefix that its modules share."""

    name: str
    short: str
    modules: tuple[str, ...]


def api_parts(code: CodeBase) -> tuple[ApiPart, ...]:
    """The pages of the API reference, by package, then name."""
    weights = {name: sum(member.weight for member in members) for name, members in code.surface.members.items()}
    packages: dict[tuple[str, str], list[Module]] = {}
    for module in code.table.by_name.values():
        if weights.get(module.name):
            family = "script" if module.language in ("javascript", "typescript") else module.language
            packages.setdefault((family, module.package), []).append(module)
    found: list[ApiPart] = []
    for (_, package), modules in sorted(packages.items()):
        names = sorted(module.name for module in modules)
        prefix = _common(names)
        for name, members in _split(prefix, names, weights):
            found.append(ApiPart(name=name or package, short=_short(name or package, code), modules=tuple(members)))
    return tuple(found)


def _split(prefix: str, names: Sequence[str], weights: Mapping[str, int]) -> Iterator[tuple[str, list[str]]]:
    total = sum(weights[name] for name in names)
    if total <= PAGE_LIMIT or len(names) == 1:
        yield (names[0] if len(names) == 1 else prefix), list(names)
        return
    own = [name for name in names if name == prefix]
    groups: dict[str, list[str]] = {}
    for name in names:
        if name != prefix:
            groups.setdefault(_child(prefix, name), []).append(name)
    if len(groups) == 1 and not own:
        yield from _split(next(iter(groups)), names, weights)
        return
    pages: list[tuple[str, list[str]]] = []
    for child in sorted(groups):
        # At the top there is no page that small packages could share: they have nothing in common.
        if prefix and sum(weights[name] for name in groups[child]) < PAGE_MINIMUM:
            own.extend(groups[child])
        else:
            pages.extend(_split(child, groups[child], weights))
    if own:
        yield prefix, sorted(own)
    yield from pages


def _separator(name: str) -> str:
    return "/" if "/" in name else "."


def _child(prefix: str, name: str) -> str:
    separator = _separator(name)
    parts = name.split(separator)
    depth = len(prefix.split(separator)) if prefix else 0
    return separator.join(parts[: depth + 1])


def _common(names: Sequence[str]) -> str:
    """The longest prefix of whole parts that all names share."""
    if len(names) == 1:
        return names[0]
    separator = "/" if any("/" in name for name in names) else "."
    columns = zip(*(name.split(separator) for name in names), strict=False)
    shared: list[str] = []
    for column in columns:
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    return separator.join(shared)


def _short(name: str, code: CodeBase) -> str:
    """The name without the part that all of a Go module's packages share."""
    for root in sorted(code.table.go_roots.values(), key=len, reverse=True):
        if name == root:
            parts = [part for part in name.split("/") if not (part[:1] == "v" and part[1:].isdigit())]
            return parts[-1]
        if name.startswith(f"{root}/"):
            return name[len(root) + 1 :]
    return posixpath.normpath(name)
