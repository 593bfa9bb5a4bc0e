"""How code hosts address a commit, a file and lines of it; each has habits of its own."""

from dataclasses import dataclass

from docsfy_action.facts.model import Span
from docsfy_action.repository.snapshot import Remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Addresses below a repository's own; `{sha}` and `{path}` are put in. `lines` and `line` begin with `#`."""

    commit: str
    file: str
    folder: str
    lines: str
    line: str
    icon: str


_GITHUB = Habits(
    commit="commit/{sha}", file="blob/{sha}/{path}", folder="tree/{sha}/{path}", lines="#L{start}-L{end}",
    line="#L{start}", icon="fontawesome/brands/github",
)  # fmt: skip
_GITLAB = Habits(
    commit="-/commit/{sha}", file="-/blob/{sha}/{path}", folder="-/tree/{sha}/{path}", lines="#L{start}-{end}",
    line="#L{start}", icon="fontawesome/brands/gitlab",
)  # fmt: skip
_BITBUCKET = Habits(
    commit="commits/{sha}", file="src/{sha}/{path}", folder="src/{sha}/{path}", lines="#lines-{start}:{end}",
    line="#lines-{start}", icon="fontawesome/brands/bitbucket",
)  # fmt: skip
_GITEA = Habits(
    commit="commit/{sha}", file="src/commit/{sha}/{path}", folder="src/commit/{sha}/{path}", lines="#L{start}-L{end}",
    line="#L{start}", icon="simple/gitea",
)  # fmt: skip
_SOURCEHUT = Habits(
    commit="commit/{sha}", file="tree/{sha}/item/{path}", folder="tree/{sha}/item/{path}", lines="#L{start}-{end}",
    line="#L{start}", icon="simple/sourcehut",
)  # fmt: skip

_KNOWN = {
    "github": _GITHUB,
    "gitlab": _GITLAB,
    "bitbucket": _BITBUCKET,
    "gitea": _GITEA,
    "forgejo": _GITEA,
    "codeberg": _GITEA,
    "sr.ht": _SOURCEHUT,
}
"""By a part of the host's name, which tells more about servers that people run themselves than any list of hosts."""


def commit_url(remote: Remote, sha: str) -> str:
    """The web page of a commit."""
    return f"{remote.url}/{_habits(remote.host).commit.format(sha=sha)}"


def file_url(remote: Remote, sha: str, path: str, *, folder: bool = False, span: Span | None = None) -> str:
    """The web page of a file or folder at a commit, at these lines. `path` is percent-encoded."""
    habits = _habits(remote.host)
    place = (habits.folder if folder else habits.file).format(sha=sha, path=path)
    lines = "" if span is None else habits.lines if span.end > span.start else habits.line
    return f"{remote.url}/{place}" + (lines.format(start=span.start, end=span.end) if span is not None else "")


def host_icon(host: str) -> str:
    """The theme's picture of a host; git's own for one that is not known."""
    known = _known(host)
    return known.icon if known is not None else "fontawesome/brands/git-alt"


def _habits(host: str) -> Habits:
    return _known(host) or _GITHUB


def _known(host: str) -> Habits | None:
    return next((habits for part, habits in _KNOWN.items() if part in host.lower()), None)
