"""Rendering and the end of a run: pages become the site in the output folder, and the state remembers the run."""

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from docsfy_action.facts.model import Span
from docsfy_action.inputs.values import Verify
from docsfy_action.outline.model import LANDING
from docsfy_action.plan.plan import Plan
from docsfy_action.repository.checkout import check_out
from docsfy_action.repository.history import LastChange
from docsfy_action.repository.snapshot import Snapshot
from docsfy_action.site.assemble import Publication, SiteWishes, assemble
from docsfy_action.site.cache import RenderCache
from docsfy_action.site.citations import Evidence, line_of
from docsfy_action.site.comparison.page import FILE as CHANGES
from docsfy_action.site.model import SiteResult, SiteSpec
from docsfy_action.site.output import MARKER
from docsfy_action.site.render import render_site
from docsfy_action.site.user_config import needs_files
from docsfy_action.stages.planning import Knowledge
from docsfy_action.stages.source import Source
from docsfy_action.stages.writing import Page
from docsfy_action.state.store import Loaded
from docsfy_action.verify.citations import Citation
from docsfy_action.verify.evidence import Recent
from docsfy_action.writers.pages import documented_symbols

# Bytes of cited files that are remembered while links are resolved.
KEPT_BYTES = 8_000_000


def make_site(
    pages: Mapping[str, Page], redirects: Mapping[str, str], knowledge: Knowledge, source: Source
) -> SiteSpec:
    """The site as a value: final links, stamps, sections."""
    inputs = source.inputs
    change = knowledge.history.last_change
    publication = Publication(
        outline=knowledge.outline,
        texts={slug: page.text for slug, page in pages.items() if page.text},
        snapshot=source.snapshot,
        remote=source.remote,
        evidence=Evidence(
            remote=source.remote,
            changed=_changed(change, source.snapshot),
            lines=_lines(knowledge, source),
            documented=documented_symbols(knowledge.inputs),
        ),
        dates=change.commits.get,
        redirects=redirects,
        authors={slug: page.record.author for slug, page in pages.items() if page.record.author},
        checked=inputs.verify is Verify.STRICT,
    )
    wishes = SiteWishes(
        name=source.title,
        site_url=source.place.url if source.place.url is not None else inputs.site_url,
        repo_url=inputs.repo_url or "",
        language=inputs.language,
        user_config=source.user_config,
        user_config_name=inputs.mkdocs_config or "",
        trusted=source.trusts_user_config,
        preview=source.place.preview,
        version=source.place.version,
    )
    return assemble(publication, wishes)


def _changed(change: LastChange, snapshot: Snapshot) -> Callable[[str], str]:
    """The commit that gave a file, or the newest file of a folder, its content."""
    folders: dict[str, list[str]] = {}
    for path in snapshot.entries:
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folders.setdefault("/".join(parts[:depth]), []).append(path)

    @cache
    def changed(path: str) -> str:
        found = change.of(path) or (change.newest(folders[path]) if path in folders else None)
        return found or snapshot.commit

    return changed


def _lines(knowledge: Knowledge, source: Source) -> Callable[[Citation], Span | None]:
    texts: Recent[bytes] = Recent(KEPT_BYTES)

    @cache
    def spans(path: str) -> Mapping[str, Span]:
        file = knowledge.code.files.get(path)
        return {symbol.name: symbol.span for symbol in reversed(file.facts.symbols)} if file is not None else {}

    def read(path: str) -> tuple[bytes, int]:
        data = source.reader.read(path) or b""
        return data, len(data)

    @cache
    def lines(citation: Citation) -> Span | None:
        if citation.symbol:
            return spans(citation.path).get(citation.symbol)
        if not citation.literal:
            return None
        return line_of(texts.get(citation.path, lambda: read(citation.path)), citation.literal)

    return lines


def render(spec: SiteSpec, source: Source, cache_: RenderCache | None) -> SiteResult:
    """The site in the output folder. A trusted MkDocs file finds the commit's files where its paths lead."""
    output_dir = source.inputs.output_dir
    if not spec.trusted or spec.user_config is None or not needs_files(spec.user_config, spec.user_config_name):
        return render_site(spec, output_dir=output_dir, cache=cache_)
    with tempfile.TemporaryDirectory(prefix="docsfy-") as folder:
        check_out(source.snapshot, source.reader, into=Path(folder))
        beside = (Path(folder) / spec.user_config_name).parent
        return render_site(replace(spec, user_config_dir=beside), output_dir=output_dir, cache=cache_)


def next_redirects(loaded: Loaded, plan: Plan, published: frozenset[str]) -> Mapping[str, str]:
    """Redirects of earlier runs and of pages removed now, each straight to a page that exists."""
    old = dict(loaded.previous.manifest.redirects) if loaded.previous is not None else {}
    old.update({page.slug: page.successor for page in plan.removed})
    final: dict[str, str] = {}
    for slug in sorted(old.keys() - published):
        target, seen = old[slug], {slug}
        while target not in published and target in old and target not in seen:
            seen.add(target)
            target = old[target]
        final[slug] = target if target in published else LANDING
    return final


def fingerprint(folder: Path) -> str:
    """Digest of names and sizes of a site's files, which tells cheaply whether it is whole; empty where there is none. What a
    pull request changes stands beside the site and is no part of it."""
    if not (folder / MARKER).is_file():
        return ""
    hasher = hashlib.sha256((folder / MARKER).read_bytes())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != CHANGES:
            hasher.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\n".encode())
    return hasher.hexdigest()
