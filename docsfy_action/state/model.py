"""What a state remembers of a run, and the one place where such text from disk is believed or not."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from docsfy_action.lifecycle import Stage, Status

SCHEMA_VERSION: Literal[1] = 1
MAX_MANIFEST_BYTES = 64_000_000
MAX_PAGES = 50_000

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=240)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
DigestOrNone = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
ObjectId = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
ObjectIdOrNone = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})?$")]
# JSON has neither enumerations nor tuples: these two are converted, everything else must have its type already.
StatusValue = Annotated[Status, Field(strict=False)]
StageValue = Annotated[Stage, Field(strict=False)]
Count = Annotated[int, Field(ge=0)]


class Record(BaseModel):
    """What all records have in common: frozen, strict, and nothing that is not known."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class PageRecord(Record):
    """One page as the last run left it.

    `identity` is what the page is about, `input_digest` and `facets` what it was made from (fact key → facet → hash),
    `content_digest` the SHA-256 of its Markdown, empty where no text is stored. `verified_digest` is what the
    verification's result depends on, so that an unchanged page need not be verified again. `refused_digest` is the
    input digest of a page that was refused although the code was read afresh for it. `failed` marks a page that the run
    could not finish, or withheld, with the `reason` and the `findings`; its text is then that of an earlier run, if
    any. `author` is the provider and model that wrote the text, empty for the embedded writer; `opened` the files that
    it looked at.
    """

    slug: Slug
    title: str
    description: str = ""
    identity: str
    section: str
    kind: str
    writer: str
    subjects: Annotated[tuple[str, ...], Field(strict=False)] = ()
    input_digest: str
    facets: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    content_digest: DigestOrNone
    references_checked: Count = 0
    references_unresolved: Count = 0
    quoted_unresolved: Count = 0
    verified_digest: str = ""
    refused_digest: str = ""
    failed: bool = False
    reason: str = ""
    findings: Annotated[tuple[str, ...], Field(strict=False)] = ()
    author: str = ""
    opened: Annotated[tuple[str, ...], Field(strict=False)] = ()


class Manifest(Record):
    """What a finished run leaves for the next one. Holds no time and nothing of the machine.

    `pages` are in nav order. `settings_digest` covers inputs, prompts and program version. `redirects` leads from
    slugs that went to slugs that are there. `blobs` is the documented tree as path → blob id, so that the next run
    can tell what changed without the old commit. `history` is the commit that the stored history belongs to.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    program: str
    commit: ObjectId
    status: StatusValue
    stage: StageValue
    settings_digest: str
    pages: Annotated[tuple[PageRecord, ...], Field(strict=False, max_length=MAX_PAGES)] = ()
    redirects: Mapping[Slug, Slug] = Field(default_factory=dict)
    blobs: Mapping[str, ObjectId] = Field(default_factory=dict)
    history: ObjectIdOrNone = ""

    @model_validator(mode="after")
    def _slugs_are_unique(self) -> "Manifest":
        slugs = [page.slug for page in self.pages]
        if len(slugs) != len(set(slugs)):
            raise ValueError("two pages have the same slug")
        return self

    @property
    def by_slug(self) -> Mapping[str, PageRecord]:
        """The pages by slug."""
        return {page.slug: page for page in self.pages}


class PlannedRecord(Record):
    """A page that a model's outline asks for, as `outline.proposal.PlannedPage`."""

    slug: Slug
    title: str
    description: str
    kind: str
    section: str
    brief: str
    sources: Annotated[tuple[str, ...], Field(strict=False)]


class OutlineRecord(Record):
    """The outline that a model made: it was paid for, so it is kept the moment it is there and outlives a run that dies.
    `seen` are the source files that it was last made or amended for."""

    schema_version: Literal[1] = SCHEMA_VERSION
    planned: Annotated[tuple[PlannedRecord, ...], Field(strict=False, max_length=MAX_PAGES)] = ()
    seen: Annotated[tuple[str, ...], Field(strict=False)] = ()


class RunRecord(Record):
    """How far the last run came. `base` is the digest of the manifest it began with: once another one is in place, the
    run had saved everything. `started` is for people only."""

    schema_version: Literal[1] = SCHEMA_VERSION
    status: StatusValue
    stage: StageValue
    commit: ObjectIdOrNone = ""
    base: DigestOrNone = ""
    started: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Text from disk that is not what it should be, and why."""

    reason: str


AnyRecord = TypeVar("AnyRecord", bound=Record)


def parse(kind: type[AnyRecord], data: bytes) -> AnyRecord | Unreadable:
    """`data` as a record of this kind, checked down to every value; never raises, whatever the bytes are."""
    if len(data) > MAX_MANIFEST_BYTES:
        return Unreadable(reason=f"it is larger than {MAX_MANIFEST_BYTES // 1_000_000} MB")
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        return Unreadable(reason=f"it is no JSON ({_shortened(str(error))})")
    if isinstance(value, dict) and value.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
        return Unreadable(reason="another version of this program wrote it")
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        return Unreadable(reason=_first_problem(error))


def dump(record: Record) -> bytes:
    """The record as JSON: the same bytes for the same values, whatever the order in which they were put in.

    Everything beyond ASCII is escaped, so that surrogates of paths that are no UTF-8 survive; pydantic's own JSON would
    lose them.
    """
    return json.dumps(record.model_dump(mode="python"), sort_keys=True, separators=(",", ":")).encode("ascii")


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return _shortened(f"{place}: {first['msg']}" if place else first["msg"])


def _shortened(text: str) -> str:
    return ascii(text[:120])[1:-1]
