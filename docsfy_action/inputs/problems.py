"""Turns what is wrong with inputs into sentences: which input, which value, what it takes, and what to do."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from pydantic import ValidationError

from docsfy_action.errors import InputError, Problem
from docsfy_action.inputs.catalog import InputSpec, by_name

_SHOWN = 80  # characters of a value that a message repeats
_USER = re.compile(r"//[^/@\s]*@")
_SEE_HELP = "`docsfy-action --help` lists every input with what it takes."


def shown(value: str) -> str:
    """A foreign value as it can stand in a message: on one line, quoted, cut, without credentials in an address."""
    text = _USER.sub("//***@", value)
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[: _SHOWN + 1])
    return f"'{text[:_SHOWN]}…'" if len(text) > _SHOWN else f"'{text}'"


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, empty where none is near."""
    normal = word.strip().lower().replace("_", "-")[:_SHOWN]
    near = difflib.get_close_matches(normal, sorted(known), n=1, cutoff=0.6)
    return near[0] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` where something is near, else nothing."""
    near = closest(word, known)
    return f"; did you mean '{near}'?" if near else ""


def invalid_inputs(
    error: ValidationError, given: Mapping[str, str], places: Mapping[str, tuple[str, int]]
) -> dict[str, Problem]:
    """One problem an input, by its name. `given` holds what was said, `places` file and line of what a file said."""
    known = by_name()
    found: dict[str, Problem] = {}
    for detail in error.errors(include_url=False, include_input=False):
        name = str(detail["loc"][0])
        if name in found or name not in known:
            continue
        reason = str(detail["msg"]).removeprefix("Value error, ") if detail["type"] == "value_error" else ""
        path, line = places.get(name, ("", 0))
        found[name] = Problem(message=_sentence(known[name], given.get(name), reason), path=path, line=line)
    return found


def _sentence(spec: InputSpec, value: str | None, reason: str) -> str:
    what = spec.name if spec.is_secret else f"{spec.name}: {shown(value if value is not None else spec.default)}"
    because = f" is not usable, {reason}" if reason else " is not allowed"
    meant = did_you_mean(value, spec.choices) if value and spec.choices else ""
    return f"{what}{because}. It takes {spec.allowed}{meant or '.'}"


def invalid_variables(error: ValidationError) -> tuple[Problem, ...]:
    """One problem an environment variable; values are never repeated, since they may be keys."""
    found: dict[str, Problem] = {}
    for detail in error.errors(include_url=False, include_input=False):
        name = str(detail["loc"][0])
        reason = str(detail["msg"]).removeprefix("Value error, ")
        found.setdefault(name, Problem(message=f"{name}: its value is not usable, {reason}."))
    return tuple(found.values())


def input_error(problems: Sequence[Problem]) -> InputError:
    """All problems as one error."""
    lines = [_located(problem) for problem in problems]
    hints = list(dict.fromkeys(problem.hint for problem in problems if problem.hint))
    listed = "\n".join([f"{len(lines)} things cannot be used:", *(f"- {line}" for line in lines)])
    message = lines[0] if len(lines) == 1 else listed
    return InputError(message, hint=" ".join(hints) or _SEE_HELP, problems=tuple(problems))


def _located(problem: Problem) -> str:
    if not problem.path:
        return problem.message
    return f"{problem.path}:{problem.line}: {problem.message}" if problem.line else f"{problem.path}: {problem.message}"
