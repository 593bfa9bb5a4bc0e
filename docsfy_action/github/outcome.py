"""What a run has come to, in plain sentences that every form of summary shares."""

from collections import Counter
from dataclasses import dataclass

from docsfy_action.github.console import TITLES, duration
from docsfy_action.lifecycle import PageAction, RunReport, Stage, Status

DONE = {
    PageAction.WRITE: "written",
    PageAction.PATCH: "updated in parts",
    PageAction.KEEP: "kept",
    PageAction.REMOVE: "removed",
    PageAction.FAIL: "failed",
}
PLANNED = {
    PageAction.WRITE: "to be written",
    PageAction.PATCH: "to be updated in parts",
    PageAction.KEEP: "to be kept",
    PageAction.REMOVE: "to be removed",
    PageAction.FAIL: "failed",
}
_EMBEDDED = "builtin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What both forms say, worked out once. Every text is plain and may hold foreign text."""

    headline: str
    pages: str
    commit: str
    writers: str
    calls: str
    references: str
    seconds: str


def facts(report: RunReport) -> Facts:
    """The sentences of a summary."""
    return Facts(
        headline=_headline(report),
        pages=_pages(report),
        commit=_commit(report),
        writers=_writers(report),
        calls=_calls(report),
        references=_references(report),
        seconds=duration(sum(report.seconds.values())) if report.seconds else "",
    )


def _headline(report: RunReport) -> str:
    if report.status is Status.ABORTED:
        return f"The run was cancelled while {_doing(report.stage)}; finished pages are kept"
    if report.status is Status.ERROR and report.stage is Stage.CLONING:
        return "The documentation could not be started"
    if report.status is Status.ERROR:
        return f"The documentation could not be finished: it failed while {_doing(report.stage)}"
    if report.dry_run:
        return "Plan of the documentation; nothing was written"
    return _done(report)


def _done(report: RunReport) -> str:
    """What a run that ended well has done."""
    if not report.commit:
        return "The comment that the run before left is seen to"
    if report.phase == "plan":
        return _planned(report)
    if report.phase == "write":
        return f"The shard {report.shard} of the pages is written"
    if report.stage is Stage.UP_TO_DATE:
        return "The documentation is up to date; nothing had to be written"
    return "The documentation is ready"


def _planned(report: RunReport) -> str:
    owed = report.count(PageAction.WRITE, PageAction.PATCH)
    if not owed:
        return "Nothing has to be written"
    return f"{counted(owed, 'page')} to write, in {counted(len(report.jobs), 'job')}"


def only_plans(report: RunReport) -> bool:
    """Whether pages are only told of."""
    return report.dry_run or report.phase == "plan"


def _doing(stage: Stage) -> str:
    return TITLES[stage][0].lower() + TITLES[stage][1:]


def _pages(report: RunReport) -> str:
    names = PLANNED if only_plans(report) else DONE
    counts = [(report.count(action), names[action]) for action in PageAction]
    parts = ", ".join(f"{count} {name}" for count, name in counts if count)
    total = len(report.pages) - report.count(PageAction.REMOVE)
    return f"{total} ({parts})" if parts else ""


def _commit(report: RunReport) -> str:
    if not report.commit:
        return ""
    since = report.previous_commit[:10]
    compared = f", compared with `{since}`" if since and since != report.commit[:10] else ""
    return f"`{report.commit[:10]}`{compared}"


def _writers(report: RunReport) -> str:
    """Who wrote the pages of the site, where a model is among them."""
    writers = Counter(page.writer for page in report.pages if page.writer and page.action is not PageAction.REMOVE)
    if not set(writers) - {_EMBEDDED}:
        return ""
    ordered = sorted(writers.items(), key=lambda item: (item[0] == _EMBEDDED, item[0]))
    first, *others = [f"{count:,} by {_writer(writer)}" for writer, count in ordered]
    return ", ".join([first.replace(" by ", " pages by " if ordered[0][1] != 1 else " page by ", 1), *others])


def _writer(writer: str) -> str:
    return "the embedded writer" if writer == _EMBEDDED else f"`{writer}`"


def _calls(report: RunReport) -> str:
    if not report.ai_calls:
        return "no calls" if _writers(report) else ""
    cost = dollars(report.cost_usd, unknown="cost unknown")
    tokens = f"{report.input_tokens:,} tokens in, {report.output_tokens:,} out"
    calls = counted(report.ai_calls, "call")
    if report.dry_run:
        return f"at most {calls}; upper estimate {tokens}, {cost}"
    return f"{calls}, {tokens}, {cost}"


def _references(report: RunReport) -> str:
    checked = sum(page.references_checked for page in report.pages)
    if not checked:
        return ""
    quoted = sum(page.quoted_unresolved for page in report.pages)
    repaired, removed = sum(page.repaired for page in report.pages), sum(page.removed for page in report.pages)
    claims = [
        f"{counted(number, 'claim')} {how}"
        for number, how in ((repaired, "put right by the model"), (removed, "cut out"))
        if number
    ]
    tail = f" ({', '.join(claims)})" if claims else ""
    tail += f"; {quoted} unknown in quoted text" if quoted else ""
    unresolved = report.unresolved_references
    return f"{checked:,} checked, {f'{unresolved:,} not borne out by the code' if unresolved else 'all found'}{tail}"


def dollars(cost: float | None, *, unknown: str) -> str:
    """Cents; fractions of a cent where there is nothing else."""
    if cost is None:
        return unknown
    return f"${cost:.2f}" if not cost or cost >= 0.01 else f"${cost:.4f}"


def counted(count: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
