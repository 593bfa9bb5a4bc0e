"""What a run says at its end: the job summary as Markdown, and the same for a person at a terminal."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from docsfy_action.github import markdown
from docsfy_action.github.commands import one_line
from docsfy_action.github.console import duration
from docsfy_action.github.outcome import DONE, PLANNED, counted, dollars, facts, only_plans
from docsfy_action.github.terminal import Style
from docsfy_action.lifecycle import PageAction, PageReport, RunReport, StaleName, Status

_SHOWN = 20  # pages of each kind that a terminal shows
_MARKDOWN_SHOWN = 200
_CHANGED = (PageAction.FAIL, PageAction.WRITE, PageAction.PATCH, PageAction.REMOVE)
_DEFERRED = "kept, to be tried again"


def job_summary(report: RunReport, *, report_path: str, run_url: str = "") -> str:
    """The summary of a workflow step as GitHub Markdown. `run_url` is the run's page, where it offers artifacts;
    without `report_path` there is no report to point to."""
    says = facts(report)
    blocks = [f"## {says.headline}"]
    if report.error:
        # The message may list several problems, one a line.
        lines = [markdown.text(line) for line in report.error.splitlines() if line.strip()]
        blocks.append("> [!CAUTION]\n> " + "<br>\n> ".join(lines))
    if report.hint:
        blocks.append(f"**What to do:** {markdown.text(report.hint)}")
    rows = [
        ("Site", _site_markdown(report, run_url)),
        ("Preview", markdown.text(report.preview_note)),
        ("Pages", markdown.text(says.pages)),
        ("Commit", markdown.text(says.commit)),
        ("Writers", markdown.text(says.writers)),
        ("Model", markdown.text(says.calls)),
        ("Expected", markdown.text(report.forecast)),
        ("References", markdown.text(says.references)),
        ("State", markdown.text(report.state)),
        ("Time", says.seconds),
    ]
    if any(value for _, value in rows):
        blocks.append("\n".join(f"- **{name}:** {value}" for name, value in rows if value))
    blocks += _jobs_markdown(report)
    blocks += _page_tables(report)
    blocks += _findings_markdown(report)
    blocks += _stale_markdown(report)
    if report.warnings:
        warnings = "\n".join(f"- {markdown.text(warning)}" for warning in report.warnings)
        blocks.append(f"### {counted(len(report.warnings), 'warning')}\n\n{warnings}")
    if report.unposted:
        blocks.append(f"---\n\n{report.unposted.strip()}")
    if report_path:
        blocks.append(f"<sub>Everything in detail: {markdown.code(report_path)}</sub>")
    return "\n\n".join(blocks) + "\n"


def terminal_summary(report: RunReport, *, report_path: str, style: Style) -> str:
    """The summary for a person at a terminal or reading a log."""
    says = facts(report)
    colour = {Status.READY: style.good, Status.ERROR: style.bad}.get(report.status, style.warn)
    time = f" ({says.seconds})" if says.seconds else ""
    lines = ["", style.bold(colour(f"{says.headline}{time}"))]
    if report.error:
        lines += ["", *(f"  {line}" for line in map(one_line, report.error.splitlines()) if line)]
    if report.hint:
        lines += ["", f"  What to do: {_plain(report.hint)}"]
    rows = [
        ("Site", _site_terminal(report)),
        ("Preview", report.preview_note),
        ("Pages", says.pages),
        ("Commit", says.commit),
        ("Writers", says.writers),
        ("Model", says.calls),
        ("Expected", report.forecast),
        ("References", says.references),
        ("State", report.state),
        ("Report", report_path),
    ]
    lines += ["", *(f"  {style.dim(f'{name:<11}')} {_plain(value)}" for name, value in rows if value)]
    lines += _jobs_terminal(report, style)
    for title, pages in _groups(report).items():
        lines += _page_list(title, pages, style, most="at most " if report.dry_run else "")
    lines += _findings_terminal(report, style)
    lines += _stale_terminal(report, style)
    lines += ["", *(f"  {style.warn('warning:')} {_plain(warning)}" for warning in report.warnings)]
    while not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def _site_markdown(report: RunReport, run_url: str) -> str:
    places = []
    if report.page_url:
        places.append(f"[published]({_target(report.page_url)})")
    if report.preview_url:
        places.append(f"[preview]({_target(report.preview_url)})")
    if report.site_dir and _has_site(report):
        places.append(markdown.code(report.site_dir))
    if run_url and report.site_dir and _has_site(report):
        places.append(f"[artifacts of this run]({_target(run_url)}#artifacts)")
    return " · ".join(places)


def _has_site(report: RunReport) -> bool:
    """Whether the job makes a site: one that plans, or writes a shard, does not."""
    return not report.dry_run and report.phase not in {"plan", "write"}


def _target(url: str) -> str:
    """An address inside the parentheses of a link."""
    return one_line(url).replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("|", "%7C")


def _site_terminal(report: RunReport) -> str:
    if report.page_url or report.preview_url:
        return report.page_url or report.preview_url
    if report.site_dir and report.status is Status.READY and _has_site(report):
        return f"{report.site_dir}/index.html (open it in a browser)"
    return ""


def _jobs_markdown(report: RunReport) -> Iterator[str]:
    """Who writes what, and what that is estimated to take."""
    if not report.jobs:
        return
    paid = any(job.cost_usd != 0 for job in report.jobs)
    heads = ["Shard", "Pages", "Time, as estimated", *(["Cost, as estimated"] if paid else [])]
    lines = [_row(heads), _row(["---", *["--:"] * (len(heads) - 1)])]
    for job in report.jobs:
        cost = [markdown.text(dollars(job.cost_usd, unknown="unknown"))] if paid else []
        lines.append(_row([markdown.code(job.shard), str(job.pages), _about(job.minutes), *cost]))
    yield f"### {counted(len(report.jobs), 'job')}"
    yield "\n".join(lines)
    if report.jobs_reason:
        yield f"Not more of them: {markdown.text(report.jobs_reason)}"


def _about(minutes: float) -> str:
    return "under a second" if minutes * 60 < 1 else f"about {duration(minutes * 60)}"


def _jobs_terminal(report: RunReport, style: Style) -> list[str]:
    if not report.jobs:
        return []
    paid = any(job.cost_usd != 0 for job in report.jobs)
    lines = ["", f"  {style.bold('Jobs')}"]
    for job in report.jobs:
        cost = f", {dollars(job.cost_usd, unknown='cost unknown')}" if paid else ""
        lines.append(f"    {job.shard:<7}  {counted(job.pages, 'page')}, {_about(job.minutes)}{cost}")
    return [*lines, f"    {style.dim(f'Not more of them: {_plain(report.jobs_reason)}')}"]


def _page_tables(report: RunReport) -> Iterator[str]:
    changed = [(title, page) for title, pages in _groups(report).items() for page in pages]
    if not changed:
        return
    paid = any(page.ai_calls for _, page in changed)
    figures = ["Calls", "Tokens in", "Tokens out", "Cost"]
    if report.dry_run:
        figures = ["Calls, at most", *figures[1:]]
    heads = ["Page", "", "Why", "Writer", *(figures if paid else [])]
    rules = ["---"] * 4 + ["--:"] * (len(heads) - 4)
    lines = [_row(heads), _row(rules)]
    for title, page in changed[:_MARKDOWN_SHOWN]:
        cells = (_name(page), title, markdown.text(page.reason), markdown.text(page.writer))
        lines.append(_row([*cells, *(_figures(page) if paid else [])]))
    if len(changed) > _MARKDOWN_SHOWN:
        lines.append(_row([f"… and {len(changed) - _MARKDOWN_SHOWN} more", *[""] * (len(heads) - 1)]))
    yield "### Pages that would change" if only_plans(report) else "### Pages that changed"
    yield "\n".join(lines)


def _groups(report: RunReport) -> Mapping[str, Sequence[PageReport]]:
    """Pages by what was done with them, the most urgent first; those that stayed as they were meant to are left out."""
    names = PLANNED if only_plans(report) else DONE
    groups = {names[action]: [page for page in report.pages if page.action is action] for action in _CHANGED}
    deferred = [page for page in report.pages if page.deferred and page.action is PageAction.KEEP]
    found = {names[PageAction.FAIL]: groups.pop(names[PageAction.FAIL]), _DEFERRED: deferred, **groups}
    return {title: pages for title, pages in found.items() if pages}


def _row(cells: Sequence[str]) -> str:
    return re.sub(r" {2,}", " ", f"| {' | '.join(cells)} |")


def _figures(page: PageReport) -> Sequence[str]:
    """What a page has cost; empty cells for one that no call was made for."""
    if not page.ai_calls:
        return ["", "", "", ""]
    tokens = [f"{page.input_tokens:,}", f"{page.output_tokens:,}"]
    return [str(page.ai_calls), *tokens, markdown.text(dollars(page.cost_usd, unknown="unknown"))]


def _name(page: PageReport) -> str:
    return f"{markdown.text(page.title or page.slug)} {markdown.code(page.slug)}"


def _findings_markdown(report: RunReport) -> Iterator[str]:
    pages = [page for page in report.pages if page.findings]
    if not pages:
        return
    yield "### What verification found"
    found = [f"- {_name(page)}: {markdown.text(finding)}" for page in pages for finding in page.findings]
    more = [f"- … and {len(found) - _MARKDOWN_SHOWN} more"] if len(found) > _MARKDOWN_SHOWN else []
    yield "\n".join([*found[:_MARKDOWN_SHOWN], *more])


def _stale_markdown(report: RunReport) -> Iterator[str]:
    """Names that documents still mention; where the comment could not be made it stands in the summary and says so too."""
    if not report.stale or report.unposted:
        return
    yield "### Documents that this change makes wrong"
    found = [
        f"- {markdown.code(one.name)} ({markdown.text(one.kind)}) {_fate(one, markdown.code)}, and is mentioned in "
        + ", ".join(markdown.code(f"{mention.path}:{mention.line}") for mention in one.mentions)
        for one in report.stale
    ]
    more = [f"- … and {len(found) - _MARKDOWN_SHOWN} more"] if len(found) > _MARKDOWN_SHOWN else []
    yield "\n".join([*found[:_MARKDOWN_SHOWN], *more])


def _fate(one: StaleName, shown: Callable[[str], str]) -> str:
    return f"is now {shown(one.renamed_to)}" if one.renamed_to else "is gone"


def _page_list(title: str, pages: Sequence[PageReport], style: Style, *, most: str) -> list[str]:
    width = min(max(len(page.slug) for page in pages[:_SHOWN]), 36)
    lines = ["", f"  {style.bold(title[0].upper() + title[1:])}"]
    lines += [f"    {one_line(page.slug):<{width}}  {style.dim(_why(page, most))}" for page in pages[:_SHOWN]]
    return [*lines, *_more(len(pages))]


def _why(page: PageReport, most: str) -> str:
    cost = f", {dollars(page.cost_usd, unknown='cost unknown')}"
    calls = f" ({most}{counted(page.ai_calls, 'call')}{cost})" if page.ai_calls else ""
    return f"{_plain(page.reason)}{calls}"


def _findings_terminal(report: RunReport, style: Style) -> list[str]:
    found = [(page.slug, finding) for page in report.pages for finding in page.findings]
    if not found:
        return []
    lines = [f"    {one_line(slug)}: {_plain(finding)}" for slug, finding in found[:_SHOWN]]
    return ["", f"  {style.bold('What verification found')}", *lines, *_more(len(found))]


def _stale_terminal(report: RunReport, style: Style) -> list[str]:
    if not report.stale:
        return []
    lines = [
        f"    {one_line(mention.path)}:{mention.line}: {one_line(one.name)} ({one_line(one.kind)}) {_fate(one, one_line)}"
        for one in report.stale
        for mention in one.mentions
    ]
    return ["", f"  {style.bold('Documents that this change makes wrong')}", *lines[:_SHOWN], *_more(len(lines))]


def _more(count: int) -> Sequence[str]:
    return [f"    … and {count - _SHOWN} more, see the report"] if count > _SHOWN else []


def _plain(text: str) -> str:
    return one_line(text).replace("`", "")
