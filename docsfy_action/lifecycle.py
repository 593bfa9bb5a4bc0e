"""What a run is called while it goes on and after: statuses, stages, and the report everything else is derived from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """The state of a variant; all but `GENERATING` are final."""

    GENERATING = "generating"
    READY = "ready"
    ERROR = "error"
    ABORTED = "aborted"


class Stage(StrEnum):
    """The stages of a run in order; `UP_TO_DATE` stands for a run that had nothing to do."""

    CLONING = "cloning"
    PLANNING = "planning"
    INCREMENTAL_PLANNING = "incremental_planning"
    GENERATING_PAGES = "generating_pages"
    VERIFYING = "verifying"
    RENDERING = "rendering"
    PUBLISHING = "publishing"
    UP_TO_DATE = "up_to_date"


class PageAction(StrEnum):
    """What a run does with one page."""

    WRITE = "write"
    PATCH = "patch"
    KEEP = "keep"
    REMOVE = "remove"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport:
    """One page's row in `report.json`. `repaired` and `removed` count claims of a model that did not hold;
    `cost_usd` is None where the price is unknown. `deferred`: a model was to write the page and did not; what there is
    instead is the last version or the embedded writer's, and the next run tries again."""

    slug: str
    title: str
    action: PageAction
    reason: str
    writer: str
    inputs: tuple[str, ...] = ()
    references_checked: int = 0
    references_unresolved: int = 0
    quoted_unresolved: int = 0
    repaired: int = 0
    removed: int = 0
    findings: tuple[str, ...] = ()
    deferred: bool = False
    ai_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place in a document that people wrote: `path` from the top of the repository, `line` from 1."""

    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleName:
    """A name that a pull request takes away and that documents still mention. `kind` says what it was, in words. `path` is
    where it stood; `line` the line there, in the file as it is now, at which it went, 0 where the file went too. `renamed_to`
    is set where it is certain that the same thing has another name now."""

    kind: str
    name: str
    path: str
    mentions: tuple[Mention, ...]
    line: int = 0
    renamed_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReport:
    """A job that writes a part of the pages: its name (`2/3`), how many pages it writes, and what that is estimated to take;
    `cost_usd` is None where the price is unknown."""

    shard: str
    pages: int
    minutes: float
    cost_usd: float | None = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """The outcome of a run, before it is written as outputs, summary and `report.json`.

    `state` says in one sentence where the state of earlier runs came from, and how large it is where it is kept; `forecast`
    what a run without any was expected to spend. `cost_usd` is None where the provider's price is unknown. With `dry_run`,
    `pages` is what would be done, and calls, tokens and cost are estimates. `preview_note` says why a preview is not shown
    otherwise, or not at all. `stale` is what a pull request makes wrong in documents that people wrote. `unposted` is the
    comment on a pull request that could not be made, as Markdown. `phase` is the part of the run that the job did, `shard` which
    shard it wrote; with `plan`, `pages` is what is to be done, `jobs` says who writes, and `jobs_reason` why there are not more.
    """

    status: Status
    stage: Stage
    site_dir: str = ""
    commit: str = ""
    previous_commit: str = ""
    pages: tuple[PageReport, ...] = ()
    ai_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    preview_url: str = ""
    preview_note: str = ""
    page_url: str = ""
    matrix: str = ""
    phase: str = "all"
    shard: str = ""
    jobs: tuple[JobReport, ...] = ()
    jobs_reason: str = ""
    warnings: tuple[str, ...] = ()
    state: str = ""
    forecast: str = ""
    stale: tuple[StaleName, ...] = ()
    unposted: str = ""
    error: str = ""
    hint: str = ""
    dry_run: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)

    def count(self, *actions: PageAction) -> int:
        """Number of pages that had one of these actions."""
        return sum(page.action in actions for page in self.pages)

    @property
    def unresolved_references(self) -> int:
        """References on published pages that the commit does not bear out (quotations apart)."""
        return sum(page.references_unresolved for page in self.pages)
