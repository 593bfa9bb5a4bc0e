"""How the API reference is cut into pages: by package and module, so that a page is neither a crumb nor a wall."""

import math
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import SymbolKind
from docsfy_action.facts.modules import Module, import_name
from docsfy_action.facts.surface import Member
from docsfy_action.outline import letters

# In headings: a page with more is split, a part with less joins its siblings, a remainder with less joins a neighbour,
# and no page that holds several modules is longer than the last.
PAGE_LIMIT = 80
PAGE_MINIMUM = 20
SCREENFUL = 5
PAGE_MAXIMUM = 150
# A module with more is spread over several pages by the first letters of what it offers.
MODULE_MAXIMUM = 250
# So many rows of a table take the room of one heading with its signature and text.
ROWS = 6
ROW_KINDS = (SymbolKind.ATTRIBUTE, SymbolKind.CONSTANT, SymbolKind.VARIABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPart:
    """One page of the reference: `name` is the module or package prefix that its modules share, with a range of letters
    (`pkg.a-m`) where they are too many for one page; `title` is what readers call it: `pkg (a to m)`. Of a module that is
    spread over several pages, `modules` names it with a range of letters behind a line break, and the title is `pkg: A to M`."""

    name: str
    short: str
    title: str
    modules: tuple[str, ...]


def parts_of(subject: str) -> tuple[str, str]:
    """The module that a subject of an API page names, and the range of letters of its members, empty for all."""
    module, _, range_ = subject.partition("\n")
    return module, range_


def members_of_subject(subject: str, code: CodeBase) -> tuple[Member, ...]:
    """What an API page documents of this subject."""
    module, range_ = parts_of(subject)
    members = code.surface.members.get(module, ())
    return tuple(member for member in members if not range_ or letters.holds(range_, member.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    name: str
    names: tuple[str, ...]
    letters: str = ""


def api_parts(code: CodeBase) -> tuple[ApiPart, ...]:
    """The pages of the API reference, by package, then name."""
    weights = {name: page_weight(members) for name, members in code.surface.members.items()}
    packages: dict[tuple[str, str], dict[str, Module]] = {}
    for module in code.table.by_name.values():
        if weights.get(module.name):
            family = "script" if module.language in ("javascript", "typescript") else module.language
            known = packages.setdefault((family, module.package), {})
            shown = import_name(module, code.table) if module.primary in code.table.specifiers else module.name
            known[shown if shown not in known else module.name] = module
    found: list[ApiPart] = []
    for (_, package), modules in sorted(packages.items()):
        names = sorted(modules)
        by_name = {name: weights[module.name] for name, module in modules.items()}
        for page in _split(_common(names), names, by_name):
            name = page.name or package
            listed = tuple(modules[shown].name for shown in page.names)
            short = _short(name, code)
            if len(listed) == 1 and weights[listed[0]] > MODULE_MAXIMUM:
                found.extend(_spread(name, short, listed[0], code))
                continue
            title = (
                f"{short[: -len(page.letters) - 1]} ({page.letters.replace('-', ' to ')})" if page.letters else short
            )
            found.append(ApiPart(name=name, short=short, title=title, modules=listed))
    return tuple(found)


def _spread(name: str, short: str, module: str, code: CodeBase) -> Iterator[ApiPart]:
    members = {member.name: page_weight([member]) for member in code.surface.members[module]}
    for range_ in letters.ranges(members, MODULE_MAXIMUM):
        yield ApiPart(
            name=f"{name}\n{range_}",
            short=f"{short} {range_}",
            title=f"{short}: {letters.shown(range_)}",
            modules=(f"{module}\n{range_}",),
        )


def page_weight(members: Sequence[Member]) -> float:
    """How long a module's part of a page is, in headings."""
    rows = sum(
        (member.symbol.item.kind in ROW_KINDS) + sum(child.item.kind in ROW_KINDS for child in member.children)
        for member in members
    )
    return sum(member.weight for member in members) - rows + math.ceil(rows / ROWS)


def _split(prefix: str, names: Sequence[str], weights: Mapping[str, float]) -> list[_Page]:
    if sum(weights[name] for name in names) <= PAGE_LIMIT or len(names) == 1:
        return [_Page(name=names[0] if len(names) == 1 else prefix, names=tuple(names))]
    own = [name for name in names if name == prefix]
    groups: dict[str, list[str]] = {}
    for name in names:
        if name != prefix:
            groups.setdefault(_child(prefix, name), []).append(name)
    if len(groups) == 1 and not own:
        return _split(next(iter(groups)), names, weights)
    pages: list[_Page] = []
    for child in sorted(groups):
        # At the top there is no page that small packages could share: they have nothing in common.
        if prefix and sum(weights[name] for name in groups[child]) < PAGE_MINIMUM:
            own.extend(groups[child])
        else:
            pages.extend(_split(child, groups[child], weights))
    total = sum(weights[name] for name in own)
    if own and (total >= SCREENFUL or not pages):
        return [*_ranges(prefix, sorted(own), weights), *pages]
    return _joined(own, pages, weights) if own else pages


def _joined(crumbs: Sequence[str], pages: list[_Page], weights: Mapping[str, float]) -> list[_Page]:
    """The pages, the shortest of which takes what would be under a screenful on a page of its own."""
    lengths = [sum(weights[name] for name in page.names) for page in pages]
    shortest = lengths.index(min(lengths))
    joined = replace(pages[shortest], names=(*pages[shortest].names, *sorted(crumbs)))
    return [*pages[:shortest], joined, *pages[shortest + 1 :]]


def _ranges(prefix: str, names: Sequence[str], weights: Mapping[str, float]) -> Iterator[_Page]:
    """Small modules by their first letters. Halves of the alphabet have fixed borders, so that a module that comes or
    grows moves none but its neighbours to another page."""
    if sum(weights[name] for name in names) <= PAGE_MAXIMUM or len(names) == 1:
        yield _Page(name=names[0] if len(names) == 1 else prefix, names=tuple(names))
        return
    separator = _separator(names[0])
    keys = {name: name[len(prefix) :].strip(separator).lower() for name in names}
    shared = posixpath.commonprefix(list(keys.values()))
    initials = {name: (key[len(shared) : len(shared) + 1] or " ") for name, key in keys.items()}
    yield from _halves(prefix, shared, initials, weights, ("a", "z"))


def _halves(
    prefix: str, shared: str, initials: Mapping[str, str], weights: Mapping[str, float], between: tuple[str, str]
) -> Iterator[_Page]:
    first, last = between
    names = sorted(initials)
    if not names:
        return
    if first == last:
        rest = (
            list(_ranges(prefix, names, weights))
            if len(set(initials.values())) == 1
            else [_Page(name="", names=tuple(names))]
        )
        range_ = f"{shared}{first}"
        for page in rest:
            if len(page.names) == 1:
                yield replace(page, name=page.names[0])
            elif page.name in ("", prefix):
                yield replace(page, name=f"{prefix}{_separator(prefix)}{range_}", letters=range_)
            else:
                yield page
        return
    if sum(weights[name] for name in names) <= PAGE_MAXIMUM:
        between_letters = f"{shared}{first}-{shared}{last}"
        name = f"{prefix}{_separator(prefix)}{between_letters}"
        yield _Page(name=name, names=tuple(names), letters=between_letters)
        return
    middle = chr((ord(first) + ord(last)) // 2)
    lower = {name: letter for name, letter in initials.items() if letter <= middle}
    upper = {name: letter for name, letter in initials.items() if letter > middle}
    yield from _halves(prefix, shared, lower, weights, (first, middle))
    yield from _halves(prefix, shared, upper, weights, (chr(ord(middle) + 1), last))


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
