"""What a run says at its end."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from docsfy_action.github import markdown
from docsfy_action.github.summary import job_summary, terminal_summary
from docsfy_action.github.terminal import Style
from docsfy_action.lifecycle import JobReport, Mention, PageAction, PageReport, RunReport, Stage, StaleName, Status


def page(slug: str, action: PageAction, reason: str = "a reason", **more: object) -> PageReport:
    """A page of a report."""
    fields: dict[str, object] = {"slug": slug, "title": slug.title(), "action": action, "reason": reason}
    return PageReport(**{**fields, "writer": "builtin", **more})  # type: ignore[arg-type]  # fields by name


REPORT = RunReport(
    status=Status.READY,
    stage=Stage.RENDERING,
    site_dir="_docsfy/site",
    commit="0123456789abcdef",
    previous_commit="fedcba9876543210",
    pages=(
        page("index", PageAction.KEEP, references_checked=1000, quoted_unresolved=3),
        page("client", PageAction.WRITE, "`Client.get` changed its signature", references_checked=200),
        page("usage", PageAction.PATCH, "the command `make test` is new"),
        page("old", PageAction.REMOVE, "`old.py` is gone"),
        page("slow", PageAction.FAIL, "the model timed out", findings=("line 3: `x.py` does not exist",)),
    ),
    ai_calls=2,
    input_tokens=12345,
    output_tokens=678,
    cost_usd=0.5,
    warnings=("2 uncommitted changes are not documented.",),
    seconds={"cloning": 1.0, "rendering": 2.5},
)


def terminal(report: RunReport) -> str:
    """The summary without colours."""
    return terminal_summary(report, report_path="_docsfy/report.json", style=Style(enabled=False))


def test_the_terminal_says_where_the_site_is_and_what_changed() -> None:
    """All that a person needs to act, and nothing else."""
    assert (
        terminal(REPORT)
        == """
The documentation is ready (3.5 s)

  Site        _docsfy/site/index.html (open it in a browser)
  Pages       4 (1 written, 1 updated in parts, 1 kept, 1 removed, 1 failed)
  Commit      0123456789, compared with fedcba9876
  Model       2 calls, 12,345 tokens in, 678 out, $0.50
  References  1,200 checked, all found; 3 unknown in quoted text
  Report      _docsfy/report.json

  Failed
    slow  the model timed out

  Written
    client  Client.get changed its signature

  Updated in parts
    usage  the command make test is new

  Removed
    old  old.py is gone

  What verification found
    slow: line 3: x.py does not exist

  warning: 2 uncommitted changes are not documented.
"""
    )


def test_the_job_summary_says_the_same_as_markdown() -> None:
    """With names as code, and a link to what can be downloaded."""
    text = job_summary(REPORT, report_path="_docsfy/report.json", run_url="https://example.com/runs/1")
    assert (
        text
        == """\
## The documentation is ready

- **Site:** `_docsfy/site` · [artifacts of this run](https://example.com/runs/1#artifacts)
- **Pages:** 4 (1 written, 1 updated in parts, 1 kept, 1 removed, 1 failed)
- **Commit:** `0123456789`, compared with `fedcba9876`
- **Model:** 2 calls, 12,345 tokens in, 678 out, &#36;0.50
- **References:** 1,200 checked, all found; 3 unknown in quoted text
- **Time:** 3.5 s

### Pages that changed

| Page | | Why | Writer |
| --- | --- | --- | --- |
| Slow `slow` | failed | the model timed out | builtin |
| Client `client` | written | `Client.get` changed its signature | builtin |
| Usage `usage` | updated in parts | the command `make test` is new | builtin |
| Old `old` | removed | `old.py` is gone | builtin |

### What verification found

- Slow `slow`: line 3: `x.py` does not exist

### 1 warning

- 2 uncommitted changes are not documented.

<sub>Everything in detail: `_docsfy/report.json`</sub>
"""
    )


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({}, "The documentation is ready"),
        ({"stage": Stage.UP_TO_DATE}, "The documentation is up to date; nothing had to be written"),
        ({"dry_run": True}, "Plan of the documentation; nothing was written"),
        ({"status": Status.ERROR, "stage": Stage.CLONING}, "The documentation could not be started"),
        (
            {"status": Status.ERROR, "stage": Stage.VERIFYING},
            "The documentation could not be finished: it failed while verifying",
        ),
        (
            {"status": Status.ABORTED, "stage": Stage.GENERATING_PAGES},
            "The run was cancelled while writing pages; finished pages are kept",
        ),
    ],
)
def test_the_first_line_says_how_it_went(changes: dict[str, object], headline: str) -> None:
    """A reader who sees one line knows whether to read on."""
    report = replace(REPORT, **changes)  # type: ignore[arg-type]  # fields by name
    assert terminal(report).splitlines()[1] == f"{headline} (3.5 s)"
    assert job_summary(report, report_path="r").splitlines()[0] == f"## {headline}"


def test_an_error_says_what_to_do() -> None:
    """The message, line by line, and the hint; no empty table, no site that is not there."""
    report = RunReport(status=Status.ERROR, stage=Stage.CLONING, error="2 things:\n- a\n- b", hint="Check `out` first.")
    assert (
        terminal(report)
        == """
The documentation could not be started

  2 things:
  - a
  - b

  What to do: Check out first.

  Report      _docsfy/report.json
"""
    )
    assert (
        job_summary(report, report_path="r.json")
        == """\
## The documentation could not be started

> [!CAUTION]
> 2 things:<br>
> &#45; a<br>
> &#45; b

**What to do:** Check `out` first.

<sub>Everything in detail: `r.json`</sub>
"""
    )


def test_a_report_that_could_not_be_written_is_not_pointed_to() -> None:
    """An empty path is no place to send a reader to."""
    assert "report" not in terminal_summary(REPORT, report_path="", style=Style(enabled=False)).lower()
    assert "detail" not in job_summary(REPORT, report_path="")


def test_a_plan_speaks_of_what_would_be_done() -> None:
    """A dry run has written nothing, and its figures are estimates."""
    report = replace(REPORT, dry_run=True, cost_usd=None)
    text = terminal(report)
    assert "1 to be written, 1 to be updated in parts, 1 to be kept, 1 to be removed" in text
    assert "at most 2 calls; upper estimate 12,345 tokens in, 678 out, cost unknown" in text
    assert "To be written\n    client" in text
    assert "index.html" not in text
    summary = job_summary(report, report_path="r", run_url="https://example.com/runs/1")
    assert "### Pages that would change" in summary
    assert "**Site:**" not in summary


def test_a_job_that_plans_says_who_writes_and_a_shard_what_it_wrote() -> None:
    """The table of the jobs with what they are estimated to take, and the reason for their number; neither has a site."""
    jobs = (
        JobReport(shard="1/2", pages=3, minutes=2.5, cost_usd=0.25),
        JobReport(shard="2/2", pages=1, minutes=0.001, cost_usd=None),
    )
    report = replace(REPORT, phase="plan", jobs=jobs, jobs_reason="`max-shards` allows 2.")
    said = job_summary(report, report_path="r.json")
    assert "in 2 jobs" in said.splitlines()[0]
    assert "| `1/2` | 3 | about 2 min 30 s | &#36;0.25 |" in said
    assert "| `2/2` | 1 | under a second | unknown |" in said
    assert "Not more of them: `max-shards` allows 2." in said
    assert "to be written" in said
    assert "**Site:**" not in said
    shown = terminal_summary(report, report_path="r.json", style=Style(enabled=False))
    assert "1/2      3 pages, about 2 min 30 s, $0.25" in shown
    assert job_summary(replace(REPORT, phase="plan", pages=()), report_path="").startswith(
        "## Nothing has to be written"
    )
    shard = job_summary(replace(REPORT, phase="write", shard="2/3"), report_path="")
    assert shard.startswith("## The shard 2/3 of the pages is written")
    assert "**Site:**" not in shard


def test_a_plan_with_a_model_gives_upper_figures_for_each_page() -> None:
    """They are called what they are, here and there."""
    report = replace(WITH_MODEL, dry_run=True)
    assert "index  new page (at most 2 calls, $0.04)" in terminal(report)
    assert "| Calls, at most | Tokens in | Tokens out | Cost |" in job_summary(report, report_path="r")


CLAUDE = "claude claude-opus-4-6[1m]"
WITH_MODEL = replace(
    REPORT,
    pages=(
        page("index", PageAction.WRITE, "new page", writer=CLAUDE, ai_calls=2, input_tokens=9000, output_tokens=800,
             cost_usd=0.041, references_checked=80, repaired=2, removed=1),
        page("late", PageAction.KEEP, "kept: all 3 calls were made", writer=CLAUDE, deferred=True),
        page("usage", PageAction.WRITE, "by the embedded writer: it was refused", deferred=True, ai_calls=1,
             input_tokens=10, output_tokens=0, cost_usd=None),
        page("carts", PageAction.FAIL, "left out: it was refused", writer="", deferred=True, ai_calls=1, input_tokens=10,
             cost_usd=0.0003),
        page("old", PageAction.KEEP, writer=CLAUDE),
        page("gone", PageAction.REMOVE, "`gone.py` is gone", writer=CLAUDE),
    ),
)  # fmt: skip


def test_a_run_with_a_model_says_who_wrote_what_and_what_each_page_cost() -> None:
    """The total with the writers of the site's pages; a page's calls, tokens and dollars; a price that nobody knows is
    unknown, and small ones show. Pages that the model did not write are told with the reason, also those that were kept."""
    assert (
        terminal(WITH_MODEL)
        == """
The documentation is ready (3.5 s)

  Site        _docsfy/site/index.html (open it in a browser)
  Pages       5 (2 written, 2 kept, 1 removed, 1 failed)
  Commit      0123456789, compared with fedcba9876
  Writers     3 pages by claude claude-opus-4-6[1m], 1 by the embedded writer
  Model       2 calls, 12,345 tokens in, 678 out, $0.50
  References  80 checked, all found (2 claims put right by the model, 1 claim cut out)
  Report      _docsfy/report.json

  Failed
    carts  left out: it was refused (1 call, $0.0003)

  Kept, to be tried again
    late  kept: all 3 calls were made

  Written
    index  new page (2 calls, $0.04)
    usage  by the embedded writer: it was refused (1 call, cost unknown)

  Removed
    gone  gone.py is gone

  warning: 2 uncommitted changes are not documented.
"""
    )
    table = job_summary(WITH_MODEL, report_path="r").partition("### Pages that changed\n\n")[2].partition("\n\n")[0]
    assert (
        table
        == """\
| Page | | Why | Writer | Calls | Tokens in | Tokens out | Cost |
| --- | --- | --- | --- | --: | --: | --: | --: |
| Carts `carts` | failed | left out: it was refused | | 1 | 10 | 0 | &#36;0.0003 |
| Late `late` | kept, to be tried again | kept: all 3 calls were made | claude claude-opus-4-6&#91;1m&#93; | | | | |
| Index `index` | written | new page | claude claude-opus-4-6&#91;1m&#93; | 2 | 9,000 | 800 | &#36;0.04 |
| Usage `usage` | written | by the embedded writer: it was refused | builtin | 1 | 10 | 0 | unknown |
| Gone `gone` | removed | `gone.py` is gone | claude claude-opus-4-6&#91;1m&#93; | | | | |"""
    )


def test_a_run_with_a_model_that_asked_nothing_says_so() -> None:
    """Nothing was spent: that is what its owner wants to know."""
    quiet = replace(WITH_MODEL, ai_calls=0, pages=(page("index", PageAction.KEEP, writer=CLAUDE),))
    assert "Model       no calls\n" in terminal(quiet)
    assert "Writers     1 page by claude" in terminal(quiet)


def test_unresolved_references_are_counted_in_words() -> None:
    """The one number that says whether the documentation is true."""
    report = replace(REPORT, pages=(page("a", PageAction.WRITE, references_checked=9, references_unresolved=2),))
    assert "9 checked, 2 not borne out by the code" in terminal(report)


def test_the_state_and_what_was_expected_are_told() -> None:
    """How large the state is, what was left out of it, and what a run without any was expected to cost; else neither line."""
    report = replace(REPORT, state="9 pages, without history", forecast="This is a full run.")
    assert "State       9 pages, without history\n" in terminal(report)
    assert "Expected    This is a full run.\n" in terminal(report)
    text = job_summary(report, report_path="r")
    assert "- **State:** 9 pages, without history\n" in text
    assert "- **Expected:** This is a full run" in text
    assert "State" not in terminal(REPORT)
    assert "Expected" not in job_summary(REPORT, report_path="r")


def test_published_and_previewed_sites_are_linked() -> None:
    """Where the site can be read comes before where it lies."""
    report = replace(REPORT, page_url="https://example.com/a(b)", preview_url="https://example.com/p")
    assert "Site        https://example.com/a(b)\n" in terminal(report)
    text = job_summary(report, report_path="r")
    assert "[published](https://example.com/a%28b%29) · [preview](https://example.com/p) · `_docsfy/site`" in text


def test_long_lists_are_cut_with_their_number() -> None:
    """A terminal shows twenty, the job summary two hundred; the report holds all."""
    pages = tuple(page(f"p{number:03}", PageAction.WRITE, findings=("x",)) for number in range(250))
    report = replace(REPORT, pages=pages)
    text = terminal(report)
    assert text.count("\n    p") == 40
    assert text.count("… and 230 more, see the report") == 2
    summary = job_summary(report, report_path="r")
    assert summary.count("| written |") == 200
    assert "| … and 50 more | | | |" in summary
    assert "- … and 50 more" in summary


def test_colours_do_not_change_the_words() -> None:
    """What is coloured is what is plain."""
    coloured = terminal_summary(REPORT, report_path="_docsfy/report.json", style=Style(enabled=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == terminal(REPORT)
    assert coloured != terminal(REPORT)


MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://example.com/track.png)",
    "[click](javascript:alert(1))",
    "a | b | c",
    "`a|b`",
    "`a\\|b` | `c`",
    "``x``",
    "`unclosed",
    "**bold** _it_ ~~gone~~",
    "# heading",
    "- item",
    "1. item",
    "+ item",
    "> quote",
    "&lt;b&gt;",
    "@someone #12 owner/name#3",
    "$math$",
    "https://example.com www.example.com",
    "line\n\n# break",
    "=== ---",
    "<!-- comment",
    "x\\",
    "a\u202eb\x1b[31m",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_stays_text_in_markdown(text: str) -> None:
    """Titles, reasons and messages come from the repository or a model: in the summary they are words or code."""
    assert_only_text(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("`*_[]<>|&#!~@$\\-+=.:/ \n1ha"), st.characters()), max_size=40))
def test_no_text_at_all_is_markup(text: str) -> None:
    """Searched for, not only listed."""
    assert_only_text(text)


def assert_only_text(text: str) -> None:
    """In a table cell, a list and a quotation, nothing but text and code comes out, and the cell stays one."""
    cell = markdown.text(text)
    source = f"| a | b |\n| --- | --- |\n| {cell} | end |\n\n- {cell}\n\n> {cell}\n"
    tokens = MARKDOWN.parse(source)
    assert [token.type for token in tokens].count("td_open") == 2
    assert [token.content for token in tokens if token.type == "inline"][3] == "end"
    for token in tokens:
        assert token.type not in {"html_block", "heading_open", "fence", "code_block", "hr"}
        for child in token.children or ():
            assert child.type in {"text", "code_inline", "text_special"} or (
                child.type == "html_inline" and child.content in {"<code>", "</code>"}
            )
    assert [token.type for token in tokens].count("list_item_open") == 1
    assert [token.type for token in tokens].count("blockquote_open") == 1
    assert not re.search(r"(?i)(https?|ftp)://|www\.", re.sub(r"`[^`]*`|<code>.*?</code>", "", cell))


def test_why_there_is_no_preview_is_told() -> None:
    """In the summary and at the terminal; where there is nothing to tell, there is no such line."""
    report = replace(REPORT, preview_note="There is no preview. Pages serves `docs`.")
    assert "- **Preview:** There is no preview. Pages serves `docs`." in job_summary(report, report_path="")
    assert "There is no preview. Pages serves docs." in terminal_summary(
        report, report_path="", style=Style(enabled=False)
    )
    assert "Preview" not in job_summary(REPORT, report_path="")


STALE = StaleName(
    kind="flag",
    name="--price",
    path="cli.py",
    renamed_to="--cost",
    mentions=(Mention(path="README.md", line=8), Mention(path="a|b.md", line=1)),
)


def test_documents_that_a_pull_request_makes_wrong_are_listed() -> None:
    """With every place, in both forms; nothing is said where there are none."""
    report = replace(REPORT, stale=(STALE, replace(STALE, name="run|it", renamed_to="")))
    summary = job_summary(report, report_path="")
    assert (
        "- `--price` (flag) is now `--cost`, and is mentioned in `README.md:8`, <code>a&#124;b.md:1</code>" in summary
    )
    assert "is gone, and is mentioned in" in summary
    assert "    README.md:8: --price (flag) is now --cost" in terminal(report)
    assert "makes wrong" not in job_summary(REPORT, report_path="") + terminal(REPORT)


def test_a_comment_that_could_not_be_made_stands_in_the_summary() -> None:
    """As it would stand on the pull request, and what it says is not said twice."""
    summary = job_summary(replace(REPORT, stale=(STALE,), unposted="### Documentation: 1 page changed"), report_path="")
    assert "\n---\n\n### Documentation: 1 page changed\n" in summary
    assert "makes wrong" not in summary
