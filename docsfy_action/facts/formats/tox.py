"""tox's environments, from `tox.ini`, `tox.toml` and their tables in `setup.cfg` style or `pyproject.toml` style."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.ini import parse_ini
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import is_name, reader
from docsfy_action.facts.formats.syntax.toml import parse_toml
from docsfy_action.facts.formats.syntax.tree import MISSING, Node, Shape
from docsfy_action.facts.model import BlobFacts, Task

_MAX_ENVIRONMENTS = 60
_BRACES = re.compile(r"\{([^{}]*)\}")
_CONDITION = re.compile(r"^(?:[\w.!{},-]+)\s*:\s+")


def ini_tasks(document: Node) -> Iterator[Task]:
    """The environments of a `tox.ini`."""
    base = document.get("testenv")
    core = document.get("tox")
    listed = core.get("envlist") or core.get("env_list")
    named: dict[str, tuple[Node, str]] = {}
    for section, table in document.pairs():
        if section.startswith("testenv:"):
            for name in expanded([section.removeprefix("testenv:")]):
                named.setdefault(name, (table, f"{section}]"))
    places = _places(listed, "envlist" if core.get("envlist") else "env_list")
    for name in unique((*expanded(listed.texts), *named)):
        table, header = named.get(name, (MISSING, ""))
        line, written = places.get(name, (base.line, ""))
        own = table.get("commands")
        commands = own or base.get("commands")
        description = table.get("description") or base.get("description")
        if is_name(name) and commands:
            yield Task(
                name=name,
                runner="tox",
                line=table.line or line,
                run=_joined(commands.texts),
                doc=" ".join(description.texts),
                needs=expanded(table.get("depends").texts),
                literal=header or written,
            )


def _places(listed: Node, key: str) -> dict[str, tuple[int, str]]:
    """(line, text that finds it) of each listed environment: of what made the name, where it is not written out."""
    found: dict[str, tuple[int, str]] = {}
    for part in listed.scalars:
        for item in _split(part.text):
            for name in expanded([item]):
                found.setdefault(name, (part.line, "" if item == name else item))
    for name in expanded(listed.texts):
        found.setdefault(name, (listed.line, key))
    return found


def toml_tasks(document: Node) -> Iterator[Task]:
    """The environments of a `tox.toml`, or of `[tool.tox]` in a `pyproject.toml`."""
    if document.get("legacy_tox_ini").is_text:
        start = document.get("legacy_tox_ini").line
        for task in ini_tasks(parse_ini(document.get("legacy_tox_ini").scalar)):
            yield replace(task, line=start)
        return
    base, listed, tables = document.get("env_run_base"), document.get("env_list"), document.get("env")
    for name in unique((*listed.texts, *(name for name, _ in tables.pairs()))):
        table = tables.get(name)
        commands = _toml_commands(table.get("commands") or base.get("commands"))
        if is_name(name) and commands:
            yield Task(
                name=name,
                runner="tox",
                line=table.line or listed.line,
                run=commands,
                doc=table.get("description").text or base.get("description").text,
                needs=table.get("depends").texts,
            )


def _toml_commands(listed: Node) -> tuple[str, ...]:
    commands = []
    for command in listed.items:
        words = [_word(item) for item in command.items] if command.shape is Shape.LIST else [command.text]
        commands.append(" ".join(word for word in words if word))
    return tuple(command for command in commands if command)


def _word(item: Node) -> str:
    """A word of a command; of a `replace` table what stands there when nothing else is given."""
    if item.shape is Shape.TABLE:
        return " ".join(item.get("default").texts)
    return f'"{item.text}"' if " " in item.text else item.text


def _joined(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Commands without their conditions, continued lines in one."""
    commands: list[str] = []
    pending = ""
    for line in lines:
        said = pending + line
        if said.endswith("\\"):
            pending = said[:-1].rstrip() + " "
            continue
        pending = ""
        commands.append(_CONDITION.sub("", said))
    return tuple(command for command in (*commands, pending.strip()) if command)


def expanded(listed: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Names of environments with braces taken apart: `py3{10,11}-{a,b}` is four; `py3{10-12}` is three."""
    found: list[str] = []
    for item in _split(",".join(listed)):
        parts = _BRACES.split(item)
        choices = [_choices(part) if place % 2 else [part] for place, part in enumerate(parts)]
        for chosen in product(*choices):
            if len(found) >= _MAX_ENVIRONMENTS:
                return unique(found)
            name = re.sub(r"\s+", "", "".join(chosen)).strip("-")
            if name and not name.startswith("[") and "{" not in name:
                found.append(name)
    return unique(found)


def _split(text: str) -> list[str]:
    """The items between commas that stand outside braces."""
    items, depth = [""], 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if letter in ",\n" and depth <= 0:
            items.append("")
        else:
            items[-1] += letter
    return [item.strip() for item in items if item.strip()]


def _choices(part: str) -> list[str]:
    choices: list[str] = []
    for choice in part.split(","):
        if span := re.fullmatch(r"\s*(\d{1,3})-(\d{1,3})\s*", choice):
            choices.extend(str(number) for number in range(int(span[1]), int(span[2]) + 1))
        else:
            choices.append(choice.strip())
    return choices[:_MAX_ENVIRONMENTS]


def _read_ini(text: str) -> BlobFacts:
    return BlobFacts(tasks=unique(ini_tasks(parse_ini(text))))


def _read_toml(text: str) -> BlobFacts:
    return BlobFacts(tasks=unique(toml_tasks(parse_toml(text))))


def _claims_ini(path: str) -> bool:
    return path.rpartition("/")[2] == "tox.ini"


def _claims_toml(path: str) -> bool:
    return path.rpartition("/")[2] == "tox.toml"


EXTRACTORS = (
    Extractor(name="tox-ini", version=2, claims=_claims_ini, extract=reader(_read_ini)),
    Extractor(name="tox-toml", version=2, claims=_claims_toml, extract=reader(_read_toml)),
)
