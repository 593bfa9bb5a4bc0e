"""Data and external services: databases, queues and web services that the code talks to, as imports and containers tell."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from docsfy_action.facts.model import Container, Setting
from docsfy_action.facts.modules import Located
from docsfy_action.outline.model import PageSpec
from docsfy_action.outline.services import Service, used_services
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import (
    bullets,
    code,
    count,
    document,
    fact_link,
    file_link,
    heading,
    listing,
    literal_link,
    table,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesInput:
    """Everything the page is made from."""

    title: str
    services: tuple[Service, ...]
    containers: tuple[Located[Container], ...]
    addresses: tuple[tuple[str, Located[Setting]], ...]
    dockerfiles: tuple[str, ...]


def select(spec: PageSpec, context: Context) -> ServicesInput:
    """Client libraries in use, containers, and settings that hold addresses."""
    endings = ("_URL", "_URI", "_DSN", "_HOST", "_ENDPOINT", "_BROKER")
    return ServicesInput(
        title=context.title,
        services=used_services(context.code),
        containers=context.code.containers,
        addresses=tuple((use.name, use.uses[0]) for use in context.code.settings if use.name.upper().endswith(endings)),
        dockerfiles=tuple(sorted({c.path for c in context.code.containers if c.item.kind == "image"})),
    )


def write(page: ServicesInput) -> str:
    """The page's Markdown."""
    blocks = [
        heading(1, "Data and external services"),
        (
            f"What {page.title} stores data in or talks to, told from the client libraries that it imports, its containers "
            "and its settings."
        ),
    ]
    if page.services:
        blocks.append(heading(2, "Client libraries in use"))
        rows = [
            (
                s.purpose,
                literal_link(s.files[0], s.literal or s.module, code(s.module)),
                listing((file_link(path) for path in s.files), limit=4),
            )
            for s in page.services
        ]
        blocks.append(table(("For", "Library", "Used in"), rows))
    if page.addresses:
        blocks.append(heading(2, "Addresses"))
        blocks.append("These settings tell the program where a service is:")
        blocks.append(
            bullets(
                f"{fact_link(located.path, located.item)} in {file_link(located.path)}" for _, located in page.addresses
            )
        )
    blocks.extend(_containers(page))
    return document(blocks)


def _containers(page: ServicesInput) -> list[str]:
    if not page.containers:
        return []
    last = {container.path: container for container in page.containers if container.item.kind == "image"}
    blocks = [heading(2, "Containers")]
    for container in page.containers:
        item = container.item
        image = item.kind == "image"
        clauses = [_made(container, last=last) if image else _service(container, page.dockerfiles)]
        if item.command:
            clauses.append(f"starts {code(item.command)}")
        if item.ports:
            clauses.append(f"listens on {listing(map(code, item.ports))}")
        if item.volumes:
            clauses.append(f"keeps data in {listing(map(code, item.volumes))}")
        if item.depends_on:
            clauses.append(f"{'takes files from' if image else 'needs'} {listing(map(code, item.depends_on))}")
        blocks.append(f"{'; it '.join(clauses)}.{_environment(item)}")
    return blocks


def _made(container: Located[Container], last: Mapping[str, Located[Container]]) -> str:
    item, where = container.item, file_link(container.path)
    base = f" from {code(item.base)}" if item.base else ""
    if last[container.path] is container:
        return f"{where} builds an image{base}"
    name = f" {fact_link(container.path, item)}" if item.name else ""
    return f"The stage{name} of {where}, which is part of the build only, starts{base}"


def _service(container: Located[Container], dockerfiles: tuple[str, ...]) -> str:
    item = container.item
    text = f"{fact_link(container.path, item)} is a service of {file_link(container.path)}"
    if item.build:
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(container.path), item.build))
        path = "Dockerfile" if folder == "." else f"{folder}/Dockerfile"
        return f"{text} that is built from {file_link(path) if path in dockerfiles else code(item.build)}"
    return f"{text} that runs {code(item.base)}" if item.base else text


def _environment(item: Container) -> str:
    if not item.environment:
        return ""
    names = listing(map(code, item.environment), limit=8)
    return f" It is given {count(len(item.environment), 'environment variable')}: {names}."
