"""Changes facts that pages name, in real repositories, and counts the changes that grounding does not see: none may be.

    python -m benchmarks.mutations REPOSITORY [REPOSITORY …] --mutations 300 --out benchmarks/results/mutations.json

The pages are those of the embedded writer, taken as if a model had written them. Each mutation renames, removes or alters one
fact in its source text (see `tests/unit/verify/mutations.py`); blob ids are kept, so that a cited file does not give it away.
"""

import argparse
import json
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import BlobFacts
from docsfy_action.facts.reading import FactsKey, read_facts
from docsfy_action.outline.build import build_outline
from docsfy_action.repository.workspace import open_workspace
from docsfy_action.verify.grounding import Grounds, ground
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.pages import select_inputs, write_page
from tests.unit.verify.mutations import Mutation, mentions, mutated, mutations, with_constant_blobs


@dataclass
class NoStore:
    """Facts are read afresh."""

    def get_many(self, keys: Iterable[FactsKey]) -> Mapping[FactsKey, BlobFacts]:
        """Nothing is known."""
        return {}

    def put_many(self, items: Mapping[FactsKey, BlobFacts]) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One repository: its pages, how many facts a page stands on, milliseconds for a page, and the mutations by kind."""

    repository: str
    commit: str
    pages: int
    facets_median: float
    first_ms: float
    page_ms_median: float
    page_ms_worst: float
    mutations: int
    kinds: dict[str, int]
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A commit in memory, with its pages."""

    commit: str
    code: CodeBase
    texts: Mapping[str, bytes]
    pages: Mapping[str, str]


def load(folder: Path) -> Sample:
    """Facts, texts and embedded pages of a repository's HEAD."""
    repository = open_workspace(folder, workspace=folder, environment=os.environ)
    snapshot = repository.snapshot()
    with repository.reader() as reader:
        reading = read_facts(snapshot, reader, NoStore())
        texts = dict(reader.read_many(reading.files))
    code = CodeBase(name=folder.name, files=with_constant_blobs(reading.files))
    context = Context(code=code, outline=build_outline(code, title=folder.name, history=False), title=folder.name)
    pages = {slug: write_page(page) for slug, page in select_inputs(context).items()}
    return Sample(commit=snapshot.commit, code=code, texts=texts, pages=pages)


def measure(folder: Path, count: int) -> Measured:
    """Ground every page, then mutate what they name."""
    sample = load(folder)
    grounds = Grounds(sample.code, sample.texts.get)
    started = time.process_time()
    before = {slug: ground(text, grounds) for slug, text in sample.pages.items()}
    first = (time.process_time() - started) * 1000
    milliseconds = []
    for text in sample.pages.values():
        started = time.process_time()
        ground(text, grounds)
        milliseconds.append((time.process_time() - started) * 1000)
    readable = {path: data.decode("utf-8", "surrogateescape") for path, data in sample.texts.items()}
    cases: list[tuple[str, Mutation]] = []
    order = random.Random(folder.name)
    slugs = sorted(sample.pages)
    order.shuffle(slugs)
    for slug in slugs:
        found = list(mutations(mentions(sample.pages[slug]), sample.code, readable))
        cases += [(slug, one) for one in order.sample(found, min(len(found), max(20, count // len(slugs))))]
        if len(cases) >= count:
            break
    missed = [
        f"{slug}: {one.kind} of {one.name} in {one.path}"
        for slug, one in cases[:count]
        if not _seen(sample, slug, one, before)
    ]
    return Measured(
        repository=folder.name,
        commit=sample.commit,
        pages=len(sample.pages),
        facets_median=statistics.median(map(len, before.values())),
        first_ms=round(first, 1),
        page_ms_median=round(statistics.median(milliseconds), 1),
        page_ms_worst=round(max(milliseconds), 1),
        mutations=len(cases[:count]),
        kinds=dict(sorted(Counter(one.kind.partition(" ")[0] for _, one in cases[:count]).items())),
        missed=missed,
    )


def _seen(sample: Sample, slug: str, mutation: Mutation, before: Mapping[str, object]) -> bool:
    texts = {**sample.texts, mutation.path: mutation.text.encode("utf-8", "surrogateescape")}
    return ground(sample.pages[slug], Grounds(mutated(sample.code, mutation), texts.get)) != before[slug]


def main() -> None:
    """Measure the repositories named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--mutations", type=int, default=300)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    results = []
    for folder in chosen.repositories:
        measured = measure(folder.resolve(), chosen.mutations)
        print(measured)
        results.append(asdict(measured))
        if chosen.out is not None:
            chosen.out.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
