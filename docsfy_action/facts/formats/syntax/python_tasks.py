"""Tasks that Python tools keep in `pyproject.toml`: hatch, pdm, poe, taskipy, rye, pixi, pipenv scripts."""

from collections.abc import Iterator

from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import command_lines, is_name
from docsfy_action.facts.formats.syntax.tree import Node, Shape
from docsfy_action.facts.model import Task

_COMMAND_KEYS = ("cmd", "shell", "script", "call", "expr", "control", "chain", "composite", "sequence", "parallel")


def python_tasks(document: Node) -> Iterator[Task]:
    """The tasks of all tools that a `pyproject.toml` configures."""
    tools = document.get("tool")
    yield from script_tasks(tools.get("pdm", "scripts"), "pdm")
    yield from script_tasks(tools.get("poe", "tasks"), "poe")
    yield from script_tasks(tools.get("taskipy", "tasks"), "taskipy")
    yield from script_tasks(tools.get("rye", "scripts"), "rye")
    yield from script_tasks(tools.get("pixi", "tasks"), "pixi")
    for environment, table in tools.get("hatch", "envs").pairs():
        prefix = "" if environment == "default" else f"{environment}:"
        yield from script_tasks(table.get("scripts"), "hatch", prefix)


def script_tasks(table: Node, runner: str, prefix: str = "") -> Iterator[Task]:
    """Tasks of a table in which a name stands for a command, a list of commands, or a table that says more."""
    names = {name for name, _ in table.pairs()}
    for name, value in table.pairs():
        # A leading underscore is options in pdm, a hidden task in poe and hatch.
        if not is_name(prefix + name) or name.startswith("_"):
            continue
        listed = [*_listed(value)]
        # In a sequence a task is called by its name alone.
        needs = [*_needs(value), *(item.text for item in listed if item.text in names)]
        yield Task(
            name=prefix + name,
            runner=runner,
            line=value.line,
            run=tuple(command for item in listed if item.text not in names for command in command_lines(item.block)),
            doc=value.get("help").text or value.get("description").text,
            needs=unique(needs),
        )


def _needs(value: Node) -> Iterator[str]:
    for key in ("deps", "depends-on", "depends_on"):
        yield from value.get(key).texts
    for item in value.get("sequence").items:
        yield from item.get("ref").texts


def _listed(value: Node) -> Iterator[Node]:
    """The scalars that hold a task's commands."""
    if value.shape in (Shape.TEXT, Shape.WORD):
        yield value
    elif value.shape is Shape.LIST:
        for item in value.items:
            yield from _listed(item)
    else:
        key = next((key for key in _COMMAND_KEYS if value.get(key)), "")
        said = value.get(key)
        if key == "cmd" and said.shape is Shape.LIST:
            yield Node(line=said.line, shape=Shape.TEXT, scalar=" ".join(said.texts))
        elif said:
            yield from _listed(said)
