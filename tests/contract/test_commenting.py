"""Pull requests from end to end: the comment, the page of changes, what documents they make wrong, and who may write."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.github_service import GitHub
from tests.contract.proposals import propose
from tests.integration.program import Program, library


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


def test_a_pull_request_that_takes_things_away(program: Program, github: GitHub) -> None:
    proposal = propose(program, github)
    outcome = proposal.run()
    print(outcome.printed)
    print(json.dumps(outcome.report["stale_claims"], indent=1))
    for c in github.comments:
        print(c["body"])
    Path("/tmp/changes.html").write_bytes(program.site()["docsfy-changes.html"])
    Path("/tmp/comment.md").write_text(github.comments[0]["body"])
    assert outcome.status == 3
