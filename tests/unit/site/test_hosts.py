"""Addresses of commits, files and lines at code hosts."""

from pathlib import Path

import material
import pytest

from docsfy_action.facts.model import Span
from docsfy_action.repository.addresses import remote_of
from docsfy_action.repository.snapshot import Remote
from docsfy_action.site.hosts import commit_url, file_url, host_icon

HABITS = [
    ("github.com", "commit/c", "tree/c/p", "blob/c/p#L1-L4", "blob/c/p#L1"),
    ("gitlab.example.org", "-/commit/c", "-/tree/c/p", "-/blob/c/p#L1-4", "-/blob/c/p#L1"),
    ("bitbucket.org", "commits/c", "src/c/p", "src/c/p#lines-1:4", "src/c/p#lines-1"),
    ("codeberg.org", "commit/c", "src/commit/c/p", "src/commit/c/p#L1-L4", "src/commit/c/p#L1"),
    ("gitea.example.org", "commit/c", "src/commit/c/p", "src/commit/c/p#L1-L4", "src/commit/c/p#L1"),
    ("forgejo.example.org:3000", "commit/c", "src/commit/c/p", "src/commit/c/p#L1-L4", "src/commit/c/p#L1"),
    ("git.sr.ht", "commit/c", "tree/c/item/p", "tree/c/item/p#L1-4", "tree/c/item/p#L1"),
    ("git.example.org", "commit/c", "tree/c/p", "blob/c/p#L1-L4", "blob/c/p#L1"),
]


def remote(host: str) -> Remote:
    """A repository at this host."""
    return Remote(url=f"https://{host}/acme/tool", host=host, owner="acme", name="tool")


@pytest.mark.parametrize(("host", "commit", "folder", "several", "one"), HABITS)
def test_addresses_follow_the_habits_of_the_host(host: str, commit: str, folder: str, several: str, one: str) -> None:
    """Commits, folders, files, ranges of lines and single lines; an unknown host is taken for one like GitHub."""
    base = f"https://{host}/acme/tool/"
    at = remote(host)
    assert commit_url(at, "c") == base + commit
    assert file_url(at, "c", "p", folder=True) == base + folder
    assert file_url(at, "c", "p") == (base + one).partition("#")[0]
    assert file_url(at, "c", "p", span=Span(start=1, end=4)) == base + several
    assert file_url(at, "c", "p", span=Span(start=1, end=1)) == base + one


def test_braces_of_a_path_are_only_text() -> None:
    """A path may hold what looks like a place for something else."""
    assert file_url(remote("github.com"), "c", "{sha}{x}") == "https://github.com/acme/tool/blob/c/{sha}{x}"


def test_a_sourcehut_address_keeps_the_mark_of_its_owner() -> None:
    """Owners are written with a tilde there."""
    at = remote_of("git@git.sr.ht:~ada/tool")
    assert at is not None
    assert commit_url(at, "c") == "https://git.sr.ht/~ada/tool/commit/c"


@pytest.mark.parametrize("host", [*(row[0] for row in HABITS), ""])
def test_every_host_has_a_picture_that_the_theme_brings_along(host: str) -> None:
    """A missing icon would end the build."""
    icons = Path(material.__path__[0]) / "templates" / ".icons"
    assert (icons / f"{host_icon(host)}.svg").is_file()
