"""`deno.json` and `deno.jsonc`: tasks, the package as JSR knows it, and the packages that its import map names."""

import re
from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.json import parse_json
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import command_lines, is_name, reader
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.model import BlobFacts, Dependency, Manifest, Task

_PACKAGE = re.compile(r"(?:npm|jsr):/?(?P<name>(?:@[\w.-]+/)?[\w.-]+)(?:@(?P<constraint>[^/]+))?(?:/.*)?")


def _read(text: str) -> BlobFacts:
    document = parse_json(text)
    name = document.get("name")
    exports = document.get("exports")
    manifest = Manifest(
        ecosystem="deno",
        line=name.line,
        name=name.text,
        version=document.get("version").text,
        description=document.get("description").text,
        licence=document.get("license").text,
        exports=exports.texts or unique(value.text for _, value in exports.pairs() if value.text),
        workspaces=document.get("workspace").texts or document.get("workspace", "members").texts,
    )
    return BlobFacts(
        manifests=(manifest,) if is_name(name.text) else (),
        dependencies=unique(_dependencies(document)),
        tasks=unique(_tasks(document)),
    )


def _dependencies(document: Node) -> Iterator[Dependency]:
    for _, value in document.get("imports").pairs():
        package = _PACKAGE.fullmatch(value.text)
        if package is not None and is_name(package["name"]):
            yield Dependency(name=package["name"], line=value.line, constraint=package["constraint"] or "")


def _tasks(document: Node) -> Iterator[Task]:
    for name, value in document.get("tasks").pairs():
        command = value if value.is_text else value.get("command")
        if is_name(name):
            yield Task(
                name=name,
                runner="deno",
                line=value.line,
                run=command_lines(command.block),
                doc=value.get("description").text,
                needs=value.get("dependencies").texts,
            )


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] in ("deno.json", "deno.jsonc", "jsr.json", "jsr.jsonc")


EXTRACTORS = (Extractor(name="deno", version=1, claims=_claims, extract=reader(_read)),)
