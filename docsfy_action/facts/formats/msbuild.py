"""`*.csproj` and its kin: the package, the framework it targets, and its package references."""

from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import is_address, unique
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.xml import Element, parse_xml
from docsfy_action.facts.model import BlobFacts, Dependency, Manifest

MAX_PACKAGE_NAME = 128


def _read(text: str) -> BlobFacts:
    project = parse_xml(text)
    if project.name != "Project":
        return BlobFacts()
    said: dict[str, Element] = {}
    for group in project.children:
        for child in group.children if group.name == "PropertyGroup" else ():
            said.setdefault(child.name, child)
    nothing = Element(name="", line=0)
    values = {name: element.text for name, element in said.items() if "$(" not in element.text}
    named = next((said[key] for key in ("PackageId", "AssemblyName") if values.get(key)), nothing)
    home = values.get("PackageProjectUrl", "")
    target = said.get("TargetFrameworks") or said.get("TargetFramework") or nothing
    manifest = Manifest(
        ecosystem="nuget",
        line=named.line or target.line or project.line,
        name=named.text if is_name(named.text, MAX_PACKAGE_NAME) else "",
        version=values.get("Version", "") or values.get("VersionPrefix", ""),
        description=values.get("Description", ""),
        licence=values.get("PackageLicenseExpression", ""),
        requires=target.text.replace(";", ", "),
        build="dotnet",
        published=values.get("IsPackable", "").lower() != "false",
        urls=(("homepage", home),) if is_address(home) else (),
    )
    return BlobFacts(manifests=(manifest,), dependencies=unique(_dependencies(project)))


def _dependencies(project: Element) -> Iterator[Dependency]:
    for element in project.walk():
        name = element.attributes.get("Include", "").strip()
        if element.name == "PackageReference" and is_name(name, MAX_PACKAGE_NAME) and "$(" not in name:
            version = element.attributes.get("Version", "") or element.child("Version").text
            private = (element.attributes.get("PrivateAssets", "") or element.child("PrivateAssets").text).lower()
            group = "development" if private == "all" else "runtime"
            yield Dependency(name=name, line=element.line, constraint=version.strip(), group=group)


def _claims(path: str) -> bool:
    return path.endswith((".csproj", ".fsproj", ".vbproj"))


EXTRACTORS = (Extractor(name="msbuild", version=1, claims=_claims, extract=reader(_read)),)
