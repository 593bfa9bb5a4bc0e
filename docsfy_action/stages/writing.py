"""Writing: each page of the plan is written and saved the moment it is done; kept pages are read back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from docsfy_action.lifecycle import PageAction, PageReport
from docsfy_action.outline.amend import is_by_model
from docsfy_action.outline.model import PageSpec
from docsfy_action.plan.plan import KeepPage, PatchPage, Plan, RemovePage, WritePage
from docsfy_action.stages.planning import Knowledge, digest_of, known_records
from docsfy_action.stages.run import Run
from docsfy_action.stages.share import ShareStore
from docsfy_action.state.model import PageRecord
from docsfy_action.state.store import Loaded, PageStore
from docsfy_action.writers.pages import PageInput, write_page

BUILTIN = "builtin"
_SHOWN = 5
_ACTIONS = {WritePage: PageAction.WRITE, PatchPage: PageAction.PATCH, KeepPage: PageAction.KEEP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of this run: its text, its record, and the text of the last run for the case that this one must not go out."""

    text: str
    record: PageRecord
    written: bool
    reason: str


def write_pages(
    plan: Plan,
    knowledge: Knowledge,
    store: PageStore,
    loaded: Loaded,
    run: Run,
    ours: Callable[[PageSpec], bool] = lambda _: True,
) -> Mapping[str, Page]:
    """All pages of the outline that are `ours`, the embedded writer's, by slug, in nav order."""
    pages: dict[str, Page] = {}
    known = known_records(loaded)
    planted: list[str] = []
    decisions: dict[str, WritePage | KeepPage] = {d.spec.slug: d for d in plan.to_write if ours(d.spec)}
    total = len(decisions)
    decisions.update({d.spec.slug: d for d in plan.kept if ours(d.spec)})
    done = 0
    for spec in filter(ours, knowledge.outline.pages()):
        decision = decisions[spec.slug]
        page_input = knowledge.inputs[spec.slug]
        keep = isinstance(decision, KeepPage)
        if keep and loaded.foreign:
            kept = _made_again(page_input, known[spec.slug], knowledge, store, decision.reason)
            planted += [spec.slug] if kept is None else []
            reason = "its restored text is not what the embedded writer makes of this commit"
        else:
            kept = _stored(page_input, known, store, decision.reason) if keep else None
            reason = "its stored text is missing or damaged" if keep else decision.reason
        if kept is not None:
            pages[spec.slug] = kept
            continue
        pages[spec.slug] = write_one(page_input, knowledge, store, reason, run)
        done += 1
        run.console.progress(done, max(total, done), spec.title)
    _tell_planted(planted, run)
    return pages


def write_some(plan: Plan, knowledge: Knowledge, share: ShareStore, run: Run) -> None:
    """The embedded writer's pages of a share that are not there yet."""
    todo = [decision for decision in plan.to_write if decision.spec.slug in share.owed]
    for done, decision in enumerate(todo, 1):
        write_one(knowledge.inputs[decision.spec.slug], knowledge, share, decision.reason, run)
        run.console.progress(done, len(todo), decision.spec.title)
    share.note()


def write_one(page_input: PageInput, knowledge: Knowledge, store: PageStore, reason: str, run: Run) -> Page:
    """Write one page and save it. Where another job of this run has written it, that is compared: writing takes no time, and
    nothing else could tell words that somebody planted from ours."""
    started = run.clock()
    text = write_page(page_input)
    spec, record = page_input.spec, _record(page_input, knowledge, text)
    seconds = run.clock() - started
    handed = run.others.pages.get(spec.slug)
    if handed is not None and handed.record is not None and not handed.record.author:
        seconds = handed.row.seconds
        if handed.text != text:
            run.warn(
                f"What another job handed over for the page `{spec.slug}` is not what it is made of here; it was made anew."
            )
    store.save_page(record, text)
    run.pages[spec.slug] = PageReport(
        slug=spec.slug,
        title=spec.title,
        action=PageAction.WRITE,
        reason=reason,
        writer=BUILTIN,
        inputs=tuple(page_input.provenance.facets),
        seconds=seconds,
    )
    return Page(text=text, record=record, written=True, reason=reason)


def _record(page_input: PageInput, knowledge: Knowledge, text: str) -> PageRecord:
    spec = page_input.spec
    return PageRecord(
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


def _stored(page_input: PageInput, known: Mapping[str, PageRecord], store: PageStore, reason: str) -> Page | None:
    record = known.get(page_input.spec.slug)
    if record is None or not record.content_digest:
        return None
    text = store.read_page(record.slug, record.content_digest)
    return None if text is None else Page(text=text, record=record, written=False, reason=reason)


def _made_again(
    page_input: PageInput, before: PageRecord, knowledge: Knowledge, store: PageStore, reason: str
) -> Page | None:
    """A page that came from elsewhere, made anew, which takes no time: nothing else could tell words that somebody planted
    from ours. None where what came is not the same."""
    text = write_page(page_input)
    record = _record(page_input, knowledge, text)
    if record.content_digest != before.content_digest:
        return None
    if store.read_page(record.slug, record.content_digest) is None:
        store.save_page(record, text)
    return Page(text=text, record=record, written=False, reason=reason)


def _tell_planted(slugs: Sequence[str], run: Run) -> None:
    if not slugs:
        return
    shown = ", ".join(f"`{slug}`" for slug in slugs[:_SHOWN])
    more = f" and {len(slugs) - _SHOWN} more" if len(slugs) > _SHOWN else ""
    run.warn(
        f"The restored text of {shown}{more} was not what the embedded writer makes of this commit, so it was written anew: the "
        "entry was changed by somebody, or is damaged."
    )


def report_plan(plan: Plan, knowledge: Knowledge, run: Run, author: str = "") -> None:
    """What is to happen with each page, in the report; pages that are written replace their entry when they are.
    `author` is who writes the model's pages, empty where there is no model."""
    for decision in plan.decisions:
        if isinstance(decision, RemovePage):
            run.pages[decision.slug] = PageReport(
                slug=decision.slug,
                title=decision.title,
                action=PageAction.REMOVE,
                reason=decision.reason,
                writer=BUILTIN,
            )
            continue
        spec = decision.spec
        made = knowledge.inputs.get(spec.slug)
        run.pages[spec.slug] = PageReport(
            slug=spec.slug,
            title=spec.title,
            action=_ACTIONS[type(decision)],
            reason=decision.reason,
            writer=author if author and is_by_model(spec) else BUILTIN,
            inputs=tuple(made.provenance.facets) if made is not None else (),
        )
    run.planned = dict(run.pages)


def mark(run: Run, slug: str, **changes: object) -> None:
    """Change a page's entry in the report."""
    run.pages[slug] = replace(run.pages[slug], **changes)  # type: ignore[arg-type]  # names are those of PageReport
