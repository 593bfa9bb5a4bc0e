"""What a run would spend on a model: the run's own requests, made up and listened to, but not sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from docsfy_action.outline.proposal import MAX_PAGES
from docsfy_action.providers import estimate
from docsfy_action.providers.budget import dollars
from docsfy_action.providers.choose import Chosen
from docsfy_action.providers.model import Answer, Failure, FailureKind, Request, Task, Usage
from docsfy_action.repository.snapshot import Snapshot
from docsfy_action.stages.author import Author
from docsfy_action.stages.planning import Knowledge
from docsfy_action.stages.run import Run, Tally
from docsfy_action.writers.model.factsheet import source_files
from docsfy_action.writers.model.page import MOST_REPAIRS
from docsfy_action.writers.model.prompting import FILES_SHOWN

# Calls that one request may lead to: an answer that cannot be used is asked for once more; a page goes back with what was
# found on it; a patch that does not fit is followed by the whole page.
_CALLS: Mapping[Task, int] = {
    Task.OUTLINE: 2,
    Task.TRIAGE: 2,
    Task.PAGE: 1 + MOST_REPAIRS,
    Task.PATCH: 2 + MOST_REPAIRS,
}
_PREFLIGHT = 100  # bytes
_PAGE_SENT_BACK = 8_000  # bytes of a page that goes back, with what was found on it
_UNKNOWN_FILE = 8_000  # bytes of a file whose blob is not there, as in a partial clone
_SHOWN_OF_A_FILE = 24_000  # more is not shown with one look
_OPENED_FOR_A_PAGE = 5
# The outline's prompt asks for three to six pages for a small project and up to twenty for a large one.
_FEWEST, _MOST, _MODULES_OF_A_PAGE = 6, 20, 4
_ADDED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that would be made; `page` is empty where it is for no page."""

    page: str
    request: Request


@dataclass(kw_only=True)
class Rehearsal(Author):
    """An author who takes down what it is asked and answers nothing: nothing is opened, sent or paid."""

    asked: list[Asked] = field(default_factory=list)

    def open(self) -> bool:
        """Whether a run could make calls."""
        return not self.absent

    def ask(self, request: Request, page: str = "") -> Answer:
        """Take it down."""
        self.asked.append(Asked(page=page, request=request))
        return Failure(kind=FailureKind.CANCELLED, message="this run only plans")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    task: Task
    written: int
    points_to: int = 0


def estimated(asked: Sequence[Asked], chosen: Chosen, knowledge: Knowledge, snapshot: Snapshot) -> Tally:
    """What these requests, and those that they lead to, come to."""
    made: dict[str, int] = {}
    spent: dict[str, Usage] = {}

    def add(page: str, calls: int, usage: Usage) -> None:
        made[page] = made.get(page, 0) + calls
        spent[page] = spent.get(page, Usage()) + usage

    for one in asked:
        opened = _opened(one, knowledge, snapshot)
        add(one.page, _CALLS[one.request.task], _usage(_calls(one.request, opened), chosen))
    pages = unplanned(asked, knowledge)
    known = sorted((usage for page, usage in spent.items() if page), key=lambda usage: usage.input_tokens)
    for _ in range(pages):
        add("", _CALLS[Task.PAGE], known[len(known) // 2] if known else Usage())
    if asked:
        add("", 1, _usage([_Call(task=Task.PREFLIGHT, written=_PREFLIGHT)], chosen))
    return Tally(made=made, ledger=spent)


def unplanned(asked: Sequence[Asked], knowledge: Knowledge) -> int:
    """How many pages the model is expected to plan that have no name yet."""
    if not any(one.request.task is Task.OUTLINE for one in asked):
        return 0
    if knowledge.planned:
        return _ADDED
    modules = sum(not module.tool for module in knowledge.code.table.modules)
    return min(_MOST, max(_FEWEST, modules // _MODULES_OF_A_PAGE))


def rehearsed(rehearsal: Rehearsal, knowledge: Knowledge, run: Run) -> None:
    """Put the estimate into the run's report, and say what it rests on and which limit would end the run before."""
    source = rehearsal.source
    found = estimated(rehearsal.asked, rehearsal.chosen, knowledge, source.snapshot)
    run.ledger = found
    if pages := unplanned(rehearsal.asked, knowledge):
        run.warn(
            f"The model would be asked which pages to add to those listed; the estimate counts {pages} for them. It may "
            f"plan fewer or more, {MAX_PAGES} at most."
        )
    for warning in _limits(found, rehearsal):
        run.warn(warning)


def forecast(rehearsal: Rehearsal, knowledge: Knowledge) -> str:
    """What was taken down, in words: for a run that starts from nothing."""
    found = estimated(rehearsal.asked, rehearsal.chosen, knowledge, rehearsal.source.snapshot)
    total, cost = found.total, found.total.cost_usd
    written = len({one.page for one in rehearsal.asked if one.page}) + unplanned(rehearsal.asked, knowledge)
    price = "dollars unknown" if cost is None else dollars(cost)
    limit = rehearsal.source.inputs.max_cost_usd
    ends = (
        f"; `max-cost-usd` ends it at {dollars(Decimal(limit))}" if limit and cost is not None and cost > limit else ""
    )
    return (
        f"This is a full run: the model writes about {written} pages, by an upper estimate with {found.calls:,} calls, "
        f"{total.input_tokens:,} tokens in, {total.output_tokens:,} out, {price}{ends}."
    )


def _limits(found: Tally, rehearsal: Rehearsal) -> Iterator[str]:
    inputs, chosen = rehearsal.source.inputs, rehearsal.chosen
    rest = "A run that comes so far makes no more calls: the other pages are kept, or written by the embedded writer."
    if inputs.max_ai_calls and found.calls > inputs.max_ai_calls:
        yield f"The estimate is above `max-ai-calls` ({inputs.max_ai_calls}). {rest}"
    if not inputs.max_cost_usd or not found.calls:
        return
    cost = found.total.cost_usd
    if cost is not None and cost > inputs.max_cost_usd:
        yield f"The estimate is above `max-cost-usd` ({dollars(Decimal(inputs.max_cost_usd))}). {rest}"
    if cost is None and not inputs.max_ai_calls and not chosen.tells_cost:
        yield (
            f"Nobody knows what the model '{chosen.model}' costs, so a run would stop before its first call: set `max-ai-calls`, "
            "or `max-cost-usd: 0` for no limit in dollars."
        )


def _calls(request: Request, opened: int) -> Iterator[_Call]:
    """A request and what is likely to follow: a page goes back once, an answer that cannot be used is asked for again."""
    size = estimate.size(request)
    yield _Call(task=request.task, written=size, points_to=opened)
    if request.task in (Task.PAGE, Task.PATCH):
        yield _Call(task=Task.REPAIR, written=size + _PAGE_SENT_BACK)
    elif request.task is Task.TRIAGE:
        yield _Call(task=Task.TRIAGE, written=size)


def _usage(calls: Iterable[_Call], chosen: Chosen) -> Usage:
    usage = Usage()
    for call in calls:
        tokens = estimate.expected(
            call.task, call.written, points_to=call.points_to, by_program=chosen.provider != "api"
        )
        usage += Usage(input_tokens=tokens.input, output_tokens=tokens.output, cost_usd=chosen.price(tokens))
    return usage


def _opened(asked: Asked, knowledge: Knowledge, snapshot: Snapshot) -> int:
    """Bytes of the files that a request points to; one about no page points to the whole repository."""
    if not asked.request.explore:
        return 0
    planned = knowledge.planned.get(asked.page)
    files = source_files(knowledge.code, planned.sources if planned is not None else ())
    paths = [file.path for file in files][:FILES_SHOWN] if asked.page else list(knowledge.code.files)
    sizes = (snapshot.entries[path].size for path in paths if path in snapshot.entries)
    shown = [min(size, _SHOWN_OF_A_FILE) if size >= 0 else _UNKNOWN_FILE for size in sizes]
    return sum(shown[:_OPENED_FOR_A_PAGE] if asked.page else shown)
