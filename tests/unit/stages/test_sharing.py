"""A run spread over jobs: keys, limits, and what its jobs have spent."""

from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.inputs.parsing import parse
from docsfy_action.outline.model import PageKind, PageSpec
from docsfy_action.plan.plan import KeepPage, PatchPage, Plan, WritePage
from docsfy_action.plan.provenance import Provenance
from docsfy_action.providers.model import Usage
from docsfy_action.stages.grounding import recalled, verdicts_on
from docsfy_action.stages.handing import Ticket, read_ticket, run_prefix
from docsfy_action.stages.phases import shares_of
from docsfy_action.stages.share import spent, tally
from docsfy_action.stages.weighing import work_of
from docsfy_action.state.actions_cache import MAX_KEY
from docsfy_action.state.sharing_model import PlanRecord, SpentRecord, WorkRecord
from tests.unit.samples import COMMIT

NUMBERS = st.text("0123456789", min_size=1, max_size=20)
PREFIXES = st.sampled_from(["docsfy-1-p-builtin-x-branch-main-y-", "docsfy-1-p-claude-x-pull-7-y-"])

INPUTS = parse(["--max-ai-calls", "10"], {}, cwd=Path("/"), platform="linux")


def spec(slug: str) -> PageSpec:
    """A page of the model."""
    return PageSpec(
        slug=slug, title=slug, description="", kind=PageKind.GUIDE, identity=f"guide:{slug}", writer="model"
    )


@given(NUMBERS, PREFIXES, NUMBERS, PREFIXES)
def test_no_key_of_a_run_is_taken_for_another_s_nor_for_a_state_s(one: str, of: str, other: str, others: str) -> None:
    """Neither is the beginning of the other, unless they are the same."""
    mine, theirs = run_prefix(one, of), run_prefix(other, others)
    assert (mine.startswith(theirs) or theirs.startswith(mine)) is ((one, of) == (other, others))
    assert not mine.startswith(others)
    assert not others.startswith(mine)
    assert len(mine) + 150 < MAX_KEY


@given(st.text(max_size=200))
def test_a_ticket_is_read_or_not(text: str) -> None:
    """Whatever stands in the state of the step."""
    ticket = Ticket(root="/s", folder="/s/o/p/runs/1", index=2, key="k")
    assert read_ticket(text) is None
    assert read_ticket(ticket.model_dump_json()) == ticket


def planned(*spent_on: SpentRecord, count: int = 2) -> PlanRecord:
    """A plan of four pages that cost the same."""
    works = tuple(WorkRecord(slug=slug, milliseconds=60_000, cost="0.5") for slug in "abcd")
    return PlanRecord(program="1", commit=COMMIT, settings={}, outline="", count=count, works=works, spent=spent_on)


@given(st.integers(0, 12), st.decimals(0, 9, places=3), st.integers(1, 9))
def test_shards_and_plan_together_never_spend_more_than_the_job_s_own_limits(
    calls: int, cost: Decimal, count: int
) -> None:
    """Whatever the plan says that it has spent."""
    parts = shares_of(planned(SpentRecord(page="", calls=calls, cost=str(cost)), count=count), INPUTS)
    assert sum(part.limits.calls or 0 for part in parts) == max(0, 10 - calls)
    left = max(Decimal(0), 5 - cost)
    assert left - Decimal("0.01") < sum((part.limits.cost or Decimal(0) for part in parts), start=Decimal(0)) <= left


def test_what_jobs_have_spent_adds_up() -> None:
    """By page and in all; a price that nobody knows makes the sum unknown."""
    one = SpentRecord(page="a", calls=2, input_tokens=10, output_tokens=3, cost="0.25")
    other = SpentRecord(page="a", calls=1, input_tokens=5, output_tokens=1, cost="0.5")
    both = tally([one], [other, SpentRecord(page="", calls=1, cost="0.125")])
    assert (both.calls, both.calls_for("a"), both.calls_for("")) == (4, 3, 1)
    assert both.ledger["a"] == Usage(input_tokens=15, output_tokens=4, cost_usd=Decimal("0.75"))
    assert both.total.cost_usd == both.cost == Decimal("0.875")
    assert tally(spent(both)) == both
    assert tally([one], [SpentRecord(page="b", calls=1)]).total.cost_usd is None
    assert spent(None) == ()


def test_a_page_s_time_follows_from_its_tokens() -> None:
    """What is said takes longer than what is read."""
    said = work_of("a", Usage(output_tokens=3_000, cost_usd=Decimal(1)))
    read = work_of("a", Usage(input_tokens=3_000, cost_usd=None))
    assert (said.milliseconds, said.cost) == (60_000, Decimal(1))
    assert (read.milliseconds, read.cost) == (1_000, None)


def test_what_a_model_said_of_flagged_pages_goes_for_other_jobs() -> None:
    """Kept, patched and written again, each as it was decided; a page that nothing was said of stays flagged."""
    flagged = [PatchPage(spec=spec(slug), reason="flagged") for slug in ("a", "b", "c", "d")]
    settled = Plan(
        decisions=(
            KeepPage(spec=spec("a"), reason="untouched"),
            flagged[1],
            WritePage(spec=spec("c"), reason="all of it"),
            KeepPage(spec=spec("e"), reason="nothing changed"),
        )
    )
    verdicts = verdicts_on({"a", "b", "c"}, settled)
    assert [(one.slug, one.action.value) for one in verdicts] == [("a", "keep"), ("b", "patch"), ("c", "write")]
    now = {slug: Provenance(digest=slug, facets={}) for slug in "abcd"}
    plan, kept = recalled(Plan(decisions=tuple(flagged)), verdicts, now)
    assert plan.decisions == (settled.decisions[0], flagged[1], settled.decisions[2], flagged[3])
    assert kept == {"a": now["a"]}
