"""A commit in memory, as verification sees it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from docsfy_action.repository.snapshot import Commit, Entry, Remote, Snapshot
from docsfy_action.repository.words import find_words, is_document
from docsfy_action.verify.evidence import CommitEvidence

REMOTE = Remote(url="https://github.com/acme/shop", host="github.com", owner="acme", name="shop")
SHA = "0123456789abcdef0123456789abcdef01234567"
COMMIT = Commit(
    sha=SHA, date=datetime(2026, 1, 2, tzinfo=UTC), author="A", subject="Teach the client to wait", body="It backs off."
)


class Blobs:
    """Files of a commit by path."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.reads: list[str] = []

    def read(self, path: str) -> bytes | None:
        self.reads.append(path)
        return self.files.get(path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((path, data) for path in paths if (data := self.read(path)) is not None)

    def grep_words(self, words: Collection[str], *, exclude_documents: bool) -> frozenset[str]:
        return find_words(
            words, (data for path, data in self.files.items() if not (exclude_documents and is_document(path)))
        )


def evidence(
    files: Mapping[str, str | bytes], *, anchors: Mapping[str, Collection[str]] | None = None
) -> CommitEvidence:
    """Evidence for a commit that holds these files."""
    data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    blobs = Blobs(data)
    return CommitEvidence(
        snapshot=Snapshot(
            commit=SHA,
            committed=datetime(2026, 1, 2, tzinfo=UTC),
            entries={
                path: Entry(path=path, blob=f"{index:040x}", mode="100644", size=len(blob))
                for index, (path, blob) in enumerate(data.items())
            },
        ),
        reader=blobs,
        grep_words=blobs.grep_words,
        anchors={slug: frozenset(names) for slug, names in (anchors or {}).items()},
        remote=REMOTE,
        commits=(COMMIT,),
    )
