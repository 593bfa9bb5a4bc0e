"""The outline that follows from the facts alone: a page exists only where there is enough to say."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.programs import Program
from docsfy_action.outline.api_pages import ApiPart, api_parts, members_of_subject
from docsfy_action.outline.model import LANDING, Outline, PageKind, PageSpec, Section, slug_of
from docsfy_action.outline.ranking import leading, main_members, popularity, shown_name
from docsfy_action.outline.services import used_services

# A page with fewer entries than this would be under a screenful and is not worth a click.
SCREENFUL = 3
COMMANDS_PER_PAGE = 24
TOPICS_MINIMUM = 2
GRAPH_MINIMUM = 4


def build_outline(code: CodeBase, *, title: str, history: bool) -> Outline:
    """All pages of the site. `history` says whether the recent-changes page can be written truthfully."""
    sections = [
        Section(title="", pages=tuple(_landing(title))),
        Section(title="Guides", pages=tuple(_guides(code, title))),
        Section(title="Reference", pages=tuple(_reference(code, title))),
        Section(title="API reference", pages=tuple(_api(code))),
        Section(title="Project", pages=tuple(_project(code, title, history=history))),
    ]
    return with_unique_slugs(Outline(sections=tuple(section for section in sections if section.pages)))


def _landing(title: str) -> Iterator[PageSpec]:
    yield PageSpec(
        slug=LANDING,
        title=title,
        description=f"What {title} is, at a glance, and where to go next.",
        kind=PageKind.GUIDE,
        identity="landing",
        writer="landing",
    )


def _guides(code: CodeBase, title: str) -> Iterator[PageSpec]:
    if any("/" not in m.path for m in code.manifests) or code.programs or code.tasks:
        yield PageSpec(
            slug="getting-started",
            title="Getting started",
            description=f"Requirements, installation, first run and tests of {title}.",
            kind=PageKind.GUIDE,
            identity="getting-started",
            writer="getting_started",
        )
    if len(main_members(code)) >= TOPICS_MINIMUM:
        yield PageSpec(
            slug="usage",
            title=f"Using {title}",
            description="The definitions that users start from, with samples and what they are made of.",
            kind=PageKind.GUIDE,
            identity="usage",
            writer="usage",
        )
    if len(code.graph.nodes) >= GRAPH_MINIMUM and any(code.graph.edges.values()):
        yield PageSpec(
            slug="architecture",
            title="Architecture",
            description="How the parts depend on each other, what the code leans on, and where a run begins.",
            kind=PageKind.CONCEPT,
            identity="architecture",
            writer="architecture",
        )


def _reference(code: CodeBase, title: str) -> Iterator[PageSpec]:
    yield from _programs(code.programs)
    if any(manifest.item.ecosystem == "github-action" for manifest in code.manifests) and code.action_inputs:
        yield PageSpec(
            slug="action",
            title="Action inputs and outputs",
            description=f"Every input and output of the GitHub action {title}.",
            kind=PageKind.REFERENCE,
            identity="action",
            writer="action_reference",
        )
    if code.settings or any(o.item.env for p in code.programs for c in p.commands for o in c.options):
        yield PageSpec(
            slug="configuration",
            title="Configuration",
            description="Every environment variable and setting: where it is read, its default and its type.",
            kind=PageKind.REFERENCE,
            identity="configuration",
            writer="configuration",
        )
    if used_services(code) or code.containers:
        yield PageSpec(
            slug="data-and-services",
            title="Data and external services",
            description=f"What {title} stores data in or talks to.",
            kind=PageKind.CONCEPT,
            identity="services",
            writer="services",
        )


def _programs(programs: Sequence[Program]) -> Iterator[PageSpec]:
    shown = [program for program in programs if program.commands or program.entry]
    if not shown:
        return
    large = [program for program in shown if len(program.subcommands) > COMMANDS_PER_PAGE]
    names = tuple(program.name for program in shown)
    yield PageSpec(
        slug="command-line",
        title="Command line" if len(shown) > 1 else f"The {shown[0].name} command",
        description="Commands, arguments and options, as the code defines them.",
        kind=PageKind.REFERENCE,
        identity="programs",
        writer="command_line",
        subjects=names,
    )
    for program in large:
        groups = Counter(command.name.split()[0] for command in program.subcommands)
        for group in sorted(name for name, number in groups.items() if number >= SCREENFUL):
            yield PageSpec(
                slug=f"command-line-{slug_of(f'{program.name} {group}')}",
                title=f"{program.name} {group}",
                description=f"The commands of {program.name} {group}.",
                kind=PageKind.REFERENCE,
                identity=f"program:{program.name} {group}",
                writer="command_line",
                subjects=(f"{program.name}\n{group}",),
            )


def _api(code: CodeBase) -> Iterator[PageSpec]:
    named = popularity(code)
    for part in api_parts(code):
        yield PageSpec(
            slug=f"api-{slug_of(part.short)}",
            title=part.title,
            description=_api_description(part, code, named),
            kind=PageKind.REFERENCE,
            identity=f"api:{part.name}",
            writer="api",
            subjects=part.modules,
        )


def _api_description(part: ApiPart, code: CodeBase, named: Mapping[str, int]) -> str:
    """The names that say most about the modules of a page, those of the package itself first; plain text."""
    ordered = sorted(part.modules, key=lambda name: (name != part.name, name))
    members = [member for name in ordered for member in leading(members_of_subject(name, code), named)]
    names = list(dict.fromkeys(shown_name(member) for member in members))
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"Reference of {', '.join(names[:4])}{more}."


def _project(code: CodeBase, title: str, *, history: bool) -> Iterator[PageSpec]:
    if code.tasks or code.workflows or any(code.sources()):
        yield PageSpec(
            slug="development",
            title="Development",
            description="Layout of the repository, tasks, tests and continuous integration.",
            kind=PageKind.GUIDE,
            identity="development",
            writer="development",
        )
    if len(code.dependencies) >= SCREENFUL:
        yield PageSpec(
            slug="dependencies",
            title="Dependencies",
            description=f"Packages that {title} asks for, and which modules use them.",
            kind=PageKind.REFERENCE,
            identity="dependencies",
            writer="dependencies",
        )
    if history:
        yield PageSpec(
            slug="recent-changes",
            title="Recent changes",
            description="The newest commits by month, and the files they touched most.",
            kind=PageKind.REFERENCE,
            identity="changes",
            writer="changes",
        )


def with_unique_slugs(outline: Outline) -> Outline:
    """Pages that share a slug all get a suffix from their identity, so that the order of pages does not matter."""
    uses = Counter(page.slug for page in outline.pages())

    def unique(page: PageSpec) -> PageSpec:
        if uses[page.slug] == 1:
            return page
        suffix = hashlib.sha256(page.identity.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        return replace(page, slug=f"{page.slug}-{suffix}")

    return Outline(
        sections=tuple(replace(section, pages=tuple(map(unique, section.pages))) for section in outline.sections)
    )
