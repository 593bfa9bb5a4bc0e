"""Sites in memory: what the writers look at for a set of texts, and what verification may look at."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from docsfy_action.outline.build import build_outline
from docsfy_action.repository.snapshot import Commit, Remote
from docsfy_action.repository.words import find_words, is_document
from docsfy_action.verify.evidence import CommitEvidence
from docsfy_action.verify.page import parse_page
from docsfy_action.verify.references import verify_page
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.pages import select_inputs, write_page
from tests.unit.samples import MemoryReader, as_bytes, code_base, snapshot_of

ACME = Remote(url="https://github.com/acme/sample", host="github.com", owner="acme", name="sample")


def context_of(
    texts: Mapping[str, str],
    *,
    title: str = "sample",
    clone_url: str = "",
    commits: Iterable[Commit] = (),
    handwritten: Mapping[str, str] | None = None,
) -> Context:
    """What the writers look at for these files, with the outline that follows from them."""
    code = code_base(texts, name=title, clone_url=clone_url)
    recent = tuple(commits)
    return Context(
        code=code,
        outline=build_outline(code, title=title, history=bool(recent)),
        commits=recent,
        title=title,
        texts=handwritten or {},
    )


def evidence_of(
    texts: Mapping[str, str],
    pages: Mapping[str, str],
    *,
    remote: Remote | None = None,
    commits: Collection[Commit] = (),
) -> CommitEvidence:
    """What verification may look at: the texts as a commit, and the anchors of the pages."""

    def grep_words(words: Collection[str], *, exclude_documents: bool) -> frozenset[str]:
        searched = (path for path in texts if not (exclude_documents and is_document(path)))
        return find_words(words, (as_bytes(texts[path]) for path in searched))

    return CommitEvidence(
        snapshot=snapshot_of(texts),
        reader=MemoryReader(texts),
        grep_words=grep_words,
        anchors={slug: parse_page(text).anchors for slug, text in pages.items()},
        remote=remote,
        commits=commits,
    )


def pages_of(texts: Mapping[str, str], **more: Any) -> dict[str, str]:
    """All pages of a site by slug; each must have the page format and name nothing that is not in the texts."""
    context = context_of(texts, **more)
    pages = {slug: write_page(page) for slug, page in select_inputs(context).items()}
    evidence = evidence_of(texts, pages, remote=ACME, commits=context.commits)
    for slug, text in pages.items():
        verdict = verify_page(slug, text, evidence)
        assert [(f.line, f.text, f.message) for f in (*verdict.unresolved, *verdict.malformed)] == [], f"{slug}\n{text}"
    return pages
