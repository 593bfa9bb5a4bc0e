"""Looks at what a run with a model left, without trusting any of it: facts are read afresh, pages checked and grounded anew."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import BlobFacts
from docsfy_action.facts.reading import FactsKey, read_facts
from docsfy_action.repository.workspace import open_workspace
from docsfy_action.verify.citations import parse_citation
from docsfy_action.verify.evidence import CommitEvidence
from docsfy_action.verify.grounding import Grounds, ground
from docsfy_action.verify.page import anchors_of, parse_page
from docsfy_action.verify.references import draft_page, judge


class NoStore:
    """Facts are read afresh."""

    def get_many(self, keys: Iterable[FactsKey]) -> Mapping[FactsKey, BlobFacts]:
        """Nothing is known."""
        return {}

    def put_many(self, items: Mapping[FactsKey, BlobFacts]) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The model's pages with the files that each cites, opened or was planned from, their lengths in words, and what is
    wrong with them: references that do not resolve, and recorded grounds that are not those of the text."""

    by_model: Mapping[str, frozenset[str]]
    words: tuple[int, ...]
    wrong: tuple[str, ...]


def audited(folder: Path, state: Path) -> Audit:
    """The pages of the newest state against the checked-out commit."""
    (manifest_path,) = state.glob("*/*/variants/*/api/*/manifest.json")
    manifest = json.loads(manifest_path.read_text())
    texts = {
        page["slug"]: (manifest_path.parent / "pages" / f"{page['slug']}.{page['content_digest']}.md").read_text()
        for page in manifest["pages"]
        if page["content_digest"]
    }
    repository = open_workspace(folder, workspace=folder, environment=os.environ)
    snapshot = repository.snapshot()
    wrong = []
    by_model: dict[str, frozenset[str]] = {}
    with repository.reader() as reader:
        code = CodeBase(name=folder.name, files=read_facts(snapshot, reader, NoStore()).files)
        grounds = Grounds(code, reader.read)
        evidence = CommitEvidence(
            snapshot=snapshot,
            reader=reader,
            grep_words=repository.grep_words,
            anchors={slug: anchors_of(text) for slug, text in texts.items()},
        )
        for page in manifest["pages"]:
            slug = page["slug"]
            if not page["author"] or slug not in texts:
                continue
            by_model[slug] = _paths(texts[slug]) | frozenset(page["opened"]) | frozenset(page["subjects"])
            found = ground(texts[slug], grounds, opened=page["opened"])
            recorded = {key: value for key, value in page["facets"].items() if not key.startswith("brief ")}
            if recorded != found:
                keys = sorted(key for key in recorded.keys() | found.keys() if recorded.get(key) != found.get(key))
                wrong.append(f"{slug}: its grounds are not those of its text: {', '.join(keys[:3])}")
            verdict = judge(draft_page(slug, texts[slug], evidence), evidence)
            wrong += [f"{slug}: {finding.message}" for finding in (*verdict.unresolved, *verdict.malformed)]
    lengths = tuple(len(texts[slug].split()) for slug in by_model)
    return Audit(by_model=by_model, words=lengths, wrong=tuple(wrong))


def _paths(text: str) -> frozenset[str]:
    cited = (parse_citation(link.target) for link in parse_page(text).links)
    return frozenset(one.path for one in cited if one is not None)
