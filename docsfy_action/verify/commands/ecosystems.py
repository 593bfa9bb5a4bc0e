"""Rules for npm and its relatives, Go, Cargo, task runners, containers and git."""

import posixpath
import re
from itertools import pairwise

from docsfy_action.verify.commands.common import PLACEHOLDERS, Arguments, Rule, check_file, check_task
from docsfy_action.verify.offers import bare_address, package_name
from docsfy_action.verify.outcomes import PROVEN, Outcome, joined, refuted, words
from docsfy_action.verify.resolving import Scope, check_go_package

_NPM_PACKAGE = re.compile(r"((?:@[\w.-]+/)?[\w.-]+)(?:@.*)?")
_NPM_RUNNERS = ("npm", "pnpm", "yarn", "bun")
_NPM_INSTALLS = frozenset("install i add ci remove uninstall rm global".split())
_NPM_WORDS = frozenset(
    "init login logout publish pack audit outdated update up upgrade dedupe prune link unlink version view info"
    " list ls cache config set get help why workspaces workspace rebuild fund ping whoami import store patch"
    " self-update setup env corepack berry plugin node".split()
)
_SKIPPED_WITH_VALUE = frozenset({"-C", "-f", "--file", "-d", "--directory"})


def _npm(arguments: Arguments, scope: Scope) -> Outcome:
    rest = [word for word in arguments if not word.startswith("-")]
    if not rest:
        return PROVEN
    first, names = rest[0], rest[1:]
    tasks = {task for runner in _NPM_RUNNERS for task in scope.evidence.commands.tasks.get(runner, ())}
    if first in _NPM_INSTALLS:
        return joined([_npm_package(name, scope) for name in names if name != "add"])
    if first in ("run", "run-script"):
        return joined([check_task(name, tasks, "script") for name in names[:1]])
    if first in ("exec", "dlx", "create", "x"):
        return joined([_npm_package(name, scope) for name in names[:1]])
    if first in ("test", "t", "start", "stop", "restart"):
        return check_task("test" if first == "t" else first, tasks, "script")
    return PROVEN if first in tasks or first in _NPM_WORDS else _npm_package(first, scope)


def _npx(arguments: Arguments, scope: Scope) -> Outcome:
    return _npm(["exec", *arguments], scope)


def _npm_package(name: str, scope: Scope) -> Outcome:
    match = _NPM_PACKAGE.fullmatch(name)
    if match is None or name.startswith((".", *PLACEHOLDERS)):
        return check_file(name, scope)
    commands = scope.evidence.commands
    if package_name(match[1]) in commands.packages | commands.dependencies or match[1] in commands.programs:
        return PROVEN
    return Outcome(needs=(words(match[1]),))


def _runner(runner: str, noun: str, *, one: bool = False) -> Rule:
    """Rule for programs whose arguments are tasks, `one` where the others are the task's own arguments."""

    def rule(arguments: Arguments, scope: Scope) -> Outcome:
        known = scope.evidence.commands.tasks.get(runner, frozenset())
        option = ""
        tasks = []
        for word in arguments:
            if option not in _SKIPPED_WITH_VALUE and not word.startswith("-") and "=" not in word:
                tasks.append(word)
            option = word
        return joined([check_task(task, known, noun) for task in (tasks[:1] if one else tasks)])

    return rule


def _go(arguments: Arguments, scope: Scope) -> Outcome:
    match list(arguments):
        case ["install" | "run" | "build" | "test" | "get" | "vet" | "generate", *rest]:
            places = [word for word in rest if not word.startswith("-") and "/" in word]
            return joined([_go_package(word, scope) for word in places[:1]])
        case _:
            return PROVEN


def _go_package(word: str, scope: Scope) -> Outcome:
    name = word.partition("@")[0].removesuffix("/...").rstrip("/")
    if name in (".", "..", "./..", "") or name.startswith(PLACEHOLDERS):
        return PROVEN
    if name.startswith("./") or name.endswith(".go"):
        return check_file(name.removeprefix("./"), scope)
    if (own := check_go_package(name, scope)) is not None:
        return own
    known = package_name(name) in scope.evidence.commands.dependencies
    return PROVEN if known else Outcome(needs=(words(name),))


def _cargo(arguments: Arguments, scope: Scope) -> Outcome:
    rest = [word for word in arguments if not word.startswith("-")]
    if rest[:1] in (["install"], ["add"]) and "--path" not in arguments and "--git" not in arguments:
        return joined([_npm_package(name, scope) for name in rest[1:2]])
    return PROVEN


def _docker(arguments: Arguments, scope: Scope) -> Outcome:
    match list(arguments):
        case ["build" | "buildx", *rest]:
            return _container_files(rest, ("dockerfile", "containerfile"), "Dockerfile", scope)
        case ["compose", *rest]:
            return _compose(rest, scope)
        case _:
            return PROVEN


def _compose(arguments: Arguments, scope: Scope) -> Outcome:
    return _container_files(arguments, ("compose",), "compose file", scope)


def _container_files(arguments: Arguments, names: tuple[str, ...], noun: str, scope: Scope) -> Outcome:
    """The files after `-f`, else any file that a container engine would find."""
    named = [value for flag, value in pairwise(arguments) if flag in ("-f", "--file")]
    if named:
        return joined([check_file(value, scope) for value in named])
    tracked = (posixpath.basename(path).lower() for path in scope.evidence.files.paths)
    found = any(name in base for base in tracked for name in names)
    return PROVEN if found else refuted(f"There is no {noun}.")


def _git(arguments: Arguments, scope: Scope) -> Outcome:
    if not arguments or arguments[0] != "clone":
        return PROVEN
    address = next((word for word in arguments[1:] if "/" in word and not word.startswith("-")), "")
    if not address or any(mark in address for mark in PLACEHOLDERS):
        return PROVEN
    bare = bare_address(address)
    return PROVEN if bare in scope.evidence.commands.remotes else Outcome(needs=(words(address, bare),))


def _cd(arguments: Arguments, scope: Scope) -> Outcome:
    place = arguments[0].rstrip("/") if arguments else ""
    if place in ("", ".", "..", "-", "~") or place.startswith(("/", "~", "..", *PLACEHOLDERS)):
        return PROVEN
    commands = scope.evidence.commands
    names = {remote.rpartition("/")[2] for remote in commands.remotes} | commands.packages
    known = place.lower() in names or package_name(place) in names
    return PROVEN if known or scope.evidence.files.holds(place.removeprefix("./")) else Outcome(needs=(words(place),))


def _copy(arguments: Arguments, scope: Scope) -> Outcome:
    places = [word for word in arguments if not word.startswith("-")]
    return check_file(places[0], scope) if len(places) > 1 else PROVEN


ECOSYSTEM_RULES: dict[str, Rule] = {
    **dict.fromkeys(_NPM_RUNNERS, _npm),
    **dict.fromkeys(("npx", "bunx", "pnpx"), _npx),
    "go": _go,
    "cargo": _cargo,
    "make": _runner("make", "target"),
    "just": _runner("just", "recipe", one=True),
    "task": _runner("task", "task"),
    "poe": _runner("poe", "task", one=True),
    **dict.fromkeys(("invoke", "inv"), _runner("invoke", "task", one=True)),
    **dict.fromkeys(("docker", "podman"), _docker),
    **dict.fromkeys(("docker-compose", "podman-compose"), _compose),
    "git": _git,
    "cd": _cd,
    "cp": _copy,
}
