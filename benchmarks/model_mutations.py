"""Changes facts that a model's pages name, in real repositories: every page that names one must be flagged, few others should.

    python -m benchmarks.model_mutations REPOSITORY [REPOSITORY …] --mutations 150 --out benchmarks/results/model_mutations.json

The pages are those of `tests/contract/models/explainer.py`, with the fact sheets that a run would give it. Facts of all kinds are
drawn in turn, so that options and settings count as much as functions; each is renamed, removed and altered in its source text.
Blob ids are kept, so that a page flagged for a file that it cites as a whole counts only for the fact.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path

from benchmarks.mutations import Sample, load
from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import Command, Dependency, Option, Role, Setting, SettingKind, Symbol, SymbolKind
from docsfy_action.outline.map import repository_map
from docsfy_action.verify.grounding import Facets, Grounds, ground
from docsfy_action.writers.model.factsheet import fact_sheet
from tests.contract.models.explainer import explain, planned_sources
from tests.unit.verify.mutations import Mentions, Mutation, Named, mentions, mutated, mutations

BROAD = ("index", "getting-started", "usage", "architecture")
SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Only(Mentions):
    """A page that names one fact, whatever it is called."""

    fact: Named

    def holds(self, path: str, fact: Named) -> bool:
        """Whether it is that one."""
        return fact is self.fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A mutation, the kind of fact that it is of, and the pages that name the fact."""

    mutation: Mutation
    kind: str
    naming: frozenset[str]


@dataclass(kw_only=True)
class Measured:
    """One repository. `pairs` are pages that had to be flagged, over all mutations; `needless` is the share of the other
    pages that were flagged as well."""

    repository: str
    commit: str
    pages: int
    words_median: int
    mutations: int
    facts: dict[str, int]
    kinds: dict[str, int]
    pairs: int
    flagged: float = 0.0
    needless: float = 0.0
    needless_pages_by_fact: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)


def pages_of(code: CodeBase) -> Mapping[str, str]:
    """What the model writes about a repository."""
    pages = {slug: explain(slug, slug, fact_sheet(code, ())) for slug in BROAD}
    for number, sources in enumerate(planned_sources(repository_map(code), 8)):
        pages[f"about-{number}"] = explain("About it", f"about-{number}", fact_sheet(code, sources))
    return pages


def named_facts(code: CodeBase, pages: Mapping[str, Mentions]) -> Iterator[tuple[str, Named, frozenset[str]]]:
    """Every fact that a page names, with its path and those pages."""
    for path, file in code.files.items():
        if file.role in (Role.TEST, Role.EXAMPLE, Role.DOCUMENT):
            continue
        facts = file.facts
        every: Sequence[Named] = (
            *facts.symbols,
            *facts.options,
            *facts.settings,
            *facts.commands,
            *facts.dependencies,
        )
        for fact in every:
            naming = frozenset(slug for slug, page in pages.items() if page.holds(path, fact))
            if naming:
                yield path, fact, naming


def kind_of(fact: Named) -> str:
    """In words of readers."""
    match fact:
        case Symbol(kind=SymbolKind.CONSTANT):
            return "constant"
        case Symbol():
            return "definition"
        case Option(env=env):
            return "option with a variable" if env else "option"
        case Setting(kind=kind):
            return "environment variable" if kind is SettingKind.ENVIRONMENT else "setting"
        case Command():
            return "command"
        case Dependency():
            return "dependency"


def cases(sample: Sample, count: int) -> list[Case]:
    """At least `count` mutations where there are so many, kinds of facts in turn; always the same for the same commit."""
    known = {slug: mentions(text) for slug, text in sample.pages.items()}
    groups: dict[str, list[tuple[str, Named, frozenset[str]]]] = {}
    for path, fact, naming in named_facts(sample.code, known):
        groups.setdefault(kind_of(fact), []).append((path, fact, naming))
    order = random.Random(sample.commit)
    for group in groups.values():
        order.shuffle(group)
    found: list[Case] = []
    for turn in zip_longest(*(groups[kind] for kind in sorted(groups))):
        for path, fact, naming in filter(None, turn):
            text = sample.texts.get(path, b"").decode("utf-8", "surrogateescape")
            only = Only(tokens=frozenset(), spans=frozenset(), cited=frozenset(), fact=fact)
            alone = CodeBase(name=sample.code.name, files={path: sample.code.files[path]})
            found += [
                Case(mutation=one, kind=kind_of(fact), naming=naming) for one in mutations(only, alone, {path: text})
            ]
        if len(found) >= count:
            break
    return found


def measure(folder: Path, count: int) -> Measured:
    """Ground every page before and after each mutation."""
    embedded = load(folder)
    sample = Sample(
        commit=embedded.commit, code=embedded.code, texts=embedded.texts, pages=dict(pages_of(embedded.code))
    )
    before = _grounded(sample, sample.code, sample.texts)
    drawn = cases(sample, count)
    result = Measured(
        repository=folder.name,
        commit=sample.commit,
        pages=len(sample.pages),
        words_median=sorted(len(text.split()) for text in sample.pages.values())[len(sample.pages) // 2],
        mutations=len(drawn),
        facts=dict(sorted(Counter(case.kind for case in drawn).items())),
        kinds=dict(sorted(Counter(case.mutation.kind.partition(" ")[0] for case in drawn).items())),
        pairs=sum(len(case.naming) for case in drawn),
    )
    needless: Counter[str] = Counter()
    others = 0
    for case in drawn:
        path, text = case.mutation.path, case.mutation.text
        texts = {**sample.texts, path: text.encode("utf-8", "surrogateescape")}
        after = _grounded(sample, mutated(sample.code, case.mutation), texts)
        flagged = {slug for slug in sample.pages if after[slug] != before[slug]}
        result.missed += [
            f"{slug}: {case.mutation.kind} of {case.mutation.name} in {path}" for slug in sorted(case.naming - flagged)
        ]
        others += len(sample.pages) - len(case.naming)
        needless[case.kind] += len(flagged - case.naming)
    result.flagged = round(1 - len(result.missed) / max(1, result.pairs), 4)
    result.needless = round(needless.total() / max(1, others), 4)
    result.needless_pages_by_fact = dict(sorted(needless.items()))
    return result


def _grounded(sample: Sample, code: CodeBase, texts: Mapping[str, bytes]) -> Mapping[str, Facets]:
    grounds = Grounds(code, texts.get)
    return {slug: ground(text, grounds) for slug, text in sample.pages.items()}


def main() -> int:
    """Measure the repositories named on the command line; exit status 1 where a page was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--mutations", type=int, default=150)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    results = []
    for folder in chosen.repositories:
        measured = measure(folder.resolve(), chosen.mutations)
        print(json.dumps({**asdict(measured), "missed": measured.missed[:SHOWN]}, indent=1), flush=True)
        results.append(asdict(measured))
        if chosen.out is not None:
            chosen.out.write_text(json.dumps(results, indent=1) + "\n")
    return 1 if any(one["missed"] for one in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
