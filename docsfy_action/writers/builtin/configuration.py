"""The configuration reference: every environment variable and setting, where it is read, its default and type."""

from collections import Counter
from collections.abc import Sequence
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
    fact_link,
    file_link,
    heading,
    listing,
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
    variables = {use.name for use in page.environment} | {option.item.env for _, option in page.options}
    parts = []
    if variables:
        parts.append(count(len(variables), "environment variable"))
    if fields:
        parts.append(count(fields, "setting"))
    lead = f"{page.title} reads {listing(parts)}."
    if page.templates:
        lead += f" A template to copy is in {listing(file_link(path) for path in page.templates)}."
    return document(heading(1, "Configuration"), lead, _environment(page), _options(page), _settings(page))


def _default(default: str, *, required: bool) -> str:
    return code(default) or ("required" if required else "none")


def _environment(page: ConfigurationInput) -> list[str]:
    if not page.environment:
        return []
    options: dict[str, list[str]] = {}
    defaults: dict[str, str] = {}
    for command, option in page.options:
        link = fact_link(option.path, option.item, code(option.item.name))
        options.setdefault(option.item.env, []).append(f"{link} of {code(command)}")
        defaults.setdefault(option.item.env, option.item.default)
    rows = []
    for use in page.environment:
        first = use.uses[0]
        readers = [u for u in use.uses if not u.item.template] or list(use.uses)
        default = next((u.item.default for u in use.uses if u.item.default), defaults.get(use.name, ""))
        described = next((u for u in use.uses if u.item.doc), first)
        rows.append(
            (
                code(first.item.name),
                _default(default, required=any(u.item.required for u in use.uses)),
                code(next((u.item.type for u in use.uses if u.item.type), "")),
                quoted(plain(described.item.doc)),
                listing(dict.fromkeys(options.get(use.name, ()))),
                _places(readers, described),
            )
        )
    fields = {variable for _, _, items in page.settings for item in items for variable in item.item.env}
    unread = [use for use in page.environment if use.name not in fields and all(u.item.template for u in use.uses)]
    note = (
        f"{capital(count(len(unread), 'variable'))} of these stand{'s' if len(unread) == 1 else ''} in a template, but no "
        f"code was found that reads {'it' if len(unread) == 1 else 'them'} by name."
        if unread
        else ""
    )
    return [
        heading(2, "Environment variables"),
        table(("Variable", "Default", "Type", "Description", "Sets the option", "Where"), rows),
        note,
    ]


def _places(readers: Sequence[Located[Setting]], described: Located[Setting]) -> str:
    """The lines that read a variable, one a file, those that the description is taken from first."""
    ordered = [u for u in readers if u.path == described.path] + [u for u in readers if u.path != described.path]
    first = {u.path: u for u in reversed(ordered)}
    if described.item.doc:
        first[described.path] = described
    paths = dict.fromkeys(
        [described.path, *(u.path for u in ordered)] if described.item.doc else (u.path for u in ordered)
    )
    return listing((fact_link(path, first[path].item, code(path)) for path in paths), limit=3)


def _options(page: ConfigurationInput) -> list[str]:
    shown = {use.name for use in page.environment}
    rows = [
        (
            code(option.item.env),
            code(command),
            fact_link(option.path, option.item, code(option.item.name)),
            _default(option.item.default, required=option.item.required),
            quoted(plain(option.item.help)),
        )
        for command, option in page.options
        if option.item.env not in shown
    ]
    if not rows:
        return []
    return [
        heading(2, "Variables that set an option"),
        "An option that is not given on the command line is taken from its variable:",
        table(("Variable", "Command", "Option", "Default", "Description"), rows),
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
                fact_link(path, item.item),
                listing((code(name) for name in item.item.env), word="or"),
                _default(item.item.default, required=item.item.required),
                code(item.item.type),
                quoted(plain(item.item.doc)),
            )
            for item in items
        ]
        blocks.append(table(("Setting", "Variable", "Default", "Type", "Description"), rows))
    return blocks
