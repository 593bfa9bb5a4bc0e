"""Tasks that Python tools keep in `pyproject.toml`: hatch, pdm, poe, taskipy, rye, pixi, pipenv scripts."""

from collections.abc import Iterator

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
    for name, value in table.pairs():
        # A leading underscore is options in pdm, a hidden task in poe and hatch.
        if not is_name(prefix + name) or name.startswith("_"):
            continue
        yield Task(
            name=prefix + name,
            runner=runner,
            line=value.line,
            run=_commands(value),
            doc=value.get("help").text or value.get("description").text,
            needs=value.get("deps").texts or value.get("depends-on").texts or value.get("depends_on").texts,
        )


def _commands(value: Node) -> tuple[str, ...]:
    if value.shape in (Shape.TEXT, Shape.WORD):
        return command_lines(value.block)
    if value.shape is Shape.LIST:
        return tuple(command for item in value.items for command in _commands(item))
    for key in _COMMAND_KEYS:
        said = value.get(key)
        if key == "cmd" and said.shape is Shape.LIST:
            return (" ".join(said.texts),)
        if said:
            return _commands(said)
    return ()
