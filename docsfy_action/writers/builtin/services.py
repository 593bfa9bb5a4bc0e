"""Data and external services: databases, queues and web services that the code talks to, as imports and containers tell."""

from dataclasses import dataclass

from docsfy_action.facts.model import Container
from docsfy_action.facts.modules import Located
from docsfy_action.outline.model import PageSpec
from docsfy_action.outline.services import Service, used_services
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import (
    bullets,
    code,
    count,
    document,
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
    addresses: tuple[tuple[str, str], ...]


def select(spec: PageSpec, context: Context) -> ServicesInput:
    """Client libraries in use, containers, and settings that hold addresses."""
    endings = ("_URL", "_URI", "_DSN", "_HOST", "_ENDPOINT", "_BROKER")
    return ServicesInput(
        title=context.title,
        services=used_services(context.code),
        containers=context.code.containers,
        addresses=tuple(
            (use.name, use.uses[0].path) for use in context.code.settings if use.name.upper().endswith(endings)
        ),
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
            (s.purpose, literal_link(s.files[0], s.module), listing((file_link(path) for path in s.files), limit=4))
            for s in page.services
        ]
        blocks.append(table(("For", "Library", "Used in"), rows))
    if page.addresses:
        blocks.append(heading(2, "Addresses"))
        blocks.append("These settings tell the program where a service is:")
        blocks.append(
            bullets(
                f"{literal_link(path, name.rsplit('.', 1)[-1])} in {file_link(path)}" for name, path in page.addresses
            )
        )
    blocks.extend(_containers(page))
    return document(blocks)


def _containers(page: ServicesInput) -> list[str]:
    if not page.containers:
        return []
    blocks = [heading(2, "Containers")]
    for container in page.containers:
        item = container.item
        if item.kind == "image":
            text = f"{file_link(container.path)} builds an image"
            text += f" from {code(item.base)}" if item.base else ""
        else:
            text = f"{literal_link(container.path, item.name)} is a service of {file_link(container.path)}"
            text += f" that runs {code(item.base)}" if item.base else ""
        if item.command:
            text += f"; it starts {code(item.command)}"
        if item.ports:
            text += f"; it listens on {listing(code(port) for port in item.ports)}"
        if item.volumes:
            text += f"; it keeps data in {listing(code(volume) for volume in item.volumes)}"
        if item.depends_on:
            text += f"; it needs {listing(code(name) for name in item.depends_on)}"
        if item.environment:
            text += f"; it is given {count(len(item.environment), 'environment variable')}: " + listing(
                (code(name) for name in item.environment), limit=8
            )
        blocks.append(f"{text}.")
    return blocks
