"""Calls that decide what is written: the outline, its amendments, and the triage of flagged pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from docsfy_action.errors import OutlineError
from docsfy_action.outline.briefing import OutlineTask, amend_prompt, outline_prompt
from docsfy_action.outline.proposal import BadProposal, PlannedPage, Taken, proposal_schema, read_proposal
from docsfy_action.plan.diffs import FileChange
from docsfy_action.plan.triage import (
    BadAnswer,
    Decision,
    Flagged,
    Question,
    questions,
    read_triage,
    settle,
    triage_prompt,
    triage_schema,
)
from docsfy_action.prompts import prompt
from docsfy_action.providers.model import Answer, Failure, Request, Task

Ask = Callable[[Request], Answer]

OUTLINE_TOKENS = 16_000
TRIAGE_TOKENS = 8_000
OUTLINE_TURNS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOutline:
    """No outline could be had this time; the failure says why. The next run asks again."""

    failure: Failure


def propose(task: OutlineTask, taken: Taken, ask: Ask, *, deadline: float) -> tuple[PlannedPage, ...] | NoOutline:
    """The outline by the model. An unusable answer is sent back once with its problems; a second one is an OutlineError."""

    def ask_with(problems: Sequence[str]) -> str:
        return outline_prompt(task, problems=problems)

    return _outline(ask_with, taken, ask, deadline=deadline, may_be_empty=False)


def amend(
    task: OutlineTask, files: Sequence[str], taken: Taken, ask: Ask, *, deadline: float
) -> tuple[PlannedPage, ...] | NoOutline:
    """Pages that new files need, often none, and those that are asked for and not there."""

    def ask_with(problems: Sequence[str]) -> str:
        return amend_prompt(task, files, problems=problems)

    return _outline(ask_with, taken, ask, deadline=deadline, may_be_empty=True)


def _outline(
    ask_with: Callable[[Sequence[str]], str], taken: Taken, ask: Ask, *, deadline: float, may_be_empty: bool
) -> tuple[PlannedPage, ...] | NoOutline:
    problems: tuple[str, ...] = ()
    for _ in range(2):
        answer = ask(
            Request(
                task=Task.OUTLINE,
                instructions=prompt("outline"),
                prompt=ask_with(problems),
                schema=proposal_schema(),
                explore=True,
                deadline=deadline,
                max_output_tokens=OUTLINE_TOKENS,
                max_turns=OUTLINE_TURNS,
            )
        )
        if isinstance(answer, Failure):
            return NoOutline(failure=answer)
        result = read_proposal(answer.text, taken, may_be_empty=may_be_empty)
        if not isinstance(result, BadProposal):
            return result
        problems = result.problems
    raise OutlineError(
        f"The model's outline cannot be used, and asking again did not help: {' '.join(problems[:5])}",
        hint="Run again, name a stronger `model`, or use `provider: builtin`. The last site stays in place.",
    )


def triage(
    pages: Sequence[Flagged], changes: Mapping[str, FileChange], ask: Ask, *, project: str, deadline: float
) -> Mapping[str, Decision]:
    """What becomes of each flagged page. An unusable answer is asked for once more; then its pages count as touched."""
    return settle(
        pages,
        [(question, _judged(question, ask, project, deadline)) for question in questions(pages, changes)],
    )


def _judged(question: Question, ask: Ask, project: str, deadline: float) -> Mapping[str, Decision] | None:
    text = triage_prompt(question, project=project)
    for _ in range(2):
        answer = ask(
            Request(
                task=Task.TRIAGE,
                instructions=prompt("triage"),
                prompt=text,
                schema=triage_schema(),
                deadline=deadline,
                max_output_tokens=TRIAGE_TOKENS,
                max_turns=2,
            )
        )
        if isinstance(answer, Failure):
            return None
        read = read_triage(answer.text, question.pages)
        if not isinstance(read, BadAnswer):
            return read
        text = f"{triage_prompt(question, project=project)}\nYour answer before could not be used: {read.problem}.\n"
    return None
