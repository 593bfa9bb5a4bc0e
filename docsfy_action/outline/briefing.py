"""What a model is told when it plans or amends an outline, and the briefs of the pages that every site has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from docsfy_action.outline.model import Outline, PageSpec
from docsfy_action.outline.proposal import PlannedPage
from docsfy_action.prompts import data, prompt

# By the embedded writer that makes the page where no model does.
_BRIEFS = {
    "landing": "brief_landing",
    "getting_started": "brief_getting_started",
    "usage": "brief_usage",
    "architecture": "brief_architecture",
}
_FILES_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A page that the owner asks for (`.docsfy.yml`, `.devin/wiki.json`). The slug is fixed; empty texts are free."""

    slug: str
    title: str = ""
    description: str = ""
    section: str = ""
    brief: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the owner of the repository wishes for all pages."""

    audience: str = ""
    instructions: str = ""
    notes: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()

    def text(self) -> str:
        """The wishes fenced as data, empty where there are none."""
        parts = [f"Audience: {self.audience}" if self.audience else "", self.instructions, *self.notes]
        said = "\n\n".join(filter(None, parts))
        return data(said, "wishes of the project") if said else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineTask:
    """What both kinds of outline calls need."""

    project: str
    language: str
    wishes: Wishes
    outline: Outline
    map: str


def outline_prompt(task: OutlineTask, *, problems: Sequence[str] = ()) -> str:
    """The task of planning an outline. `problems` are those of the answer before, which is to be mended."""
    return prompt(
        "outline_task",
        project=task.project,
        language=task.language,
        wishes=task.wishes.text(),
        wanted=_wanted(task.wishes.wanted),
        pages=_pages(task.outline.pages()),
        map=data(task.map, "map of the repository"),
        problems=_problems(problems),
    )


def amend_prompt(task: OutlineTask, files: Sequence[str], *, problems: Sequence[str] = ()) -> str:
    """The task of adding pages for new files to an outline."""
    more = len(files) - _FILES_SHOWN
    listed = "\n".join(files[:_FILES_SHOWN]) + (f"\n(and {more} more)" if more > 0 else "")
    return prompt(
        "outline_amend",
        project=task.project,
        language=task.language,
        wishes=task.wishes.text(),
        wanted=_wanted(task.wishes.wanted),
        files=data(listed, "new files"),
        pages=_pages(task.outline.pages()),
        map=data(task.map, "map of the repository"),
        problems=_problems(problems),
    )


def brief_of(spec: PageSpec, planned: Mapping[str, PlannedPage]) -> str:
    """What a page is to explain: the model's own brief, or that of a page which every site has."""
    if spec.slug in planned:
        return planned[spec.slug].brief
    name = _BRIEFS.get(spec.writer)
    return prompt(name).strip() if name is not None else spec.description


def _pages(pages: Iterable[PageSpec]) -> str:
    return data("\n".join(f"- {page.slug}: {page.title}. {page.description}" for page in pages), "pages of the site")


def _wanted(pages: Sequence[Wanted]) -> str:
    if not pages:
        return ""
    lines = []
    for page in pages:
        said = {"title": page.title, "section": page.section, "description": page.description, "brief": page.brief}
        lines.append(
            f"- {page.slug}" + "".join(f"\n  {key}: {' '.join(text.split())}" for key, text in said.items() if text)
        )
    return "## Pages that the project asks for\n\nThese must be among the pages, with these slugs:\n\n" + data(
        "\n".join(lines), "wishes of the project"
    )


def _problems(problems: Sequence[str]) -> str:
    if not problems:
        return ""
    listed = data("\n".join(f"- {problem}" for problem in problems), "problems of the answer before")
    return f"## Your answer before could not be used\n\n{listed}\n\nAnswer again, with all of these mended."
