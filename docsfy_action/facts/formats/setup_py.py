"""`setup.py`: the literal arguments of its call of `setup`; nothing is run, and what would have to be is left out."""

import re
from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.pep508 import entry_point, is_published, licence_of, requirements
from docsfy_action.facts.formats.syntax.tables import is_address, keywords, unique, urls
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.tree import Node, Shape
from docsfy_action.facts.model import BlobFacts, Dependency, EntryPoint, Manifest

_CALLS = ("setup", "setuptools.setup", "distutils.core.setup", "core.setup", "skbuild.setup")
# Below the root a file of this name may as well be a module of a package; these are where several packages live.
_PACKAGE_FOLDER = re.compile(
    r"(?:^|/)(?:(?:packages|libs|projects|plugins|sdk|services|apps|components|integrations)/[^/]+|python|py|bindings"
    r"|[^/]*-[^/]*)/setup\.py$"
)


def _read(text: str) -> BlobFacts:
    # The grammar takes as long to load as many files to read: only repositories with a setup.py pay for it.
    from docsfy_action.facts.formats.syntax.python_literals import Literals, parse_python, walk
    from docsfy_action.facts.languages.python.syntax import line_of

    literals = Literals(parse_python(text))
    for node in walk(literals.source.root):
        if node.type == "call" and literals.function(node) in _CALLS:
            said = Node(line=line_of(node), shape=Shape.TABLE, table=literals.arguments(node))
            return BlobFacts(
                manifests=(_manifest(said),) if said.get("name").text else (),
                dependencies=unique(_dependencies(said)),
                entry_points=unique(_entry_points(said)),
            )
    return BlobFacts()


def _manifest(said: Node) -> Manifest:
    classifiers = said.get("classifiers").texts
    home = said.get("url").text
    return Manifest(
        ecosystem="python",
        line=said.get("name").line,
        name=said.get("name").text,
        version=said.get("version").text,
        description=said.get("description").text,
        licence=licence_of(said.get("license").text, classifiers),
        requires=said.get("python_requires").text,
        build="setuptools",
        published=is_published(classifiers),
        keywords=keywords(said.get("keywords")),
        urls=unique(((("Homepage", home),) if is_address(home) else ()) + urls(said.get("project_urls"))),
        packages=said.get("packages").texts or said.get("py_modules").texts,
        extras=tuple(name for name, _ in said.get("extras_require").pairs() if is_name(name)),
    )


def _dependencies(said: Node) -> Iterator[Dependency]:
    yield from requirements(_lines(said.get("install_requires")))
    for group, listed in said.get("extras_require").pairs():
        yield from requirements(_lines(listed), group)
    yield from requirements(_lines(said.get("tests_require")), "test")
    yield from requirements(_lines(said.get("setup_requires")), "build")


def _lines(node: Node) -> tuple[Node, ...]:
    """The items of a list, or the lines of a string: setuptools takes both."""
    if node.shape is not Shape.TEXT:
        return node.scalars
    lines = node.scalar.split("\n")
    return tuple(Node(line=node.line, shape=Shape.TEXT, scalar=line) for line in lines if line.strip())


def _entry_points(said: Node) -> Iterator[EntryPoint]:
    table = said.get("entry_points")
    listed = [*_lines(table.get("console_scripts")), *_lines(table.get("gui_scripts")), *_sections(table)]
    for node in listed:
        found = entry_point(node.text, node.line)
        if found is not None:
            yield found
    for node in said.get("scripts").scalars:
        yield EntryPoint(name=node.text.rpartition("/")[2], line=node.line, target=node.text)


def _sections(node: Node) -> Iterator[Node]:
    """Entry points given as the text of an INI file."""
    section = ""
    for place, line in enumerate(node.scalar.split("\n") if node.is_text else ()):
        if line.strip().startswith("["):
            section = line.strip().strip("[]")
        elif section in ("console_scripts", "gui_scripts") and line.strip():
            yield Node(line=node.line + place, shape=Shape.TEXT, scalar=line)


def is_setup_script(path: str) -> bool:
    """Whether a file is a package's `setup.py`, and not a module of that name."""
    return path == "setup.py" or (path.endswith("/setup.py") and _PACKAGE_FOLDER.search(path) is not None)


EXTRACTORS = (Extractor(name="setup-py", version=1, claims=is_setup_script, extract=reader(_read)),)
