"""`package.json`: the package, the programs it gives, its scripts as tasks, and what it depends on."""

from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.json import parse_json
from docsfy_action.facts.formats.syntax.tables import is_address, keywords, repository_address, unique
from docsfy_action.facts.formats.syntax.text import command_lines, is_name, reader
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.model import BlobFacts, Dependency, EntryPoint, Manifest, Task

MAX_MODULE_NAME = 214
_GROUPS = {
    "dependencies": "runtime",
    "devDependencies": "development",
    "peerDependencies": "peer",
    "optionalDependencies": "optional",
}
_RUNNERS = ("npm", "pnpm", "yarn", "bun")
_ENTRIES = ("source", "main", "module", "browser", "types", "typings")


def _read(text: str) -> BlobFacts:
    document = parse_json(text)
    return BlobFacts(
        manifests=tuple(_manifests(document)),
        dependencies=unique(_dependencies(document)),
        entry_points=unique(_entry_points(document)),
        tasks=unique(_tasks(document)),
    )


def _manifests(document: Node) -> Iterator[Manifest]:
    name, workspaces = document.get("name"), document.get("workspaces")
    if not (is_name(name.text, MAX_MODULE_NAME) or workspaces or document.get("description")):
        return
    yield Manifest(
        ecosystem="npm",
        line=name.line or workspaces.line or document.line,
        name=name.text,
        version=document.get("version").text,
        description=document.get("description").text,
        licence=_licence(document),
        requires=document.get("engines", "node").text,
        build=document.get("packageManager").text.partition("+")[0],
        published=not document.get("private").is_true,
        keywords=keywords(document.get("keywords")),
        urls=tuple(_urls(document)),
        exports=unique(target for _, target in _subpaths(document)),
        subpaths=unique(_subpaths(document)),
        workspaces=workspaces.texts or workspaces.get("packages").texts,
    )


def _licence(document: Node) -> str:
    said = document.get("license")
    if said.text or said.get("type").text:
        return said.text or said.get("type").text
    return " OR ".join(item.get("type").text for item in document.get("licenses").items if item.get("type").text)


def _urls(document: Node) -> Iterator[tuple[str, str]]:
    for label, inner in (("homepage", ""), ("repository", "url"), ("bugs", "url")):
        said = document.get(label).text or document.get(label, inner).text
        address = repository_address(said) if label == "repository" else said
        if is_address(address):
            yield label, address


def _subpaths(document: Node) -> Iterator[tuple[str, str]]:
    """(subpath, file) of all entries, under whatever condition; without a list the package itself is the only one."""
    for key in _ENTRIES:
        if document.get(key).is_text:
            yield ".", document.get(key).text
    exports = document.get("exports")
    listed = [(key, node) for key, node in exports.pairs() if key.startswith(".")]
    for subpath, entry in listed or [(".", exports)]:
        yield from ((subpath, target) for target in _targets(entry) if not target.endswith("package.json"))


def _targets(entry: Node) -> Iterator[str]:
    pending = [entry]
    while pending:
        node = pending.pop()
        if node.is_text:
            yield node.text
        pending.extend(reversed([*node.items, *(value for _, value in node.pairs())]))


def _dependencies(document: Node) -> Iterator[Dependency]:
    for key, group in _GROUPS.items():
        for name, value in document.get(key).pairs():
            if is_name(name, MAX_MODULE_NAME) and value.is_text:
                yield Dependency(name=name, line=value.line, constraint=value.text, group=group)


def _entry_points(document: Node) -> Iterator[EntryPoint]:
    programs, package = document.get("bin"), document.get("name").text
    if programs.is_text and package:
        yield EntryPoint(name=package.rpartition("/")[2], line=programs.line, target=programs.text)
    for name, value in programs.pairs():
        if is_name(name) and value.is_text and value.text:
            yield EntryPoint(name=name, line=value.line, target=value.text)


def _tasks(document: Node) -> Iterator[Task]:
    manager = document.get("packageManager").text.partition("@")[0]
    runner = manager if manager in _RUNNERS else "npm"
    for name, value in document.get("scripts").pairs():
        # Names that begin with a slash or an exclamation mark are headings and comments of some projects.
        if is_name(name) and value.is_text and value.text and name[0].isalnum():
            yield Task(name=name, runner=runner, line=value.line, run=command_lines(value.block))


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] == "package.json"


EXTRACTORS = (Extractor(name="package-json", version=2, claims=_claims, extract=reader(_read)),)
