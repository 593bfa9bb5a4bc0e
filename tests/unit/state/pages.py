"""Records for the tests of the state."""

import hashlib
from datetime import UTC, datetime

from docsfy_action.lifecycle import Stage, Status
from docsfy_action.state.model import Manifest, PageRecord
from docsfy_action.state.variant import Variant

COMMIT = "c" * 40
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
VARIANT = Variant(owner="octo", project="tool", branch="main", provider="builtin")


def digest(text: str) -> str:
    """The content digest of a page's Markdown."""
    return hashlib.sha256(text.encode()).hexdigest()


def page(slug: str, text: str) -> PageRecord:
    """The record of a page with this text."""
    return PageRecord(
        slug=slug,
        title=slug.title(),
        identity=f"page:{slug}",
        section="Guide",
        kind="guide",
        writer="builtin",
        input_digest=digest(f"input of {text}"),
        facets={"symbol src/a.py#f": {"api": "0123456789abcdef"}},
        content_digest=digest(text),
    )


def manifest(*pages: PageRecord, commit: str = COMMIT) -> Manifest:
    """The manifest of a finished run with these pages."""
    return Manifest(
        program="0.1.0",
        commit=commit,
        status=Status.READY,
        stage=Stage.PUBLISHING,
        settings_digest=digest("settings"),
        pages=pages,
        blobs={"src/a.py": "b" * 40},
    )
