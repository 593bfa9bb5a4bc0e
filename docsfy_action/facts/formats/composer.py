"""`composer.json`: the PHP package, its programs, scripts and dependencies."""

from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.json import parse_json
from docsfy_action.facts.formats.syntax.tables import is_address, keywords, unique
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.model import BlobFacts, Dependency, EntryPoint, Manifest, Task

_GROUPS = {"require": "runtime", "require-dev": "development"}


def _read(text: str) -> BlobFacts:
    document = parse_json(text)
    name, home = document.get("name"), document.get("homepage").text
    manifest = Manifest(
        ecosystem="composer",
        line=name.line,
        name=name.text,
        version=document.get("version").text,
        description=document.get("description").text,
        licence=" OR ".join(document.get("license").texts),
        requires=document.get("require", "php").text,
        build="composer",
        published=document.get("type").text != "project",
        keywords=keywords(document.get("keywords")),
        urls=(("homepage", home),) if is_address(home) else (),
    )
    programs = document.get("bin").scalars
    return BlobFacts(
        manifests=(manifest,) if is_name(name.text, 120) else (),
        dependencies=unique(_dependencies(document)),
        entry_points=unique(
            EntryPoint(name=node.text.rpartition("/")[2], line=node.line, target=node.text) for node in programs
        ),
        tasks=unique(_tasks(document)),
    )


def _dependencies(document: Node) -> Iterator[Dependency]:
    for key, group in _GROUPS.items():
        for name, value in document.get(key).pairs():
            # Names without a vendor are the platform: `php`, `ext-json`, `lib-curl`.
            if "/" in name and is_name(name, 120):
                yield Dependency(name=name, line=value.line, constraint=value.text, group=group)


def _tasks(document: Node) -> Iterator[Task]:
    docs, scripts = document.get("scripts-descriptions"), document.get("scripts")
    for name, value in scripts.pairs():
        if is_name(name):
            called = tuple(text for text in value.texts if text.startswith("@") and scripts.get(text[1:]))
            yield Task(
                name=name,
                runner="composer",
                line=value.line,
                run=tuple(text for text in value.texts if text not in called),
                doc=docs.get(name).text,
                needs=tuple(text[1:] for text in called),
            )


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] == "composer.json"


EXTRACTORS = (Extractor(name="composer", version=1, claims=_claims, extract=reader(_read)),)
