"""`report.json` and the action's outputs: one model, filled from a `RunReport`, published as a JSON Schema.

`python -m docsfy_action.report --schema` prints the schema, which stands in docs/report.schema.json.
"""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from docsfy_action import __version__
from docsfy_action.lifecycle import PageAction, RunReport, Stage, Status

SCHEMA_VERSION = 1
REPORT_PATH = "_docsfy/report.json"


def _encodable(text: object) -> object:
    """Surrogate escapes (path names that are no UTF-8) as visible text, which JSON can hold."""
    return text.encode("utf-8", "backslashreplace").decode() if isinstance(text, str) else text


Text = Annotated[str, BeforeValidator(_encodable)]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]


class PageEntry(BaseModel):
    """What the run did with one page."""

    model_config = ConfigDict(frozen=True)

    slug: Annotated[Text, Field(description="Name of the page: `<slug>.html` and `<slug>.md` in the site.")]
    title: Annotated[Text, Field(description="Title of the page.")]
    action: Annotated[PageAction, Field(description="What was done with the page.")]
    reason: Annotated[Text, Field(description="Why, in words.")]
    writer: Annotated[
        Text, Field(description="Who wrote the text: provider and model, or `builtin`; empty where nobody did.")
    ]
    inputs: Annotated[list[Text], Field(description="What the page was made from.")]
    references_checked: Annotated[Count, Field(description="References that were looked up in the commit.")]
    references_unresolved: Annotated[Count, Field(description="References that the commit does not bear out.")]
    quoted_unresolved: Annotated[Count, Field(description="Unknown names inside text quoted from the repository.")]
    repaired: Annotated[Count, Field(description="Claims of a model that did not hold and that it put right.")]
    removed: Annotated[Count, Field(description="Claims of a model that did not hold and were cut out.")]
    findings: Annotated[list[Text], Field(description="What verification has to say about the page.")]
    deferred: Annotated[
        bool,
        Field(
            description="Whether a model was to write the page and did not. The reason says why, and what stands there instead: "
            "the last version, the embedded writer's page, or nothing. The next run tries again."
        ),
    ]
    ai_calls: Annotated[Count, Field(description="Calls of a model made for this page.")]
    input_tokens: Annotated[Count, Field(description="Tokens sent for this page.")]
    output_tokens: Annotated[Count, Field(description="Tokens received for this page.")]
    cost_usd: Annotated[
        Annotated[float, Field(ge=0)] | None,
        Field(description="Cost of this page in US dollars, null where no price is known."),
    ]
    seconds: Annotated[Seconds, Field(description="Time spent on this page.")]


class MentionEntry(BaseModel):
    """A place in a document."""

    model_config = ConfigDict(frozen=True)

    path: Annotated[Text, Field(description="The document, from the top of the repository.")]
    line: Annotated[Count, Field(description="The line, counted from 1.")]


class StaleEntry(BaseModel):
    """A name that a pull request takes away and that documents people wrote still mention."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[Text, Field(description="The name as people write it.")]
    kind: Annotated[Text, Field(description="What it was, such as `function`, `flag`, `environment variable`, `file`.")]
    renamed_to: Annotated[Text, Field(description="Its new name where that is certain, else empty.")]
    path: Annotated[Text, Field(description="The file in which it was.")]
    line: Annotated[
        Count, Field(description="The line of that file, as it is now, at which it went; 0 where the file went too.")
    ]
    mentions: Annotated[list[MentionEntry], Field(description="Where documents mention it.")]


class JobEntry(BaseModel):
    """A job of its own that writes a part of the pages."""

    model_config = ConfigDict(frozen=True)

    shard: Annotated[Text, Field(description="Its name, as `shard` takes it: `2/3`.")]
    pages: Annotated[Count, Field(description="Pages that it writes.")]
    minutes: Annotated[Annotated[float, Field(ge=0)], Field(description="Time that they are estimated to take.")]
    cost_usd: Annotated[
        Annotated[float, Field(ge=0)] | None,
        Field(description="Cost of them as estimated, in US dollars, null where no price is known."),
    ]


class _Versioned(BaseModel):
    model_config = ConfigDict(frozen=True)

    schema_version: Annotated[Literal[1], Field(description="Version of this format; it grows when a key changes.")]


class Outputs(_Versioned):
    """The outputs of the action, in their order; in action.yml with dashes for underscores."""

    status: Annotated[Status, Field(description="`ready`, `error` or `aborted`.")]
    stage: Annotated[Stage, Field(description="The last stage of the run; `up_to_date` where nothing had to be done.")]
    site_dir: Annotated[Text, Field(description="Folder of the site, relative to the workspace.")]
    commit: Annotated[Text, Field(description="The commit that is documented.")]
    previous_commit: Annotated[Text, Field(description="The commit that the run compared with, empty on a first run.")]
    pages_total: Annotated[Count, Field(description="Pages of the documentation: written, kept and failed ones.")]
    pages_written: Annotated[
        Count, Field(description="Pages written anew or in parts; with `phase: plan` those that are to be.")
    ]
    pages_kept: Annotated[Count, Field(description="Pages kept as they were.")]
    pages_removed: Annotated[Count, Field(description="Pages that are no longer there.")]
    pages_failed: Annotated[Count, Field(description="Pages that could not be written; the next run tries again.")]
    ai_calls: Annotated[Count, Field(description="Calls of a model.")]
    input_tokens: Annotated[Count, Field(description="Tokens sent to a model.")]
    output_tokens: Annotated[Count, Field(description="Tokens received from a model.")]
    cost_usd: Annotated[
        Annotated[float, Field(ge=0)] | None, Field(description="Cost in US dollars, empty where no price is known.")
    ]
    unresolved_references: Annotated[
        Count, Field(description="References in the pages that the commit does not bear out.")
    ]
    preview_url: Annotated[Text, Field(description="Address of the pull request's preview.")]
    page_url: Annotated[Text, Field(description="Address of the published site.")]
    matrix: Annotated[
        Text,
        Field(
            description="With `phase: plan`, the value for `strategy.matrix` of the job with `phase: write`, as JSON; empty "
            "where no page has to be written, so that the job is to be skipped."
        ),
    ]
    report: Annotated[Text, Field(description="Path of report.json, relative to the workspace.")]


class ReportDocument(Outputs):
    """The report of one run of docsfy-action."""

    version: Annotated[Text, Field(description="Version of docsfy-action.")]
    dry_run: Annotated[bool, Field(description="Whether the run only planned; its numbers are then estimates.")]
    phase: Annotated[Text, Field(description="Part of the run that the job did, as the input says.")]
    shard: Annotated[Text, Field(description="Which shard it wrote, empty in other phases.")]
    jobs: Annotated[list[JobEntry], Field(description="With `phase: plan`, who writes the pages.")]
    jobs_reason: Annotated[Text, Field(description="Why there are not more of these jobs.")]
    error: Annotated[Text, Field(description="What went wrong, empty where nothing did.")]
    hint: Annotated[Text, Field(description="What to do about the error.")]
    warnings: Annotated[list[Text], Field(description="What should be looked at.")]
    state: Annotated[
        Text,
        Field(
            description="Where the state of earlier runs came from, and its size in the Actions cache with what was left out of "
            "it; empty where it is kept in a folder."
        ),
    ]
    forecast: Annotated[
        Text,
        Field(description="What a run that had no state of earlier ones was expected to spend, empty on other runs."),
    ]
    seconds: Annotated[dict[str, Seconds], Field(description="Time by stage.")]
    pages: Annotated[list[PageEntry], Field(description="Every page, also removed ones.")]
    stale_claims: Annotated[
        list[StaleEntry],
        Field(
            description="On a pull request: names that it removes or renames and that hand-written documents still mention."
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSpec:
    """An output as action.yml names it."""

    name: str
    field: str
    description: str


def output_specs() -> tuple[OutputSpec, ...]:
    """All outputs in the order of action.yml."""
    return tuple(
        OutputSpec(name=name.replace("_", "-"), field=name, description=field.description or "")
        for name, field in Outputs.model_fields.items()
        if name not in _Versioned.model_fields
    )


def document(report: RunReport, *, report_path: str = REPORT_PATH) -> ReportDocument:
    """The report as it is written to disk."""
    pages = [
        PageEntry(
            slug=page.slug,
            title=page.title,
            action=page.action,
            reason=page.reason,
            writer=page.writer,
            inputs=list(page.inputs),
            references_checked=page.references_checked,
            references_unresolved=page.references_unresolved,
            quoted_unresolved=page.quoted_unresolved,
            repaired=page.repaired,
            removed=page.removed,
            findings=list(page.findings),
            deferred=page.deferred,
            ai_calls=page.ai_calls,
            input_tokens=page.input_tokens,
            output_tokens=page.output_tokens,
            cost_usd=None if page.cost_usd is None else round(page.cost_usd, 6),
            seconds=round(page.seconds, 3),
        )
        for page in report.pages
    ]
    return ReportDocument(
        schema_version=1,
        status=report.status,
        stage=report.stage,
        site_dir=report.site_dir,
        commit=report.commit,
        previous_commit=report.previous_commit,
        pages_total=len(report.pages) - report.count(PageAction.REMOVE),
        pages_written=report.count(PageAction.WRITE, PageAction.PATCH),
        pages_kept=report.count(PageAction.KEEP),
        pages_removed=report.count(PageAction.REMOVE),
        pages_failed=report.count(PageAction.FAIL),
        ai_calls=report.ai_calls,
        input_tokens=report.input_tokens,
        output_tokens=report.output_tokens,
        cost_usd=None if report.cost_usd is None else round(report.cost_usd, 6),
        unresolved_references=report.unresolved_references,
        preview_url=report.preview_url,
        page_url=report.page_url,
        matrix=report.matrix,
        report=report_path,
        version=__version__,
        dry_run=report.dry_run,
        phase=report.phase,
        shard=report.shard,
        jobs=[
            JobEntry(
                shard=job.shard,
                pages=job.pages,
                minutes=round(job.minutes, 3),
                cost_usd=None if job.cost_usd is None else round(job.cost_usd, 6),
            )
            for job in report.jobs
        ],
        jobs_reason=report.jobs_reason,
        error=report.error,
        hint=report.hint,
        warnings=list(report.warnings),
        state=report.state,
        forecast=report.forecast,
        seconds={stage: round(seconds, 3) for stage, seconds in report.seconds.items()},
        pages=pages,
        stale_claims=[
            StaleEntry(
                name=one.name,
                kind=one.kind,
                renamed_to=one.renamed_to,
                path=one.path,
                line=one.line,
                mentions=[MentionEntry(path=mention.path, line=mention.line) for mention in one.mentions],
            )
            for one in report.stale
        ],
    )


def report_json(report: RunReport, *, report_path: str = REPORT_PATH) -> bytes:
    """The content of report.json."""
    return document(report, report_path=report_path).model_dump_json(indent=2).encode() + b"\n"


def write_report(report: RunReport, path: Path, *, report_path: str = REPORT_PATH) -> None:
    """Writes report.json, whole or not at all, into a folder that git ignores. Raises OSError.

    The folder may hold links that somebody committed: none of them is written through.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError), (path.parent / ".gitignore").open("xb") as ignore:
        ignore.write(b"*\n")
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    try:
        with unfinished.open("xb") as file:
            file.write(report_json(report, report_path=report_path))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def outputs(report: RunReport, *, report_path: str = REPORT_PATH) -> dict[str, str]:
    """The outputs by their names in action.yml, in that order."""
    values = document(report, report_path=report_path)
    return {spec.name: _output(getattr(values, spec.field)) for spec in output_specs()}


def schema_json() -> bytes:
    """The JSON Schema of report.json."""
    body = ReportDocument.model_json_schema(mode="serialization")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps({**dialect, **body}, indent=2, ensure_ascii=False).encode() + b"\n"


def _output(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def main(argv: Sequence[str]) -> int:
    """Prints the schema."""
    if list(argv) != ["--schema"]:
        sys.stderr.write("Usage: python -m docsfy_action.report --schema\n")
        return 2
    sys.stdout.write(schema_json().decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
