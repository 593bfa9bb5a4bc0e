"""Finds the sites that this program made in the folders of a folder, and what an index can tell of each.

Whatever lies there may come from other jobs that documented other people's code: it is bounded, and nothing in it is trusted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from docsfy_action.site.model import FinishedSite
from docsfy_action.site.output import MARKER
from docsfy_action.verify.reading import read
from docsfy_action.verify.tidying import text_of
from docsfy_action.verify.tree import Block, Grid, Paragraph, Quote

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# What the index has itself, and what lies beside it on a branch that is published.
_TAKEN = frozenset(
    {"assets", "search", "pr-preview", "index.html", "index.md", "404.html", "sitemap.xml", "llms.txt", "llms-full.txt"}
) | {MARKER}
_NEEDED = ("index.html", "llms.txt")
_MAX_MARKER, _MAX_LANDING = 64_000, 1_000_000
_MAX_DESCRIPTION = 200
# The row of the landing page that the embedded writer tells the languages in.
_LANGUAGE_ROW = "Written in"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An entry of the folder that is no site the index could lead to, and why, as the end of a sentence."""

    name: str
    reason: str


class _Marker(BaseModel):
    """What a site says of itself."""

    model_config = ConfigDict(frozen=True, strict=True)

    schema_version: Annotated[int, Field(alias="schema")]
    name: Annotated[str, Field(max_length=200)]
    commit: Annotated[str, Field(max_length=64, pattern="^[0-9a-f]*$")] = ""
    date: Annotated[str, Field(pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    commit_url: Annotated[str, Field(max_length=1000)] = ""
    pages: Annotated[int, Field(ge=0)] = 0


def find_sites(folder: Path) -> tuple[tuple[FinishedSite, ...], tuple[LeftOut, ...]]:
    """The sites in the folders of `folder` in the order of their titles, and every other entry with the reason.

    Raises OSError where the folder itself cannot be read. Hidden entries are passed over.
    """
    sites: list[FinishedSite] = []
    left_out: list[LeftOut] = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        try:
            found = _fault(entry) or _site(entry)
        except OSError as error:
            found = f"cannot be read: {error.strerror}"
        if isinstance(found, FinishedSite):
            sites.append(found)
        else:
            left_out.append(LeftOut(name=entry.name, reason=found))
    return tuple(sorted(sites, key=lambda site: (site.title.casefold(), site.name))), tuple(left_out)


def _fault(entry: Path) -> str:
    """Why an entry cannot be a site that is copied below the index; empty where it can."""
    if entry.is_symlink() or not entry.is_dir():
        return "is not a folder"
    if not _NAME.fullmatch(entry.name) or entry.name.lower() in _TAKEN:
        return "has a name that no site below an index can have"
    if not (entry / MARKER).is_file():
        return "holds no site that docsfy-action made"
    for path in entry.rglob("*"):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            return f"holds {path.relative_to(entry).as_posix()}, which is neither a file nor a folder"
    missing = [name for name in _NEEDED if not (entry / name).is_file()]
    return f"is not whole: {missing[0]} is missing" if missing else ""


def _site(entry: Path) -> FinishedSite | str:
    try:
        marker = _Marker.model_validate_json(_head(entry / MARKER, _MAX_MARKER))
    except ValidationError:
        return f"has a {MARKER} that cannot be read"
    landing = entry / "index.md"
    text = _head(landing, _MAX_LANDING).decode("utf-8", "replace") if landing.is_file() else ""
    description, language = summary(text)
    return FinishedSite(
        name=entry.name,
        folder=entry,
        title=" ".join(marker.name.split()) or entry.name,
        description=description,
        language=language,
        pages=marker.pages,
        commit=marker.commit,
        date=marker.date,
        commit_url=marker.commit_url if _is_web_address(marker.commit_url) else "",
    )


def summary(landing: str) -> tuple[str, str]:
    """What a landing page says in its first words, and the languages that it names, as plain text; empty where it does not."""
    blocks = read(landing)
    description = next((text for text in _paragraphs(blocks) if text), "")
    rows = (row for block in blocks if isinstance(block, Grid) for row in block.rows)
    language = next((text_of(row[1]) for row in rows if len(row) > 1 and text_of(row[0]).strip() == _LANGUAGE_ROW), "")
    return _shortened(description), _shortened(language.partition("(")[0])


def _paragraphs(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield " ".join(text_of(block.children).split())
        elif isinstance(block, Quote):
            yield from _paragraphs(block.blocks)


def _shortened(text: str) -> str:
    """At most `_MAX_DESCRIPTION` characters: whole sentences where one fits, else whole words."""
    text = " ".join(text.split())
    if len(text) <= _MAX_DESCRIPTION:
        return text
    start = text[: _MAX_DESCRIPTION - 1]
    sentences, end, _ = start.rpartition(". ")
    return sentences + "." if end else (start.rpartition(" ")[0] or start).rstrip(",;:") + "…"


def _head(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and text.isprintable() and " " not in text
