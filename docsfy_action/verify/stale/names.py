"""Names that a change takes away: what the facts of the changed files had and have no more, and what it is called now where
that is certain."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from docsfy_action.facts.model import BlobFacts, Option, Role, Setting, SettingKind, SourceFile, Symbol, SymbolKind

_ASIDE = frozenset({Role.TEST, Role.EXAMPLE, Role.DOCUMENT, Role.GENERATED, Role.VENDORED})
_LONG_FLAG = re.compile(r"--[A-Za-z0-9][\w.-]*")
# What is left of a line without the name must say so much before the line alone can show that a setting was renamed.
_TELLING = 16
_PLAIN = re.compile(r"[a-z]+")
_PRIVATE = re.compile(r"(?:^|\.)_")


class Kind(StrEnum):
    """What a name was, as it is called in a sentence."""

    SYMBOL = "definition"
    FLAG = "flag"
    VARIABLE = "environment variable"
    SETTING = "setting"
    COMMAND = "command"
    PROGRAM = "program"
    TASK = "task"
    INPUT = "action input"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneName:
    """A name that is not there any more. `label` is what it was, more exactly than `kind`; `name` as people write it; `path`
    and `line` where it stood; `runner` what runs a task. `absent` are words that must not stand in the code any more for the
    name to be gone: none where the facts prove it. `renamed_to` is empty where nothing is certain."""

    kind: Kind
    label: str
    name: str
    path: str
    line: int = 0
    runner: str = ""
    absent: tuple[str, ...] = ()
    renamed_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The changed files before or after: their facts, and their text where it can be had."""

    files: Mapping[str, SourceFile]
    text: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class _Named:
    kind: Kind
    label: str
    name: str
    path: str
    line: int
    item: object
    runner: str = ""


def gone_names(before: Side, after: Side) -> tuple[GoneName, ...]:
    """What the changed files had before and do not have after. A name that stands in a file which did not change is found
    by its words (`absent`), which the caller looks for."""
    old = {(one.kind, one.runner, one.name): one for one in reversed(list(_all(before.files)))}
    new = {(one.kind, one.runner, one.name): one for one in reversed(list(_all(after.files)))}
    gone = [one for key, one in old.items() if key not in new]
    fresh = [one for key, one in new.items() if key not in old]
    found = [_gone(one, after) for one in gone if not _moved_up(one, gone)]
    renamed = _renamed(gone, fresh, before, after)
    return tuple(
        sorted(
            (replace(one, renamed_to=renamed.get((one.kind, one.name), "")) for one in found),
            key=lambda one: (one.path, one.line, one.kind, one.name),
        )
    )


def gone_files(removed: Iterable[str], renamed: Mapping[str, str]) -> tuple[GoneName, ...]:
    """Files that went, and those that have another path and the same content (old path → new path)."""
    found = [GoneName(kind=Kind.FILE, label="file", name=path, path=path) for path in removed]
    found += [
        GoneName(kind=Kind.FILE, label="file", name=old, path=old, renamed_to=new) for old, new in renamed.items()
    ]
    return tuple(sorted(found, key=lambda one: one.path))


def _all(files: Mapping[str, SourceFile]) -> Iterator[_Named]:
    for path in sorted(files):
        if files[path].role not in _ASIDE:
            yield from _of_file(path, files[path].facts)


def _of_file(path: str, facts: BlobFacts) -> Iterator[_Named]:
    for symbol in facts.symbols:
        if symbol.public and not _PRIVATE.search(symbol.name):
            yield _Named(Kind.SYMBOL, symbol.kind.value, symbol.name, path, symbol.span.start, symbol)
    for option in facts.options:
        yield from _of_option(path, option)
    for setting in facts.settings:
        yield from _of_setting(path, setting)
    for command in facts.commands:
        if command.name and not command.hidden:
            word = command.name.rpartition(" ")[2]
            yield _Named(Kind.COMMAND, "command", word, path, command.line, command)
    for entry in facts.entry_points:
        yield _Named(Kind.PROGRAM, "program", entry.name, path, entry.line, entry)
    for task in facts.tasks:
        yield _Named(Kind.TASK, f"{task.runner} task", task.name, path, task.line, task, task.runner)
    for one in facts.action_inputs:
        label = "action output" if one.output else "action input"
        yield _Named(Kind.INPUT, label, one.name, path, one.line, one)


def _of_option(path: str, option: Option) -> Iterator[_Named]:
    for flag in option.flags if not option.hidden else ():
        if _LONG_FLAG.fullmatch(flag):
            yield _Named(Kind.FLAG, "flag", flag, path, option.line, option)
    if option.env:
        yield _Named(Kind.VARIABLE, "environment variable", option.env, path, option.line, option)


def _of_setting(path: str, setting: Setting) -> Iterator[_Named]:
    names = setting.env if setting.kind is SettingKind.SETTING else (setting.name,)
    for name in names:
        yield _Named(Kind.VARIABLE, "environment variable", name, path, setting.line, setting)
    if setting.kind is SettingKind.SETTING:
        name = f"{setting.owner}.{setting.name}" if setting.owner else setting.name
        yield _Named(Kind.SETTING, "setting", name, path, setting.line, setting)


def _moved_up(one: _Named, gone: Iterable[_Named]) -> bool:
    """Whether what it belongs to is gone as well, which is then told of alone; a setting is told of as a setting."""
    owner = one.name.rpartition(".")[0]
    above = bool(owner) and any(other.kind is Kind.SYMBOL and other.name == owner for other in gone)
    is_setting = one.kind is Kind.SYMBOL and any(
        other.kind is Kind.SETTING and other.name == one.name for other in gone
    )
    return above or is_setting


def _gone(one: _Named, after: Side) -> GoneName:
    return GoneName(
        kind=one.kind,
        label=one.label,
        name=one.name,
        path=one.path,
        line=one.line,
        runner=one.runner,
        absent=_absent(one, after),
    )


def _absent(one: _Named, after: Side) -> tuple[str, ...]:
    match one.kind:
        case Kind.SYMBOL | Kind.SETTING:
            return () if _proven(one, after) else _uses(one.name.rpartition(".")[2])
        case Kind.FLAG | Kind.VARIABLE:
            return (one.name,)
        case Kind.COMMAND:
            # Click makes the name of a command from that of its function.
            return (f'"{one.name}"', f"'{one.name}'", f"def {one.name.replace('-', '_')}", f"func {one.name}")
        case _:
            return ()


def _uses(word: str) -> tuple[str, ...]:
    """How code speaks of a name; a plain word, which comments are full of, must stand where only code has it."""
    if not _PLAIN.fullmatch(word):
        return (word,)
    forms = ("{}(", ".{}", '"{}"', "'{}'", "import {}", "{} =", "{}=", "def {}", "func {}", "function {}", "const {}")
    return tuple(form.format(word) for form in forms)


def _proven(one: _Named, after: Side) -> bool:
    """Whether the owner is still there, inherits from nobody, and has no such member."""
    owner = one.name.rpartition(".")[0]
    file = after.files.get(one.path)
    if not owner or file is None:
        return False
    found = next((symbol for symbol in file.facts.symbols if symbol.name == owner), None)
    holds = found is not None and found.kind in {SymbolKind.CLASS, SymbolKind.ENUM} and not found.bases
    return holds and not file.facts.error


def _renamed(
    gone: Iterable[_Named], fresh: Iterable[_Named], before: Side, after: Side
) -> Mapping[tuple[Kind, str], str]:
    """Old name → new name, where one thing went and exactly one came that is the same but for its name."""
    arrivals = list(fresh)
    pairs = [
        (one, other)
        for one in gone
        for other in arrivals
        if one.kind is other.kind and one.runner == other.runner and _same(one, other, before, after)
    ]
    olds, news = [one.name for one, _ in pairs], [other.name for _, other in pairs]
    return {
        (one.kind, one.name): other.name
        for one, other in pairs
        if olds.count(one.name) == 1 and news.count(other.name) == 1
    }


def _same(one: _Named, other: _Named, before: Side, after: Side) -> bool:
    match one.item, other.item:
        case Symbol() as old, Symbol() as new:
            return _same_symbol(old, new, before.text(one.path), after.text(other.path))
        case Option() as old, Option() as new:
            shared = {*old.flags} & {*new.flags}
            said = _blanked(old.help, one.name.lstrip("-")), _blanked(new.help, other.name.lstrip("-"))
            described = bool(old.help) and said[0] == said[1]
            alike = (old.command, old.default, old.type) == (new.command, new.default, new.type)
            return one.path == other.path and alike and (bool(shared) or described)
        case _:
            if one.path != other.path:
                return False
            lines = _line(before.text(one.path), one.line), _line(after.text(other.path), other.line)
            left = _blanked(lines[0], one.name.rpartition(".")[2])
            return left == _blanked(lines[1], other.name.rpartition(".")[2]) and len(re.findall(r"\w", left)) > _TELLING


def _same_symbol(old: Symbol, new: Symbol, old_text: str | None, new_text: str | None) -> bool:
    if old.kind is not new.kind or old.name.rpartition(".")[0] != new.name.rpartition(".")[0]:
        return False
    if old_text is None or new_text is None or old.span.end - old.span.start != new.span.end - new.span.start:
        return False
    was, now = old.name.rpartition(".")[2], new.name.rpartition(".")[2]
    return _blanked(_lines(old_text, old.span.start, old.span.end), was) == _blanked(
        _lines(new_text, new.span.start, new.span.end), now
    )


def _blanked(text: str, name: str) -> str:
    """The text with a mark in the place of the name."""
    return re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "\0", text)


def _line(text: str | None, number: int) -> str:
    return _lines(text, number, number) if text is not None else ""


def _lines(text: str, start: int, end: int) -> str:
    return "\n".join(line.strip() for line in text.split("\n")[start - 1 : end])
