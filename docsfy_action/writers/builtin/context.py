"""What the builtin writers may look at when they select a page's input, and small answers that several of them need."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.docstrings import parse_doc
from docsfy_action.facts.model import CodeSample, Document, Role
from docsfy_action.facts.modules import Located, Module
from docsfy_action.facts.roles import is_translation
from docsfy_action.outline.api_pages import parts_of
from docsfy_action.outline.model import Outline, PageSpec
from docsfy_action.repository.snapshot import Commit
from docsfy_action.writers.builtin.prose import first_sentence

HISTORY = re.compile(r"(?:change(?:log|s)|history|news|releases?|migrat\w+|upgrad\w+)(?:[-_].*)?", re.IGNORECASE)
OLD_FOLDER = re.compile(r"(?:.*[-_])?(?:v\d+(?:\.\w+)?|old|legacy|archived?)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Context:
    """The facts of the commit, the outline, and the recent history (empty where the clone is too shallow to tell).

    `texts` holds the hand-written pages by path."""

    code: CodeBase
    outline: Outline
    commits: tuple[Commit, ...] = ()
    title: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    def page(self, identity: str) -> PageSpec | None:
        """The page about `identity`, if the site has one."""
        return self.outline.by_identity.get(identity)

    @cached_property
    def api_page_of(self) -> dict[str, PageSpec]:
        """API reference page by module name; the first one of a module that is spread over several."""
        found: dict[str, PageSpec] = {}
        for page in self.outline.pages():
            for subject in page.subjects if page.writer == "api" else ():
                found.setdefault(parts_of(subject)[0], page)
        return found

    @cached_property
    def samples(self) -> tuple[Located[CodeSample], ...]:
        """Code samples of the README and the project's own documents: README first, histories and translations last."""
        documents: list[Located[Document]] = []
        if self.code.readme is not None:
            documents.append(self.code.readme)
        for path in sorted(self.code.files, key=_standing):
            file = self.code.files[path]
            if file.role is Role.DOCUMENT and (self.code.readme is None or path != self.code.readme.path):
                documents.extend(Located(path=path, item=document) for document in file.facts.documents)
        return tuple(
            Located(path=document.path, item=sample) for document in documents for sample in document.item.samples
        )


def _standing(path: str) -> tuple[bool, bool, bool, str]:
    """Where a document stands among those that samples are taken from: what tells of older versions comes late."""
    name = path.rpartition("/")[2].partition(".")[0]
    older = any(OLD_FOLDER.fullmatch(folder) for folder in path.split("/")[:-1])
    return is_translation(path), HISTORY.fullmatch(name) is not None, older, path


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleNote:
    """A module and the first sentence (Markdown) that the code says about it; empty where it says nothing."""

    name: str
    language: str
    path: str
    summary: str = ""


def note_on(module: Module, code: CodeBase) -> ModuleNote:
    """What `module` says of itself."""
    path = next((path for path in module.files if code.files[path].facts.doc), module.primary)
    summary = summary_of(code.files[path].facts.doc, module.language)
    return ModuleNote(name=module.shown, language=module.language, path=path, summary=summary)


def summary_of(doc: str, language: str) -> str:
    """First sentence of a doc comment as Markdown, empty where there is none."""
    return first_sentence(parse_doc(doc, language).summary) if doc else ""
