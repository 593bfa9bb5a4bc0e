"""Checks the links of a page: citations against the commit, page links against the pages of the site."""

import re
from collections.abc import Set as AbstractSet

from docsfy_action.verify.citations import Citation, is_inside, parse_citation
from docsfy_action.verify.evidence import Evidence
from docsfy_action.verify.findings import Kind
from docsfy_action.verify.page import PageLink
from docsfy_action.verify.resolving import Scope

_WEB = ("https://", "http://", "mailto:")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PAGE = re.compile(r"(?:(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.md)?(?:#(?P<anchor>.*))?", re.DOTALL)
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CALL = re.compile(r"\(.*\)$", re.DOTALL)


def check_link(link: PageLink, own: AbstractSet[str], scope: Scope) -> tuple[Kind, str] | None:
    """What is wrong with a link, None where nothing is. `own` are the anchors of the page it stands on."""
    cited = parse_citation(link.target)
    evidence = scope.evidence
    if cited is not None:
        wrong = check_citation(cited, evidence)
        if (
            wrong is None
            and link.is_code
            and not (matches_text(cited, link.text, evidence) or _alias(cited, link, scope))
        ):
            return "symbol", f"The text `{link.text}` is not what the link cites."
        return wrong
    if link.target.startswith(_WEB):
        return None
    return _check_page_link(link.target, own, evidence)


def _alias(cited: Citation, link: PageLink, scope: Scope) -> bool:
    """Whether a file that the page cites imports the cited symbol under the name in the link's text, or calls it by that
    name through a module that it imports: `types.Engine` for what `types` took from elsewhere."""
    name = cited.symbol.rpartition(".")[2]
    module, _, last = link.text.rpartition(".")
    return (name, link.text) in scope.aliases or (last == name and scope.writes_through(module, link.text))


def check_citation(cited: Citation, evidence: Evidence) -> tuple[Kind, str] | None:
    """What is wrong with a citation, None where the commit holds what it names."""
    if cited.scheme == "commit":
        known = _COMMIT.fullmatch(cited.path) is not None and evidence.commit_text(cited.path) is not None
        return None if known else ("commit", f"The history has no commit `{cited.path[:12]}`.")
    path = cited.path
    if cited.folder:
        known = not path or (evidence.files.holds(path) and path not in evidence.files.paths)
        return None if known and not cited.symbol and not cited.literal else ("path", f"There is no folder `{path}/`.")
    if not is_inside(path) or path not in evidence.files.paths or not evidence.files.holds(path):
        return "path", f"There is no file `{path}`."
    if cited.symbol and cited.symbol not in evidence.definitions(path):
        return "symbol", f"`{path}` does not define `{cited.symbol}`."
    if cited.literal and cited.literal.encode("utf-8", "surrogateescape") not in (evidence.read(path) or b""):
        return "literal", f"`{path}` does not hold the text `{cited.literal}`."
    return None


def matches_text(cited: Citation, text: str, evidence: Evidence) -> bool:
    """Whether the code span `text` says what the citation names: path, end of the symbol, part of the literal."""
    if cited.scheme == "commit":
        return cited.path.startswith(text)
    bare = text.strip().rstrip("/")
    if _is_end(bare.removeprefix("./"), cited.path, "/") or _is_module(bare, cited.path, evidence):
        return True
    if cited.literal:
        stripped = bare.lstrip("-").rstrip("=")
        return text in cited.literal or (bool(stripped) and stripped in cited.literal)
    if not cited.symbol:
        return False
    name = _CALL.sub("", bare).lstrip("@").replace("::", ".")
    if _is_end(name, cited.symbol, "."):
        return True
    # The name with its module in front: `pkg.client.Client.get`.
    module = name.removesuffix(cited.symbol)
    return module != name and module.endswith(".") and _is_module(module[:-1], cited.path, evidence)


def _is_end(text: str, whole: str, joint: str) -> bool:
    return bool(text) and (text == whole or whole.endswith(f"{joint}{text}"))


def _is_module(text: str, path: str, evidence: Evidence) -> bool:
    """Whether `text` is what users call the module in `path`: dotted, or a Go package below its module's path."""
    parts = tuple(text.split("."))
    if all(parts) and path in evidence.files.module(parts):
        return True
    folder = path.rpartition("/")[0]
    stem = path.rpartition(".")[0]
    if "/" in text and (_is_end(text, stem, "/") or _is_end(text, folder, "/")):
        return True
    for module in evidence.commands.go_modules:
        inside = text.removeprefix(module).strip("/")
        if text.startswith(module) and (folder == inside or folder.endswith(f"/{inside}") or not inside):
            return True
    if text == folder.rpartition("/")[2]:
        return True
    # Packages in a folder that is named otherwise: `pkg` may be `src/`, `lib/index.ts`.
    return text in evidence.commands.packages and _is_root(path)


def _is_root(path: str) -> bool:
    return path.count("/") < 3


def _check_page_link(target: str, own: AbstractSet[str], evidence: Evidence) -> tuple[Kind, str] | None:
    if _SCHEME.match(target) is not None or target.startswith("/"):
        return "link", f"Links may not lead to `{target[:80]}`."
    match = _PAGE.fullmatch(target)
    if match is None or not target:
        return "link", f"`{target[:80]}` is no page of this site."
    slug, anchor = match["slug"], match["anchor"]
    if slug is not None and slug not in evidence.anchors:
        return "link", f"There is no page `{slug}`."
    anchors = own if slug is None else evidence.anchors[slug]
    if anchor is not None and anchor not in anchors:
        return "anchor", f"There is no heading `#{anchor}` on {'this page' if slug is None else f'the page `{slug}`'}."
    return None
