"""What the writing of pages is estimated to take, so that it can be divided over jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from docsfy_action.outline.model import PageSpec
from docsfy_action.plan.plan import Plan
from docsfy_action.plan.shards import Work
from docsfy_action.providers.model import Usage
from docsfy_action.stages.planning import Knowledge
from docsfy_action.state.sharing_model import VerdictRecord

# Measured: the 64 pages of cli/cli take half a second in all, the 16 of flask a quarter. Beside a model's pages that is nothing,
# so a rough measure of which page has more to say will do.
_EMBEDDED_MS, _FACTS_IN_A_MS = 3, 50
# Models say some fifty tokens a second, and read a few thousand. Only how work is divided depends on it.
_TOKENS_SAID_IN_A_SECOND, _TOKENS_READ_IN_A_SECOND = 50, 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The pages that have to be written, in nav order; what a single call may cost at most, None where none is made; what a
    model has decided on flagged pages; and why it cannot be called, empty where it can."""

    works: tuple[Work, ...]
    dearest: Decimal | None = None
    verdicts: tuple[VerdictRecord, ...] = ()
    absent: str = ""


def weighed_embedded(
    plan: Plan, knowledge: Knowledge, ours: Callable[[PageSpec], bool] = lambda _: True
) -> tuple[Work, ...]:
    """The embedded writer's pages, by the number of facts that they are made from."""
    specs = (decision.spec for decision in plan.to_write if ours(decision.spec))
    return tuple(
        Work(
            slug=spec.slug,
            milliseconds=_EMBEDDED_MS + len(knowledge.inputs[spec.slug].provenance.facets) // _FACTS_IN_A_MS,
        )
        for spec in specs
    )


def work_of(slug: str, usage: Usage) -> Work:
    """A page that a model writes, by its estimate."""
    seconds = usage.output_tokens / _TOKENS_SAID_IN_A_SECOND + usage.input_tokens / _TOKENS_READ_IN_A_SECOND
    return Work(slug=slug, milliseconds=round(seconds * 1000), cost=usage.cost_usd)
