"""What a checkout may look like, and what is read out of it."""

import io
import os
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from docsfy_action.errors import ActionError, InputError, SourceError
from docsfy_action.repository.workspace import open_workspace
from tests.integration.gitbuild import EPOCH, commit, git, listing, make, opened

FILES: Mapping[str, str] = {"README.md": "# Hello\n", "src/app.py": "import os\n"}


def _plain(base: Path) -> Path:
    return make(base / "repo", FILES)


def _detached(base: Path) -> Path:
    folder = make(base / "repo", FILES)
    git(folder, "checkout", "--quiet", "--detach")
    return folder


def _bare(base: Path) -> Path:
    git(base, "clone", "--quiet", "--bare", str(make(base / "origin", FILES)), "repo")
    return base / "repo"


def _worktree(base: Path) -> Path:
    folder = make(base / "main", FILES)
    git(folder, "worktree", "add", "--quiet", "-b", "side/branch", str(base / "repo"))
    return base / "repo"


def _submodule(base: Path) -> Path:
    inner = make(base / "inner", FILES)
    outer = make(base / "outer", {"a": "b"})
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "repo")
    return outer / "repo"


def _symlinked_git(base: Path) -> Path:
    folder = make(base / "elsewhere", FILES)
    (base / "repo").mkdir()
    shutil.copytree(folder / "src", base / "repo" / "src")
    (base / "repo" / ".git").symlink_to(folder / ".git")
    return base / "repo"


def _sha256(base: Path) -> Path:
    (base / "repo").mkdir()
    git(base / "repo", "init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    commit(base / "repo", FILES)
    return base / "repo"


SHAPES: Mapping[str, tuple[Callable[[Path], Path], str]] = {
    "plain": (_plain, "main"),
    "detached": (_detached, "detached"),
    "bare": (_bare, "main"),
    "worktree": (_worktree, "side/branch"),
    "submodule": (_submodule, "main"),
    "symlinked .git": (_symlinked_git, "main"),
    "sha256": (_sha256, "main"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_checkout_is_read_and_left_as_it_was(shape: str, tmp_path: Path) -> None:
    """Whatever shape a checkout has, its files and branch are read, and not a byte of it changes."""
    build, branch = SHAPES[shape]
    folder = build(tmp_path)
    before = listing(tmp_path)
    repository = open_workspace(folder, workspace=tmp_path, environment={})
    with repository.reader() as reader:
        assert {path: reader.read(path) for path in repository.snapshot().entries} == {
            path: text.encode() for path, text in FILES.items()
        }
    assert repository.branch() == branch
    assert repository.grep_words(["import"], exclude_documents=True) == {"import"}
    repository.uncommitted()
    assert listing(tmp_path) == before


def test_a_snapshot_holds_every_entry_with_mode_size_and_the_date_in_utc(tmp_path: Path) -> None:
    """Symbolic links and submodules stay in the snapshot with their modes; only regular files have content."""
    folder = _submodule(tmp_path).parent
    (folder / "link").symlink_to("a")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    commit(folder, {"deep/er/ü.txt": "ü"})
    repository = opened(folder)
    entries = repository.snapshot().entries
    assert {path: (entry.mode, entry.size) for path, entry in entries.items()} == {
        ".gitmodules": ("100644", len((folder / ".gitmodules").read_bytes())),
        "a": ("100644", 1),
        "deep/er/ü.txt": ("100644", 2),
        "link": ("120000", 1),
        "repo": ("160000", 0),
        "run.sh": ("100755", 10),
    }
    assert entries["a"].blob == git(folder, "rev-parse", "HEAD:a")
    assert repository.snapshot().committed == datetime.fromtimestamp(EPOCH, UTC)
    assert repository.snapshot().commit == git(folder, "rev-parse", "HEAD")
    with repository.reader() as reader:
        assert [reader.read(path) for path in ("link", "repo", "deep", "nothing", "run.sh")] == [
            None, None, None, None, b"#!/bin/sh\n",
        ]  # fmt: skip


def test_names_that_are_no_utf8_are_kept(tmp_path: Path) -> None:
    """A path with bytes that are no UTF-8 is surrogate-escaped and can be read like any other."""
    folder = make(tmp_path / "repo", FILES)
    name = b"caf\xe9 \n\t.py"
    (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_bytes(b"x = 1\n")
    commit(folder, {})
    repository = opened(folder)
    path = name.decode("utf-8", "surrogateescape")
    assert repository.snapshot().entries[path].size == 6
    with repository.reader() as reader:
        assert reader.read(path) == b"x = 1\n"


def test_the_commit_read_stays_the_same_while_the_checkout_moves_on(tmp_path: Path) -> None:
    """A commit made during the run is not documented by it."""
    folder = make(tmp_path / "repo", FILES)
    repository = opened(folder)
    commit(folder, {"later.py": "x"})
    assert set(repository.snapshot().entries) == set(FILES)


def test_a_workspace_of_another_user_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git's ownership check does not stop a run on a workspace that another user owns, and no configuration is
    written."""
    folder = make(tmp_path / "repo", FILES)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "dubious" in _git_error(folder, "status")
    repository = opened(folder)
    assert set(repository.snapshot().entries) == set(FILES)
    assert repository.uncommitted() == 0


def _git_error(folder: Path, *arguments: str) -> str:
    with pytest.raises(AssertionError) as failure:
        git(folder, *arguments, GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    return str(failure.value)


def test_a_surrounding_git_command_does_not_lead_to_another_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables that git sets for its hooks do not make a run read the repository of the hook."""
    other = make(tmp_path / "other", {"other": "x"})
    folder = make(tmp_path / "repo", FILES)
    for name, value in {"GIT_DIR": ".git", "GIT_INDEX_FILE": str(other / ".git/index"), "GIT_PREFIX": "sub/"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(other)
    repository = opened(folder)
    assert set(repository.snapshot().entries) == set(FILES)
    assert repository.uncommitted() == 0


def test_nothing_of_the_repositorys_configuration_is_executed(tmp_path: Path) -> None:
    """Programs named in the repository's configuration and attributes are not started by anything a run does."""
    folder = make(tmp_path / "repo", {**FILES, ".gitattributes": "*.py filter=evil diff=evil\n"})
    marker = tmp_path / "executed"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{marker}'\ncat\n")
    program.chmod(0o755)
    (folder / ".git" / "hooks").mkdir(exist_ok=True)
    for name in ("post-index-change", "post-checkout", "reference-transaction", "pre-auto-gc"):
        shutil.copy(program, folder / ".git" / "hooks" / name)
    settings = ["core.fsmonitor", "core.pager", "core.sshCommand", "core.alternateRefsCommand", "diff.external"]
    settings += [
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "credential.helper",
    ]
    for name in settings:
        git(folder, "config", name, str(program))
    git(folder, "config", "filter.evil.required", "true")
    git(folder, "config", "log.showSignature", "true")
    git(folder, "config", "gpg.program", str(program))
    (folder / "src" / "app.py").write_text("changed\n")
    (folder / "README.md").write_text("changed\n")
    (folder / "new.py").write_text("new\n")

    repository = opened(folder)
    assert repository.uncommitted() == 2, "a file behind the repository's own filter cannot be compared"
    with repository.reader() as reader:
        reader.read("src/app.py")
    repository.grep_words(["os"], exclude_documents=False)
    repository.remote()
    assert not marker.exists()
    git(folder, "status")
    assert marker.exists(), "the trap works: plain git starts the programs"


def test_uncommitted_files_are_counted_without_touching_the_index(tmp_path: Path) -> None:
    """Changed, staged, deleted, renamed and untracked files count, ignored ones do not, and the index keeps its
    bytes."""
    folder = make(tmp_path / "repo", {"a": "1\n", "b": "2\n", "c": "3\n" * 9, "d": "4\n", ".gitignore": "*.log\n"})
    assert opened(folder).uncommitted() == 0
    (folder / "a").write_text("changed\n")
    (folder / "b").unlink()
    git(folder, "mv", "c", "moved")
    (folder / "new").mkdir()
    (folder / "new" / "one").write_text("1")
    (folder / "new" / "two\n").write_text("2")
    (folder / "noise.log").write_text("x")
    os.utime(folder / "d", (1, 1))  # looks changed until it is compared
    before = (folder / ".git" / "index").read_bytes()
    assert opened(folder).uncommitted() == 6
    assert (folder / ".git" / "index").read_bytes() == before


def test_programs_of_the_users_own_configuration_still_filter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter from the user's global configuration, such as Git LFS, keeps working, so its files do not look
    changed."""
    config = tmp_path / "gitconfig"
    config.write_text('[filter "shout"]\n\tclean = tr a-z A-Z\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    folder = make(tmp_path / "repo", {"a.txt": "LOUD\n", ".gitattributes": "*.txt filter=shout\n"})
    (folder / "a.txt").write_text("loud\n")
    assert opened(folder).uncommitted() == 0


def _not_git(base: Path) -> Path:
    (base / "repo").mkdir()
    return base / "repo"


def _empty(base: Path) -> Path:
    return make(base / "repo")


def _no_files(base: Path) -> Path:
    folder = make(base / "repo")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "nothing")
    return folder


def _subfolder(base: Path) -> Path:
    return make(base / "repo", FILES) / "src"


def _lost_worktree(base: Path) -> Path:
    folder = _worktree(base)
    shutil.rmtree(base / "main")
    return folder


def _lost_head(base: Path) -> Path:
    folder = make(base / "repo", FILES)
    git(folder, "symbolic-ref", "HEAD", "refs/heads/gone")
    return folder


def _damaged(base: Path) -> Path:
    folder = make(base / "repo", FILES)
    (folder / ".git" / "HEAD").write_bytes(b"\0\xff")
    return folder


def _lost_commit(base: Path) -> Path:
    folder = make(base / "repo", FILES)
    sha = git(folder, "rev-parse", "HEAD")
    (folder / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
    return folder


def _lost_tree(base: Path) -> Path:
    folder = make(base / "repo", FILES)
    sha = git(folder, "rev-parse", "HEAD^{tree}")
    (folder / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
    return folder


def _a_file(base: Path) -> Path:
    (base / "repo").write_text("x")
    return base / "repo"


def _absent(base: Path) -> Path:
    return base / "repo"


def _outside(base: Path) -> Path:
    make(base.parent / f"{base.name}-outside", FILES)
    (base / "repo").symlink_to(base.parent / f"{base.name}-outside")
    return base / "repo"


def _climbing(base: Path) -> Path:
    return base / ".."


UNUSABLE: Mapping[str, tuple[Callable[[Path], Path], type[ActionError], str]] = {
    "not git": (_not_git, SourceError, "is not a git repository"),
    "empty": (_empty, SourceError, "empty repository"),
    "no files": (_no_files, SourceError, "holds no files"),
    "subfolder": (_subfolder, InputError, "only a whole repository"),
    "lost worktree": (_lost_worktree, SourceError, "worktree or submodule whose repository is not there"),
    "lost HEAD": (_lost_head, SourceError, "the branch `gone` leads to no commit"),
    "damaged": (_damaged, SourceError, "cannot be opened as a git repository"),
    "lost commit": (_lost_commit, SourceError, "leads to no commit that can be read"),
    "lost tree": (_lost_tree, SourceError, "could not list the commit's files"),
    "a file": (_a_file, InputError, "is not a folder"),
    "absent": (_absent, InputError, "does not exist"),
    "outside through a link": (_outside, InputError, "leaves the workspace"),
    "climbing": (_climbing, InputError, "leaves the workspace"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_cannot_be_documented_is_refused_with_a_reason_and_a_hint(case: str, tmp_path: Path) -> None:
    """Each unusable source ends in an error of the right kind that says what is wrong and what to do."""
    build, kind, text = UNUSABLE[case]
    folder = build(tmp_path)
    with pytest.raises(kind, match=text) as failure:
        open_workspace(folder, workspace=tmp_path, environment={}).snapshot()
    assert type(failure.value) is kind
    assert failure.value.hint.endswith((".", ")"))


def test_a_missing_git_program_is_an_error_with_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git on the PATH the run says so instead of showing a traceback."""
    folder = make(tmp_path / "repo", FILES)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="run `git rev-parse`"):
        opened(folder)


def test_git_that_goes_missing_during_the_run_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also commands that stay open say that git cannot be run."""
    repository = opened(make(tmp_path / "repo", FILES))
    repository.snapshot()
    monkeypatch.setenv("PATH", str(tmp_path))
    with repository.reader() as reader, pytest.raises(SourceError, match="run `git cat-file`"):
        reader.read("README.md")


def test_many_threads_share_one_reader(tmp_path: Path) -> None:
    """Reads from several threads never get each other's answers."""
    files = {f"f{number}": str(number) * (number * 37 % 5000 + 1) for number in range(120)}
    repository = opened(make(tmp_path / "repo", files))
    wrong: list[str] = []
    with repository.reader() as reader:

        def work() -> None:
            wrong.extend(path for path, text in files.items() if reader.read(path) != text.encode())

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_reading_many_files_gives_them_in_order_and_may_stop_half_way(tmp_path: Path) -> None:
    """Bulk reads keep the given order, leave out what is no file, and an abandoned one does not disturb the next."""
    files = {f"f{number:04}": f"text {number}\n" * 400 for number in range(1100)}
    repository = opened(make(tmp_path / "repo", files))
    wanted = [*sorted(files, reverse=True), "nothing"]
    with repository.reader() as reader:
        for path, _ in reader.read_many(wanted):
            assert reader.read(path) is not None, "reading one file while going through many"
            if path == "f0700":
                break
        assert reader.read("f0001") == files["f0001"].encode()
        assert list(reader.read_many(wanted)) == [(path, files[path].encode()) for path in sorted(files, reverse=True)]
        assert list(reader.read_many([])) == []
        reader.close()
        assert reader.read("f0002") == files["f0002"].encode(), "a closed reader starts again"


def test_a_blob_that_is_not_there_is_an_error_not_a_missing_file(tmp_path: Path) -> None:
    """A damaged repository stops the run: a page made without the file would be silently incomplete."""
    folder = make(tmp_path / "repo", FILES)
    sha = git(folder, "rev-parse", "HEAD:README.md")
    (folder / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
    repository = opened(folder)
    assert repository.snapshot().entries["README.md"].size == -1
    assert repository.missing_blobs() == {sha}
    with repository.reader() as reader:
        with pytest.raises(SourceError, match=r"README\.md") as failure:
            reader.read("README.md")
        assert "clone the repository anew" in failure.value.hint
        assert reader.read("src/app.py") == b"import os\n"


def test_a_git_that_dies_is_an_error_and_is_started_again(tmp_path: Path) -> None:
    """When the process behind a reader is killed, the read fails; the next one has a new process."""
    repository = opened(make(tmp_path / "repo", FILES))
    with repository.reader() as reader:
        reader.read("README.md")
        for stream in ("stdin", "stdout"):
            alive = reader._process
            assert alive is not None
            getattr(alive, stream).close()
            dead = replace(alive, stdin=_Dead()) if stream == "stdin" else replace(alive, stdout=_Dead())
            reader._process = dead
            with pytest.raises(SourceError, match=r"README\.md"):
                reader.read("README.md")
            assert reader.read("README.md") == b"# Hello\n"


class _Dead(io.BytesIO):
    """A pipe whose other end is gone: half an answer comes out, nothing goes in."""

    def __init__(self) -> None:
        super().__init__(b"1234 blob 100\nhalf")

    def write(self, _: object) -> int:
        raise BrokenPipeError


RUNNER = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "octo/tool"}
IDENTITY = [
    # origin, environment, remote, branch
    ("", {}, None, "main"),
    ("git@gitlab.com:group/sub/tool.git", {}, "https://gitlab.com/group/sub/tool", "main"),
    ("", RUNNER, "https://github.com/octo/tool", "main"),
    ("https://x:secret@github.com/Octo/Tool", RUNNER, "https://github.com/octo/tool", "main"),
    ("", {**RUNNER, "GITHUB_HEAD_REF": "fix/a", "GITHUB_REF_NAME": "7/merge"}, "https://github.com/octo/tool", "fix/a"),
    ("", {**RUNNER, "GITHUB_HEAD_REF": "", "GITHUB_REF_NAME": "rel/1"}, "https://github.com/octo/tool", "rel/1"),
    ("https://github.com/other/one.git", {**RUNNER, "GITHUB_REF_NAME": "v1"}, "https://github.com/other/one", "main"),
    ("/srv/git/tool.git", {"GITHUB_REF_NAME": "dev"}, None, "dev"),
    ("", {"GITHUB_SERVER_URL": "https://ghe.example.org:8443", "GITHUB_REPOSITORY": "a/b"},
     "https://ghe.example.org:8443/a/b", "main"),
    ("", {"GITHUB_SERVER_URL": "javascript:alert(1)", "GITHUB_REPOSITORY": "a/b"}, None, "main"),
]  # fmt: skip


@pytest.mark.parametrize(("origin", "environment", "remote", "branch"), IDENTITY)
def test_remote_and_branch_follow_the_runner_unless_another_repository_is_checked_out(
    origin: str, environment: Mapping[str, str], remote: str | None, branch: str, tmp_path: Path
) -> None:
    """The runner's names win for its own repository; a second checkout beside it is known by its own origin and
    branch."""
    folder = make(tmp_path / "repo", FILES)
    git(folder, "config", "remote.zebra.url", "https://github.com/wrong/one")
    if origin:
        git(folder, "config", "remote.origin.url", origin)
    else:
        git(folder, "config", "--unset", "remote.zebra.url")
    repository = opened(folder, **environment)
    found = repository.remote()
    assert (found.url if found else None) == remote
    assert repository.branch() == branch
    assert "secret" not in repr(repository)
