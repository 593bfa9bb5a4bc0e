"""`Pipfile` of pipenv: packages, the Python asked for, and scripts."""

from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.pep508 import requirement
from docsfy_action.facts.formats.syntax.python_tasks import script_tasks
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import reader
from docsfy_action.facts.formats.syntax.toml import parse_toml
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.model import BlobFacts, Dependency, Manifest

_GROUPS = {"packages": "runtime", "dev-packages": "development"}
_NO_GROUPS = ("source", "requires", "scripts", "pipenv")


def _read(text: str) -> BlobFacts:
    document = parse_toml(text)
    python = document.get("requires", "python_full_version") or document.get("requires", "python_version")
    manifest = Manifest(ecosystem="python", line=python.line, requires=python.text, build="pipenv", published=False)
    return BlobFacts(
        manifests=(manifest,) if python else (),
        dependencies=unique(_dependencies(document)),
        tasks=unique(script_tasks(document.get("scripts"), "pipenv")),
    )


def _dependencies(document: Node) -> Iterator[Dependency]:
    for category, table in document.pairs():
        if category in _NO_GROUPS:
            continue
        for name, value in table.pairs():
            if requirement(name, line=value.line) is None:
                continue
            version = value.text or value.get("version").text
            address = next((f"@ {value.get(key).text}" for key in ("git", "path", "file") if value.get(key)), "")
            extras = ", ".join(value.get("extras").texts)
            yield Dependency(
                name=name,
                line=value.line,
                constraint=(f"[{extras}]" if extras else "") + (address or version),
                group=_GROUPS.get(category, category),
                marker=value.get("markers").text,
            )


def _claims(path: str) -> bool:
    return path.rpartition("/")[2] == "Pipfile"


EXTRACTORS = (Extractor(name="pipfile", version=1, claims=_claims, extract=reader(_read)),)
