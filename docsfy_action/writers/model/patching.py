"""Brings a page up to date by a patch; where that does not work, the page is written anew."""

from dataclasses import dataclass

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.providers.model import Completion, Failure, FailureKind, Task
from docsfy_action.verify.evidence import Evidence
from docsfy_action.writers.model.brief import Brief
from docsfy_action.writers.model.page import DEFAULT_TERMS, MOST_REPAIRS, Ask, PageOutcome, Terms, Writing
from docsfy_action.writers.model.prompting import Prompts


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A stored page that is to be brought up to date, and what has changed for it, as text of the repository; `paths` are the
    files that the change is in, whose facts are enough for it."""

    markdown: str
    changes: str
    paths: tuple[str, ...] = ()


def patch_model_page(
    brief: Brief, stale: Stale, ask: Ask, evidence: Evidence, code: CodeBase, *, terms: Terms = DEFAULT_TERMS
) -> PageOutcome:
    """Bring a page up to date with the commit.

    A patch is made from the change that it is shown, and opens no files. One that does not fit is followed by a call for the
    whole page; one that leaves findings goes back like any draft.
    """
    writing = Writing(
        prompts=Prompts(brief=brief, code=code, explore=terms.explore), ask=ask, evidence=evidence, terms=terms
    )
    writing.show(stale.markdown)
    answer = writing.call(Task.PATCH, writing.prompts.patch(stale.markdown, stale.changes, stale.paths), explore=False)
    if isinstance(answer, Failure) and answer.kind is not FailureKind.TRUNCATED:
        return writing.outcome(calls=0)
    if isinstance(answer, Completion) and not writing.take(answer.text):
        return writing.outcome(calls=MOST_REPAIRS)
    writing.forget()
    return writing.outcome()
