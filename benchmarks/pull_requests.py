"""What a pull request costs, and what it is told: real merge commits, and names renamed in the code behind the documents' back.

    python -m benchmarks.pull_requests REPOSITORY … --merges 200 --renames 20 --out benchmarks/results/pull_requests.json

Each of the newest merge commits is taken for a pull request, and the names that it takes away which documents still mention are
listed, to be judged by a person. Then definitions that documents mention are renamed, one after the other, in every file that is
no document: each of them should be found.
"""

import argparse
import hashlib
import json
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from docsfy_action.facts.model import BlobFacts, Role
from docsfy_action.facts.reading import read_facts
from docsfy_action.facts.roles import parse_gitattributes, roles_of
from docsfy_action.lifecycle import StaleName
from docsfy_action.repository.base import Proposal
from docsfy_action.repository.repository import Repository
from docsfy_action.repository.workspace import open_workspace
from docsfy_action.stages.staleness import Question, stale_names
from docsfy_action.state.blob_cache import BlobCache
from docsfy_action.state.facts_store import FactsStore
from docsfy_action.verify.stale.documents import DOCUMENT_SUFFIXES, tells_of_the_past
from docsfy_action.verify.stale.mentions import Document, find_mentions
from docsfy_action.verify.stale.names import GoneName, Kind, Side, gone_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One repository: how many merge commits, seconds of the processor for one of them, what they were told; and how many of
    the renamed names were found, with the ones that were not."""

    repository: str
    commit: str
    merges: int
    seconds_median: float
    seconds_worst: float
    told: list[str]
    renamed: int
    found: int
    missed: list[str]


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--merges", type=int, default=200)
    parser.add_argument("--renames", type=int, default=20)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    results = [asdict(measure(path, arguments.merges, arguments.renames)) for path in arguments.repositories]
    arguments.out.write_text(json.dumps(results, indent=2) + "\n")


def measure(path: Path, merges: int, renames: int) -> Measured:
    """One repository."""
    with tempfile.TemporaryDirectory() as folder, BlobCache(Path(folder) / "facts") as cache:
        store = FactsStore(cache, BlobFacts)
        repository = open_workspace(path, workspace=path, environment={})
        seconds, told = [], []
        for commit, parents in _merges(path, merges):
            before = time.process_time()
            found = _ask(replace(repository, commit=commit), parents, path.name, store)
            seconds.append(time.process_time() - before)
            told += [_told(commit, one) for one in found or ()]
        copy = Path(folder) / "copy"
        _git(path, "clone", "--quiet", "--shared", str(path), str(copy))
        missed = []
        names = _documented(copy, store)[:renames]
        for name in names:
            head = _rename(copy, name.rpartition(".")[2])
            base = _git(copy, "rev-parse", "HEAD~1")
            changed = open_workspace(copy, workspace=copy, environment={})
            found = _ask(changed, (base, head), path.name, store)
            if not any(one.name == name for one in found or ()):
                missed.append(name)
            _git(copy, "reset", "--quiet", "--hard", base)
    return Measured(
        repository=path.name,
        commit=repository.commit,
        merges=len(seconds),
        seconds_median=round(statistics.median(seconds), 3),
        seconds_worst=round(max(seconds), 3),
        told=told,
        renamed=len(names),
        found=len(names) - len(missed),
        missed=missed,
    )


def _ask(
    repository: Repository, parents: Sequence[str], name: str, store: FactsStore[BlobFacts]
) -> tuple[StaleName, ...] | None:
    proposal = Proposal(head=parents[1], base=parents[0])
    return stale_names(Question(repository=repository, proposal=proposal, name=name), store)


def _told(commit: str, one: StaleName) -> str:
    places = ", ".join(f"{mention.path}:{mention.line}" for mention in one.mentions[:3])
    return f"{commit[:10]} {one.kind} {one.name}{f' -> {one.renamed_to}' if one.renamed_to else ''}: {places}"


def _merges(path: Path, count: int) -> Iterator[tuple[str, tuple[str, str]]]:
    for line in _git(path, "log", "--merges", f"-{count}", "--format=%H %P").splitlines():
        commit, *parents = line.split()
        if len(parents) == 2:
            yield commit, (parents[0], parents[1])


def _documented(path: Path, store: FactsStore[BlobFacts]) -> list[str]:
    """Definitions that documents mention, as if all of them had gone."""
    repository = open_workspace(path, workspace=path, environment={})
    with repository.reader() as reader:
        snapshot = repository.snapshot()
        files = read_facts(snapshot, reader, store).files
        everything = gone_names(Side(files=files, text=lambda _: None), Side(files={}, text=lambda _: None))
        documents = [
            Document(path=path, text=(reader.read(path) or b"").decode("utf-8", "replace"))
            for path, file in sorted(files.items())
            if file.role is Role.DOCUMENT and path.endswith(DOCUMENT_SUFFIXES) and not tells_of_the_past(path)
        ]
    names = [one for one in everything if one.kind is Kind.SYMBOL and _is_one_word(one)]
    return sorted({one.name for one in find_mentions(names, documents, frozenset())}, key=_shuffled)


def _shuffled(name: str) -> str:
    """An order that has nothing to do with the alphabet, and is the same every time."""
    return hashlib.sha256(name.encode()).hexdigest()


def _is_one_word(one: GoneName) -> bool:
    return "." not in one.name and len(one.name) > 3


def _rename(path: Path, name: str) -> str:
    """The word becomes another in every file that is no document; gives the commit."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    paths = _git(path, "ls-files").splitlines()
    for one, role in roles_of(paths, parse_gitattributes({})).items():
        file = path / one
        if role is Role.DOCUMENT or file.is_symlink() or not file.is_file():
            continue
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        if name in text:
            file.write_bytes(word.sub(f"{name}_anew", text).encode("utf-8", "surrogateescape"))
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    _git(path, *who, "commit", "--quiet", "--all", "--message", "Rename")
    return _git(path, "rev-parse", "HEAD")


def _git(path: Path, *words: str) -> str:
    done = subprocess.run(("git", "-C", str(path), *words), check=True, capture_output=True, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
