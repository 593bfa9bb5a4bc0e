"""The landing page: what the project is, at a glance, and where to go next."""

from dataclasses import dataclass

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import Licence, Manifest, Role
from docsfy_action.facts.modules import Located
from docsfy_action.outline.model import LANDING, PageSpec
from docsfy_action.verify.markdown import normalise
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
DEFINES_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSection:
    """A section of the site as the landing page lists it."""

    title: str
    pages: tuple[tuple[str, str, str], ...]


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
    modules: tuple[tuple[ModuleNote, str, tuple[tuple[str, str], ...]], ...]
    public: int
    tests: int
    next_sections: tuple[NextSection, ...]


def select(spec: PageSpec, context: Context) -> LandingInput:
    """What the whole project says about itself."""
    code_base = context.code
    rank = code_base.graph.rank
    members = code_base.surface.members
    ranked = sorted(
        (m for m in code_base.table.modules if m.name in members),
        key=lambda m: (-round(rank.get(m.name, 0), 6), m.name),
    )
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
            for program in code_base.programs
            if program.entry or program.path.endswith(".go")
        ),
        program_page=page.slug if page else "",
        modules=tuple(
            (
                note_on(module, code_base),
                context.api_page_of[module.name].slug,
                tuple((m.symbol.path, m.symbol.item.name) for m in members[module.name][:DEFINES_SHOWN]),
            )
            for module in ranked[:KEY_MODULES]
            if module.name in context.api_page_of
        ),
        public=sum(len(items) for items in members.values()),
        tests=sum(1 for _ in code_base.sources(Role.TEST)),
        next_sections=tuple(
            NextSection(
                title=section.title,
                pages=tuple((page.slug, page.title, page.description) for page in section.pages[:6]),
            )
            for section in context.outline.sections
            if section.title and section.pages
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
    if manifest and said and said.rstrip(".").lower() not in lead.lower():
        blocks = [quotation(said), f"— {file_link(manifest.path)}"]
        return [*blocks, quotation(lead), f"— {file_link(page.readme_path)}"] if lead else blocks
    if lead:
        return [quotation(lead), f"— {file_link(page.readme_path)}"]
    languages = listing((name for name, _ in page.languages), word="and") or "text"
    return [
        f"{page.title} is a repository of {languages}. It has no description of its own, so this site tells what the code says."
    ]


def _glance(page: LandingInput) -> list[str]:
    rows: list[tuple[str, str]] = []
    manifest = page.manifest
    if manifest:
        kind = ECOSYSTEMS.get(manifest.item.ecosystem, "Package")
        name = literal_link(manifest.path, manifest.item.name)
        version = f" {code(manifest.item.version)}" if manifest.item.version else ""
        rows.append((kind, name + version))
        if manifest.item.requires:
            runtime = {"python": "Python", "npm": "Node.js", "go": "Go", "cargo": "Rust"}.get(
                manifest.item.ecosystem, ""
            )
            rows.append(("Requires", f"{runtime} {literal_link(manifest.path, manifest.item.requires)}".strip()))
    if page.licence:
        rows.append(("Licence", file_link(page.licence.path, plain(page.licence.item.spdx or page.licence.item.title))))
    elif manifest and manifest.item.licence:
        rows.append(("Licence", literal_link(manifest.path, manifest.item.licence)))
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
            page_link(slug, code(note.name)),
            quoted(note.summary),
            file_link(note.path, "source"),
            listing(symbol_link(path, name) for path, name in symbols),
        )
        for note, slug, symbols in page.modules
    ]
    if len(rows) < 2:
        return []
    text = "The modules that the rest of the code leans on most, the most used first:"
    return [
        heading(2, "Main modules"),
        text,
        table(("Module", "What it is for", "Source", "Defines, for example"), rows),
    ]


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
    return blocks if len(blocks) > 1 else []
