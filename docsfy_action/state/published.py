"""What a published site carries of the state, so that pages that were paid for can be taken back when no cache holds them
any more. What comes from there is foreign: it is checked down to every value, and every text against its digest."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field, model_validator

from docsfy_action.state.files import make_folders, write_whole
from docsfy_action.state.loading import Folder
from docsfy_action.state.model import (
    SCHEMA_VERSION,
    Manifest,
    OutlineRecord,
    PageRecord,
    Record,
    Slug,
    Unreadable,
    dump,
    parse,
)
from docsfy_action.state.travelling import Place
from docsfy_action.state.variant import Variant

FILE = "docsfy-state.json"
"""Beside the marker of a site. No dotfile: artifacts of GitHub Pages leave those out."""
BOUND_BYTES = 20_000_000


class PublishedState(Record):
    """The state of a site's pages at `manifest.commit`, made at `committed` (an ISO date). The texts are those of pages that a
    model wrote, by slug; pages of the embedded writer are only named, because they are made anew from the code."""

    schema_version: Literal[1] = SCHEMA_VERSION
    owner: str
    project: str
    provider: str
    model: str
    committed: str
    manifest: Manifest
    outline: OutlineRecord | None = None
    texts: Mapping[Slug, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_dated(self) -> "PublishedState":
        if datetime.fromisoformat(self.committed).tzinfo is None:
            raise ValueError("the date has no time zone")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a site carries: the file, and the pages that there was no room for."""

    data: bytes
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """A state that a site carried, and the pages whose text is not the one it was."""

    state: PublishedState
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The state is another one's; `reason` is a sentence without its full stop."""

    reason: str


def carried(
    variant: Variant,
    manifest: Manifest,
    outline: OutlineRecord | None,
    texts: Mapping[str, str],
    *,
    committed: str,
    bound: int = BOUND_BYTES,
) -> Carried | None:
    """The state for a site, at most about `bound` bytes; None where no model wrote a page. `texts` are pages by slug.

    The same values give the same bytes. Pages that do not fit are left out, the last of the navigation first.
    """
    paid = {page.slug for page in manifest.pages if page.author and page.content_digest and page.slug in texts}
    if not paid:
        return None
    named = tuple(_named(page) for page in manifest.pages if page.slug not in paid)
    whole = {page.slug: _without_verdict(page) for page in manifest.pages if page.slug in paid}

    def state(slugs: Sequence[str]) -> PublishedState:
        kept = {page.slug: page for page in named} | {slug: whole[slug] for slug in slugs}
        pages = tuple(kept[page.slug] for page in manifest.pages if page.slug in kept)
        return PublishedState(
            owner=variant.owner,
            project=variant.project,
            provider=variant.provider,
            model=variant.model,
            committed=committed,
            manifest=manifest.model_copy(update={"pages": pages}),
            outline=outline,
            texts={slug: texts[slug] for slug in sorted(slugs)},
        )

    room = bound - len(dump(state(())))
    fitting: list[str] = []
    for slug, page in whole.items():
        size = len(dump(page)) + len(json.dumps(texts[slug])) + len(slug) + 8
        if size > room:
            break
        room -= size
        fitting.append(slug)
    if not fitting:
        return None
    return Carried(data=dump(state(fitting)), left_out=tuple(slug for slug in whole if slug not in fitting))


def recovered(data: bytes, variant: Variant) -> Recovered | Elsewhere | Unreadable:
    """What a site carries for this variant, whatever its branch; never raises, whatever the bytes are."""
    if len(data) > 2 * BOUND_BYTES:
        return Unreadable(reason=f"it is larger than {2 * BOUND_BYTES // 1_000_000} MB")
    state = parse(PublishedState, data)
    if isinstance(state, Unreadable):
        return state
    if (state.owner, state.project) != (variant.owner, variant.project):
        return Elsewhere(reason="The published site is about another repository")
    if (state.provider, state.model) != (variant.provider, variant.model):
        return Elsewhere(reason="The pages of the published site were written by another model")
    kept, dropped = [], []
    for page in state.manifest.pages:
        if page.author and page.content_digest:
            if _digest(state.texts.get(page.slug)) != page.content_digest:
                dropped.append(page.slug)
                continue
            kept.append(_without_verdict(page))
        else:
            kept.append(_named(page))
    manifest = state.manifest.model_copy(update={"pages": tuple(kept)})
    return Recovered(state=state.model_copy(update={"manifest": manifest}), dropped=tuple(dropped))


def place_published(found: Recovered, place: Place) -> None:
    """Put it where the store looks for the state of `place`, which must be empty, marked as one that came from elsewhere.
    Raises StateError."""
    folder, state = Folder(path=place.folder), found.state
    make_folders(place.root, folder.pages)
    write_whole(folder.foreign, b"")
    if state.outline is not None:
        write_whole(folder.outline, dump(state.outline))
    for page in state.manifest.pages:
        if page.author and page.content_digest:
            write_whole(folder.page(page.slug, page.content_digest), state.texts[page.slug].encode("utf-8"))
    write_whole(folder.manifest, dump(state.manifest))


def _digest(text: str | None) -> str:
    if text is None:
        return ""
    try:
        return hashlib.sha256(text.encode("utf-8")).hexdigest()
    except UnicodeEncodeError:  # half of a surrogate pair, which no page of ours holds
        return ""


def _without_verdict(page: PageRecord) -> PageRecord:
    """A page without what was found on it: it is verified anew wherever it comes to."""
    return page.model_copy(update={"verified_digest": "", "refused_digest": "", "reason": "", "findings": ()})


def _named(page: PageRecord) -> PageRecord:
    """A page that is made anew: what it was, so that its address is not lost, and the digests that tell whether it is as it
    was."""
    return _without_verdict(page).model_copy(update={"facets": {}, "author": "", "opened": ()})
