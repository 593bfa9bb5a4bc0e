"""Makefiles: the targets that a person runs, with their documentation, prerequisites and recipes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import is_name, one_line, reader
from docsfy_action.facts.model import BlobFacts, Task

_MAX_RECIPE = 60
_DIRECTIVES = ("ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "include", "-include", "sinclude", "export",
               "unexport", "override", "vpath", "undefine", "private", "load", "-load")  # fmt: skip
_TARGET = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+/@-]*")
_COMMENT = re.compile(r"(?<!\\)#")


@dataclass(slots=True, kw_only=True)
class _Rule:
    names: list[str]
    needs: list[str]
    line: int
    doc: str
    documented: bool
    recipe: list[str] = field(default_factory=list)


def _read(text: str) -> BlobFacts:
    rules: list[_Rule] = []
    phony: dict[str, str] = {}
    for rule in _rules(text):
        if ".PHONY" in rule.names:
            # What stands above or behind `.PHONY: test` documents the one target it names.
            doc = rule.doc if len(rule.needs) == 1 else ""
            phony |= {name: phony.get(name) or doc for name in rule.needs}
        else:
            rules.append(rule)
    return BlobFacts(tasks=tuple(_tasks(rules, phony, text)))


def _tasks(rules: list[_Rule], phony: Mapping[str, str], text: str) -> Iterator[Task]:
    """One task a target. A target that names a file is none, unless it is documented or declared not to be a file."""
    by_name: dict[str, list[_Rule]] = {}
    for rule in rules:
        for name in rule.names:
            by_name.setdefault(name, []).append(rule)
    for name, parts in by_name.items():
        is_file = "/" in name or "." in name
        wanted = name in phony or any(part.documented for part in parts) or not is_file
        if not wanted or not _TARGET.fullmatch(name) or not is_name(name):
            continue
        needs = unique(need for part in parts for need in part.needs if _TARGET.fullmatch(need) and is_name(need))
        told = next((part for part in parts if part.recipe or part.doc), parts[0])
        doc = next((part.doc for part in parts if part.doc), "") or phony.get(name, "")
        recipe = tuple(line for part in parts for line in part.recipe)
        head = f"{name}:" if f"\n{name}:" in f"\n{text}" else ""
        yield Task(
            name=name, runner="make", line=told.line, run=recipe[:_MAX_RECIPE], doc=doc, needs=needs, literal=head
        )


def _rules(text: str) -> Iterator[_Rule]:
    comments: list[str] = []
    rule: _Rule | None = None
    in_define = False
    for line, raw in _logical_lines(text):
        said = raw.strip()
        first = said.split(None, 1)[0] if said else ""
        if in_define or first == "define":
            in_define = first != "endef"
            continue
        if raw.startswith("\t") and rule is not None:
            rule.recipe.extend(_recipe_line(raw))
        elif said.startswith("#"):
            comments.append(said)
        elif not said:
            comments = []
        elif first in _DIRECTIVES or first.startswith(("ifeq(", "ifneq(")):
            # A rule may go on inside a conditional: its recipe lines still belong to it.
            comments = []
        else:
            rule = _rule(said, line, comments)
            comments = []
            if rule is not None:
                yield rule


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """(first line, text) with continued lines still broken where they were."""
    pending: list[str] = []
    start = 1
    for line, raw in enumerate(text.split("\n"), start=1):
        start = start if pending else line
        pending.append(raw.rstrip())
        if not raw.rstrip().endswith("\\"):
            yield start, "\n".join(pending)
            pending = []
    if pending:
        yield start, "\n".join(pending)


def _recipe_line(raw: str) -> Iterator[str]:
    lines = [line.removeprefix("\t") for line in raw.split("\n")]
    # For make itself: do not echo, go on after an error, run even with -n.
    lines[0] = lines[0].lstrip("@+- \t")
    command = "\n".join(lines).rstrip()
    # These are messages of make itself, mostly from conditions around the recipe.
    if command and not command.startswith(("#", "$(error", "$(warning", "$(info")):
        yield command


def _rule(said: str, line: int, comments: list[str]) -> _Rule | None:
    """The rule a line starts; None for assignments, pattern rules and what is computed."""
    said = said.replace("\\\n", " ")
    head, *behind = _COMMENT.split(said, maxsplit=1)
    head, _, inline = head.partition(";")
    names, colon, rest = head.partition(":")
    if not colon or _is_assignment(head) or "%" in names or "$" in names:
        return None
    rest = rest.removeprefix(":").removeprefix(":")
    if ":" in rest:  # a static pattern rule: targets: pattern: prerequisites
        rest = rest.partition(":")[2]
    needs = [word for word in rest.replace("|", " ").split() if "%" not in word and "$" not in word]
    inline_doc = one_line(behind[0][1:].strip("# ")) if behind and behind[0].startswith("#") else ""
    marked = any(comment.startswith("##") and not comment.startswith("###") for comment in comments)
    recipe = [one_line(inline)] if inline.strip() else []
    return _Rule(
        names=names.replace("&", "").split(),
        needs=needs,
        line=line,
        doc=inline_doc or _doc(comments),
        documented=marked or bool(inline_doc),
        recipe=recipe,
    )


def _is_assignment(head: str) -> bool:
    """`A = b`, `A := b`, and a variable of one target: `target: A = b`."""
    name, equals, _ = head.partition("=")
    if not equals:
        return False
    _, colon, variable = name.rstrip("?+!:").partition(":")
    words = variable.strip(": ").split()
    return not colon or len(words) == 1 or words[:1] in (["export"], ["override"], ["private"])


def _doc(comments: Iterable[str]) -> str:
    """The comment lines right above a rule, from the last empty or ruled one on; headings of `help` are none."""
    kept: list[str] = []
    for comment in reversed(list(comments)):
        said = comment.lstrip("#")
        if said.startswith("@") or not any(letter.isalnum() for letter in said):
            break
        kept.append(said.strip(" -=*#"))
    return one_line(" ".join(reversed(kept)))


def _claims(path: str) -> bool:
    base = path.rpartition("/")[2]
    return base in ("Makefile", "makefile", "GNUmakefile") or path.endswith(".mk")


EXTRACTORS = (Extractor(name="makefile", version=2, claims=_claims, extract=reader(_read)),)
