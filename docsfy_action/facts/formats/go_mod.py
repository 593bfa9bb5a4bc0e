"""`go.mod` and `go.work`: the module, the Go version, what it requires, and the modules of a workspace."""

import re
from collections.abc import Iterator
from dataclasses import replace

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.model import BlobFacts, Dependency, Manifest

MAX_MODULE_PATH = 200
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|//.*|[^\s()]+|[()]')


def _statements(text: str) -> Iterator[tuple[int, str, list[str], str]]:
    """(line, verb, arguments, comment) of each statement; those in parentheses one by one."""
    block = ""
    for line, raw in enumerate(text.split("\n"), start=1):
        words = _WORD.findall(raw)
        comment = words.pop()[2:].strip() if words and words[-1].startswith("//") else ""
        if not words:
            continue
        if block and words[0] == ")":
            block = ""
        elif not block and words[-1] == "(" and len(words) == 2:
            block = words[0]
        else:
            verb, arguments = (block, words) if block else (words[0], words[1:])
            yield line, verb, [word.strip('"`') for word in arguments], comment


def _read(text: str) -> BlobFacts:
    manifest, version = Manifest(ecosystem="go", line=0), ""
    dependencies: list[Dependency] = []
    for line, verb, words, comment in _statements(text):
        if not words or not is_name(words[0], MAX_MODULE_PATH):
            continue
        match verb:
            case "module":
                manifest = Manifest(ecosystem="go", line=line, name=words[0])
            case "go":
                version = words[0]
            case "require" if len(words) > 1:
                group = "indirect" if comment.partition(";")[0].strip() == "indirect" else "runtime"
                dependencies.append(Dependency(name=words[0], line=line, constraint=words[1], group=group))
            case "tool":
                dependencies.append(Dependency(name=words[0], line=line, group="tool"))
    manifests = (replace(manifest, requires=version),) if manifest.name else ()
    return BlobFacts(manifests=manifests, dependencies=unique(dependencies))


def _read_workspace(text: str) -> BlobFacts:
    statements = list(_statements(text))
    folders = [(line, words[0]) for line, verb, words, _ in statements if verb == "use" and words]
    version = next((words[0] for _, verb, words, _ in statements if verb == "go" and words), "")
    if not folders:
        return BlobFacts()
    workspaces = unique(folder for _, folder in folders)
    manifest = Manifest(ecosystem="go", line=folders[0][0], requires=version, published=False, workspaces=workspaces)
    return BlobFacts(manifests=(manifest,))


def _claims_module(path: str) -> bool:
    return path.rpartition("/")[2] == "go.mod"


def _claims_workspace(path: str) -> bool:
    return path.rpartition("/")[2] == "go.work"


EXTRACTORS = (
    Extractor(name="go-mod", version=1, claims=_claims_module, extract=reader(_read)),
    Extractor(name="go-work", version=1, claims=_claims_workspace, extract=reader(_read_workspace)),
)
