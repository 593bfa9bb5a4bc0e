"""`Taskfile.yml` of go-task: tasks with their descriptions, commands and dependencies."""

import re
from collections.abc import Iterator

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import command_lines, is_name, reader
from docsfy_action.facts.formats.syntax.tree import Node
from docsfy_action.facts.formats.syntax.yaml import parse_yaml
from docsfy_action.facts.model import BlobFacts, Task

_FILE = re.compile(r"(?:^|/)[Tt]askfile(?:\.dist)?\.ya?ml$")


def _read(text: str) -> BlobFacts:
    return BlobFacts(tasks=tuple(_tasks(parse_yaml(text).get("tasks"))))


def _tasks(table: Node) -> Iterator[Task]:
    for name, value in table.pairs():
        if is_name(name) and not value.get("internal").is_true:
            listed = value if value.texts or value.items else value.get("cmds") or value.get("cmd")
            yield Task(
                name=name,
                runner="task",
                line=value.line,
                run=tuple(_commands(listed)),
                doc=value.get("desc").text or value.get("summary").text.partition(". ")[0],
                needs=unique(_needs(value.get("deps"), listed)),
            )


def _commands(listed: Node) -> Iterator[str]:
    for item in listed.items or (listed,):
        yield from command_lines((item if item.is_text else item.get("cmd")).block)


def _needs(deps: Node, commands: Node) -> Iterator[str]:
    said = [item.text or item.get("task").text for item in deps.items]
    said += [item.get("task").text for item in commands.items]
    return (name for name in said if is_name(name))


def _claims(path: str) -> bool:
    return "askfile" in path and _FILE.search(path) is not None


EXTRACTORS = (Extractor(name="taskfile", version=1, claims=_claims, extract=reader(_read)),)
