"""Sites in memory: what the writers look at for a set of texts, and what verification may look at."""

from collections.abc import Collection, Iterable, Mapping

from docsfy_action.outline.build import build_outline
from docsfy_action.repository.snapshot import Commit, Remote
from docsfy_action.repository.words import find_words, is_document
from docsfy_action.verify.evidence import CommitEvidence
from docsfy_action.verify.page import parse_page
from docsfy_action.writers.builtin.context import Context
from tests.unit.samples import MemoryReader, as_bytes, code_base, snapshot_of


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
