"""Where a fact stands, as text: the literal whose first occurrence in the file lies on the fact's own line.

Citations name no line numbers, so that code may move without pages changing; the bare name of a job or package often
stands earlier in its file, in a comment or inside another word. The literal of a fact is empty where its name will do.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, TypeVar

from docsfy_action.facts.model import BlobFacts, Manifest, Option, Workflow

# Raised whenever the same bytes give other literals; part of the version under which facts are stored.
VERSION = 3
# Each fact is searched for from the start of its file; files with more are data that nobody reads line by line.
MOST_FACTS = 2_000
# Lines of a statement in which its name is looked for, and lines that are added to one that stands in the file twice.
STATEMENT = 8
FOLLOWING = 3
LONGEST = 200
# What stands before the first key on a line: nothing, a bracket, or the name of a table or call that opens there.
TABLE_START = r"[ \t]*(?:[{(][ \t]*)?(?:[\"']?[\w.-]{1,40}[\"']?[ \t]*[:=]?[ \t]*[{(][ \t]*)?"
MANIFEST_KEYS = {
    "name": r"name|module",
    "requires": r"requires-python|python_requires|python|rust-version|node|bun|go|ruby|php|sdk",
    "licence": r"licen[sc]e|licen[sc]es|license-expression",
}


class Anchored(Protocol):
    """A fact with a name on a line."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def line(self) -> int:
        """Where it stands."""

    @property
    def literal(self) -> str:
        """The text that finds it, empty where the name does."""


F = TypeVar("F", bound=Anchored)


@dataclass(frozen=True, kw_only=True)
class _Text:
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def is_first(self, literal: str, line: int) -> bool:
        """Whether the first occurrence of `literal` begins on `line`."""
        found = self.text.find(literal)
        return found >= 0 and self.text.count("\n", 0, found) + 1 == line

    def literal(self, name: str, line: int) -> str:
        """What to look for to find `name` on `line`; empty where that is the name itself, or where it is not there."""
        found = self.find(name, line)
        return "" if found == name else found

    def find(self, name: str, line: int) -> str:
        """The same with the name itself; it may stand soon below `line`, where a statement goes on."""
        if not name or line < 1:
            return ""
        place = next((at for at in range(line, line + STATEMENT) if name in "".join(self.lines[at - 1 : at])), 0)
        if not place:
            return ""
        if self.is_first(name, place):
            return name
        return next((form for form in self._forms(name, place) if self.is_first(form, place)), "")

    def statement(self, line: int) -> str:
        """What to look for to find `line` itself, for a name that code puts together there; empty where nothing does."""
        said = "".join(self.lines[max(line, 1) - 1 : line])
        longer = ("\n".join(self.lines[line - 1 : line + number]) for number in range(1, FOLLOWING + 1))
        forms = (said.strip(), said.rstrip(), *(longer if "\r" not in self.text else ()))
        return next((form for form in forms if 0 < len(form) <= LONGEST and self.is_first(form, line)), "")

    def _forms(self, name: str, line: int) -> Iterator[str]:
        said = self.lines[line - 1]
        word = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", said)
        at = word.start() if word else said.index(name)
        end = at + len(name)
        before, after = said[at - 1 : at] if at else "", said[end : end + 1]
        if before.strip() and after.strip():
            yield before + name + after
        if after.strip():
            yield name + after
        if before.strip():
            yield before + name
        yield said[at:].rstrip()
        yield said.strip()
        yield said.rstrip()
        if "\r" not in self.text:
            for number in range(1, FOLLOWING + 1):
                yield "\n".join(self.lines[line - 1 : line + number])

    def keyed(self, keys: str, value: str) -> str:
        """What to look for to find the first `key = value` or `key value` that begins a line or a table in it."""
        if not value:
            return ""
        held = rf"((?:{keys})\b[\"']?[ \t]*[:=]?[ \t]*(?P<quote>[\"']?+){re.escape(value)}(?P=quote))(?![\w.-])"
        found = re.search(rf"(?m)^{TABLE_START}[\"']?{held}", self.text)
        if found is None:
            return ""
        return self.literal(found[1], self.text.count("\n", 0, found.start(1)) + 1) or found[1]


def with_literals(extract: Callable[[bytes], BlobFacts]) -> Callable[[bytes], BlobFacts]:
    """An extractor's `extract` whose facts say by which text they are found."""

    def extracted(data: bytes) -> BlobFacts:
        facts = extract(data)
        anchored = (
            facts.dependencies, facts.entry_points, facts.tasks, facts.workflows, facts.action_inputs, facts.containers,
            facts.settings, facts.options, facts.manifests, facts.imports,
        )  # fmt: skip
        if not 0 < sum(map(len, anchored)) <= MOST_FACTS:
            return facts
        return _found(facts, _Text(text=data.decode("utf-8", "surrogateescape")))

    return extracted


def _found(facts: BlobFacts, text: _Text) -> BlobFacts:
    return replace(
        facts,
        manifests=tuple(_manifest(manifest, text) for manifest in facts.manifests),
        dependencies=_each(facts.dependencies, text),
        entry_points=_each(facts.entry_points, text),
        tasks=_each(facts.tasks, text),
        workflows=tuple(_workflow(workflow, text) for workflow in facts.workflows),
        action_inputs=_each(facts.action_inputs, text),
        containers=_each(facts.containers, text),
        settings=_each(facts.settings, text),
        options=tuple(_option(option, text) for option in facts.options),
        imports=tuple(
            item if item.module.startswith(".") else replace(item, literal=text.literal(item.module, item.line))
            for item in facts.imports
        ),
    )


def _each(facts: tuple[F, ...], text: _Text) -> tuple[F, ...]:
    return tuple(_one(fact, text) for fact in facts)


def _one(fact: F, text: _Text) -> F:
    if fact.literal and text.is_first(fact.literal, fact.line):
        return fact
    found = text.literal(fact.name, fact.line) or (text.statement(fact.line) if fact.name not in text.text else "")
    return replace(fact, literal=found) if found else fact  # type: ignore[type-var]  # every fact is a dataclass


def _workflow(workflow: Workflow, text: _Text) -> Workflow:
    jobs = tuple(replace(job, literal=text.literal(job.id, job.line)) for job in workflow.jobs)
    return replace(workflow, jobs=jobs)


def _option(option: Option, text: _Text) -> Option:
    # A name without dashes is part of its flag, which is the better thing to look for.
    names = [*(flag for flag in option.flags if flag.lstrip("-") == option.name.lstrip("-")), option.name]
    found = next(filter(None, (text.find(name, option.line) for name in names)), "")
    return replace(option, literal="" if found == option.name else found)


def _manifest(manifest: Manifest, text: _Text) -> Manifest:
    values = {"name": manifest.name, "requires": manifest.requires, "licence": manifest.licence}
    found = ((field, text.keyed(keys, values[field])) for field, keys in MANIFEST_KEYS.items())
    return replace(manifest, literals=tuple((field, literal) for field, literal in found if literal))
