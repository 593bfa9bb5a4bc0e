"""Writing: each page of the plan is written and saved the moment it is done; kept pages are read back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from docsfy_action.lifecycle import PageAction, PageReport
from docsfy_action.plan.plan import KeepPage, Plan, WritePage
from docsfy_action.stages.planning import Knowledge, digest_of, known_records
from docsfy_action.stages.run import Run
from docsfy_action.state.model import PageRecord
from docsfy_action.state.store import Loaded, StateStore
from docsfy_action.writers.pages import PageInput, write_page

BUILTIN = "builtin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of this run: its text, its record, and the text of the last run for the case that this one must not go out."""

    text: str
    record: PageRecord
    written: bool
    reason: str


def write_pages(plan: Plan, knowledge: Knowledge, store: StateStore, loaded: Loaded, run: Run) -> Mapping[str, Page]:
    """All pages of the outline by slug, in nav order."""
    pages: dict[str, Page] = {}
    known = known_records(loaded)
    decisions: dict[str, WritePage | KeepPage] = {d.spec.slug: d for d in plan.to_write}
    decisions.update({d.spec.slug: d for d in plan.kept})
    total = len(plan.to_write)
    done = 0
    for spec in knowledge.outline.pages():
        decision = decisions[spec.slug]
        page_input = knowledge.inputs[spec.slug]
        kept = None if isinstance(decision, WritePage) else _stored(page_input, known, store)
        if kept is not None:
            pages[spec.slug] = Page(text=kept[1], record=kept[0], written=False, reason=decision.reason)
            continue
        reason = decision.reason if isinstance(decision, WritePage) else "its stored text is missing or damaged"
        pages[spec.slug] = write_one(page_input, knowledge, store, reason, run)
        done += 1
        run.console.progress(done, max(total, done), spec.title)
    return pages


def write_one(page_input: PageInput, knowledge: Knowledge, store: StateStore, reason: str, run: Run) -> Page:
    """Write one page and save it."""
    started = run.clock()
    text = write_page(page_input)
    spec = page_input.spec
    record = PageRecord(
        slug=spec.slug,
        title=spec.title,
        description=spec.description,
        identity=spec.identity,
        section=knowledge.outline.section_of[spec.slug],
        kind=spec.kind.value,
        writer=spec.writer,
        subjects=spec.subjects,
        input_digest=page_input.provenance.digest,
        facets=page_input.provenance.facets,
        content_digest=digest_of(text),
    )
    store.save_page(record, text)
    run.pages[spec.slug] = PageReport(
        slug=spec.slug,
        title=spec.title,
        action=PageAction.WRITE,
        reason=reason,
        writer=BUILTIN,
        inputs=tuple(page_input.provenance.facets),
        seconds=run.clock() - started,
    )
    return Page(text=text, record=record, written=True, reason=reason)


def _stored(page_input: PageInput, known: Mapping[str, PageRecord], store: StateStore) -> tuple[PageRecord, str] | None:
    record = known.get(page_input.spec.slug)
    if record is None or not record.content_digest:
        return None
    text = store.read_page(record.slug, record.content_digest)
    return None if text is None else (record, text)


def report_plan(plan: Plan, knowledge: Knowledge, run: Run) -> None:
    """What is to happen with each page, in the report; pages that are written replace their entry when they are."""
    decisions: list[WritePage | KeepPage] = [*plan.to_write, *plan.kept]
    for decision in decisions:
        action = PageAction.WRITE if isinstance(decision, WritePage) else PageAction.KEEP
        spec = decision.spec
        run.pages[spec.slug] = PageReport(
            slug=spec.slug,
            title=spec.title,
            action=action,
            reason=decision.reason,
            writer=BUILTIN,
            inputs=tuple(knowledge.inputs[spec.slug].provenance.facets),
        )
    for removed in plan.removed:
        run.pages[removed.slug] = PageReport(
            slug=removed.slug, title=removed.title, action=PageAction.REMOVE, reason=removed.reason, writer=BUILTIN
        )


def mark(run: Run, slug: str, **changes: object) -> None:
    """Change a page's entry in the report."""
    run.pages[slug] = replace(run.pages[slug], **changes)  # type: ignore[arg-type]  # names are those of PageReport
