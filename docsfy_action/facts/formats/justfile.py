"""Justfiles: recipes with their documentation, parameters, dependencies and bodies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import is_name, one_line, reader
from docsfy_action.facts.model import BlobFacts, Task

_MAX_BODY = 60
_HEADER = re.compile(r"@?(?P<name>[A-Za-z_][\w-]*)(?P<parameters>(?:\s[^:]*)?)(?P<rest>:(?!=).*)", re.DOTALL)
_NOT_RECIPES = ("alias", "set", "export", "import", "mod", "unexport")
_ATTRIBUTE = re.compile(r"\[(?P<inside>.*)\]")
_DOC = re.compile(r"""doc\(\s*(?P<quote>["'])(?P<text>.*?)(?P=quote)\s*\)""")
_NEED = re.compile(r"\(\s*([A-Za-z_][\w-]*)[^()]*\)|([A-Za-z_][\w-]*)")


@dataclass(slots=True, kw_only=True)
class _Recipe:
    name: str
    line: int
    doc: str
    needs: tuple[str, ...]
    body: list[str] = field(default_factory=list)


def _read(text: str) -> BlobFacts:
    recipes = list(_recipes(text))  # a recipe has its body only after the next one has begun
    shown = (recipe for recipe in recipes if not recipe.name.startswith("_") and is_name(recipe.name))
    return BlobFacts(tasks=tuple({recipe.name: _task(recipe) for recipe in shown}.values()))


def _task(recipe: _Recipe) -> Task:
    return Task(
        name=recipe.name,
        runner="just",
        line=recipe.line,
        run=tuple(recipe.body[:_MAX_BODY]),
        doc=recipe.doc,
        needs=recipe.needs,
    )


def _recipes(text: str) -> Iterator[_Recipe]:
    comments: list[str] = []
    attributes = ""
    recipe: _Recipe | None = None
    for line, raw in enumerate(text.split("\n"), start=1):
        said = raw.strip()
        if raw[:1] in (" ", "\t"):
            if recipe is not None and said and not said.startswith("#"):
                recipe.body.append(said.lstrip("@-").strip())
            continue
        recipe = None
        if not said:
            comments = []
        elif said.startswith("#"):
            comments = [said.lstrip("#! ")]  # just itself shows the one line above the recipe
        elif attribute := _ATTRIBUTE.fullmatch(said):
            attributes += f" {attribute['inside']}"
        else:
            recipe = _recipe(said, line, comments, attributes)
            if recipe is not None and not re.search(r"\bprivate\b", attributes):
                yield recipe
            comments, attributes = [], ""


def _recipe(said: str, line: int, comments: list[str], attributes: str) -> _Recipe | None:
    found = _HEADER.fullmatch(said)
    if found is None or found["name"] in _NOT_RECIPES or ":=" in said.partition(":")[0]:
        return None
    documented = _DOC.search(attributes)
    doc = documented["text"] if documented else " ".join(comments)
    rest = found["rest"][1:].partition("#")[0]
    needs = unique(first or second for first, second in _NEED.findall(rest.replace("&&", " ")))
    return _Recipe(name=found["name"], line=line, doc=one_line(doc), needs=tuple(filter(is_name, needs)))


def _claims(path: str) -> bool:
    base = path.rpartition("/")[2]
    return base.lower() in ("justfile", ".justfile") or path.endswith(".just")


EXTRACTORS = (Extractor(name="justfile", version=1, claims=_claims, extract=reader(_read)),)
