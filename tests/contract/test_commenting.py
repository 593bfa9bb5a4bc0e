"""Pull requests from end to end: the comment, the page of changes, what documents they make wrong, and who may write."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.github_service import REPOSITORY, GitHub
from tests.contract.proposals import NUMBER, Proposal, event_file, on_main, propose
from tests.integration.program import Outcome, Program, git, library

PAGE = "docsfy-changes.html"
FORBIDDEN = (403, {"message": "Resource not accessible by integration"})
STALE = {
    "--price": ("--cost", ["README.md:8", "docs/guide.rst:8"]),
    "Cart.total": ("", ["README.md:12", "docs/guide.rst:4"]),
    "cents": ("", ["README.md:12", "docs/guide.rst:4"]),
    "SHOP_LIMIT": ("", ["README.md:13"]),
    "src/shop/money.py": ("", ["README.md:13"]),
}


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program on the sample library."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return Program(library(tmp_path / "shop"), tmp_path / "state", monkeypatch, capsys)


@pytest.fixture
def github() -> Iterator[GitHub]:
    """GitHub's services."""
    with GitHub() as service:
        yield service


def body(github: GitHub) -> str:
    """The one comment there is."""
    assert len(github.comments) == 1
    return str(github.comments[0]["body"])


def stale(outcome: Outcome) -> dict[str, tuple[str, list[str]]]:
    """The report's stale claims: new name and places by name."""
    claims = outcome.report["stale_claims"]
    assert isinstance(claims, list)
    return {
        claim["name"]: (claim["renamed_to"], [f"{place['path']}:{place['line']}" for place in claim["mentions"]])
        for claim in claims
    }


def test_a_pull_request_that_takes_things_away(program: Program, github: GitHub) -> None:
    """It gets one comment and a page that say what changes and which documents it makes wrong; these are annotated where they
    stand and where the names went. A second push changes the comment in place."""
    proposal = propose(program, github)
    summary = program.folder.parent / "summary.md"
    outcome = proposal.run(GITHUB_STEP_SUMMARY=str(summary))
    assert outcome.status == 0, outcome.printed
    assert stale(outcome) == STALE
    said = body(github)
    assert "5 pages changed, 1 removed" in said
    assert "`--price` (flag) is now `--cost`" in said
    assert "| The shop command | changed | `sell --cost` is new, `sell --price` is gone |" in said
    assert "its address leads to `index.html`" in said
    assert f"as of `{proposal.head[:10]}`" in said
    assert f"at `{proposal.base[:10]}`" in said
    assert "+def add(self, price: int, *, count: int = 1, gift: bool = False) -> None" in said
    assert "::warning title=Documentation names what is gone,file=README.md,line=8::" in outcome.printed
    notice = "`--price` (flag), which this pull request renames to `--cost`, is still mentioned in README.md:8, docs/guide.rst:8."
    assert f"::notice title=Documented name,file=src/shop/cli.py,line=14::{notice}" in outcome.printed
    assert "documents that" not in summary.read_text()
    assert "Documents that this change makes wrong" in summary.read_text()
    page = program.site()[PAGE].decode()
    assert "<ins>four</ins>" in page.lower()
    assert 'name="robots" content="noindex' in page
    again = proposal.push({"src/shop/gifts.py": None}).run()
    assert again.status == 0, again.printed
    assert "as of" in body(github)
    assert body(github) != said
    assert github.comments[0]["id"] == 100


def test_the_page_of_changes_is_no_part_of_the_site(program: Program, github: GitHub) -> None:
    """No page, index, feed or navigation knows of it, and the site is what it is without a pull request, byte for byte."""
    proposal = propose(program, github)
    proposal.run()
    with_page = program.site()
    assert [name for name, content in with_page.items() if b"docsfy-changes" in content] == []
    branch = program("--cache", "directory", GITHUB_REF_NAME="another", GITHUB_REPOSITORY=REPOSITORY)
    assert branch.status == 0
    assert program.site() == {name: content for name, content in with_page.items() if name != PAGE}


def test_the_comment_leads_to_the_preview(program: Program, github: GitHub) -> None:
    """Where the preview is an artifact, that is where the comment leads, and the page of changes lies in it."""
    outcome = propose(program, github).run("--preview", "artifact")
    assert outcome.status == 0, outcome.printed
    assert str(outcome.report["preview_url"]) in body(github)
    assert PAGE.encode() in github.artifacts["docs-preview-pr-7"].content


def test_a_run_with_nothing_to_do_comments_all_the_same(program: Program, github: GitHub) -> None:
    """A comment that somebody deleted comes back, although no page is written and the site stands as it was."""
    proposal = propose(program, github)
    proposal.run()
    said = body(github)
    github.comments.clear()
    outcome = proposal.run()
    assert outcome.report["stage"] == "up_to_date"
    assert body(github) == said
    assert PAGE in program.site()


def test_a_pull_request_that_changes_no_page(program: Program, github: GitHub) -> None:
    """It gets no comment; where there is one, from an earlier push, that says so now. The page of changes goes."""
    proposal = propose(program, github, {"notes.txt": "Nothing to see.\n", "tests/data.bin": "x"})
    outcome = proposal.run()
    assert outcome.status == 0, outcome.printed
    assert github.comments == []
    assert "the pull request gets no comment" in outcome.printed
    assert PAGE not in program.site()
    marker = "<!-- docsfy-action"
    changed = proposal.push({"src/shop/gifts.py": '"""Gifts."""\n\n\ndef wrap() -> None:\n    """Wrap."""\n'})
    changed.run()
    assert body(github).startswith(marker)
    changed.push({"src/shop/gifts.py": None}).run()
    assert "no page changes" in body(github)


def test_nothing_to_compare_with_is_said(program: Program, github: GitHub) -> None:
    """The first run of a repository may be that of a pull request. What documents it makes wrong is known all the same."""
    outcome = propose(program, github, documented=False).run()
    assert outcome.status == 0, outcome.printed
    assert "nothing to compare with yet" in body(github)
    assert "<details>" not in body(github)
    assert stale(outcome) == STALE
    assert PAGE not in program.site()


def test_without_a_pull_request_nothing_is_compared(program: Program, github: GitHub) -> None:
    """A push asks the server for nothing, comments on nothing, and its report has no stale claims."""
    propose(program, github)
    outcome = on_main(program, github)
    assert outcome.report["stale_claims"] == []
    assert [address for _, address, _ in github.asks if "issues" in address or "pulls" in address] == []


def test_comments_can_be_turned_off(program: Program, github: GitHub) -> None:
    """The page of changes, the annotations and the report stay."""
    outcome = propose(program, github).run("--comment", "off")
    assert github.comments == []
    assert stale(outcome) == STALE
    assert PAGE in program.site()


def test_a_newer_commit_speaks_for_itself(program: Program, github: GitHub) -> None:
    """A run that was overtaken leaves the comment to the run of the newer commit."""
    proposal = propose(program, github)
    github.pulls[NUMBER] = {"state": "open", "head": {"sha": "b" * 40}}
    outcome = proposal.run()
    assert outcome.status == 0
    assert github.comments == []
    assert "has a newer commit" in outcome.printed


@pytest.mark.parametrize("answer", [FORBIDDEN, (503, {})])
def test_a_comment_that_cannot_be_made_fails_nothing(
    program: Program, github: GitHub, answer: tuple[int, dict[str, object]]
) -> None:
    """The run is ready, the log says why, and what the comment would say is in the summary."""
    github.denied[f"POST issues/{NUMBER}/comments"] = [answer]
    summary = program.folder.parent / "summary.md"
    outcome = propose(program, github).run(GITHUB_STEP_SUMMARY=str(summary))
    assert outcome.status == 0, outcome.printed
    assert "The pull request got no comment" in outcome.printed
    assert ("pull-requests: write" in outcome.printed) == (answer[0] in {403, 404})
    assert "5 pages changed, 1 removed" in summary.read_text()
    assert "docsfy-action " not in summary.read_text().split("5 pages")[0]
    assert github.artifacts == {}


def left_by_a_fork(program: Program, github: GitHub) -> Proposal:
    """The run of a fork's pull request, whose token may only read."""
    proposal = propose(program, github)
    github.denied[f"POST issues/{NUMBER}/comments"] = [FORBIDDEN]
    outcome = proposal.run(fork=True)
    assert outcome.status == 0, outcome.printed
    assert "may only read" in outcome.printed
    github.denied.clear()
    return proposal


def follow(
    program: Program,
    github: GitHub,
    proposal: Proposal,
    *,
    head: str = "",
    origin: str = "stranger/shop",
    event: str = "workflow_run",
) -> Outcome:
    """The run of the workflow that may write, after the fork's, with its artifact unpacked in a workspace without code."""
    workspace = program.folder.parent / "second"
    inbox = workspace / "from" / "docsfy-comment"
    inbox.mkdir(parents=True, exist_ok=True)
    for artifact in github.artifacts.values():
        with zipfile.ZipFile(io.BytesIO(artifact.content)) as packed:
            packed.extractall(inbox)
    before = {
        "head_sha": head or proposal.head,
        "head_repository": {"full_name": origin},
        "html_url": "https://github.com/run/5",
    }
    content = {"action": "completed", "workflow_run": before, "repository": {"full_name": REPOSITORY}}
    job = {**github.environment(), "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": event_file(workspace, content)}
    first, program.folder = program.folder, workspace
    try:
        return program("--comment-from", "from", **job)
    finally:
        program.folder = first


def test_a_forks_comment_is_made_by_the_run_that_may(program: Program, github: GitHub) -> None:
    """The fork's run leaves it as data, in a file and as an artifact; the one that follows writes it again, builds nothing, and
    leads to the run and to no address that the data names."""
    proposal = left_by_a_fork(program, github)
    left = json.loads((program.folder / "_docsfy" / "comment.json").read_bytes())
    assert (left["pull_request"], left["head_sha"]) == (NUMBER, proposal.head)
    assert [name.partition("-comment-")[0] for name in github.artifacts] == ["docsfy"]
    github.pulls[NUMBER] = {"state": "open", "head": {"sha": proposal.head, "repo": {"full_name": "stranger/shop"}}}
    outcome = follow(program, github, proposal)
    assert outcome.status == 0, outcome.printed
    assert "5 pages changed, 1 removed" in body(github)
    assert "[The run](https://github.com/run/5)" in body(github)
    assert outcome.report["pages"] == []
    assert not (program.folder.parent / "second" / "_docsfy" / "site").exists()


def test_another_pull_request_is_not_commented_on(program: Program, github: GitHub) -> None:
    """The file may name any pull request: only one whose head is the commit that was run, in its repository, is written to."""
    proposal = left_by_a_fork(program, github)
    head = proposal.head
    others: list[dict[str, object]] = [
        {"state": "open", "head": {"sha": "c" * 40, "repo": {"full_name": "stranger/shop"}}},
        {"state": "closed", "head": {"sha": head, "repo": {"full_name": "stranger/shop"}}},
        {"state": "open", "head": {"sha": head, "repo": {"full_name": "victim/shop"}}},
        {"state": "open", "head": None},
    ]
    for other in others:
        github.pulls[NUMBER] = other
        outcome = follow(program, github, proposal)
        assert outcome.status == 0, outcome.printed
        assert "gets no comment" in outcome.printed
    assert github.comments == []
    outcome = follow(program, github, proposal, head="c" * 40)
    assert "gets no comment" in outcome.printed


def test_what_was_left_is_only_data(program: Program, github: GitHub) -> None:
    """A file that is no comment is named and passed over; links are not followed; and markup in it stays text."""
    proposal = left_by_a_fork(program, github)
    github.pulls[NUMBER] = {"state": "open", "head": {"sha": proposal.head, "repo": {"full_name": "stranger/shop"}}}
    (artifact,) = github.artifacts.values()
    with zipfile.ZipFile(io.BytesIO(artifact.content)) as packed:
        left = json.loads(packed.read("comment.json"))
    left["comment"]["pages"][0]["title"] = (
        "<img src=https://evil.example/x> @octocat fixes #1 [x](https://evil.example)"
    )
    folder = program.folder.parent / "second" / "from"
    for name, content in (("a", b"{"), ("b", b'{"pull_request": 7}'), ("c", json.dumps(left).encode())):
        (folder / name).mkdir(parents=True)
        (folder / name / "comment.json").write_bytes(content)
    (folder / "d").mkdir()
    (folder / "d" / "comment.json").symlink_to("/etc/passwd")
    github.artifacts.clear()
    outcome = follow(program, github, proposal)
    assert outcome.status == 0, outcome.printed
    assert outcome.printed.count("is not used") >= 3
    assert "<img" not in body(github)
    assert "@octocat" not in body(github)
    assert "https://evil" not in body(github)
    assert "#1" not in body(github).replace("#13", "")


@pytest.mark.parametrize("event", ["push", "pull_request", ""])
def test_only_a_run_that_follows_another_passes_on(program: Program, github: GitHub, event: str) -> None:
    """Anywhere else the input is an error that says where it belongs."""
    (program.folder.parent / "second").mkdir()
    outcome = follow(program, github, Proposal(program=program, github=github, base="", head=""), event=event)
    assert outcome.status == 2
    assert "workflow_run" in outcome.printed


def test_a_head_that_was_checked_out_itself(program: Program, github: GitHub) -> None:
    """With `ref: head.sha` there is no merge commit: what the branch lacks of its base is not taken for removed."""
    proposal = propose(program, github)
    git(program.folder, "checkout", "--quiet", "main")
    (program.folder / "src/shop/late.py").write_text("def arrived_late():\n    pass\n")
    (program.folder / "LATE.md").write_text("`arrived_late` is here.\n")
    git(program.folder, "add", "--all")
    git(program.folder, "commit", "--quiet", "--message", "Late")
    tip = git(program.folder, "rev-parse", "HEAD")
    git(program.folder, "checkout", "--quiet", "--detach", proposal.head)
    (program.folder / "README.md").touch()
    late = Proposal(program=program, github=github, base=tip, head=proposal.head)
    assert stale(late.run()) == STALE
