"""`Cargo.toml`: the crate, its binaries, features and dependencies."""

from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import is_address, keywords, unique
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.toml import parse_toml
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.model import BlobFacts, Dependency, EntryPoint, Manifest

_GROUPS = {"dependencies": "runtime", "dev-dependencies": "development", "build-dependencies": "build"}


def _read(text: str) -> BlobFacts:
    document = parse_toml(text)
    return BlobFacts(
        manifests=tuple(_manifests(document)),
        dependencies=unique(_dependencies(document)),
        entry_points=unique(_entry_points(document)),
    )


def _manifests(document: Node) -> Iterator[Manifest]:
    package, workspace = document.get("package"), document.get("workspace")
    members = workspace.get("members").texts
    if not package and not workspace:
        return
    name = package.get("name")
    labels = ("homepage", "repository", "documentation")
    features = [feature for feature, _ in document.get("features").pairs() if feature != "default"]
    yield Manifest(
        ecosystem="cargo",
        line=name.line or package.line or workspace.line,
        name=name.text if is_name(name.text) else "",
        version=package.get("version").text,
        description=package.get("description").text,
        licence=package.get("license").text,
        requires=package.get("rust-version").text,
        build="cargo",
        published=bool(package) and not package.get("publish").is_false,
        keywords=keywords(package.get("keywords")),
        urls=tuple((label, package.get(label).text) for label in labels if is_address(package.get(label).text)),
        workspaces=members,
        extras=tuple(feature for feature in features if is_name(feature)),
    )


def _dependencies(document: Node) -> Iterator[Dependency]:
    places = [("", document), *document.get("target").pairs()]
    for marker, place in places:
        for key, group in _GROUPS.items():
            for name, value in (place.get(key) or place.get(key.replace("-", "_"))).pairs():
                if is_name(name):
                    yield _dependency(name, value, group=group, marker=marker)
    for name, value in document.get("workspace", "dependencies").pairs():
        if is_name(name):
            yield _dependency(name, value, group="workspace", marker="")


def _dependency(name: str, value: Node, *, group: str, marker: str) -> Dependency:
    address = next((f"@ {value.get(key).text}" for key in ("git", "path") if value.get(key).text), "")
    optional = group == "runtime" and value.get("optional").is_true
    return Dependency(
        name=value.get("package").text or name,
        line=value.line,
        constraint=value.text or value.get("version").text or address,
        group="optional" if optional else group,
        marker=marker,
    )


def _entry_points(document: Node) -> Iterator[EntryPoint]:
    for item in document.get("bin").items:
        name = item.get("name")
        if is_name(name.text):
            yield EntryPoint(name=name.text, line=name.line, target=item.get("path").text or f"src/bin/{name.text}.rs")


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] == "Cargo.toml"


EXTRACTORS = (Extractor(name="cargo", version=1, claims=_claims, extract=reader(_read)),)
