"""The part of the pages that one job writes: each is handed over the moment it is done. What a model does not write is left to
the job that puts the site together."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from docsfy_action.lifecycle import PageAction, PageReport
from docsfy_action.providers.model import Usage
from docsfy_action.stages.run import Ledger, Run, Tally
from docsfy_action.state.model import PageRecord
from docsfy_action.state.sharing import Shard, ShardLog
from docsfy_action.state.sharing_model import RowRecord, ShardRecord, SpentRecord, amount, dollars
from docsfy_action.state.store import PageStore


def tally(*records: Collection[SpentRecord]) -> Tally:
    """What these records come to."""
    made: dict[str, int] = {}
    ledger: dict[str, Usage] = {}
    for record in (one for spent in records for one in spent):
        usage = Usage(
            input_tokens=record.input_tokens,
            output_tokens=record.output_tokens,
            cached_tokens=record.cached_tokens,
            cost_usd=dollars(record.cost),
        )
        made[record.page] = made.get(record.page, 0) + record.calls
        ledger[record.page] = ledger.get(record.page, Usage()) + usage
    return Tally(made=made, ledger=ledger)


def spent(ledger: Ledger | None) -> tuple[SpentRecord, ...]:
    """A ledger as it is written down."""
    if ledger is None:
        return ()
    return tuple(
        SpentRecord(
            page=page,
            calls=ledger.calls_for(page),
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cached_tokens=usage.cached_tokens,
            cost=amount(usage.cost_usd),
        )
        for page, usage in sorted(ledger.ledger.items())
    )


@dataclass(kw_only=True)
class ShareStore:
    """Where a job keeps the pages of its share; `base` is the state that the plan was made with, which is only read.
    `earlier` is what an attempt at the same share left."""

    base: PageStore
    log: ShardLog
    run: Run
    empty: ShardRecord
    slugs: frozenset[str]
    earlier: Shard | None = None

    @property
    def owed(self) -> frozenset[str]:
        """The pages of the share that no attempt has written."""
        done = self.earlier.pages if self.earlier is not None else {}
        return frozenset(slug for slug in self.slugs if slug not in done or done[slug].record is None)

    def save_page(self, page: PageRecord, markdown: str) -> None:
        """A page of the share is written down; others are only needed to look at."""
        if page.slug in self.slugs:
            self.log.save_page(page, markdown)

    def read_page(self, slug: str, digest: str) -> str | None:
        """A page of the state."""
        return self.base.read_page(slug, digest)

    def note(self, *, done: bool = False) -> None:
        """Write down how far the share has come."""
        before = self.earlier
        rows = {slug: page.row for slug, page in (before.pages.items() if before is not None else ())}
        now, planned = self.run.pages, self.run.planned
        rows.update({slug: self._row(slug) for slug in self.slugs & now.keys() if now[slug] is not planned.get(slug)})
        self.log.note(
            self.empty.model_copy(
                update={
                    "rows": tuple(rows[slug] for slug in sorted(rows)),
                    "spent": (*(before.record.spent if before is not None else ()), *spent(self.run.ledger)),
                    "warnings": tuple(self.run.warnings),
                    "seconds": sum(self.run.seconds.values()),
                    "done": done,
                }
            )
        )

    def report(self) -> None:
        """From now on the run's report is about the pages of the share."""
        before = self.earlier.pages if self.earlier is not None else {}
        self.run.pages = {
            slug: page if slug in self.owed else _done_before(page, before[slug].row)
            for slug, page in self.run.pages.items()
            if slug in self.slugs
        }

    def _row(self, slug: str) -> RowRecord:
        page = self.run.pages[slug]
        return RowRecord(
            slug=slug,
            action=page.action,
            reason=page.reason,
            writer=page.writer,
            failed=page.action is PageAction.FAIL,
            repaired=page.repaired,
            removed=page.removed,
            findings=page.findings,
            seconds=page.seconds,
        )


def _done_before(page: PageReport, row: RowRecord) -> PageReport:
    return replace(
        page, action=PageAction.KEEP, reason="an earlier attempt at this shard has written it", writer=row.writer
    )
