"""One repository at one commit: everything the other rooms may ask of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import IO

from docsfy_action.errors import SourceError
from docsfy_action.repository.addresses import remote_of, runner_remote, same_repository
from docsfy_action.repository.git import Failure, GitCommands
from docsfy_action.repository.reader import CommitReader
from docsfy_action.repository.snapshot import Entry, Remote, Snapshot
from docsfy_action.repository.tree import UNKNOWN_SIZE, decode_path, is_regular, parse_tree, utc_time
from docsfy_action.repository.words import MAX_TEXT_BYTES, find_words, is_document

DETACHED = "detached"


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A repository opened at `commit`, which stays the same however HEAD moves while the run goes on.

    `top` is the work tree, None for a bare repository. `environment` is the runner's, empty where the repository has
    nothing to do with the workflow. `origin` is the address it was cloned from, as git knows it, possibly with
    credentials: never show it. `checked_out` is the branch of HEAD, empty when detached. `boundary` holds the commits
    at which a shallow history was cut off.
    """

    git: GitCommands
    commit: str
    top: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    origin: str = field(default="", repr=False)
    checked_out: str = ""
    boundary: frozenset[str] = frozenset()

    @property
    def is_shallow(self) -> bool:
        """Whether the history was cut off when the repository was cloned."""
        return bool(self.boundary)

    @cached_property
    def _snapshot(self) -> Snapshot:
        tree = self.git.attempt("ls-tree", "-r", "-z", "--long", "--full-tree", self.commit)
        entries = _tree_of_partial_clone(self.git, self.commit) if isinstance(tree, Failure) else parse_tree(tree)
        if not entries:
            raise SourceError(
                f"The commit {self.commit[:12]} holds no files.",
                hint="Check that the right branch is checked out; there is nothing to document in an empty commit.",
            )
        date = self.git.run("log", "-1", "--format=%ct", "--no-patch", self.commit, doing="read the commit")
        return Snapshot(commit=self.commit, committed=utc_time(date.strip()), entries=entries)

    def snapshot(self) -> Snapshot:
        """All files of the commit; SourceError where it has none. Size -1 marks a blob that a partial clone lacks."""
        return self._snapshot

    def missing_blobs(self) -> frozenset[str]:
        """Blob ids of the commit's files that a partial clone has not fetched."""
        entries = self._snapshot.entries.values()
        return frozenset(entry.blob for entry in entries if entry.size == UNKNOWN_SIZE and is_regular(entry))

    def reader(self) -> CommitReader:
        """Reads the commit's files. The caller closes it."""
        return CommitReader(self.git, self._snapshot)

    def reader_of(self, blobs: Mapping[str, str]) -> CommitReader:
        """Reads other blobs of the repository, by path; those of an earlier commit may be missing. The caller closes it."""
        entries = {path: Entry(path=path, blob=blob, mode="100644", size=0) for path, blob in blobs.items()}
        return CommitReader(self.git, replace(self._snapshot, entries=entries))

    def remote(self) -> Remote | None:
        """Where the repository lives on the web; None for a repository that lives nowhere but here.

        The runner's own words come first, unless the origin shows that this is another repository checked out beside
        it.
        """
        return self._runner_remote() or remote_of(self.origin)

    def branch(self) -> str:
        """The branch a run belongs to: the runner's, else the one checked out, else `detached`."""
        names = () if self._is_foreign() else ("GITHUB_HEAD_REF", "GITHUB_REF_NAME")
        said = (self.environment.get(name, "").strip() for name in names)
        return next(filter(None, said), self.checked_out or DETACHED)

    def default_branch(self) -> str:
        """The branch that the remote shows first, as the clone noted it; `main` where it did not."""
        head = self.git.attempt("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")
        name = "" if isinstance(head, Failure) else decode_path(head).strip().removeprefix("refs/remotes/origin/")
        return name or "main"

    def uncommitted(self) -> int:
        """Number of changed and untracked files, which are not documented. The index is not touched."""
        if self.top is None:
            return 0
        drivers = self._filter_drivers()
        git = GitCommands(self.git.git_dir, work_tree=self.top, configuration=_without_filters(drivers))
        output = git.run(
            "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=dirty",
            doing="compare the work tree with the commit",
        )  # fmt: skip
        records = [record for record in output.split(b"\0") if len(record) > 3]
        edited = [record[3:] for record in records if record.startswith(b" M ")]
        return len(records) - (len(_filtered(git, edited, drivers)) if drivers and edited else 0)

    def grep_words(self, words: Collection[str], *, exclude_documents: bool) -> frozenset[str]:
        """Those of `words` that occur as whole words in a text file of the commit (`words.find_words` says what is
        whole).

        Files over 4 MB are left out; with `exclude_documents` prose is as well.
        """
        paths = [
            entry.path
            for entry in self._snapshot.entries.values()
            if is_regular(entry)
            and entry.size <= MAX_TEXT_BYTES
            and not (exclude_documents and is_document(entry.path))
        ]
        with self.reader() as reader:
            return find_words(words, (data for _, data in reader.read_many(paths)))

    def _runner_remote(self) -> Remote | None:
        """The repository that the runner works for, if this is it."""
        server = self.environment.get("GITHUB_SERVER_URL", "")
        return None if self._is_foreign() else runner_remote(server, self.environment.get("GITHUB_REPOSITORY", ""))

    def _is_foreign(self) -> bool:
        """Whether this is another repository, checked out beside the one the runner works for."""
        origin = remote_of(self.origin)
        server = self.environment.get("GITHUB_SERVER_URL", "")
        runner = runner_remote(server, self.environment.get("GITHUB_REPOSITORY", ""))
        return runner is not None and origin is not None and not same_repository(runner, origin)

    def _filter_drivers(self) -> tuple[str, ...]:
        """Content filters that the repository's own configuration defines, as against the user's and the system's."""
        listed = self.git.attempt("config", "-z", "--show-scope", "--name-only", "--get-regexp", r"^filter\.")
        fields = [] if isinstance(listed, Failure) else decode_path(listed).split("\0")
        names = (name for scope, name in zip(fields[::2], fields[1::2], strict=False) if scope in {"local", "worktree"})
        return tuple(sorted({name.partition(".")[2].rpartition(".")[0] for name in names}))


def _tree_of_partial_clone(git: GitCommands, commit: str) -> Mapping[str, Entry]:
    """The tree of a commit some of whose blobs are not there; asked for their size, git would give up or fetch them."""
    doing = "list the commit's files"
    entries = parse_tree(git.run("ls-tree", "-r", "-z", "--full-tree", commit, doing=doing))
    listed = git.run("rev-list", "--objects", "--no-object-names", "--missing=print", f"{commit}^{{tree}}", doing=doing)
    there = {sha for sha in listed.decode("ascii").split() if not sha.startswith("?")}
    sizes: dict[str, int] = {}
    with git.process("cat-file", "--batch-check=%(objectsize)") as process:
        for entry in entries.values():
            if is_regular(entry) and entry.blob in there and entry.blob not in sizes:
                process.stdin.write(f"{entry.blob}\n".encode("ascii"))
                process.stdin.flush()
                sizes[entry.blob] = int(process.stdout.readline())
    return {path: replace(entry, size=sizes.get(entry.blob, entry.size)) for path, entry in entries.items()}


def _without_filters(drivers: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Settings under which `git status` starts none of these programs, which would be the repository's own code."""
    values = (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
    return tuple((f"filter.{driver}.{key}", value) for driver in drivers for key, value in values)


def _filtered(git: GitCommands, paths: list[bytes], drivers: tuple[str, ...]) -> frozenset[bytes]:
    """Those of `paths` that pass through one of the switched-off filters: git sees them changed only because of
    that."""
    with git.process("check-attr", "-z", "--stdin", "filter") as process:
        found = []
        # One question, one answer: neither pipe can fill up.
        for path in paths:
            process.stdin.write(path + b"\0")
            process.stdin.flush()
            answer = [_until_nul(process.stdout) for _ in range(3)]
            if decode_path(answer[2]) in drivers:
                found.append(path)
    return frozenset(found)


def _until_nul(stream: IO[bytes]) -> bytes:
    return b"".join(iter(lambda: stream.read(1), b"\0"))
