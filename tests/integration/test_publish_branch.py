"""A site on a branch: one commit with real git, over file and http."""

import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from docsfy_action.errors import PublishError
from docsfy_action.repository.branch_files import NOTE, Beside, Besides, OnBranch, Published, read_note
from docsfy_action.repository.git import Credentials
from docsfy_action.repository.publish_branch import (
    BranchSite,
    Change,
    Clock,
    Destination,
    Pushed,
    Superseded,
    Unchanged,
    publish_branch,
    push_refused,
    read_branch_file,
)
from tests.integration.git_http import TOKEN, served
from tests.integration.gitbuild import commit, git, make

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLOCK = Clock(now=lambda: NOON, jitter=lambda: 0.5, pause=lambda _: None)
SITE = {"index.html": "<h1>Shop</h1>", "api/cart.html": "Cart", ".nojekyll": "", 'odd "name\\.txt': "x"}


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository that takes pushes."""
    folder = tmp_path / "remote" / "shop.git"
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare")
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"):
        git(folder, "config", name, "true")
    return folder


class Publisher:
    """Publishes sites on the branch `gh-pages`, each time as a machine that has never done it before."""

    def __init__(self, folder: Path, address: str, *, history: int = 0, credentials: Credentials | None = None) -> None:
        self.folder = folder
        self.destination = Destination(address=address, branch="gh-pages", history=history, credentials=credentials)
        self._count = 0

    def __call__(
        self,
        files: Mapping[str, str] = SITE,
        *,
        commit: str = "a" * 40,
        at: str = "",
        besides: Besides = lambda _: Beside(),
        is_newer: Callable[[Published], bool] = lambda _: False,
        clock: Clock = CLOCK,
    ) -> Pushed | Unchanged | Superseded:
        self._count += 1
        place = self.folder / str(self._count)
        for name, text in files.items():
            (place / "site" / name).parent.mkdir(parents=True, exist_ok=True)
            (place / "site" / name).write_text(text)
        site = BranchSite(folder=place / "site", commit=commit, committed=NOON, at=at)
        change = Change(message=f"Document {commit[:7]}", site=site, is_newer=is_newer, besides=besides)
        return publish_branch(change, self.destination, into=place / "git", clock=clock)


@pytest.fixture
def publisher(tmp_path: Path, remote: Path) -> Publisher:
    """Publishes over `file://`."""
    return Publisher(tmp_path / "first", f"file://{remote}")


def test_one_file_of_the_branch_is_read(publisher: Publisher, tmp_path: Path) -> None:
    """None where there is no branch, no such file, or one that is too large or no plain file; nothing else is fetched."""

    def read(path: str, limit: int = 100) -> bytes | None:
        return read_branch_file(path, publisher.destination, into=tmp_path / "read", limit=limit)

    assert read("index.html") is None
    publisher()
    assert read("index.html") == b"<h1>Shop</h1>"
    assert read("index.html", limit=13) == b"<h1>Shop</h1>"
    assert read("index.html", limit=12) is None
    assert read("api") is None
    assert read("other.html") is None
    gone = replace(publisher.destination, address=f"file://{tmp_path}/gone")
    with pytest.raises(PublishError):
        read_branch_file("index.html", gone, into=tmp_path / "read", limit=9)


def branch(remote: Path) -> dict[str, str]:
    """The files of the branch, the note aside."""
    names = git(remote, "-c", "core.quotePath=false", "ls-tree", "-r", "-z", "--name-only", "gh-pages").split("\0")
    return {name: git(remote, "show", f"gh-pages:{name}") for name in names if name and name != NOTE}


def count(remote: Path) -> int:
    """How many commits the branch has."""
    return int(git(remote, "rev-list", "--count", "gh-pages"))


def seed(tmp_path: Path, remote: Path, files: Mapping[str, str], *, times: int = 1) -> None:
    """Other people's commits on the branch."""
    work = make(tmp_path / "seed")
    for number in range(times):
        commit(work, files, f"by hand {number}", number=number)
    git(work, "push", "--quiet", str(remote), "HEAD:refs/heads/gh-pages")


def test_a_missing_branch_is_made(publisher: Publisher, remote: Path) -> None:
    """One commit without a parent that holds the site and nothing else, and names the commit it was made from."""
    done = publisher()
    assert isinstance(done, Pushed)
    assert done.tip == git(remote, "rev-parse", "gh-pages")
    assert branch(remote) == SITE
    assert count(remote) == 1
    assert git(remote, "log", "-1", "--format=%an|%s|%ct", "gh-pages") == (
        f"github-actions[bot]|Document aaaaaaa|{int(NOON.timestamp())}"
    )
    published = read_note(git(remote, "show", f"gh-pages:{NOTE}").encode())
    assert published == Published(commit="a" * 40, committed=NOON, files=frozenset(SITE))
    git(remote, "fsck", "--strict")


def test_the_same_site_again_is_no_commit(publisher: Publisher, remote: Path) -> None:
    """The branch stays as it is."""
    first = publisher()
    again = publisher()
    assert isinstance(first, Pushed)
    assert again == Unchanged(tip=first.tip)
    assert count(remote) == 1


def test_only_files_that_were_published_are_removed(publisher: Publisher, tmp_path: Path, remote: Path) -> None:
    """Files of others, the custom domain and previews stay; what the last site had and this one lacks goes."""
    others = {"CNAME": "docs.example.org", "pr-preview/pr-7/index.html": "preview", "images/logo.svg": "<svg/>"}
    seed(tmp_path, remote, others)
    publisher()
    assert branch(remote) == {**SITE, **others}
    publisher({"index.html": "new", "CNAME": "wrong.example.org", "pr-preview/pr-7/index.html": "wrong"})
    assert branch(remote) == {"index.html": "new", **others}
    assert count(remote) == 3


def test_what_the_site_takes_the_place_of_is_told(publisher: Publisher, tmp_path: Path, remote: Path) -> None:
    """On a branch that somebody else filled, files of the same name are replaced, also where a folder is needed."""
    seed(tmp_path, remote, {"index.html": "old", "api": "a file", "about.html": "stays"})
    done = publisher()
    assert isinstance(done, Pushed)
    assert done.replaced == ("api", "index.html")
    assert branch(remote) == {**SITE, "about.html": "stays"}
    again = publisher({**SITE, "index.html": "newer"})
    assert isinstance(again, Pushed)
    assert again.replaced == ()


def test_a_newer_commit_is_not_replaced(publisher: Publisher, remote: Path) -> None:
    """The publisher is told what is there and says whether that is newer."""
    publisher(commit="b" * 40)
    asked: list[Published] = []

    def is_newer(published: Published) -> bool:
        asked.append(published)
        return True

    done = publisher({"index.html": "older"}, is_newer=is_newer)
    assert isinstance(done, Superseded)
    assert done.published.commit == "b" * 40
    assert asked == [done.published]
    assert branch(remote) == SITE


def test_two_publishers_at_once_both_end_on_the_branch(tmp_path: Path, remote: Path) -> None:
    """The one that comes second builds on the commit of the first."""
    Publisher(tmp_path / "before", f"file://{remote}")()
    meet = Barrier(2, timeout=30)
    met: set[str] = set()

    def publish(name: str) -> Pushed | Unchanged | Superseded:
        def together(_: Published) -> bool:
            if name not in met:
                met.add(name)
                meet.wait()
            return False

        one = Publisher(tmp_path / name, f"file://{remote}")
        return one({"index.html": name, "extra.html": name}, commit=name * 40, is_newer=together)

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(publish, ["c", "d"]))
    assert all(isinstance(one, Pushed) for one in done)
    assert count(remote) == 3
    texts = branch(remote)
    assert texts["index.html"] == texts["extra.html"]
    parents = git(remote, "rev-list", "--parents", "gh-pages").splitlines()
    assert [len(line.split()) for line in parents] == [2, 2, 1]


def test_a_branch_that_appears_meanwhile_is_built_upon(tmp_path: Path, remote: Path) -> None:
    """Two first publishers: the second does not throw away what the first one made."""
    first, second = (Publisher(tmp_path / name, f"file://{remote}") for name in ("one", "two"))
    begun = False

    def now() -> datetime:
        nonlocal begun
        if not begun:
            begun = True
            first({"one.html": "1"})
        return NOON

    done = second({"two.html": "2"}, clock=Clock(now=now, jitter=lambda: 0, pause=lambda _: None))
    assert isinstance(done, Pushed)
    assert count(remote) == 2
    assert branch(remote) == {"two.html": "2"}


@pytest.mark.parametrize("limit", [1, 3])
def test_history_is_bounded(tmp_path: Path, remote: Path, limit: int) -> None:
    """The branch keeps its newest commits, with their messages and trees; the files of others stay."""
    seed(tmp_path, remote, {"CNAME": "docs.example.org"}, times=2)
    publisher = Publisher(tmp_path / "bounded", f"file://{remote}", history=limit)
    for number in range(4):
        publisher({"index.html": str(number)}, commit=str(number) * 40)
        assert count(remote) == min(3 + number, limit)
    assert branch(remote) == {"CNAME": "docs.example.org", "index.html": "3"}
    subjects = git(remote, "log", "--format=%s", "gh-pages").splitlines()
    assert subjects == [f"Document {str(number) * 7}" for number in (3, 2, 1, 0)][:limit]
    git(remote, "fsck", "--strict")


def test_over_http_with_the_token_alone(tmp_path: Path, remote: Path) -> None:
    """A private server takes the push; the token goes with the requests and is written nowhere."""
    seed(tmp_path, remote, {"CNAME": "docs.example.org"})
    with served(remote.parent) as server:
        credentials = Credentials(server=server, token=TOKEN)
        publisher = Publisher(tmp_path / "http", f"{server}/shop.git", credentials=credentials)
        assert isinstance(publisher(), Pushed)
        assert isinstance(publisher(), Unchanged)
        assert isinstance(publisher({"index.html": "new"}), Pushed)
    assert branch(remote) == {"CNAME": "docs.example.org", "index.html": "new"}
    written = subprocess.run(["grep", "-r", TOKEN, str(tmp_path)], capture_output=True, check=False)
    assert written.stdout == b""


def test_a_token_that_may_not_push(tmp_path: Path, remote: Path) -> None:
    """The error says which permission is wanted; the token is not in it, and the branch stays as it was."""
    with served(remote.parent, may_push=False) as server:
        credentials = Credentials(server=server, token=TOKEN)
        with pytest.raises(PublishError) as raised:
            Publisher(tmp_path / "http", f"{server}/shop.git", credentials=credentials)()
    assert "contents: write" in raised.value.hint
    assert TOKEN not in f"{raised.value.message}{raised.value.hint}"
    assert git(remote, "for-each-ref") == ""


def test_a_protected_branch(publisher: Publisher, remote: Path) -> None:
    """What the server's rules refuse is not tried again; the hint names the way out."""
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'GH006: Protected branch update failed.' >&2\nexit 1\n")
    hook.chmod(0o755)
    pauses: list[float] = []
    with pytest.raises(PublishError) as raised:
        publisher(clock=Clock(now=lambda: NOON, jitter=lambda: 0, pause=pauses.append))
    assert "protected" in raised.value.hint
    assert pauses == []


def test_a_lock_that_stays_is_given_up(publisher: Publisher, remote: Path) -> None:
    """A reference that somebody else locks is tried a few times, with growing pauses."""
    lock = remote / "refs" / "heads" / "gh-pages.lock"
    lock.write_text("")
    pauses: list[float] = []
    with pytest.raises(PublishError):
        publisher(clock=Clock(now=lambda: NOON, jitter=lambda: 0.5, pause=pauses.append))
    assert pauses == [1, 2, 4, 8, 16]


def test_no_such_repository(tmp_path: Path) -> None:
    """The error says what to check."""
    with pytest.raises(PublishError, match="nowhere"):
        Publisher(tmp_path / "p", f"file://{tmp_path}/nowhere.git")()


def test_sites_in_folders_are_each_other_s_neighbours(publisher: Publisher, remote: Path) -> None:
    """Each has a note of its own and is replaced alone; the site at the top leaves previews alone, and they it."""
    publisher()
    publisher({"index.html": "7", "old.html": "7"}, at="pr-preview/pr-7/", commit="b" * 40)
    publisher(
        {"index.html": "7b"}, at="pr-preview/pr-7/", commit="c" * 40, is_newer=lambda found: found.commit != "b" * 40
    )
    publisher({"index.html": "8"}, at="pr-preview/pr-8/", is_newer=lambda _: True)
    publisher({"index.html": "top"})
    notes = {
        f"pr-preview/pr-{number}/{NOTE}": git(remote, "show", f"gh-pages:pr-preview/pr-{number}/{NOTE}")
        for number in (7, 8)
    }
    assert branch(remote) == {
        "index.html": "top", "pr-preview/pr-7/index.html": "7b", "pr-preview/pr-8/index.html": "8", **notes,
    }  # fmt: skip
    seven = read_note(notes[f"pr-preview/pr-7/{NOTE}"].encode())
    assert seven == Published(commit="c" * 40, committed=NOON, files=frozenset({"index.html"}))


def test_what_changes_beside_a_site_is_in_the_same_commit(publisher: Publisher, tmp_path: Path, remote: Path) -> None:
    """Files are written, folders removed, and a link takes the place of a folder; the branch is shown as it is, files of others
    included, whose content is fetched when it is asked for."""
    seed(tmp_path, remote, {"latest/index.html": "1", "pr-preview/pr-5/a/b.html": "5", "other.txt": "others"})
    seen: list[bytes | None] = []

    def besides(found: OnBranch) -> Beside:
        assert found.files == {"latest/index.html", "pr-preview/pr-5/a/b.html", "other.txt"}
        seen.extend([found.read("other.txt"), found.read("none.txt")])
        return Beside(
            write={"versions.json": b"[]"}, links={"latest": "2.0"}, remove=("pr-preview/pr-5/", "latest/", "none/")
        )

    publisher({"index.html": "2"}, at="2.0/", besides=besides)
    assert seen == [b"others", None]
    assert count(remote) == 2
    assert branch(remote).keys() == {"2.0/index.html", f"2.0/{NOTE}", "versions.json", "latest", "other.txt"}
    assert git(remote, "ls-tree", "gh-pages", "latest").split()[0] == "120000"
    assert git(remote, "show", "gh-pages:latest") == "2.0"
    git(remote, "fsck", "--strict")


def test_a_change_without_a_site(publisher: Publisher, tmp_path: Path, remote: Path) -> None:
    """What is removed is a commit; nothing to remove is none, also where there is no such branch."""

    def remove(*folders: str) -> Pushed | Unchanged | Superseded:
        change = Change(message="Remove", besides=lambda _: Beside(remove=folders))
        return publish_branch(change, publisher.destination, into=tmp_path / "removing", clock=CLOCK)

    assert remove() == Unchanged(tip="")
    publisher({"index.html": "7"}, at="pr-preview/pr-7/")
    tip = git(remote, "rev-parse", "gh-pages")
    assert remove() == remove("none/") == Unchanged(tip=tip)
    assert isinstance(remove("pr-preview/pr-7/"), Pushed)
    assert branch(remote) == {}
    assert count(remote) == 2


def test_a_preview_and_the_site_published_at_once(tmp_path: Path, remote: Path) -> None:
    """Whoever comes second builds on the commit of the first, so that both are there."""
    Publisher(tmp_path / "before", f"file://{remote}")()
    site, preview = (Publisher(tmp_path / name, f"file://{remote}") for name in ("site", "preview"))
    begun = False

    def besides(_: OnBranch) -> Beside:
        nonlocal begun
        if not begun:
            begun = True
            site({"index.html": "new"}, commit="b" * 40)
        return Beside()

    assert isinstance(preview({"index.html": "7"}, at="pr-preview/pr-7/", besides=besides), Pushed)
    assert count(remote) == 3
    assert branch(remote)["index.html"] == "new"
    assert branch(remote)["pr-preview/pr-7/index.html"] == "7"


@pytest.mark.parametrize("may_push", [True, False])
def test_the_server_is_asked_whether_it_would_take_a_push(tmp_path: Path, remote: Path, *, may_push: bool) -> None:
    """Without pushing anything; a refusal names the permission, and not the token."""
    with served(remote.parent, may_push=may_push) as server:
        credentials = Credentials(server=server, token=TOKEN)
        destination = Destination(address=f"{server}/shop.git", branch="gh-pages", credentials=credentials)
        refused = push_refused(destination, into=tmp_path / "asking")
    assert (refused is None) is may_push
    assert refused is None or ("contents: write" in refused.hint and TOKEN not in refused.message)
    assert git(remote, "for-each-ref") == ""
