"""What the jobs of one run write down for each other: the plan, and what became of a shard. Read back, it is believed only as
far as its form goes."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from docsfy_action.lifecycle import PageAction
from docsfy_action.state.model import SCHEMA_VERSION, Count, DigestOrNone, ObjectId, Record, Slug, dump

MAX_SHARDS = 256
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,18})?$")]
Amounts = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
Seconds = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Action = Annotated[PageAction, Field(strict=False)]
SlugOrNone = Annotated[str, StringConstraints(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$", max_length=240)]


class SpentRecord(Record):
    """What was spent on a page; the empty slug stands for what was for no page. `cost` is in US dollars, None where nobody
    knows."""

    page: SlugOrNone
    calls: Amounts
    input_tokens: Amounts = 0
    output_tokens: Amounts = 0
    cached_tokens: Amounts = 0
    cost: Amount | None = None


class WorkRecord(Record):
    """A page that has to be written, and what that is estimated to take, as `plan.shards.Work`."""

    slug: Slug
    milliseconds: Annotated[int, Field(ge=0, le=1_000_000_000)]
    cost: Amount | None = None


class VerdictRecord(Record):
    """What a model said of a page whose ground has changed: what to do with it, and why."""

    slug: Slug
    action: Action
    reason: str


class PlanRecord(Record):
    """What the job that planned has decided for all others.

    `program`, `commit` and `settings` (name → value) are what every job must have in common; `outline` is a digest of which
    pages there are and what each is made from, `base` that of the state that the plan compared with. `works` are the pages to
    write, in nav order, divided over `count` shards; `asked` are the slugs that need a model. `nonce` tells plans apart that
    would be the same and must not be. `absent` says why no model can be called.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    program: str
    commit: ObjectId
    settings: Mapping[str, str]
    outline: str
    base: DigestOrNone = ""
    count: Annotated[int, Field(ge=0, le=MAX_SHARDS)]
    works: Annotated[tuple[WorkRecord, ...], Field(strict=False, max_length=50_000)] = ()
    asked: Annotated[tuple[Slug, ...], Field(strict=False, max_length=50_000)] = ()
    verdicts: Annotated[tuple[VerdictRecord, ...], Field(strict=False, max_length=50_000)] = ()
    nonce: str = ""
    absent: str = ""
    spent: Annotated[tuple[SpentRecord, ...], Field(strict=False, max_length=50_000)] = ()
    warnings: Annotated[tuple[str, ...], Field(strict=False, max_length=1_000)] = ()
    seconds: Mapping[str, Seconds] = Field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Digest of what was decided: a plan made again that decides the same has the same, whatever it spent on it."""
        decided = self.model_copy(update={"spent": (), "warnings": (), "seconds": {}})
        return hashlib.sha256(dump(decided)).hexdigest()


class RowRecord(Record):
    """What became of a page in a shard, for the report. `failed` is one that the model tried and did not write."""

    slug: Slug
    action: Action
    reason: str
    writer: str
    failed: bool = False
    repaired: Count = 0
    removed: Count = 0
    findings: Annotated[tuple[str, ...], Field(strict=False, max_length=1_000)] = ()
    seconds: Seconds = 0.0


class ShardRecord(Record):
    """How far a shard has come with the plan whose digest is `plan`."""

    schema_version: Literal[1] = SCHEMA_VERSION
    plan: DigestOrNone
    index: Count
    count: Count
    rows: Annotated[tuple[RowRecord, ...], Field(strict=False, max_length=50_000)] = ()
    spent: Annotated[tuple[SpentRecord, ...], Field(strict=False, max_length=50_000)] = ()
    warnings: Annotated[tuple[str, ...], Field(strict=False, max_length=1_000)] = ()
    seconds: Seconds = 0.0
    done: bool = False


def amount(cost: Decimal | None) -> str | None:
    """Dollars as they are written down."""
    return None if cost is None else f"{max(cost, Decimal(0)):.12f}"


def dollars(text: str | None) -> Decimal | None:
    """Dollars as they were written down."""
    return None if text is None else Decimal(text)
