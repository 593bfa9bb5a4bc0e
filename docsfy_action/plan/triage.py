"""Triage: which of the flagged pages a change really touches. What a model is asked, and what its answer amounts to.

Every outcome is safe: a page that the answer leaves out, or that no usable answer speaks of, is treated as touched.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from docsfy_action.plan.diffs import FileChange, Portion, portions
from docsfy_action.prompts import data, prompt

MAX_ANSWER = 200_000
# Characters of diff in one call: some 12,000 tokens, which every model reads with attention.
PORTION = 40_000


class Verdict(StrEnum):
    """What is to be done with a flagged page, in the order of how much it costs."""

    KEEP = "keep"
    PATCH = "patch"
    REWRITE = "rewrite"


_ORDER = tuple(Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A page whose inputs changed. `paths` are the files that the change is in, as far as the page depends on them;
    `outline` its headings; `must_change` says that it names what is gone, so that keeping it is no choice."""

    slug: str
    title: str
    description: str
    reason: str
    paths: tuple[str, ...]
    outline: tuple[str, ...] = ()
    must_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One call: the pages that this portion of the difference may touch."""

    pages: tuple[Flagged, ...]
    portion: Portion


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be done with a page, and why, in words for the report."""

    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadAnswer:
    """An answer that says nothing usable."""

    problem: str


class TriagedPage(BaseModel):
    """The model's word on one page."""

    model_config = ConfigDict(extra="ignore")

    slug: Annotated[str, Field(max_length=240)]
    verdict: Annotated[
        Literal["keep", "patch", "rewrite"],
        Field(description="keep: nothing on the page became wrong; patch: parts did; rewrite: its subject changed."),
    ]
    why: Annotated[str, Field(max_length=2_000, description="One sentence.")] = ""


class Triage(BaseModel):
    """One entry for each page that was asked about."""

    model_config = ConfigDict(extra="ignore")

    pages: Annotated[list[TriagedPage], Field(max_length=5_000)]


def triage_schema() -> str:
    """The JSON Schema that a provider with structured output is given."""
    return json.dumps(Triage.model_json_schema(), sort_keys=True)


def questions(
    pages: Sequence[Flagged], changes: Mapping[str, FileChange], *, size: int = PORTION
) -> tuple[Question, ...]:
    """The calls to make: the differences of all files that a flagged page depends on, each shown once, in portions, each
    with the pages that depend on a file in it. A page without any such file is in no question."""
    wanted = sorted({path for page in pages for path in page.paths if path in changes})
    found = []
    for portion in portions((changes[path] for path in wanted), size=size):
        inside = frozenset(portion.paths)
        asked = tuple(page for page in pages if inside.intersection(page.paths))
        found.append(Question(pages=asked, portion=portion))
    return tuple(found)


def triage_prompt(question: Question, *, project: str) -> str:
    """The text of one call."""
    pages = "\n".join(
        f"- {page.slug}: {page.title}. {page.description}\n  flagged because {page.reason}"
        + (f"\n  headings: {'; '.join(page.outline)}" if page.outline else "")
        for page in question.pages
    )
    return prompt(
        "triage_task",
        project=project,
        pages=data(pages, "pages of the site"),
        change=data(question.portion.text, "difference of the files"),
    )


def read_triage(text: str, pages: Sequence[Flagged]) -> Mapping[str, Decision] | BadAnswer:
    """What an answer says of the pages that were asked about; slugs nobody asked about are ignored. Never raises."""
    if len(text) > MAX_ANSWER:
        return BadAnswer(problem="the answer is far too long")
    start, end = text.find("{"), text.rfind("}")
    try:
        answer = Triage.model_validate(json.loads(text[start : end + 1] if 0 <= start < end else text))
    except ValidationError as error:
        first = error.errors()[0]
        return BadAnswer(problem=f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    except (ValueError, RecursionError):
        return BadAnswer(problem="it is not a JSON object")
    asked = {page.slug for page in pages}
    found: dict[str, Decision] = {}
    for page in answer.pages:
        if page.slug in asked:
            one = Decision(verdict=Verdict(page.verdict), why=" ".join(page.why.split())[:200])
            found[page.slug] = _heavier(found.get(page.slug), one)
    return found if found or not asked else BadAnswer(problem="it speaks of none of the pages")


def settle(
    pages: Sequence[Flagged], answers: Iterable[tuple[Question, Mapping[str, Decision] | None]]
) -> Mapping[str, Decision]:
    """One decision for each flagged page. `answers` pairs each question with what was read from its answer, None where
    there was none. Of several words on a page the one that costs most counts; silence counts as `patch`."""
    decided: dict[str, Decision] = {}
    for question, answer in answers:
        for page in question.pages:
            silent = Decision(verdict=Verdict.PATCH, why="the triage gave no usable answer about it")
            decided[page.slug] = _heavier(decided.get(page.slug), (answer or {}).get(page.slug, silent))
    for page in pages:
        one = decided.get(page.slug, Decision(verdict=Verdict.PATCH, why=page.reason))
        if page.must_change and one.verdict is Verdict.KEEP:
            one = Decision(verdict=Verdict.PATCH, why="it names what this commit does not hold")
        decided[page.slug] = one
    return decided


def _heavier(one: Decision | None, other: Decision) -> Decision:
    if one is None or _ORDER.index(other.verdict) > _ORDER.index(one.verdict):
        return other
    return one
