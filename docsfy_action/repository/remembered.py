"""Whether a history that came from elsewhere is borne out by the repository: its commits end up in links and dates."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from docsfy_action.repository.git import Failure, GitCommands
from docsfy_action.repository.repository import Repository
from docsfy_action.repository.tree import utc_time

# So much fits into a pipe (64 KiB) on either side, so that neither ever waits for the other.
_BYTES_AT_ONCE = 32_000


def borne_out(files: Mapping[str, str], commits: Mapping[str, datetime], repository: Repository) -> bool:
    """Whether every one of `commits` is on the first-parent line of the repository's commit with the date that is said, and
    holds those of `files` (path → commit) that it is named for with the content that they have in the repository's commit."""
    listed = repository.git.attempt("rev-list", "--first-parent", "--timestamp", repository.commit)
    if isinstance(listed, Failure):
        return False
    line = {sha.decode("ascii"): date for date, _, sha in (row.partition(b" ") for row in listed.splitlines())}
    if any(sha not in line or utc_time(line[sha]) != date for sha, date in commits.items()):
        return False
    if not commits.keys() >= set(files.values()) or any("\n" in path for path in files):
        return False
    blobs = {path: entry.blob for path, entry in repository.snapshot().entries.items()}
    asked = [(f"{sha}:{path}", blobs.get(path, "")) for path, sha in files.items()]
    return all(answer == blob for answer, (_, blob) in zip(_blobs(repository.git, asked), asked, strict=False))


def _blobs(git: GitCommands, asked: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The blob id of each `commit:path`, or something else where there is none."""
    with git.process("cat-file", "--batch-check=%(objectname)") as process:
        for batch in _batches([name.encode("utf-8", "surrogateescape") + b"\n" for name, _ in asked]):
            try:
                process.stdin.write(b"".join(batch))
                process.stdin.flush()
            except BrokenPipeError:
                pass  # there is no answer then, and nothing has the empty one
            for _ in batch:
                yield process.stdout.readline().decode("ascii", "replace").strip()


def _batches(lines: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    batch: list[bytes] = []
    for line in lines:
        if batch and sum(map(len, batch)) + len(line) > _BYTES_AT_ONCE:
            yield batch
            batch = []
        batch.append(line)
    if batch:
        yield batch
