"""The landing page: what the project is, at a glance, and where to go next."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import Licence, Manifest, Role
from docsfy_action.facts.modules import Located, import_name
from docsfy_action.outline.api_pages import parts_of
from docsfy_action.outline.model import LANDING, PageSpec
from docsfy_action.outline.ranking import gathers, leading, main_modules, popularity, shown_name
from docsfy_action.verify.markdown import normalise, slugify
from docsfy_action.writers.builtin import api
from docsfy_action.writers.builtin.context import Context, ModuleNote, note_on
from docsfy_action.writers.builtin.prose import (
    bullets,
    capital,
    code,
    count,
    document,
    file_link,
    heading,
    listing,
    literal_link,
    page_link,
    plain,
    quotation,
    quoted,
    symbol_link,
    table,
)

LANGUAGE_NAMES = {"python": "Python", "javascript": "JavaScript", "typescript": "TypeScript", "go": "Go"}
ECOSYSTEMS = {"python": "Python package", "npm": "npm package", "go": "Go module", "github-action": "GitHub action",
              "cargo": "Rust crate"}  # fmt: skip
KEY_MODULES = 8
DEFINES_SHOWN = 4
PAGES_SHOWN = 6
SCOPED = re.compile(r"@[^/]+/[^/]+")
WORD = re.compile(r"\w+")
# One word in so many may be missing from the README for the manifest's description to be a repetition.
REPEATED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSection:
    """A section of the site as the landing page lists it: its first pages, and how many `more` it has."""

    title: str
    pages: tuple[tuple[str, str, str], ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyModule:
    """A module that the landing page shows: `gathers` says that it offers what stands in other files; `defines` is
    (path, qualified name, name that users know)."""

    name: str
    note: ModuleNote
    slug: str
    anchor: str
    gathers: bool
    defines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingInput:
    """Everything the landing page is made from."""

    title: str
    manifest: Located[Manifest] | None
    readme_path: str
    readme_lead: str
    licence: Located[Licence] | None
    languages: tuple[tuple[str, int], ...]
    programs: tuple[tuple[str, str], ...]
    program_page: str
    modules: tuple[KeyModule, ...]
    public: int
    tests: int
    next_sections: tuple[NextSection, ...]


def select(spec: PageSpec, context: Context) -> LandingInput:
    """What the whole project says about itself."""
    code_base = context.code
    members = code_base.surface.members
    page = context.page("programs")
    return LandingInput(
        title=context.title,
        manifest=code_base.main_manifest,
        readme_path=code_base.readme.path if code_base.readme else "",
        readme_lead=code_base.readme.item.lead if code_base.readme else "",
        licence=code_base.licence,
        languages=_main_languages(code_base),
        programs=tuple(
            (program.name, program.path)
            for program in sorted(code_base.programs, key=lambda program: (-len(program.subcommands), program.name))
            if program.entry or program.path.endswith(".go")
        ),
        program_page=page.slug if page else "",
        modules=tuple(_key_modules(context)),
        public=sum(len(items) for items in members.values()),
        tests=sum(1 for _ in code_base.sources(Role.TEST)),
        next_sections=tuple(
            NextSection(
                title=section.title,
                pages=tuple((page.slug, page.title, page.description) for page in section.pages[:PAGES_SHOWN]),
                more=max(0, len(section.pages) - PAGES_SHOWN),
            )
            for section in context.outline.sections
            if section.title and section.pages
        ),
    )


def _key_modules(context: Context) -> Iterator[KeyModule]:
    named = popularity(context.code)
    folders = {posixpath.dirname(module.primary) for module in main_modules(context.code)}
    anchors: dict[str, dict[str, str]] = {}
    for module in main_modules(context.code)[:KEY_MODULES]:
        page = context.api_page_of.get(module.name)
        if page is None:
            continue
        if page.slug not in anchors:
            sections = zip(page.subjects, api.select(page, context).modules, strict=True)
            anchors[page.slug] = {parts_of(name)[0]: slugify(section.heading) for name, section in sections}
        members = context.code.surface.members[module.name]
        yield KeyModule(
            name=import_name(module, context.code.table),
            note=note_on(module, context.code),
            slug=page.slug,
            anchor=anchors[page.slug].get(module.name, ""),
            gathers=gathers(module, members, folders),
            defines=tuple(
                (m.symbol.path, m.symbol.item.name, shown_name(m)) for m in leading(members, named)[:DEFINES_SHOWN]
            ),
        )


def _main_languages(code_base: CodeBase) -> tuple[tuple[str, int], ...]:
    """Languages that make up a fiftieth of the code or more."""
    total = sum(lines for _, lines in code_base.languages)
    return tuple(
        (LANGUAGE_NAMES.get(name, name), _rounded(lines)) for name, lines in code_base.languages if lines * 50 >= total
    )


def _rounded(lines: int) -> int:
    """Two significant digits, in tens at least: the landing page shall not change with every added line."""
    digits = max(1, len(str(lines)) - 2)
    return max(10, round(lines, -digits))


def write(page: LandingInput) -> str:
    """The page's Markdown."""
    return document(heading(1, page.title), _lead(page), _glance(page), _modules(page), _next(page))


def _lead(page: LandingInput) -> list[str]:
    lead = normalise(page.readme_lead, headings="bold", link=lambda _: None).strip() if page.readme_lead else ""
    manifest = page.manifest
    said = plain(manifest.item.description) if manifest and manifest.item.description else ""
    if manifest and said and not _repeats(lead, said):
        blocks = [quotation(said), f"— {file_link(manifest.path)}"]
        return [*blocks, quotation(lead), f"— {file_link(page.readme_path)}"] if lead else blocks
    if lead:
        return [quotation(lead), f"— {file_link(page.readme_path)}"]
    languages = listing((name for name, _ in page.languages), word="and") or "text"
    return [
        f"{page.title} is a repository of {languages}. It has no description of its own, so this site tells what the code says."
    ]


def _repeats(lead: str, said: str) -> bool:
    """Whether nearly every word of the manifest's description stands in the README's first paragraph."""
    words = set(WORD.findall(said.lower()))
    return bool(words) and len(words - set(WORD.findall(lead.lower()))) <= len(words) // REPEATED


def _glance(page: LandingInput) -> list[str]:
    rows: list[tuple[str, str]] = []
    manifest = page.manifest
    if manifest:
        kind = ECOSYSTEMS.get(manifest.item.ecosystem, "Package")
        literals = dict(manifest.item.literals)
        name = literal_link(manifest.path, literals.get("name", manifest.item.name), code(manifest.item.name))
        version = f" {code(manifest.item.version)}" if manifest.item.version else ""
        rows.append((kind, name + version))
        if manifest.item.requires:
            runtime = {"python": "Python", "npm": "Node.js", "go": "Go", "cargo": "Rust"}.get(
                manifest.item.ecosystem, ""
            )
            asked = manifest.item.requires
            link = literal_link(manifest.path, literals.get("requires", asked), code(asked))
            rows.append(("Requires", f"{runtime} {link}".strip()))
    if page.licence:
        rows.append(("Licence", file_link(page.licence.path, plain(page.licence.item.spdx or page.licence.item.title))))
    elif manifest and manifest.item.licence:
        said = manifest.item.licence
        literal = dict(manifest.item.literals).get("licence", said)
        rows.append(("Licence", literal_link(manifest.path, literal, code(said))))
    if page.programs:
        names = (code(name) for name, _ in page.programs)
        where = page_link(page.program_page, "command line") if page.program_page else ""
        rows.append(("Commands", listing(names, limit=5) + (f" ({where})" if where else "")))
    if page.languages:
        rows.append(("Written in", listing(f"{name} (about {lines:,} lines)" for name, lines in page.languages[:3])))
    if page.public:
        rows.append(("Public interface", capital(count(page.public, "definition"))))
    if page.tests:
        rows.append(("Tests", capital(count(page.tests, "file"))))
    return [heading(2, "At a glance"), table(("", ""), rows)] if rows else []


def _modules(page: LandingInput) -> list[str]:
    rows = [
        (
            page_link(module.slug, _shown(module.name), module.anchor),
            quoted(module.note.summary),
            # Before all other links: the source of the quotation is the first one behind it.
            file_link(module.note.path, "source"),
            # Under another name than it is defined by, a definition is shown as text: a link's code is what it cites.
            listing(
                symbol_link(path, name, code(shown) if name.endswith(shown) else plain(shown))
                for path, name, shown in module.defines
            ),
        )
        for module in page.modules
    ]
    if len(rows) < 2:
        return []
    text = (
        "What users import comes first, then the modules that the rest of the code leans on most:"
        if page.modules[0].gathers
        else "The modules that the rest of the code leans on most, the most used first:"
    )
    return [
        heading(2, "Main modules"),
        text,
        table(("Module", "What it is for", "Source", "Offers, for example"), rows),
    ]


def _shown(name: str) -> str:
    """A module's name as code; below a package of npm it is an address that need not stand anywhere in the commit."""
    own = "/" not in name or "." in name or SCOPED.fullmatch(name)
    return code(name) if own else plain(name)


def _next(page: LandingInput) -> list[str]:
    blocks = [heading(2, "Where to go next")]
    for section in page.next_sections:
        items = [
            f"{page_link(slug, plain(title))} – {plain(description)}"
            for slug, title, description in section.pages
            if slug != LANDING
        ]
        if items:
            blocks += [heading(3, section.title), bullets(items)]
        if items and section.more:
            verb = "is" if section.more == 1 else "are"
            blocks.append(f"{capital(count(section.more, 'more page'))} of this section {verb} in the navigation.")
    return blocks if len(blocks) > 1 else []
