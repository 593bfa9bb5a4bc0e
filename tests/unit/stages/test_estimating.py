"""What a plan would cost, from the requests it would begin with."""

from dataclasses import replace
from decimal import Decimal

from docsfy_action.outline.model import PageKind
from docsfy_action.outline.proposal import PlannedPage
from docsfy_action.providers.choose import Chosen
from docsfy_action.providers.model import Task, Usage
from docsfy_action.repository.snapshot import Entry, Snapshot
from docsfy_action.stages.estimating import Asked, estimated, unplanned
from docsfy_action.stages.planning import Knowledge
from docsfy_action.stages.run import Tally
from tests.unit.providers.fakes import request
from tests.unit.samples import COMMIT, COMMITTED
from tests.unit.stages.runs import knowledge_of

CODE = {f"src/shop/part{number}.py": "def part() -> None:\n    pass\n" for number in range(40)}
PRICED = Chosen(provider="api", model="anthropic:claude-sonnet-5-5")
PAGE = PlannedPage(
    slug="carts",
    title="Carts",
    description="",
    kind=PageKind.GUIDE,
    section="",
    brief="",
    sources=("src/shop/part1.py",),
)


def snapshot(size: int) -> Snapshot:
    """The commit, all its files of one size."""
    entries = {path: Entry(path=path, blob="0" * 40, mode="100644", size=size) for path in CODE}
    return Snapshot(commit=COMMIT, committed=COMMITTED, entries=entries)


def of(*asked: Asked, chosen: Chosen = PRICED, knowledge: Knowledge | None = None, size: int = 100) -> Tally:
    """The estimate for these requests."""
    return estimated(asked, chosen, knowledge or knowledge_of(CODE), snapshot(size))


def asks(task: Task, page: str = "") -> Asked:
    """A request with tools."""
    return Asked(page=page, request=request(task=task, explore=task is not Task.TRIAGE))


def test_without_requests_nothing_is_spent() -> None:
    """Not even the call that asks whether the model is there."""
    found = of()
    assert (found.calls, found.total) == (0, Usage())


def test_every_call_that_may_follow_is_counted() -> None:
    """A page may go back twice, a patch may have to be followed by the whole page, other answers are asked for once more;
    and one call comes before them all."""
    found = of(asks(Task.PAGE, "a"), asks(Task.PATCH, "b"), asks(Task.TRIAGE), knowledge=knowledge_of(CODE))
    assert (found.calls_for("a"), found.calls_for("b"), found.calls_for(""), found.calls) == (3, 4, 3, 10)


def test_pages_without_a_name_cost_as_much_as_the_dearest_with_one() -> None:
    """As many as the outline may have for a project of this size, under the empty slug."""
    knowledge = knowledge_of(CODE)
    assert unplanned([asks(Task.OUTLINE)], knowledge) == 10
    found = of(asks(Task.OUTLINE), asks(Task.PAGE, "index"), knowledge=knowledge)
    alone = of(asks(Task.PAGE, "index"), knowledge=knowledge)
    assert found.calls == alone.calls + 2 + 10 * 3
    assert found.ledger[""].input_tokens >= 10 * alone.ledger["index"].input_tokens


def test_a_small_project_has_few_pages_and_one_that_has_its_outline_gets_few_more() -> None:
    """The outline's prompt says how many; new code adds some; where no outline is asked for, none is added."""
    small = knowledge_of({"src/shop/cart.py": "x = 1\n"})
    assert unplanned([asks(Task.OUTLINE)], small) == 6
    assert unplanned([asks(Task.PAGE, "index")], small) == 0
    assert unplanned([asks(Task.OUTLINE)], replace(small, planned={"carts": PAGE})) == 3


def test_what_a_page_points_to_counts() -> None:
    """Large sources make a page dearer; a file whose size is not known counts like any other."""
    knowledge = replace(knowledge_of(CODE), planned={"carts": PAGE})

    def tokens(size: int) -> int:
        return of(asks(Task.PAGE, "carts"), knowledge=knowledge, size=size).ledger["carts"].input_tokens

    assert tokens(0) < tokens(-1) < tokens(50_000)


def test_a_price_that_nobody_knows_stays_unknown() -> None:
    """Tokens are estimated all the same."""
    found = of(asks(Task.PAGE, "a"), chosen=Chosen(provider="cursor", model="auto"))
    assert found.total.cost_usd is None
    assert found.total.input_tokens > 0
    priced = of(asks(Task.PAGE, "a")).total.cost_usd
    assert priced is not None
    assert priced > Decimal(0)
