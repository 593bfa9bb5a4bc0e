"""Which of two commits is the newer one, with real git."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from docsfy_action.repository.branch_files import Published
from docsfy_action.repository.order import comes_before, is_newer
from tests.integration.gitbuild import EPOCH, commit, git, make, opened

MADE = datetime.fromtimestamp(EPOCH, UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with three commits on a line, the middle one with the latest date, and a fourth beside them."""
    work = make(tmp_path / "work")
    for number, minute in enumerate((0, 60, 30)):
        commit(work, {"a": str(number)}, number=minute)
        git(work, "tag", f"c{number}")
    git(work, "checkout", "--quiet", "-b", "side", "c0")
    commit(work, {"b": "side"}, number=90)
    git(work, "checkout", "--quiet", "c1")
    return work


def test_history_tells(folder: Path) -> None:
    """Before, after and beside; what is not there, or no commit id at all, cannot be told."""
    repository = opened(folder)
    first, second, third, side = (git(folder, "rev-parse", name) for name in ("c0", "c1", "c2", "side"))
    assert comes_before(repository, first, third) is True
    assert comes_before(repository, third, first) is False
    assert comes_before(repository, second, second) is False
    assert comes_before(repository, side, third) is False
    assert comes_before(repository, first, "f" * 40) is None
    assert comes_before(repository, first, "--all") is None


@pytest.mark.parametrize(
    ("published", "minutes", "newer"),
    [
        ("c0", 600, False),
        ("c1", 600, False),
        ("c2", -600, True),
        ("side", 90, True),
        ("side", -1, False),
        (None, 61, True),
        (None, 59, False),
    ],
)
def test_a_published_site_is_newer(folder: Path, published: str | None, minutes: int, *, newer: bool) -> None:
    """History decides whatever the dates say; where it does not tell, the later date wins."""
    sha = git(folder, "rev-parse", published) if published else "f" * 40
    site = Published(commit=sha, committed=MADE + timedelta(minutes=minutes), files=frozenset())
    assert is_newer(site, opened(folder)) is newer
