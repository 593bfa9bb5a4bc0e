"""Compose files: the services that are started together."""

import re
from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.tree import Node, Shape
from docsfy_action.facts.formats.syntax.yaml import parse_yaml
from docsfy_action.facts.model import BlobFacts, Container

_FILE = re.compile(r"(?:^|/)(?:docker-|podman-)?compose(?:[-_.][\w.-]+)?\.ya?ml$")


def _read(text: str) -> BlobFacts:
    return BlobFacts(containers=tuple(_services(parse_yaml(text).get("services"))))


def _services(table: Node) -> Iterator[Container]:
    for name, service in table.pairs():
        if not is_name(name) or service.shape is not Shape.TABLE:
            continue
        build = service.get("build")
        words = [" ".join(service.get(key).texts) for key in ("entrypoint", "command")]
        yield Container(
            name=name,
            kind="service",
            line=service.line,
            base=service.get("image").text,
            command=" ".join(filter(None, words)),
            ports=tuple(filter(None, (_port(item) for item in service.get("ports").items))),
            volumes=tuple(filter(None, (_volume(item) for item in service.get("volumes").items))),
            environment=_names(service.get("environment")),
            depends_on=_names(service.get("depends_on")),
            build=build.text or build.get("context").text or ("." if build else ""),
        )


def _port(item: Node) -> str:
    if item.text:
        return item.text
    return ":".join(filter(None, (item.get("published").text, item.get("target").text)))


def _volume(item: Node) -> str:
    if item.text:
        return item.text
    return ":".join(filter(None, (item.get("source").text, item.get("target").text)))


def _names(node: Node) -> tuple[str, ...]:
    """The keys of a table, or what stands before `=` in a list; values are not for showing."""
    said = [name for name, _ in node.pairs()] or [text.partition("=")[0] for text in node.texts]
    return unique(name for name in said if is_name(name))


def _claims(path: str) -> bool:
    return "compose" in path and _FILE.search(path) is not None


EXTRACTORS = (Extractor(name="compose", version=1, claims=_claims, extract=reader(_read)),)
