"""Who decides and writes: the embedded writer alone, or a model for the pages that explain and the embedded writer for the
rest. The pipeline speaks to both in the same way."""

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

from docsfy_action.plan.plan import Plan
from docsfy_action.stages.planning import Knowledge, Outliner, decide
from docsfy_action.stages.run import Run
from docsfy_action.stages.share import ShareStore
from docsfy_action.stages.source import Source
from docsfy_action.stages.verifying import rewritten
from docsfy_action.stages.weighing import Weighed, weighed_embedded
from docsfy_action.stages.writing import Page, report_plan, write_pages, write_some
from docsfy_action.state.store import Loaded, StateStore


class Desk(Protocol):
    """Decides what is done with each page, and does it. What it was opened with it keeps at hand."""

    source: Source
    store: StateStore
    loaded: Loaded
    run: Run

    @property
    def outliner(self) -> Outliner:
        """What adds pages to those that follow from the facts."""

    def decide(self, knowledge: Knowledge) -> Plan:
        """What to do with each page, told in the report as well."""

    def estimate(self, plan: Plan, knowledge: Knowledge) -> None:
        """What the plan would cost, told in the report; for a run that only plans."""

    def weigh(self, plan: Plan, knowledge: Knowledge) -> Weighed:
        """What the pages that have to be written are estimated to take, for a run that is spread over jobs."""

    def write(self, plan: Plan, knowledge: Knowledge) -> Mapping[str, Page]:
        """All pages by slug, in nav order; what other jobs have written is taken over."""

    def write_share(self, plan: Plan, knowledge: Knowledge, share: ShareStore) -> None:
        """Only the pages of a share, into its store; what another attempt has written is there already."""

    def write_again(
        self, knowledge: Knowledge, pages: Mapping[str, Page], refused: Collection[str]
    ) -> Mapping[str, Page]:
        """The pages after the facts were read anew, because some were `refused`; what a model wrote stays as it is."""


@dataclass(kw_only=True)
class Embedded:
    """The embedded writer alone."""

    source: Source
    store: StateStore
    loaded: Loaded
    run: Run

    @property
    def outliner(self) -> Outliner:
        """Nothing is added."""
        return lambda _, __: ()

    def decide(self, knowledge: Knowledge) -> Plan:
        """By comparison with the last run."""
        plan = decide(self.source, knowledge, self.loaded)
        report_plan(plan, knowledge, self.run)
        return plan

    def estimate(self, plan: Plan, knowledge: Knowledge) -> None:
        """Nothing: no call is made."""

    def weigh(self, plan: Plan, knowledge: Knowledge) -> Weighed:
        """By the size of what they are made from."""
        return Weighed(works=weighed_embedded(plan, knowledge))

    def write_share(self, plan: Plan, knowledge: Knowledge, share: ShareStore) -> None:
        """Each page for itself."""
        write_some(plan, knowledge, share, self.run)

    def write(self, plan: Plan, knowledge: Knowledge) -> Mapping[str, Page]:
        """Every page."""
        return write_pages(plan, knowledge, self.store, self.loaded, self.run)

    def write_again(
        self, knowledge: Knowledge, pages: Mapping[str, Page], refused: Collection[str]
    ) -> Mapping[str, Page]:
        """Every page."""
        del pages
        return self.write(rewritten(self.decide(knowledge), refused), knowledge)


def open_desk(source: Source, store: StateStore, loaded: Loaded, run: Run, stack: ExitStack) -> Desk:
    """The desk of this run; a model that it opens is closed with `stack`."""
    if source.chosen is None:
        return Embedded(source=source, store=store, loaded=loaded, run=run)
    # A run without a model imports nothing of it.
    from docsfy_action.stages.modelling import ModelDesk

    return stack.enter_context(ModelDesk(source=source, store=store, loaded=loaded, run=run))
