"""What becomes of images: badges are dropped, others turn into links to what they show, or into their text."""

import re

from docsfy_action.verify.tidying import visible
from docsfy_action.verify.tree import Inline, Link, Text

_BADGE = re.compile(
    r"shields\.io|badge|codecov\.io|coveralls|travis-ci|circleci|appveyor|pepy\.tech|/workflows/|contrib\.rocks|star-history"
    r"|sonarcloud|codacy|snyk\.io|scrutinizer|githubusercontent\.com/u/|opencollective\.com|deepwiki|colab-badge|hits\.|counter"
    r"|visitor",
    re.IGNORECASE,
)
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def is_remote(source: str) -> bool:
    """Whether an image comes from the web."""
    return _REMOTE.match(source) is not None


def image(source: str, alt: str, target: str | None) -> Inline | None:
    """What stands for an image. `target` is where a link to it would go, None where it cannot be linked."""
    alt = visible(alt).strip(" ")
    if not alt or (is_remote(source) and _BADGE.search(source) is not None):
        return None
    if target is None or (_SCHEME.match(source) is not None and not is_remote(source)):
        return Text(text=alt)
    return Link(target=target, children=(Text(text=alt),))
