"""The prompts of a page: its brief, the facts behind it, and for repairs what was found and what may have been meant."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.plan.provenance import Provenance, provenance
from docsfy_action.prompts import data, prompt, version
from docsfy_action.verify.evidence import words_of
from docsfy_action.verify.findings import Finding
from docsfy_action.verify.grounding import Facets
from docsfy_action.writers.model.brief import Brief
from docsfy_action.writers.model.factsheet import fact_sheet, source_files

# What a page's text depends on besides brief, model and facts.
PAGE_PROMPTS = version("page", "page_task", "repair", "patch", "patch_rules")
FINDINGS_SHOWN = 40
_HINTED = 25
FILES_SHOWN = 40
_LONGEST_CHANGES = 60_000
# Characters of facts beside a change, which shows what matters most by itself.
_PATCH_FACTS = 8_000


def made_from(brief: Brief, *, model: str, facets: Facets) -> Provenance:
    """What a page was made from: its brief, the prompts, the model and the facts that it stands on. The list of the site's other
    pages does not count: a page that comes or goes makes no other page wrong."""
    digest = provenance((replace(brief, pages=()), PAGE_PROMPTS, model, facets)).digest
    return Provenance(digest=digest, facets=facets)


@dataclass(frozen=True, kw_only=True)
class Prompts:
    """Prompts for one page. `explore` says that the model can open files of the commit."""

    brief: Brief
    code: CodeBase
    explore: bool = True

    @property
    def instructions(self) -> str:
        """The system prompt: the same for every page, and our words only."""
        return prompt("page")

    @property
    def patch_instructions(self) -> str:
        """The same for patches: they need not be told how a page is begun."""
        return prompt("patch_rules")

    def page(self, rejected: Sequence[str] = ()) -> str:
        """What asks for the page; `rejected` says why an earlier answer was none."""
        brief = self.brief
        again = "\n".join(["An earlier answer could not be used:", "", *(f"- {reason}" for reason in rejected)])
        return prompt(
            "page_task",
            title=_line(brief.title),
            slug=brief.slug,
            project=_line(brief.project),
            language=_line(brief.language),
            brief=data(f"{brief.description}\n\n{brief.brief}".strip(), "the outline of the site"),
            wishes=self._wishes,
            where=self._where,
            pages=self._pages,
            facts=self.facts,
            rejected=again if rejected else "",
        )

    def repair(self, page: str, findings: Sequence[Finding], rejected: Sequence[str] = ()) -> str:
        """What sends a page back with what was found on it."""
        return prompt(
            "repair",
            title=_line(self.brief.title),
            slug=self.brief.slug,
            language=_line(self.brief.language),
            findings="\n".join([*self._findings(findings), *(f"- Your last answer: {reason}" for reason in rejected)]),
            page=data(page, "the page as it is"),
            facts=self.facts,
        )

    def patch(self, page: str, changes: str, paths: Sequence[str] = ()) -> str:
        """What asks to bring a page up to date. `changes` is text of the repository: what changed and how; `paths` are the
        files that it is about. The facts of all others have not changed, and are not told again."""
        shown = changes if len(changes) <= _LONGEST_CHANGES else f"{changes[:_LONGEST_CHANGES]}\n(cut here)"
        return prompt(
            "patch",
            title=_line(self.brief.title),
            slug=self.brief.slug,
            project=_line(self.brief.project),
            language=_line(self.brief.language),
            changes=data(shown, "changes between two commits"),
            wishes=self._wishes,
            page=data(page, "the page as it is"),
            pages=self._titles,
            facts=self._facts_of(paths, words_of(page) | _changed_words(changes)) if paths else self.facts,
        )

    @cached_property
    def facts(self) -> str:
        """The facts of the page's sources, as data."""
        return data(fact_sheet(self.code, self.brief.sources), "facts read off the code")

    def _facts_of(self, paths: Sequence[str], names: AbstractSet[str]) -> str:
        """The facts of files, as far as they are still there and either the page or the change speaks of them."""
        there = [path for path in paths if path in self.code.files and any(source_files(self.code, [path]))]
        found = fact_sheet(self.code, there, limit=_PATCH_FACTS, names=names) if there else ""
        sheet = found or "(none: these files tell no facts)"
        return data(sheet, "facts read off the code")

    @property
    def _wishes(self) -> str:
        brief = self.brief
        wishes = [
            f"Readers: {brief.audience.strip()}" if brief.audience.strip() else "",
            brief.instructions.strip(),
        ]
        said = "\n\n".join(filter(None, wishes))
        return f"## Wishes of the project\n\n{data(said, 'wishes')}" if said else ""

    @property
    def _where(self) -> str:
        paths = [file.path for file in source_files(self.code, self.brief.sources)]
        more = len(paths) - FILES_SHOWN
        listed = [*paths[:FILES_SHOWN], *([f"and {more} more files"] if more > 0 else [])]
        if not self.explore:
            intro = "You cannot open files: the facts below are all that you know. The page is about these files:"
        else:
            intro = "Open these files before you write, as far as the page needs them, and search for what else it speaks of:"
        return f"{intro}\n\n{data(chr(10).join(listed), 'paths of the repository')}"

    @property
    def _pages(self) -> str:
        others = [page for page in self.brief.pages if page.slug != self.brief.slug]
        lines = [f"- {page.slug}.md: {_line(page.title)} – {_line(page.description)}" for page in others]
        return data("\n".join(lines), "the outline of the site") if lines else "There are none."

    @property
    def _titles(self) -> str:
        """The other pages, for links to them: what they are about matters to nobody who mends."""
        others = [page for page in self.brief.pages if page.slug != self.brief.slug]
        lines = [f"- {page.slug}.md: {_line(page.title)}" for page in others]
        return data("\n".join(lines), "the outline of the site") if lines else "There are none."

    def _findings(self, findings: Sequence[Finding]) -> Iterator[str]:
        for number, finding in enumerate(findings[:FINDINGS_SHOWN]):
            hint = self._hint(finding) if number < _HINTED else ""
            place = f"under “{_line(finding.heading)}”" if finding.heading else "on the page"
            text = f" `{_line(finding.text)}`:" if finding.text and len(finding.text) <= 200 else ""
            yield f"- {place}:{text} {_line(finding.message)}{hint}"
        if len(findings) > FINDINGS_SHOWN:
            yield f"- and {len(findings) - FINDINGS_SHOWN} more of the same kinds"

    def _hint(self, finding: Finding) -> str:
        """Names of the commit that look like the one that does not exist."""
        last = finding.text.rpartition("/" if finding.kind == "path" else "#")[2].rpartition(".")[2].strip()
        known = self._paths if finding.kind == "path" else self._names
        if finding.kind not in ("path", "symbol", "name", "flag", "environment") or not last:
            return ""
        word = finding.text.rpartition(":")[2] if finding.kind == "path" else last
        close = get_close_matches(word, known, n=3, cutoff=0.75)
        return f" Did you mean {', '.join(f'`{name}`' for name in close)}?" if close else ""

    @cached_property
    def _paths(self) -> Sequence[str]:
        return sorted(self.code.files)

    @cached_property
    def _names(self) -> Sequence[str]:
        names: set[str] = set()
        for file in self.code.files.values():
            names |= {symbol.name.rpartition(".")[2] for symbol in file.facts.symbols}
            names |= {flag for option in file.facts.options for flag in option.flags}
            names |= {setting.name for setting in file.facts.settings}
        return sorted(names)


def _line(text: str) -> str:
    return " ".join(text.split())


def _changed_words(changes: str) -> frozenset[str]:
    """The words of the lines that differ."""
    return words_of("\n".join(line[1:] for line in changes.splitlines() if line[:1] in "+-"))
