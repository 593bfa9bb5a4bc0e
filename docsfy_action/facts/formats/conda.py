"""`environment.yml` of conda: a named environment and the packages in it."""

import re
from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.pep508 import requirements
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.tree import Node, Shape
from docsfy_action.facts.formats.syntax.yaml import parse_yaml
from docsfy_action.facts.model import BlobFacts, Dependency, Manifest

_FILE = re.compile(r"(?:^|/)(?:conda[-_.])?environment(?:[-_.][\w.-]+)?\.ya?ml$")
_PACKAGE = re.compile(r"(?:[\w.-]+::)?(?P<name>[A-Za-z0-9_][\w.-]*)\s*(?P<constraint>[<>=!~*\d\[].*|)")


def _read(text: str) -> BlobFacts:
    document = parse_yaml(text)
    listed = document.get("dependencies")
    if listed.shape is not Shape.LIST:
        return BlobFacts()
    dependencies = unique(_dependencies(listed))
    python = next((item.constraint for item in dependencies if item.name == "python"), "")
    name = document.get("name")
    manifest = Manifest(
        ecosystem="conda",
        line=name.line or listed.line,
        name=name.text if is_name(name.text) else "",
        requires=python,
        build="conda",
        published=False,
    )
    return BlobFacts(manifests=(manifest,), dependencies=tuple(item for item in dependencies if item.name != "python"))


def _dependencies(listed: Node) -> Iterator[Dependency]:
    for item in listed.items:
        package = _PACKAGE.fullmatch(item.text)
        if package is not None and is_name(package["name"]):
            yield Dependency(name=package["name"], line=item.line, constraint=package["constraint"].strip())
        yield from requirements(item.get("pip").scalars)


def _claims(path: str) -> bool:
    return "environment" in path and _FILE.search(path) is not None


EXTRACTORS = (Extractor(name="conda", version=1, claims=_claims, extract=reader(_read)),)
