"""Recent changes: the newest commits by month, and the parts of the code that they touched most."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from docsfy_action.outline.model import PageSpec
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import bullets, count, document, file_link, heading, listing, plain

COMMITS = 30
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesInput:
    """The newest commits, newest first; `paths` are those that still exist."""

    title: str
    commits: tuple[tuple[str, str, str, int, int], ...]
    touched: tuple[tuple[str, int], ...]
    changelog: str


def select(spec: PageSpec, context: Context) -> ChangesInput:
    """Recent first-parent history."""
    recent = context.commits[:COMMITS]
    files = context.code.files
    touched: Counter[str] = Counter(path for commit in recent for path in set(commit.paths) if path in files)
    changelog = next(
        (p for p in sorted(files) if "/" not in p and p.lower().startswith(("changelog", "changes", "history"))), ""
    )
    return ChangesInput(
        title=context.title,
        commits=tuple(
            (commit.sha, commit.subject, commit.date.strftime("%Y-%m-%d"), commit.date.year, commit.date.month)
            for commit in recent
        ),
        touched=tuple(sorted(((p, n) for p, n in touched.items() if n > 1), key=lambda item: (-item[1], item[0])))[:8],
        changelog=changelog,
    )


def write(page: ChangesInput) -> str:
    """The page's Markdown."""
    lead = f"The newest {count(len(page.commits), 'change')} on the documented branch, merged work counted once."
    if page.changelog:
        lead += f" What the authors say of releases is in {file_link(page.changelog)}."
    blocks = [heading(1, "Recent changes"), lead]
    if page.touched:
        blocks += [
            heading(2, "Where most happened"),
            listing(f"{file_link(path)} ({number} changes)" for path, number in page.touched) + ".",
        ]
    # Commits that were rebased or merged late carry dates out of order; each month stands once all the same.
    months: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for sha, subject, date, year, number in page.commits:
        months[year, number].append(f"{date}: <q>{plain(subject)}</q> ([{sha[:7]}](commit:{sha}))")
    for year, number in sorted(months, reverse=True):
        blocks += [heading(2, f"{MONTHS[number - 1]} {year}"), bullets(months[year, number])]
    return document(blocks)
