"""The pages that a model plans: planned once, kept in the state, amended when code comes that no page speaks of."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.outline.amend import coverage, join
from docsfy_action.outline.briefing import OutlineTask, Wanted, Wishes
from docsfy_action.outline.map import repository_map
from docsfy_action.outline.model import Outline, PageKind
from docsfy_action.outline.proposal import PlannedPage, Taken
from docsfy_action.outline.wiki import WIKI_FILE, read_wiki
from docsfy_action.stages.author import Author
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source
from docsfy_action.state.model import OutlineRecord, PlannedRecord
from docsfy_action.state.store import Loaded, StateStore
from docsfy_action.writers.model.planning import NoOutline, amend, propose

logger = logging.getLogger(__name__)


def wishes_of(source: Source, run: Run) -> Wishes:
    """What `.docsfy.yml` and `.devin/wiki.json` of the commit wish for."""
    steering = source.inputs.steering
    data = source.reader.read(WIKI_FILE)
    wiki = read_wiki(data) if data is not None else None
    if wiki is not None and wiki.problem:
        run.warn(f"{WIKI_FILE} steers nothing: {wiki.problem}.")
    wanted = {
        page.slug: Wanted(slug=page.slug, title=page.title, description=page.description, section=page.section)
        for page in steering.pages.pin
    }
    for asked in wiki.pages if wiki is not None else ():
        brief = f"{asked.brief}\n\nIt belongs to the subject “{asked.parent}”." if asked.parent else asked.brief
        if not steering.pages.forbids(asked.slug):
            wanted.setdefault(asked.slug, Wanted(slug=asked.slug, title=asked.title, brief=brief))
    return Wishes(
        audience=steering.audience,
        instructions=steering.instructions,
        notes=wiki.notes if wiki is not None else (),
        wanted=tuple(wanted.values()),
    )


@dataclass(frozen=True, kw_only=True)
class Outlining:
    """Everything that planning needs; called with the code and the outline of the facts."""

    source: Source
    store: StateStore
    loaded: Loaded
    author: Author
    wishes: Wishes
    run: Run
    forecast: Callable[[CodeBase, Outline], None] = lambda _, __: None

    def __call__(self, code: CodeBase, outline: Outline) -> Sequence[PlannedPage]:
        """The planned pages: those of the state, with what had to be added, or new ones."""
        record = self.loaded.outline
        if record is None:
            return self._first(code, outline)
        seen = coverage([_planned(page) for page in record.planned], code, frozenset(record.seen))
        for page in seen.gone:
            logger.info("The page “%s” goes: none of its sources is left.", page.title)
        planned = list(seen.planned)
        missing = self._missing(join(outline, planned))
        if (seen.uncovered or missing) and self.author.open():
            logger.info("No page speaks of %d new files, so the outline is amended.", len(seen.uncovered))
            now = join(outline, planned)
            added = amend(
                self._task(code, now, missing),
                seen.uncovered,
                self._taken(code, now, missing),
                self.author.ask,
                deadline=self.author.deadline,
            )
            if not isinstance(added, NoOutline):
                planned += added
                self._save(planned, code)
            elif self.source.inputs.dry_run:
                planned += map(_asked_for, missing)
        elif seen.gone or not set(record.seen) >= _sources(code):
            # Files beside known ones are seen now; those that no page covers stay uncovered until somebody has planned.
            self._save(planned, code, beside=frozenset(seen.uncovered))
        return planned

    def recalled(self, code: CodeBase, _: Outline) -> Sequence[PlannedPage]:
        """The planned pages of the state, as the job left them that planned: nothing is asked, and nothing saved."""
        record = self.loaded.outline
        if record is None:
            return ()
        return coverage([_planned(page) for page in record.planned], code, frozenset(record.seen)).planned

    def _first(self, code: CodeBase, outline: Outline) -> Sequence[PlannedPage]:
        if self.loaded.previous is None:
            self.forecast(code, outline)
        if not self.author.open():
            return ()
        missing = self._missing(outline)
        planned = self.propose(code, outline, self.author)
        if isinstance(planned, NoOutline) and self.source.inputs.dry_run:
            return tuple(map(_asked_for, missing))
        if isinstance(planned, NoOutline):
            self.run.warn(
                f"The model gave no outline ({planned.failure.message}); this run has the pages that follow from the code, and "
                "the next one asks again."
            )
            return ()
        self._save(planned, code)
        return planned

    def propose(self, code: CodeBase, outline: Outline, author: Author) -> Sequence[PlannedPage] | NoOutline:
        """What a model plans beside the pages of the facts, or why it does not."""
        missing = self._missing(outline)
        task = self._task(code, outline, missing)
        return propose(task, self._taken(code, outline, missing), author.ask, deadline=author.deadline)

    def _missing(self, outline: Outline) -> tuple[Wanted, ...]:
        """Pages that are asked for and not there."""
        there = {page.slug for page in outline.pages()}
        return tuple(page for page in self.wishes.wanted if page.slug not in there)

    def _task(self, code: CodeBase, outline: Outline, wanted: tuple[Wanted, ...]) -> OutlineTask:
        return OutlineTask(
            project=self.source.title,
            language=self.source.inputs.language,
            wishes=replace(self.wishes, wanted=wanted),
            outline=outline,
            map=repository_map(code),
        )

    def _taken(self, code: CodeBase, outline: Outline, wanted: tuple[Wanted, ...]) -> Taken:
        return Taken(
            slugs=frozenset(page.slug for page in outline.pages()),
            forbids=self.source.inputs.steering.pages.forbids,
            paths=frozenset(code.files),
            wanted=tuple(page.slug for page in wanted),
        )

    def _save(self, planned: Sequence[PlannedPage], code: CodeBase, beside: frozenset[str] = frozenset()) -> None:
        if not self.source.inputs.dry_run:
            self.store.save_outline(
                OutlineRecord(
                    planned=tuple(_record(page) for page in planned), seen=tuple(sorted(_sources(code) - beside))
                )
            )


def _sources(code: CodeBase) -> frozenset[str]:
    return frozenset(file.path for file in code.sources())


def _planned(record: PlannedRecord) -> PlannedPage:
    return PlannedPage(
        slug=record.slug,
        title=record.title,
        description=record.description,
        kind=PageKind(record.kind) if record.kind in list(PageKind) else PageKind.GUIDE,
        section=record.section,
        brief=record.brief,
        sources=record.sources,
    )


def _asked_for(page: Wanted) -> PlannedPage:
    """A page that the model will have to plan, as far as it is known before."""
    return PlannedPage(
        slug=page.slug,
        title=page.title or page.slug.replace("-", " ").capitalize(),
        description=page.description,
        kind=PageKind.GUIDE,
        section=page.section,
        brief=page.brief,
        sources=(),
    )


def _record(page: PlannedPage) -> PlannedRecord:
    return PlannedRecord(
        slug=page.slug,
        title=page.title,
        description=page.description,
        kind=page.kind.value,
        section=page.section,
        brief=page.brief,
        sources=page.sources,
    )
