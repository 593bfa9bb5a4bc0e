"""Link targets of the page format, taken apart."""

import posixpath
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import quote, unquote

Scheme: TypeAlias = Literal["src", "doc", "commit"]

_SCHEME = re.compile(r"(src|doc|commit):")
_SAFE = "-._~/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A `src:`, `doc:` or `commit:` link target. At most one of `symbol` and `literal` is set.

    `path` is as git knows it (folders without their slash, `folder` says that it is one); for `commit:` it is the id.
    """

    scheme: Scheme
    path: str
    symbol: str = ""
    literal: str = ""
    folder: bool = False


def parse_citation(target: str) -> Citation | None:
    """The citation that a link target is, None for any other link."""
    match = _SCHEME.match(target)
    if match is None:
        return None
    scheme: Scheme = "src" if match[1] == "src" else "doc" if match[1] == "doc" else "commit"
    rest = target[match.end() :]
    path, question, literal = rest.partition("?")
    symbol = ""
    if not question:
        path, _, symbol = rest.partition("#")
    path = _decoded(path)
    return Citation(
        scheme=scheme,
        path=path.rstrip("/"),
        symbol=_decoded(symbol),
        literal=_decoded(literal),
        folder=path.endswith("/"),
    )


def citation(path: str, *, symbol: str = "", literal: str = "", documented: bool = False) -> str:
    """The link target that cites a file, a folder (with its slash), a symbol or a literal."""
    head = f"{'doc' if documented else 'src'}:{encoded(path)}"
    if symbol:
        return f"{head}#{encoded(symbol)}"
    return f"{head}?{encoded(literal)}" if literal else head


def encoded(text: str) -> str:
    """Percent-encoding for the parts of a citation."""
    return quote(text, safe=_SAFE, errors="surrogateescape")


def is_inside(path: str) -> bool:
    """Whether a path is written as git writes paths: relative, without `.` and `..`."""
    return posixpath.normpath(path) == path and not path.startswith(("/", "../")) and path != ".."


def _decoded(text: str) -> str:
    return unquote(text, errors="surrogateescape")
