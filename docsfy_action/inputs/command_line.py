"""The command line: every input as a long option, read into texts that the settings then validate."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from docsfy_action.errors import Problem
from docsfy_action.inputs.catalog import specs
from docsfy_action.inputs.problems import did_you_mean, shown

_NO_VALUE = "\0"  # no argument of a process can hold it


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`values` by input name, blank ones left out; `problems` what could not be understood."""

    values: Mapping[str, str]
    problems: tuple[Problem, ...]


def read_options(argv: Sequence[str]) -> Options:
    """The options of `argv` (without the program's name). Where one is given twice, the last one wins."""
    flags = {f"--{prefix}{spec.name}" for spec in specs() if spec.is_flag for prefix in ("", "no-")}
    valued = [word for word in argv if word.partition("=")[0] in flags and "=" in word]
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, prog="docsfy-action")
    for spec in specs():
        if spec.is_flag:
            parser.add_argument(f"--{spec.name}", dest=spec.name, action=argparse.BooleanOptionalAction, default=None)
        else:
            # `?` and a mark instead of argparse's own complaint, so that all problems are told at once.
            parser.add_argument(f"--{spec.name}", dest=spec.name, nargs="?", const=_NO_VALUE, default=None)
    namespace, unknown = parser.parse_known_args([word for word in argv if word not in valued])
    found: dict[str, object] = vars(namespace)
    values = {name: _as_text(value) for name, value in found.items() if value is not None}
    problems = [
        Problem(message=f"--{name} needs a value; one that starts with a dash is written as --{name}=VALUE.")
        for name, value in values.items()
        if value == _NO_VALUE
    ]
    problems += [Problem(message=f"{shown(word)}: this option takes no value.") for word in valued]
    problems += [Problem(message=message) for message in _unknown(unknown)]
    given = {name: value.strip() for name, value in values.items() if value.strip() and value != _NO_VALUE}
    return Options(values=given, problems=tuple(problems))


def option_names() -> tuple[str, ...]:
    """Every option that the command knows."""
    flags = [f"--no-{spec.name}" for spec in specs() if spec.is_flag]
    return (*(f"--{spec.name}" for spec in specs()), *flags, "--help", "--version")


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unknown(words: Sequence[str]) -> Iterator[str]:
    """What to say of the words no option took; the word after an unknown option is taken for its value."""
    after_option = False
    for word in words:
        if word.startswith("-") and word != "-":
            name = word.partition("=")[0]
            yield f"{shown(name)} is not an option{did_you_mean(name, option_names()) or '.'}"
            after_option = "=" not in word
        elif not after_option:
            yield f"{shown(word)} is not understood: everything is said with options."
            after_option = False
        else:
            after_option = False
