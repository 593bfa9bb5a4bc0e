"""The configuration reference: every environment variable and setting, where it is read, its default and type."""

from collections import Counter
from dataclasses import dataclass

from docsfy_action.facts.codebase import SettingUse
from docsfy_action.facts.model import Option, Setting, SettingKind
from docsfy_action.facts.modules import Located
from docsfy_action.outline.model import PageSpec
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import (
    capital,
    code,
    count,
    document,
    file_link,
    heading,
    listing,
    literal_link,
    plain,
    quoted,
    source_link,
    table,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationInput:
    """Everything the configuration page is made from."""

    title: str
    options: tuple[tuple[str, Located[Option]], ...]
    environment: tuple[SettingUse, ...]
    settings: tuple[tuple[str, str, tuple[Located[Setting], ...]], ...]
    templates: tuple[str, ...]


def select(spec: PageSpec, context: Context) -> ConfigurationInput:
    """All settings of the code."""
    environment = tuple(use for use in context.code.settings if use.kind is SettingKind.ENVIRONMENT)
    classes: dict[tuple[str, str], list[Located[Setting]]] = {}
    for use in context.code.settings:
        if use.kind is SettingKind.SETTING:
            for located in use.uses:
                classes.setdefault((located.path, located.item.owner), []).append(located)
    templates = sorted({u.path for use in environment for u in use.uses if u.item.template})
    return ConfigurationInput(
        title=context.title,
        options=tuple(
            (f"{program.name} {command.name}".strip(), option)
            for program in context.code.programs
            for command in program.commands
            for option in command.options
            if option.item.env and not option.item.inherited
        ),
        environment=environment,
        settings=tuple(
            (owner, path, tuple(sorted(items, key=lambda item: item.item.name)))
            for (path, owner), items in sorted(classes.items())
        ),
        templates=tuple(templates),
    )


def write(page: ConfigurationInput) -> str:
    """The page's Markdown."""
    fields = sum(len(items) for _, _, items in page.settings)
    parts = []
    if page.environment:
        parts.append(count(len(page.environment), "environment variable"))
    if page.options:
        parts.append(count(len(page.options), "variable for an option", "variables for options"))
    if fields:
        parts.append(count(fields, "setting"))
    lead = f"{page.title} reads {listing(parts)}."
    if page.templates:
        lead += f" A template to copy is in {listing(file_link(path) for path in page.templates)}."
    return document(heading(1, "Configuration"), lead, _environment(page), _options(page), _settings(page))


def _environment(page: ConfigurationInput) -> list[str]:
    if not page.environment:
        return []
    rows = []
    for use in page.environment:
        first = use.uses[0]
        readers = [u for u in use.uses if not u.item.template]
        default = next((u.item.default for u in use.uses if u.item.default), "")
        kind = next((u.item.type for u in use.uses if u.item.type), "")
        described = next((u for u in use.uses if u.item.doc), first)
        where = dict.fromkeys(u.path for u in readers or use.uses)
        rows.append(
            (
                literal_link(described.path, use.uses[0].item.name),
                code(default) or ("required" if any(u.item.required for u in use.uses) else ""),
                code(kind),
                quoted(plain(described.item.doc)),
                listing((literal_link(path, use.uses[0].item.name, code(path)) for path in where), limit=3),
            )
        )
    fields = {variable for _, _, items in page.settings for item in items for variable in item.item.env}
    unread = [use for use in page.environment if use.name not in fields and all(u.item.template for u in use.uses)]
    note = (
        f"{capital(count(len(unread), 'variable'))} of these stand in a template, but no code was found that reads "
        f"{'it' if len(unread) == 1 else 'them'} by name."
        if unread
        else ""
    )
    return [
        heading(2, "Environment variables"),
        table(("Variable", "Default", "Type", "Description", "Where"), rows),
        note,
    ]


def _options(page: ConfigurationInput) -> list[str]:
    if not page.options:
        return []
    rows = [
        (code(option.item.env), code(command), literal_link(option.path, option.item.name))
        for command, option in page.options
    ]
    return [
        heading(2, "Variables that set an option"),
        "An option that is not given on the command line is taken from its variable:",
        table(("Variable", "Command", "Option"), rows),
    ]


def _settings(page: ConfigurationInput) -> list[str]:
    blocks: list[str] = []
    owners = Counter(owner for owner, _, _ in page.settings)
    for owner, path, items in page.settings:
        title = owner if owner.endswith("Settings") else f"{owner} settings" if owner else "Other settings"
        blocks.append(heading(2, title if owners[owner] == 1 else f"{title} of {path}"))
        blocks.append(f"Read by {source_link(path, owner)}." if owner else f"Read in {file_link(path)}.")
        rows = [
            (
                literal_link(path, item.item.name),
                listing((code(name) for name in item.item.env), word="or"),
                code(item.item.default) or ("required" if item.item.required else ""),
                code(item.item.type),
                quoted(plain(item.item.doc)),
            )
            for item in items
        ]
        blocks.append(table(("Setting", "Variable", "Default", "Type", "Description"), rows))
    return blocks
