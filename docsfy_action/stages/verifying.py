"""Verifying: every page is checked against the commit's own bytes; what does not hold is healed, withheld or reported."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from docsfy_action.github.commands import Annotation, Level
from docsfy_action.inputs.values import Verify
from docsfy_action.lifecycle import PageAction
from docsfy_action.plan.plan import KeepPage, Plan, WritePage
from docsfy_action.stages.planning import Knowledge
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source
from docsfy_action.stages.writing import Page, mark
from docsfy_action.state.model import PageRecord
from docsfy_action.state.store import Loaded, StateStore
from docsfy_action.verify.evidence import CommitEvidence, Evidence
from docsfy_action.verify.findings import Finding, Verdict
from docsfy_action.verify.page import anchors_of
from docsfy_action.verify.pruning import Pruned, prune
from docsfy_action.verify.references import Draft, draft_page, judge
from docsfy_action.verify.secrets import scan

# What a verdict rests on, as it stands in the state, which is not to be trusted: digest, paths, words, lines, and links
# to other pages.
GROUND = TypeAdapter(tuple[str, list[str], list[str], list[str], list[str]])
HANDWRITTEN = "handwritten"
FINDINGS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Pages that go out, by slug, and those that do not, with what was found in them."""

    pages: Mapping[str, Page]
    refused: Mapping[str, tuple[Finding, ...]]


def verify_pages(pages: Mapping[str, Page], knowledge: Knowledge, source: Source) -> Verified:
    """Check what was written, and what was kept where anything it rests on changed."""
    mode = source.inputs.verify
    evidence = evidence_for(pages, knowledge, source)
    settled = _settled(pages, source, evidence)
    owed = {slug: page for slug, page in pages.items() if slug not in settled and not _left_out(page)}
    drafts = {slug: draft_page(slug, page.text, evidence) for slug, page in owed.items() if mode is not Verify.OFF}
    _look_up_words(drafts.values(), evidence)
    checked: dict[str, Page] = dict(pages)
    refused: dict[str, tuple[Finding, ...]] = {}
    for slug, page in owed.items():
        secrets = scan(page.text)
        verdict = judge(drafts[slug], evidence) if slug in drafts else None
        findings = secrets
        if verdict is not None:
            checked[slug] = replace(page, record=_recorded(page, verdict, _grounds(drafts[slug], evidence), source))
            if mode is Verify.STRICT and page.record.writer != HANDWRITTEN:
                findings = (*secrets, *verdict.unresolved, *verdict.malformed)
        if findings:
            refused[slug] = findings
    return Verified(pages=checked, refused=refused)


def _left_out(page: Page) -> bool:
    """Whether there is nothing to check, because the model did not write the page and nobody else can."""
    return not page.text and page.record.failed


class Anchors(Mapping[str, AbstractSet[str]]):
    """The anchors of every page; a page is taken apart only when another one links into it."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self._pages = pages
        self._found: dict[str, AbstractSet[str]] = {}

    def __getitem__(self, slug: str) -> AbstractSet[str]:
        if slug not in self._found:
            self._found[slug] = anchors_of(self._pages[slug].text)
        return self._found[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pages)

    def __len__(self) -> int:
        return len(self._pages)


def evidence_for(pages: Mapping[str, Page], knowledge: Knowledge, source: Source) -> CommitEvidence:
    """The commit as these pages are checked against it."""
    return commit_evidence(Anchors(pages), knowledge, source)


def commit_evidence(anchors: Mapping[str, AbstractSet[str]], knowledge: Knowledge, source: Source) -> CommitEvidence:
    """The commit as pages are checked against it."""
    return CommitEvidence(
        snapshot=source.snapshot,
        reader=source.reader,
        grep_words=source.repository.grep_words,
        anchors=anchors,
        remote=source.remote,
        commits=knowledge.history.recent,
        extracted=knowledge.fresh,
    )


def _look_up_words(drafts: Iterable[Draft], evidence: CommitEvidence) -> None:
    """One search for all pages instead of one for each; the evidence remembers the answers."""
    words: set[str] = set()
    lines: set[str] = set()
    for draft in drafts:
        words |= draft.words
        lines |= draft.lines
    evidence.words_present(words)
    evidence.lines_present(lines)


def _settled(pages: Mapping[str, Page], source: Source, evidence: CommitEvidence) -> frozenset[str]:
    """Pages whose earlier verdict still holds: the text is the same, so are all files that it rests on, and every word
    and line that was found somewhere in the commit is there still, as is every page and heading that it links to."""
    grounds = {slug: ground for slug, page in pages.items() if (ground := _ground(page, source)) is not None}
    words = evidence.words_present(frozenset(word for ground in grounds.values() for word in ground.words))
    lines = evidence.lines_present(frozenset(line for ground in grounds.values() for line in ground.lines))
    return frozenset(
        slug
        for slug, ground in grounds.items()
        if ground.words <= words
        and ground.lines <= lines
        and all(_leads_somewhere(target, evidence.anchors) for target in ground.targets)
    )


def _leads_somewhere(target: str, anchors: Mapping[str, AbstractSet[str]]) -> bool:
    """Whether a link of the form `page.md#anchor` still has a page and a heading to lead to."""
    page, _, anchor = target.partition("#")
    slug = page.removesuffix(".md")
    return slug in anchors and (not anchor or anchor in anchors[slug])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What, besides files, a kept page's verdict needs: words and lines of the commit, pages and headings of the site."""

    words: frozenset[str]
    lines: frozenset[str]
    targets: frozenset[str]


def _ground(page: Page, source: Source) -> Ground | None:
    """What a kept page's verdict needs; None where the page must be looked at again."""
    if page.written or not page.record.verified_digest:
        return None
    try:
        basis, paths, words, lines, targets = GROUND.validate_json(page.record.verified_digest)
    except ValidationError:
        return None
    if basis != _basis(page, paths, source):
        return None
    return Ground(words=frozenset(words), lines=frozenset(lines), targets=frozenset(targets))


def _basis(page: Page, paths: Iterable[str], source: Source) -> str:
    """Digest that changes when the page or a file that its verdict rests on changes."""
    hasher = hashlib.sha256(page.record.content_digest.encode())
    for path in paths:
        entry = source.snapshot.entries.get(path)
        hasher.update(f"\0{path}\0{entry.blob if entry else ''}".encode("utf-8", "surrogateescape"))
    return hasher.hexdigest()


def _grounds(draft: Draft, evidence: CommitEvidence) -> tuple[list[str], list[str]]:
    """The words and lines that a verdict found somewhere in the commit."""
    return sorted(evidence.words_present(draft.words)), sorted(evidence.lines_present(draft.lines))


def _recorded(page: Page, verdict: Verdict, grounds: tuple[list[str], list[str]], source: Source) -> PageRecord:
    settled = not (verdict.unresolved or page.record.writer == HANDWRITTEN)
    paths, targets = sorted(verdict.cited), sorted(verdict.targets)
    hand = page.record.writer == HANDWRITTEN
    return page.record.model_copy(
        update={
            "references_checked": verdict.checked,
            "references_unresolved": 0 if hand else len(verdict.unresolved),
            "quoted_unresolved": verdict.quoted_unresolved + (len(verdict.unresolved) if hand else 0),
            "verified_digest": json.dumps([_basis(page, paths, source), paths, *grounds, targets]) if settled else "",
        }
    )


def doubtful(verified: Verified, loaded: Loaded) -> bool:
    """Whether stored facts may be at fault for a refusal: not where the last run refused a page made from the same,
    after it had read the code afresh."""
    before = {page.slug: page.refused_digest for page in (loaded.previous.manifest.pages if loaded.previous else ())}
    records = (verified.pages[slug].record for slug in verified.refused)
    # What a model says is not made from stored facts.
    return any(record.input_digest != before.get(record.slug) for record in records if not record.author)


def cut_back(
    verified: Verified, evidence: Evidence, store: StateStore, run: Run, again: Callable[[Mapping[str, Page]], Verified]
) -> Verified:
    """Pages of a model that are refused, without what does not hold for this commit, where enough of them is left.
    `again` verifies pages."""
    shortened: dict[str, Page] = {}
    for slug, findings in verified.refused.items():
        page = verified.pages[slug]
        if not page.record.author or any(finding.kind == "secret" for finding in findings):
            continue

        def check(text: str, slug: str = slug) -> tuple[Finding, ...]:
            verdict = judge(draft_page(slug, text, evidence), evidence)
            return (*verdict.unresolved, *verdict.malformed)

        pruned = prune(page.text, check)
        if isinstance(pruned, Pruned):
            digest = hashlib.sha256(pruned.markdown.encode()).hexdigest()
            record = page.record.model_copy(update={"content_digest": digest, "verified_digest": ""})
            store.save_page(record, pruned.markdown)
            shortened[slug] = replace(page, text=pruned.markdown, record=record)
            mark(run, slug, removed=run.pages[slug].removed + len(pruned.removed))
    if not shortened:
        return verified
    return again({**verified.pages, **shortened})


def rewritten(plan: Plan, refused: Collection[str]) -> Plan:
    """The plan with refused pages written anew, where it would keep them."""
    return Plan(
        decisions=tuple(
            WritePage(spec=decision.spec, reason="what it says does not hold for this commit")
            if isinstance(decision, KeepPage) and decision.spec.slug in refused
            else decision
            for decision in plan.decisions
        )
    )


def withhold(verified: Verified, evidence: Evidence, store: StateStore, loaded: Loaded, run: Run) -> Mapping[str, Page]:
    """The pages to publish: in the place of a refused page its last version, where that holds for this commit too, or
    nothing."""
    pages = dict(verified.pages)
    before = {page.slug: page for page in (loaded.previous.manifest.pages if loaded.previous else ())}
    for slug, findings in verified.refused.items():
        shown = tuple(f"{finding.kind}: {finding.message}" for finding in findings[:FINDINGS_SHOWN])
        old = before.get(slug)
        reason = "withheld: it names what this commit does not hold"
        refused = pages[slug].record.input_digest
        failed = {"failed": True, "reason": reason, "refused_digest": refused, "findings": shown}
        text = ""
        if old is not None and old.content_digest not in {"", pages[slug].record.content_digest}:
            text = store.read_page(slug, old.content_digest) or ""
        if old is not None and text and holds(slug, text, evidence):
            record = old.model_copy(update=failed)
        else:
            text, record = "", pages[slug].record.model_copy(update={**failed, "content_digest": ""})
        pages[slug] = Page(text=text, record=record, written=False, reason=reason)
        mark(run, slug, action=PageAction.FAIL, reason=reason, findings=shown)
        annotate_withheld(slug, shown, run)
    return pages


def annotate_withheld(slug: str, findings: Sequence[str], run: Run) -> None:
    """Say at the commit that a page was withheld, and the first thing found in it."""
    first = findings[0].partition(": ")[2] if findings else "it names what this commit does not hold"
    run.console.annotate(Annotation(level=Level.ERROR, message=f"The page `{slug}` was withheld: {first}"))


def holds(slug: str, text: str, evidence: Evidence) -> bool:
    """Whether a page of an earlier run may be published for this commit as it is."""
    verdict = judge(draft_page(slug, text, evidence), evidence)
    return not (verdict.unresolved or verdict.malformed or scan(text))


def report_verdicts(pages: Mapping[str, Page], run: Run) -> None:
    """Counts of the published pages."""
    for slug, page in pages.items():
        mark(
            run,
            slug,
            references_checked=page.record.references_checked,
            references_unresolved=page.record.references_unresolved if page.text else 0,
            quoted_unresolved=page.record.quoted_unresolved,
        )
