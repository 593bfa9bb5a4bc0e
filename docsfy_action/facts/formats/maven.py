"""`pom.xml`: the artifact, the Java version, and the dependencies declared there."""

import re
from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import is_address, unique
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.xml import Element, parse_xml
from docsfy_action.facts.model import BlobFacts, Dependency, Manifest

MAX_COORDINATE = 160
_PROPERTY = re.compile(r"\$\{([\w.-]+)\}")
_SCOPES = {"": "runtime", "compile": "runtime", "runtime": "runtime", "test": "development"}
_JAVA = ("maven.compiler.release", "maven.compiler.source", "java.version", "jdk.version")


def _read(text: str) -> BlobFacts:
    project = parse_xml(text)
    if project.name != "project":
        return BlobFacts()
    properties = {child.name: child.text for child in project.child("properties").children}
    properties |= {f"project.{name}": project.child(name).text for name in ("version", "groupId", "artifactId")}
    artifact, group = project.child("artifactId"), project.child("groupId") or project.child("parent", "groupId")
    if not is_name(artifact.text, MAX_COORDINATE):
        return BlobFacts()
    home = project.child("url").text
    manifest = Manifest(
        ecosystem="maven",
        line=artifact.line,
        name=f"{group.text}:{artifact.text}" if group.text else artifact.text,
        version=_filled(project.child("version").text, properties),
        description=project.child("description").text,
        licence=project.child("licenses", "license", "name").text,
        requires=next((_filled(properties[key], properties) for key in _JAVA if properties.get(key)), ""),
        build="maven",
        urls=(("homepage", home),) if is_address(home) else (),
        workspaces=tuple(module.text for module in project.child("modules").children if module.text),
    )
    return BlobFacts(manifests=(manifest,), dependencies=unique(_dependencies(project, properties)))


def _dependencies(project: Element, properties: dict[str, str]) -> Iterator[Dependency]:
    for item in project.child("dependencies").children:
        group, artifact = (_filled(item.child(key).text, properties) for key in ("groupId", "artifactId"))
        scope = item.child("scope").text
        name = f"{group}:{artifact}"
        if group and artifact and is_name(name, MAX_COORDINATE):
            optional = item.child("optional").text == "true"
            yield Dependency(
                name=name,
                line=item.child("artifactId").line,
                constraint=_filled(item.child("version").text, properties),
                group="optional" if optional else _SCOPES.get(scope, scope),
            )


def _filled(text: str, properties: dict[str, str]) -> str:
    """`text` with the properties of this file put in; what another file sets stays as it is written."""
    return _PROPERTY.sub(lambda match: properties.get(match[1]) or match[0], text)


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] == "pom.xml"


EXTRACTORS = (Extractor(name="maven", version=1, claims=_claims, extract=reader(_read)),)
