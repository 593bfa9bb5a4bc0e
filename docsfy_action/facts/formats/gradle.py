"""`build.gradle` and `build.gradle.kts`, as far as their plain statements go, and version catalogues."""

import re
from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import is_name, one_line, reader
from docsfy_action.facts.formats.syntax.toml import parse_toml
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.model import BlobFacts, Dependency, Manifest

MAX_COORDINATE = 160
_CONFIGURATIONS = {
    "implementation": "runtime",
    "api": "runtime",
    "compile": "runtime",
    "runtimeOnly": "runtime",
    "compileOnly": "compile only",
    "annotationProcessor": "annotation processor",
    "kapt": "annotation processor",
    "ksp": "annotation processor",
    "testImplementation": "development",
    "testCompile": "development",
    "testRuntimeOnly": "development",
    "androidTestImplementation": "development",
    "debugImplementation": "development",
}
_DEPENDENCY = re.compile(
    r"^\s*(?P<configuration>[a-zA-Z]+)[ (]+(?:(?:platform|enforcedPlatform|kotlin)\()?"
    r"""["'](?P<name>[\w.-]+:[\w.-]+)(?::(?P<version>[^"':@]+))?[^"']*["']"""
)
_PROPERTY = re.compile(r"""^(?P<key>group|version|description)\s*=?\s*["'](?P<value>[^"']*)["']""")
_JAVA = (
    re.compile(r"JavaLanguageVersion\.of\((\d+)\)"),
    re.compile(r"jvmToolchain\((\d+)\)"),
    re.compile(r"""(?:source|target)Compatibility\s*=?\s*["'(]*(?:JavaVersion\.VERSION_)?([\d._]+)"""),
)
_COMMENT = re.compile(r"^\s*(?://|/?\*)")


def _read(text: str) -> BlobFacts:
    said: dict[str, tuple[str, int]] = {}
    java = ""
    dependencies: list[Dependency] = []
    for line, raw in enumerate(text.split("\n"), start=1):
        if _COMMENT.match(raw) or len(raw) > 1_000:
            continue
        if found := _PROPERTY.match(raw):
            said.setdefault(found["key"], (found["value"], line))
        java = java or next((match[1] for pattern in _JAVA if (match := pattern.search(raw))), "")
        if dependency := _dependency(raw, line):
            dependencies.append(dependency)
    manifest = Manifest(
        ecosystem="gradle",
        line=min((line for _, line in said.values()), default=1),
        version=_literal(said, "version"),
        description=_literal(said, "description"),
        requires=java.replace("_", "."),
        build="gradle",
    )
    return BlobFacts(manifests=(manifest,), dependencies=unique(dependencies))


def _literal(said: dict[str, tuple[str, int]], key: str) -> str:
    value = one_line(said.get(key, ("", 0))[0])
    return "" if "$" in value else value


def _dependency(raw: str, line: int) -> Dependency | None:
    found = _DEPENDENCY.match(raw)
    if found is None or found["configuration"] not in _CONFIGURATIONS or not is_name(found["name"], MAX_COORDINATE):
        return None
    group = _CONFIGURATIONS[found["configuration"]]
    return Dependency(name=found["name"], line=line, constraint=found["version"] or "", group=group)


def _read_catalogue(text: str) -> BlobFacts:
    document = parse_toml(text)
    return BlobFacts(dependencies=unique(_catalogue(document)))


def _catalogue(document: Node) -> Iterator[Dependency]:
    versions = document.get("versions")
    for _, value in document.get("libraries").pairs():
        said = value.text or value.get("module").text or f"{value.get('group').text}:{value.get('name').text}"
        parts = said.split(":")
        name = ":".join(parts[:2])
        version = value.get("version")
        shared = versions.get(version.get("ref").text)
        constraint = version.text or shared.text or (parts[2] if len(parts) > 2 else "")
        if len(parts) > 1 and all(parts[:2]) and is_name(name, MAX_COORDINATE):
            yield Dependency(name=name, line=value.line, constraint=constraint, group="catalogue")


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] in ("build.gradle", "build.gradle.kts")


def _claims_catalogue(path: str) -> bool:
    return path.endswith(".versions.toml")


EXTRACTORS = (
    Extractor(name="gradle", version=1, claims=_claims, extract=reader(_read)),
    Extractor(name="gradle-catalogue", version=1, claims=_claims_catalogue, extract=reader(_read_catalogue)),
)
