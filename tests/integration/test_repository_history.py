"""The walk through the history: against a slow but obvious reference, continued, cut off and completed."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsfy_action.errors import SourceError
from docsfy_action.repository.deepen import deepen, with_files
from docsfy_action.repository.history import History, LastChange, last_change, read_source, recent_commits
from docsfy_action.repository.remembered import borne_out
from docsfy_action.repository.repository import Repository
from docsfy_action.repository.workspace import open_workspace
from tests.integration.gitbuild import EPOCH, Planned, commit, fast_import, git, listing, make, opened

PATHS = ("a", "b", "dir/a", "dir/c", "é")
Tree = dict[str, tuple[str, str]]


def at(folder: Path, revision: str) -> Repository:
    """The repository opened at another commit than its branch."""
    git(folder, "update-ref", "--no-deref", "HEAD", revision)
    return opened(folder)


@st.composite
def histories(draw: st.DrawFn) -> Sequence[Planned]:
    """Histories of up to nine commits with edits, reverts, renames, mode changes, deletions and merges."""
    history: list[Planned] = []
    for number in range(draw(st.integers(1, 9))):
        parents = [number - 1] if number else []
        if number > 1 and draw(st.booleans()):
            others = draw(st.lists(st.integers(0, number - 1), min_size=1, max_size=2, unique=True))
            first = draw(st.integers(0, number - 1))
            parents = [first, *(other for other in others if other != first)]
        tree: Tree = dict(history[parents[0]].tree) if parents else {}
        for path in draw(st.lists(st.sampled_from(PATHS), max_size=3, unique=True)):
            content = draw(st.sampled_from(["", "one", "two"]))
            if content:
                tree[path] = (draw(st.sampled_from(["100644", "100755", "120000"])), content)
            else:
                tree.pop(path, None)
        if len(parents) > 1 and draw(st.booleans()):
            tree |= history[parents[1]].tree
        history.append(Planned(parents=parents, tree=tree or {"a": ("100644", "kept")}))
    return history


def reference(history: Sequence[Planned], ids: Sequence[str], tip: int) -> dict[str, str]:
    """Walk the first parents one by one and compare whole trees."""
    answer = {}
    for path, (_, content) in history[tip].tree.items():
        number = tip
        while history[number].parents:
            before = history[history[number].parents[0]].tree.get(path)
            if before is None or before[1] != content:
                break
            number = history[number].parents[0]
        answer[path] = ids[number]
    return answer


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories(), data=st.data())
def test_last_changes_equal_the_reference_and_a_continued_walk_equals_a_fresh_one(
    history: Sequence[Planned], data: st.DataObject
) -> None:
    """On any history the walk finds what comparing all trees finds, also when it continues from any earlier commit,
    whether that lies on the first-parent line or not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "repo"
        ids = fast_import(folder, history)
        tip = len(history) - 1
        base = data.draw(st.integers(0, tip))
        earlier = last_change(at(folder, ids[base]))
        assert dict(earlier.files) == reference(history, ids, base)
        now = at(folder, ids[tip])
        fresh = last_change(now)
        assert dict(fresh.files) == reference(history, ids, tip)
        assert fresh.complete
        continued = last_change(now, earlier)
        assert continued == fresh
        assert list(continued.commits) == list(fresh.commits), "the order of commits is part of the answer"


def test_the_newest_of_several_files_commits_is_found_by_the_order_of_the_history(tmp_path: Path) -> None:
    """Dates of commits may run backwards; what is newest is what comes last in the history."""
    folder = make(tmp_path / "repo", {"old": "1"})
    first = git(folder, "rev-parse", "HEAD")
    second = commit(folder, {"new": "1"}, number=-1000)
    change = last_change(opened(folder))
    assert change.newest(["old", "new", "absent"]) == second
    assert change.newest(["old"]) == first
    assert change.newest(["absent"]) is None
    assert change.of("old") == first
    assert change.of("absent") is None
    assert change.commits == {
        second: datetime.fromtimestamp(EPOCH, UTC) - timedelta(minutes=1000),
        first: datetime.fromtimestamp(EPOCH, UTC),
    }


def test_a_walk_stops_at_the_commit_of_the_earlier_run(tmp_path: Path) -> None:
    """What the earlier run found is taken over, not looked up again: here it is marked so that it can be told."""
    folder = make(tmp_path / "repo", {"a": "1", "b": "1"})
    commit(folder, {"b": "2"})
    earlier = last_change(opened(folder))
    marked = LastChange(
        commit=earlier.commit,
        complete=True,
        files={"a": "m" * 40, "b": "m" * 40},
        commits={"m" * 40: datetime.fromtimestamp(0, UTC)},
    )
    new = commit(folder, {"b": "3"})
    assert last_change(opened(folder), marked).files == {"a": "m" * 40, "b": new}
    incomplete = LastChange(commit=marked.commit, complete=False, files=marked.files, commits=marked.commits)
    assert "m" * 40 not in last_change(opened(folder), incomplete).files.values()


def shallow(tmp_path: Path, *, depth: int, options: Sequence[str] = ()) -> Path:
    """A repository with five commits and a shallow clone of it."""
    origin = make(tmp_path / "origin", {"old": "1", "src/mid": "1", "new": "1"})
    commit(origin, {"src/mid": "2"}, "second", number=1)
    commit(origin, {"empty": ""}, "third", number=2)
    commit(origin, {"new": "4"}, "fourth", number=3)
    commit(origin, {"new": "5"}, "fifth", number=4)
    git(tmp_path, "clone", "--quiet", f"--depth={depth}", *options, origin.as_uri(), "clone")
    return tmp_path / "clone"


def test_in_a_shallow_history_undecided_files_get_the_documented_commit(tmp_path: Path) -> None:
    """A commit at which the history is cut off seems to add every file; it is never named for that."""
    repository = opened(shallow(tmp_path, depth=2))
    change = last_change(repository)
    assert change.files == dict.fromkeys(("empty", "new", "old", "src/mid"), repository.commit)
    assert not change.complete
    remembered = last_change(opened(tmp_path / "origin"))
    assert last_change(repository, remembered) == change, "where history is cut off the state is not asked"


def test_a_shallow_clone_is_completed_beside_it_and_stays_as_it_was(tmp_path: Path) -> None:
    """History comes into a repository of its own, without blobs, and the answers are those of a whole clone."""
    folder = shallow(tmp_path, depth=1)
    whole = opened(tmp_path / "origin")
    before = listing(folder)
    repository = opened(folder)
    assert repository.is_shallow
    source = read_source(repository, None, limit=3, into=tmp_path / "history")
    assert source.history.reason == ""
    assert source.history.last_change == last_change(whole)
    assert source.history.recent == recent_commits(whole, 3)
    assert not source.repository.is_shallow
    with source.repository.reader() as reader:
        assert reader.read("new") == b"5", "files come from the clone's objects"
    assert source.repository.branch() == "main"
    assert listing(folder) == before
    kinds = git(tmp_path / "history", "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)")
    assert "blob" in kinds, "the alternates are named"
    (tmp_path / "history" / "objects" / "info" / "alternates").unlink()
    kinds = git(tmp_path / "history", "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)")
    assert len(kinds.split()) > 5


def test_history_is_not_fetched_again_for_the_same_commit(tmp_path: Path) -> None:
    """A second run at the same commit needs neither network nor git for its history; another limit does."""
    repository = opened(shallow(tmp_path, depth=1))
    first = read_source(repository, None, limit=3, into=tmp_path / "history").history
    (tmp_path / "origin").rename(tmp_path / "moved away")
    again = read_source(repository, first, limit=3, into=tmp_path / "other")
    assert again.history is first
    assert again.repository is repository
    assert not (tmp_path / "other").exists()
    assert read_source(repository, first, limit=4, into=tmp_path / "other").history.reason


def test_filters_and_servers_without_commits_by_id_are_no_obstacle(tmp_path: Path) -> None:
    """A server that filters nothing out and gives commits only by branch still completes the history."""
    folder = shallow(tmp_path, depth=1)
    git(tmp_path / "origin", "config", "uploadpack.allowFilter", "false")
    git(folder, "config", "remote.origin.url", (tmp_path / "origin").as_uri())
    repository = opened(folder)
    source = read_source(repository, None, limit=2, into=tmp_path / "history")
    assert (source.history.reason, source.history.last_change.complete) == ("", True)


def test_a_server_that_gives_no_commit_by_its_id_is_asked_for_its_branches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old servers hand out only the tips of branches; a commit below one of them is found all the same."""
    folder = shallow(tmp_path, depth=1)
    commit(tmp_path / "origin", {"later": "x"}, "sixth", number=5)
    config = tmp_path / "gitconfig"
    config.write_text("[protocol]\n\tversion = 0\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    repository = opened(folder)
    source = read_source(repository, None, limit=9, into=tmp_path / "history")
    assert source.history.reason == ""
    assert [found.subject for found in source.history.recent] == ["fifth", "fourth", "third", "second", "first"]
    make(tmp_path / "unrelated", {"x": "y"})
    git(folder, "config", "remote.origin.url", (tmp_path / "unrelated").as_uri())
    source = read_source(opened(folder), None, limit=9, into=tmp_path / "history")
    assert "could not fetch the history" in source.history.reason


@pytest.mark.parametrize("form", ["relative", "absolute"])
def test_an_origin_may_be_a_folder(form: str, tmp_path: Path) -> None:
    """A path is taken from the top of the work tree, as git does."""
    folder = shallow(tmp_path, depth=1)
    git(folder, "config", "remote.origin.url", "../origin" if form == "relative" else str(tmp_path / "origin"))
    history = read_source(opened(folder), None, limit=9, into=tmp_path / "history").history
    assert (history.reason, history.last_change.complete) == ("", True)


def test_a_remote_that_is_shallow_itself_is_no_whole_history(tmp_path: Path) -> None:
    """What the other side does not have cannot be fetched; the reason is given."""
    first = shallow(tmp_path, depth=3)
    git(tmp_path, "clone", "--quiet", "--depth=1", first.as_uri(), "second")
    history = read_source(opened(tmp_path / "second"), None, limit=9, into=tmp_path / "history").history
    assert history.reason
    assert not history.last_change.complete


def test_commits_made_on_top_of_a_shallow_clone_are_part_of_the_history(tmp_path: Path) -> None:
    """A clone with commits that the other side does not know is completed below them."""
    folder = shallow(tmp_path, depth=2)
    local = commit(folder, {"local": "x"}, "local", number=9)
    source = read_source(opened(folder), None, limit=9, into=tmp_path / "history")
    assert source.history.last_change.files["local"] == local
    assert source.history.last_change.files["old"] == git(tmp_path / "origin", "rev-parse", "HEAD~4")
    assert [found.subject for found in source.history.recent] == [
        "local", "fifth", "fourth", "third", "second", "first",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "problem", ["no remote", "remote gone", "commit gone", "folder not writable", "refused address"]
)
def test_a_history_that_cannot_be_had_is_a_value_with_the_reason(problem: str, tmp_path: Path) -> None:
    """Nothing raises: files get the documented commit, there are no recent commits, and a sentence says why."""
    folder = shallow(tmp_path, depth=1)
    into = tmp_path / "history"
    expected = ""
    match problem:
        case "no remote":
            git(folder, "remote", "remove", "origin")
            expected = "names no remote"
        case "remote gone":
            (tmp_path / "origin").rename(tmp_path / "elsewhere")
            expected = "could not fetch the history"
        case "commit gone":
            git(folder, "config", "remote.origin.url", make(tmp_path / "unrelated", {"x": "y"}).as_uri())
            expected = "could not fetch the history"
        case "folder not writable":
            (tmp_path / "file").write_text("")
            into = tmp_path / "file" / "history"
            expected = "could not be stored"
        case "refused address":
            git(folder, "config", "remote.origin.url", f"ext::touch {tmp_path / 'executed'}")
            expected = "could not fetch the history"
    repository = opened(folder)
    source = read_source(repository, None, limit=3, into=into)
    assert expected in source.history.reason
    assert source.history.recent == ()
    assert set(source.history.last_change.files.values()) == {repository.commit}
    assert source.repository.snapshot() == repository.snapshot()
    assert not (tmp_path / "executed").exists()


def test_what_lies_where_the_history_goes_is_never_trusted(tmp_path: Path) -> None:
    """A repository that a restored cache put there, with programs in its configuration, is thrown away unread."""
    folder = shallow(tmp_path, depth=1)
    into = make(tmp_path / "history", {"planted": "x"})
    (into / "config").write_text(f"[core]\n\tfsmonitor = touch {tmp_path / 'executed'}\n")
    assert read_source(opened(folder), None, limit=3, into=into).history.reason == ""
    assert not (into / "planted").exists()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "origin")
    assert read_source(opened(folder), None, limit=3, into=link).history.reason == ""
    assert (tmp_path / "origin" / "old").exists()


@pytest.mark.parametrize("lie", ["commit", "other", "date", "recent"])
def test_a_history_from_elsewhere_is_held_against_the_repository(lie: str, tmp_path: Path) -> None:
    """Commits that are not there, that hold another content or have another date end up in no link; commits that a stranger
    tells of end up on no page. A true one is used."""
    folder = make(tmp_path / "origin", {"a": "1", "b": "1"})
    first = git(folder, "rev-parse", "HEAD").strip()
    commit(folder, {"a": "2"}, "second")
    repository = opened(folder)
    true = read_source(repository, None, limit=3, into=tmp_path / "x").history
    change = true.last_change
    match lie:
        case "commit":
            strange = "e" * 40
            change = replace(
                change, files={**change.files, "b": strange}, commits={**change.commits, strange: change.commits[first]}
            )
        case "other":
            change = replace(change, files={**change.files, "a": first})
        case "date":
            change = replace(change, commits={**change.commits, first: change.commits[first] + timedelta(days=900)})
    recent = (replace(true.recent[0], subject="planted"), *true.recent[1:]) if lie == "recent" else true.recent
    planted = replace(true, last_change=change, recent=recent)
    assert planted.is_plausible
    assert read_source(repository, planted, limit=3, into=tmp_path / "x").history == planted
    assert read_source(repository, planted, limit=3, into=tmp_path / "x", foreign=True).history == true
    assert borne_out(true.last_change.files, true.last_change.commits, repository)
    commit(folder, {"c": "3"}, "third")
    later = read_source(opened(folder), planted, limit=3, into=tmp_path / "x", foreign=True).history
    assert later == read_source(opened(folder), None, limit=3, into=tmp_path / "x").history


def test_side_lines_that_are_cut_off_do_not_make_the_history_incomplete(tmp_path: Path) -> None:
    """Only the first-parent line matters; a merge whose other side is cut off needs nothing fetched."""
    origin = make(tmp_path / "origin", {"a": "1"})
    git(origin, "checkout", "--quiet", "-b", "side")
    for number in range(6):
        commit(origin, {"b": str(number)}, f"side {number}")
    git(origin, "checkout", "--quiet", "main")
    git(origin, "merge", "--quiet", "--no-ff", "-m", "merge", "side")
    git(tmp_path, "clone", "--quiet", "--depth=3", origin.as_uri(), "clone")
    repository = opened(tmp_path / "clone")
    assert repository.is_shallow
    git(tmp_path / "clone", "remote", "remove", "origin")
    source = read_source(repository, None, limit=5, into=tmp_path / "history")
    assert source.history.reason == ""
    assert source.history.last_change == last_change(opened(origin))
    assert [found.paths for found in source.history.recent] == [("b",), ("a",)]


@pytest.mark.parametrize("omitted", ["blob:none", "tree:0"])
def test_a_partial_clone_gets_its_missing_files_beside_it(omitted: str, tmp_path: Path) -> None:
    """Files that a partial clone has not fetched are fetched into the other repository, never into the clone."""
    origin = make(tmp_path / "origin", {"a": "1", "dir/b": "2"})
    commit(origin, {"a": "3"})
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", f"--filter={omitted}", origin.as_uri(), "clone")
    folder = tmp_path / "clone"
    if omitted == "tree:0":
        git(folder, "ls-tree", "-r", "HEAD")  # a checkout has the trees of its own commit
    before = listing(folder)
    repository = opened(folder)
    assert len(repository.missing_blobs()) == 2
    source = read_source(repository, None, limit=5, into=tmp_path / "history")
    assert source.history.reason == ""
    assert source.repository.missing_blobs() == frozenset()
    with source.repository.reader() as reader:
        assert [reader.read("a"), reader.read("dir/b")] == [b"3", b"2"]
    assert source.history.last_change == last_change(opened(origin))
    assert listing(folder) == before
    again = read_source(repository, source.history, limit=5, into=tmp_path / "history")
    assert again.history is source.history
    assert again.repository.missing_blobs() == frozenset(), "files are fetched also where the history is known"
    origin.rename(tmp_path / "moved")
    unreachable = read_source(repository, None, limit=5, into=tmp_path / "history")
    assert "could not fetch" in unreachable.history.reason
    assert unreachable.repository.missing_blobs()


def test_single_files_of_a_partial_clone_are_fetched_beside_it(tmp_path: Path) -> None:
    """Only what is asked for and missing is fetched; where that cannot be, reading the file says what is wrong."""
    origin = make(tmp_path / "origin", {"a": "1", "b": "2"})
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", origin.as_uri(), "clone")
    repository = opened(tmp_path / "clone")
    assert with_files(repository, ["none"], into=tmp_path / "files") is repository
    found = with_files(repository, ["a", "none"], into=tmp_path / "files")
    assert found.missing_blobs() == {repository.snapshot().entries["b"].blob}
    with found.reader() as reader:
        assert reader.read("a") == b"1"
    origin.rename(tmp_path / "moved")
    assert with_files(repository, ["a"], into=tmp_path / "files") is repository
    with repository.reader() as reader, pytest.raises(SourceError, match="could not read `a`"):
        reader.read("a")


def test_an_implausible_memory_is_not_used(tmp_path: Path) -> None:
    """Commit ids end up in links: a history from disk with anything else in their place is read anew."""
    repository = opened(make(tmp_path / "repo", {"a": "1"}))
    date = datetime.fromtimestamp(EPOCH, UTC)
    forged = LastChange(
        commit=repository.commit, complete=True, commits={'"><script>': date}, files={"a": '"><script>'}
    )
    found = read_source(repository, History(last_change=forged, limit=3), limit=3, into=tmp_path / "history")
    assert found.history.last_change.files == {"a": repository.commit}


def test_a_damaged_history_is_a_reason_and_not_a_crash(tmp_path: Path) -> None:
    """Where an old commit cannot be read, files get the documented commit and the reason names git's trouble."""
    folder = make(tmp_path / "repo", {"a": "1"})
    lost = git(folder, "rev-parse", "HEAD^{tree}")
    commit(folder, {"b": "1"})
    commit(folder, {"b": "2"})
    (folder / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    repository = opened(folder)
    history = read_source(repository, None, limit=5, into=tmp_path / "history").history
    assert "could not read the history" in history.reason
    assert set(history.last_change.files.values()) == {repository.commit}
    assert history.recent == ()


def test_recent_commits_that_cannot_be_read_are_a_reason(tmp_path: Path) -> None:
    """Where every file is decided but an older commit is damaged, there is no list of recent commits, and a reason."""
    folder = make(tmp_path / "repo", {"a": "1"})
    lost = git(folder, "rev-parse", "HEAD^{tree}")
    commit(folder, {"a": "2"})
    commit(folder, {"a": "3"})
    (folder / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    history = read_source(opened(folder), None, limit=5, into=tmp_path / "history").history
    assert "could not read the history" in history.reason
    assert history.recent == ()
    assert last_change(opened(folder)).complete


def test_a_partial_clone_with_some_of_its_files_knows_their_sizes(tmp_path: Path) -> None:
    """Only what is missing is fetched; the size of what is there is known."""
    origin = make(tmp_path / "origin", {"big": "x" * 5000, "dir/small": "1", "twin": "1"})
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:limit=1k", origin.as_uri(), "clone")
    repository = opened(tmp_path / "clone")
    sizes = {path: entry.size for path, entry in repository.snapshot().entries.items()}
    assert sizes == {"big": -1, "dir/small": 1, "twin": 1}
    source = read_source(repository, None, limit=5, into=tmp_path / "history")
    assert source.repository.snapshot().entries["big"].size == 5000


def test_recent_commits_tell_author_message_date_and_files(tmp_path: Path) -> None:
    """Names follow `.mailmap` of the commit, not of the work tree; dates are the committer's in UTC; paths are
    sorted."""
    folder = make(
        tmp_path / "repo", {"z": "1", "a": "1", ".mailmap": "Ada Lovelace <ada@example.org>\n"}, "first\n\nWhy:\nso"
    )
    git(folder, "checkout", "--quiet", "-b", "side")
    commit(folder, {"side": "1"}, "on the side")
    git(folder, "checkout", "--quiet", "main")
    git(folder, "merge", "--quiet", "--no-ff", "-m", "Merge side", "side")
    git(folder, "commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", "")
    (folder / ".mailmap").write_text("Somebody Else <ada@example.org>\n")
    commits = recent_commits(opened(folder), 10)
    assert [(found.author, found.subject, found.body, found.paths) for found in commits] == [
        ("Ada Lovelace", "", "", ()),
        ("Ada Lovelace", "Merge side", "", ("side",)),
        ("Ada Lovelace", "first", "Why:\nso", (".mailmap", "a", "z")),
    ]
    assert commits[0].date == datetime.fromtimestamp(EPOCH, UTC)
    assert commits[0].sha == git(folder, "rev-parse", "HEAD")
    assert recent_commits(opened(folder), 2) == commits[:2]
    git(tmp_path, "clone", "--quiet", "--bare", str(folder), "bare")
    assert recent_commits(open_workspace(tmp_path / "bare", workspace=tmp_path, environment={}), 10) == commits


def test_a_whole_repository_is_its_own_answer(tmp_path: Path) -> None:
    """Where nothing is missing nothing is fetched."""
    repository = opened(make(tmp_path / "repo", {"a": "1"}))
    assert deepen(repository, into=tmp_path / "history").repository is repository
    assert not (tmp_path / "history").exists()
