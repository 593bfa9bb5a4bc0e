"""`pubspec.yaml`: the Dart or Flutter package, its programs and dependencies."""

from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import is_address, keywords, unique
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.formats.syntax.yaml import parse_yaml
from docsfy_action.facts.model import BlobFacts, Dependency, EntryPoint, Manifest

_GROUPS = {"dependencies": "runtime", "dev_dependencies": "development"}


def _read(text: str) -> BlobFacts:
    document = parse_yaml(text)
    name = document.get("name")
    labels = ("homepage", "repository", "documentation", "issue_tracker")
    manifest = Manifest(
        ecosystem="pub",
        line=name.line,
        name=name.text,
        version=document.get("version").text,
        description=document.get("description").text,
        requires=document.get("environment", "sdk").text,
        build="pub",
        published=document.get("publish_to").text != "none",
        keywords=keywords(document.get("topics")),
        urls=tuple((label, document.get(label).text) for label in labels if is_address(document.get(label).text)),
        workspaces=document.get("workspace").texts,
    )
    return BlobFacts(
        manifests=(manifest,) if is_name(name.text) else (),
        dependencies=unique(_dependencies(document)),
        entry_points=unique(_entry_points(document)),
    )


def _dependencies(document: Node) -> Iterator[Dependency]:
    for key, group in _GROUPS.items():
        for name, value in document.get(key).pairs():
            if is_name(name) and value.get("sdk").text == "":
                address = next((f"@ {value.get(key).text}" for key in ("git", "path") if value.get(key).text), "")
                constraint = value.text or value.get("version").text or address
                yield Dependency(name=name, line=value.line, constraint=constraint, group=group)


def _entry_points(document: Node) -> Iterator[EntryPoint]:
    for name, value in document.get("executables").pairs():
        if is_name(name):
            yield EntryPoint(name=name, line=value.line, target=f"bin/{value.text or name}.dart")


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] == "pubspec.yaml"


EXTRACTORS = (Extractor(name="pubspec", version=1, claims=_claims, extract=reader(_read)),)
