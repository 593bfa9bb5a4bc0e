"""`setup.cfg`: the package as setuptools reads it there."""

from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.ini import parse_ini
from docsfy_action.facts.formats.syntax.pep508 import entry_point, is_published, licence_of, requirements
from docsfy_action.facts.formats.syntax.tables import is_address, keywords, unique
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.model import BlobFacts, Dependency, EntryPoint, Manifest


def _read(text: str) -> BlobFacts:
    document = parse_ini(text)
    metadata = document.get("metadata")
    return BlobFacts(
        manifests=(_manifest(document, metadata),) if metadata.get("name").text else (),
        dependencies=unique(_dependencies(document)),
        entry_points=unique(_entry_points(document)),
    )


def _manifest(document: Node, metadata: Node) -> Manifest:
    options = document.get("options")
    classifiers = (metadata.get("classifiers") or metadata.get("classifier")).texts
    packages = tuple(name for name in options.get("packages").texts if not name.startswith("find"))
    return Manifest(
        ecosystem="python",
        line=metadata.get("name").line,
        name=metadata.get("name").text,
        version=_literal(metadata.get("version")),
        description=_literal(metadata.get("description") or metadata.get("summary")),
        licence=licence_of(_literal(metadata.get("license")), classifiers),
        requires=options.get("python_requires").text or options.get("python-requires").text,
        build="setuptools",
        published=is_published(classifiers),
        keywords=keywords(metadata.get("keywords")),
        urls=_urls(metadata),
        packages=packages,
        extras=tuple(name for name, _ in document.get("options.extras_require").pairs() if is_name(name)),
    )


def _literal(node: Node) -> str:
    """What is said itself; `attr:` and `file:` point at what would have to be run or read elsewhere."""
    said = " ".join(node.texts)
    return "" if said.startswith(("attr:", "file:")) else said


def _urls(metadata: Node) -> tuple[tuple[str, str], ...]:
    home = (metadata.get("url") or metadata.get("home_page") or metadata.get("home-page")).text
    pairs = [("Homepage", home)] if home else []
    for said in metadata.get("project_urls").texts:
        label, _, address = said.partition("=")
        pairs.append((label.strip(), address.strip()))
    return unique((label, address) for label, address in pairs if is_name(label) and is_address(address))


def _dependencies(document: Node) -> Iterator[Dependency]:
    options = document.get("options")
    yield from requirements(options.get("install_requires").scalars)
    for group, listed in document.get("options.extras_require").pairs():
        yield from requirements(listed.scalars, group)
    yield from requirements(options.get("tests_require").scalars, "test")
    yield from requirements(options.get("setup_requires").scalars, "build")


def _entry_points(document: Node) -> Iterator[EntryPoint]:
    table = document.get("options.entry_points")
    for group in ("console_scripts", "gui_scripts"):
        for node in table.get(group).scalars:
            found = entry_point(node.text, node.line)
            if found is not None:
                yield found
    for node in document.get("options", "scripts").scalars:
        yield EntryPoint(name=node.text.rpartition("/")[2], line=node.line, target=node.text)


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] == "setup.cfg"


EXTRACTORS = (Extractor(name="setup-cfg", version=1, claims=_claims, extract=reader(_read)),)
