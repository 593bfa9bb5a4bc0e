"""Anchors of headings."""

import re
import unicodedata

_NO_ANCHOR = re.compile(r"[^\w\- ]")


def slugify(heading: str) -> str:
    """The anchor of a heading from its text as readers see it: as GitHub and the site's Markdown make it."""
    text = unicodedata.normalize("NFC", heading).strip().lower()
    return _NO_ANCHOR.sub("", text).replace(" ", "-")
