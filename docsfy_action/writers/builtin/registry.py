"""The table of the embedded writer's modules by the name that a page specification gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from docsfy_action.outline.model import PageSpec
from docsfy_action.writers.builtin import (
    action_reference,
    api,
    architecture,
    changes,
    command_line,
    configuration,
    dependencies,
    development,
    getting_started,
    handwritten,
    landing,
    services,
    usage,
)
from docsfy_action.writers.builtin.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWriter:
    """`write` sees nothing but what `select` returned, so the digest of that value decides whether a page is stale."""

    select: Callable[[PageSpec, Context], object]
    write: Callable[[Any], str]


WRITERS: Mapping[str, PageWriter] = {
    module.__name__.rsplit(".", 1)[-1]: PageWriter(select=module.select, write=module.write)
    for module in (
        action_reference,
        api,
        architecture,
        changes,
        command_line,
        configuration,
        dependencies,
        development,
        getting_started,
        handwritten,
        landing,
        services,
        usage,
    )
}
