"""Rules for what is typed to install, run and test Python projects."""

import re
from itertools import pairwise

from docsfy_action.verify.commands.common import (
    PLACEHOLDERS,
    Arguments,
    Rule,
    check_file,
    check_places,
    check_script,
)
from docsfy_action.verify.offers import bare_address, package_name
from docsfy_action.verify.outcomes import PROVEN, Outcome, joined, refuted, words
from docsfy_action.verify.resolving import Scope

_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[([^\]]*)\])?\s*(?:[<>=!~;@].*)?", re.DOTALL)
_STANDARD_MODULES = frozenset(
    "venv pip ensurepip http.server json.tool unittest doctest timeit pdb cProfile zipfile tarfile compileall"
    " build twine site sysconfig webbrowser calendar ast dis trace asyncio zipapp sqlite3".split()
)
# What installs packages is not part of a project.
_INSTALLERS = frozenset("pip setuptools wheel build twine pipx uv virtualenv poetry hatch pdm".split())
_FILE_OPTIONS = frozenset({"-r", "-c", "--requirement", "--constraint"})
_OPTIONS_WITH_VALUE = frozenset(
    "-i --index-url --extra-index-url -f --find-links --target -t --prefix --python -p --group --extra --with"
    " --from -G --only-group --project --directory".split()
)
_PIP_WITH_PACKAGES = frozenset("install uninstall download wheel inject upgrade show".split())
_ENVIRONMENT = re.compile(r"py(?:py)?\d*(?:\.\d+)?")


def check_packages(arguments: Arguments, scope: Scope) -> Outcome:
    """Packages to install: this project, one of its dependencies, or something the commit speaks of."""
    outcomes: list[Outcome] = []
    option = ""
    for word in arguments:
        if option in _FILE_OPTIONS:
            outcomes.append(check_file(word, scope))
        elif option not in _OPTIONS_WITH_VALUE and not word.startswith("-"):
            outcomes.append(_requirement(word, scope))
        option = word
    return joined(outcomes)


def _requirement(word: str, scope: Scope) -> Outcome:
    commands = scope.evidence.commands
    if "://" in word or word.startswith("git+"):
        address = bare_address(re.split(r"(?<=[^:/])@(?![\w.-]+[:/])|#", word.partition("@ ")[2] or word)[0])
        known = any(address.startswith(remote) for remote in commands.remotes)
        return PROVEN if known else Outcome(needs=(words(address),))
    match = _REQUIREMENT.fullmatch(word)
    if match is None or word.startswith((".", "/", *PLACEHOLDERS)) or word.endswith((".whl", ".tar.gz")):
        place, _, extras = word.partition("[")
        wrong = _unknown_extra(extras.rstrip("]"), scope)
        if wrong:
            return refuted(wrong)
        return check_file(place, scope) if place.strip("./") else PROVEN
    name = package_name(match[1])
    if name in commands.packages:
        wrong = _unknown_extra(match[2] or "", scope)
        return refuted(wrong) if wrong else PROVEN
    if name in commands.dependencies or name in _INSTALLERS:
        return PROVEN
    return Outcome(needs=(words(match[1], name),))


def _unknown_extra(extras: str, scope: Scope) -> str:
    known = {package_name(extra) for extra in scope.evidence.commands.extras}
    for extra in filter(None, (part.strip() for part in extras.split(","))):
        if package_name(extra) not in known:
            return f"The package has no extra `{extra}`."
    return ""


def _pip(arguments: Arguments, scope: Scope) -> Outcome:
    match list(arguments):
        case [verb, *rest] if verb in _PIP_WITH_PACKAGES:
            return check_packages(rest, scope)
        case ["run", *rest]:
            return _first_package(rest, scope)
        case _:
            return PROVEN


def _first_package(arguments: Arguments, scope: Scope) -> Outcome:
    return check_packages([word for word in arguments if not word.startswith("-")][:1], scope)


def _python(arguments: Arguments, scope: Scope) -> Outcome:
    if "-c" in arguments or not arguments:
        return PROVEN
    if "-m" not in arguments:
        return check_script(arguments, scope)
    match list(arguments)[list(arguments).index("-m") + 1 :]:
        case ["pip", *rest]:
            return _pip(rest, scope)
        case [module, *rest]:
            return joined([_module(module, scope), check_places(rest, scope)])
        case _:
            return PROVEN


def _module(name: str, scope: Scope) -> Outcome:
    first = name.partition(".")[0]
    if name in _STANDARD_MODULES or package_name(first) in scope.evidence.commands.dependencies:
        return PROVEN
    if scope.evidence.files.module(tuple(name.split("."))):
        return PROVEN
    if scope.evidence.files.module((first,)):
        return refuted(f"There is no module `{name}`.")
    return Outcome(needs=(words(name),))


def _uv(check: Rule) -> Rule:
    def rule(arguments: Arguments, scope: Scope) -> Outcome:
        match list(arguments):
            case ["pip" | "tool", *rest]:
                return _pip(rest, scope)
            case ["add" | "remove", *rest]:
                return check_packages(rest, scope)
            case ["run", *rest]:
                return _run_inside(rest, scope, check)
            case _:
                return PROVEN

    return rule


def _project_tool(check: Rule) -> Rule:
    """Rule for poetry, pdm, hatch, pipenv and rye."""

    def rule(arguments: Arguments, scope: Scope) -> Outcome:
        match list(arguments):
            case ["add" | "remove", *rest]:
                return check_packages(rest, scope)
            case ["run", *rest]:
                return _run_inside(rest, scope, check)
            case _:
                return PROVEN

    return rule


def _run_inside(arguments: Arguments, scope: Scope, check: Rule) -> Outcome:
    """`poetry run CMD …`: the command, or a task of that name."""
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] in _OPTIONS_WITH_VALUE else rest[1:]
    if not rest or scope.evidence.commands.has_task(rest[0].rpartition(":")[2]):
        return PROVEN
    return check(rest, scope)


def _sessions(runner: str, flags: tuple[str, ...]) -> Rule:
    """Rule for tox and nox: the environments or sessions named after a flag."""

    def rule(arguments: Arguments, scope: Scope) -> Outcome:
        known = scope.evidence.commands.tasks.get(runner, frozenset())
        named = (value for flag, value in pairwise(arguments) if flag in flags)
        return joined([_session(name, known) for names in named for name in names.split(",")])

    return rule


def _session(name: str, known: frozenset[str]) -> Outcome:
    plain = name.partition("(")[0]
    if not known:
        return Outcome(needs=(words(plain),))
    # `py312` and `tests-3.12` are made from factors; the session's own name is what counts.
    stems = {plain, re.sub(r"-?\d[\d.]*$", "", plain), plain.partition("-")[0]}
    if stems & known or _ENVIRONMENT.fullmatch(plain) is not None:
        return PROVEN
    return refuted(f"There is no environment or session `{name}`.")


def python_rules(check: Rule) -> dict[str, Rule]:
    """Rules by program; `check` is the check of any command, for programs that run others."""
    return {
        **dict.fromkeys(("pip", "pip3", "pipx"), _pip),
        **dict.fromkeys(("python", "python3", "py", "pypy3"), _python),
        "uv": _uv(check),
        "uvx": _first_package,
        **dict.fromkeys(("poetry", "pdm", "hatch", "pipenv", "rye"), _project_tool(check)),
        "tox": _sessions("tox", ("-e", "run-parallel")),
        "nox": _sessions("nox", ("-s", "-e", "--session", "--sessions")),
    }
