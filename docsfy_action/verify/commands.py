"""Whether a command that a page tells its readers to type runs something that the commit defines."""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from docsfy_action.verify.names import Claim, read_claim
from docsfy_action.verify.offers import bare_address, package_name
from docsfy_action.verify.outcomes import PROVEN, Outcome, joined, refuted, words
from docsfy_action.verify.resolving import Scope, check_claim, check_flag

Arguments: TypeAlias = Sequence[str]
Rule: TypeAlias = "Callable[[Arguments, Scope], Outcome]"

_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[([^\]]*)\])?\s*(?:[<>=!~;@].*)?", re.DOTALL)
_NPM_PACKAGE = re.compile(r"((?:@[\w.-]+/)?[\w.-]+)(?:@.*)?")
_STANDARD_MODULES = frozenset(
    "venv pip ensurepip http.server json.tool unittest doctest timeit pdb cProfile zipfile tarfile compileall"
    " build twine site sysconfig webbrowser calendar ast dis trace asyncio zipapp sqlite3".split()
)
_INSTALLERS = frozenset("pip setuptools wheel build twine pipx uv virtualenv poetry hatch pdm".split())
_NPM_WORDS = frozenset(
    "init login logout publish pack audit outdated update up upgrade dedupe prune link unlink version view"
    " info list ls cache config set get help why workspaces workspace rebuild fund ping whoami import store"
    " patch self-update setup env corepack berry plugin node".split()
)
# Programs of every system and of every developer: typing them claims nothing about a commit.
_EVERYWHERE = frozenset(
    "ls cp mv mkdir rm rmdir cat echo printf export unset source . touch chmod chown ln curl wget tar unzip"
    " zip gzip sudo su apt apt-get yum dnf apk pacman brew choco scoop winget snap port nix nix-env which"
    " whereis whoami head tail grep egrep rg sed awk find xargs ssh scp rsync tee true false set read ps kill"
    " killall open xdg-open diff sort uniq wc sleep clear exit test [ [[ pwd env command type alias history jq"
    " tr cut seq date uname id df du less more man nano vim vi code git gh hub activate deactivate conda mamba"
    " micromamba pyenv nvm fnm asdf mise rustup rbenv direnv virtualenv chsh nohup disown jobs fg bg wait trap"
    " shift return local eval systemctl service journalctl crontab openssl base64 sha256sum md5sum gpg"
    " ssh-keygen dig nslookup ping ifconfig ip netstat ss lsof nc telnet psql mysql redis-cli sqlite3 mongosh"
    " kubectl helm minikube kind aws gcloud az terraform heroku fly flyctl vercel netlify Set-ExecutionPolicy"
    " Get-Content Invoke-WebRequest iwr irm start dir del copy cls pushd popd".split()
)
_SCRIPTS = frozenset(
    {"bash", "sh", "zsh", "source", ".", "node", "deno", "bun", "ts-node", "tsx", "ruby", "perl", "php", "lua"}
)


def check_command(command: Sequence[str], scope: Scope) -> Outcome:
    """The outcome for one simple command, given as its words."""
    name, *arguments = command
    if name in ("sudo", "env", "time", "nohup", "command") and arguments:
        rest = [word for word in arguments if "=" not in word]
        return check_command(rest, scope) if rest and not rest[0].startswith("-") else PROVEN
    if name in scope.evidence.commands.programs:
        return _own_program(arguments, scope)
    rule = _RULES.get(name)
    if rule is not None:
        return rule(arguments, scope)
    if "/" in name:
        return _file(name, scope)
    if name in _SCRIPTS:
        return _script(arguments, scope)
    if name in _EVERYWHERE or name.startswith(("$", "<", "%")):
        return PROVEN
    return joined([Outcome(needs=(words(name),)), _paths(arguments, scope)])


def is_command(text: str, scope: Scope) -> bool:
    """Whether the text of a code span is a command rather than code."""
    name, _, rest = text.removeprefix("$ ").partition(" ")
    if not rest or rest[0] in "=:|(":
        return False
    return name in scope.evidence.commands.programs or name in _RULES or name in ("git", "curl", "cd", "cp")


def _own_program(arguments: Arguments, scope: Scope) -> Outcome:
    outcomes = []
    for index, word in enumerate(arguments):
        flag = word.partition("=")[0]
        if re.fullmatch(r"--?[A-Za-z][\w-]*", flag) is not None and flag not in ("--help", "-h", "--version"):
            outcomes.append(check_flag(flag, scope))
        elif index == 0 and re.fullmatch(r"[a-z][a-z0-9_-]*", word) is not None:
            outcomes.append(Outcome(needs=(words(word),)) if not scope.says(word) else PROVEN)
    return joined(outcomes)


def _file(path: str, scope: Scope) -> Outcome:
    claim = read_claim(path)
    if claim is None or path.startswith(("/", "~", "$", ".venv/", "venv/", "node_modules/", "./node_modules/", "../")):
        return PROVEN
    if claim.kind != "path":
        claim = Claim(kind="path", text=path, path=path)
    return check_claim(claim, scope) or PROVEN


def _script(arguments: Arguments, scope: Scope) -> Outcome:
    first = next((word for word in arguments if not word.startswith("-")), "")
    if not first or "-c" in arguments or "-e" in arguments:
        return PROVEN
    return _file(first, scope)


def _paths(arguments: Arguments, scope: Scope) -> Outcome:
    """Arguments that name a place below a tracked top-level folder must exist."""
    outcomes = []
    for word in arguments:
        head, slash, _ = word.removeprefix("./").partition("/")
        if slash and head in scope.evidence.files.folders and "*" not in word and "<" not in word:
            outcomes.append(_file(word.partition("::")[0], scope))
    return joined(outcomes)


def _packages(arguments: Arguments, scope: Scope) -> Outcome:
    """Python packages to install."""
    outcomes: list[Outcome] = []
    skip = ""
    for word in arguments:
        if skip in ("-r", "-c", "--requirement", "--constraint"):
            outcomes.append(_file(word, scope))
            skip = ""
        elif skip in ("-e", "--editable") or not skip:
            skip = word if word in _WITH_VALUE or word in ("-e", "--editable") else ""
            if not word.startswith("-"):
                outcomes.append(_requirement(word, scope))
        else:
            skip = ""
    return joined(outcomes)


_WITH_VALUE = frozenset(
    "-r -c --requirement --constraint -i --index-url --extra-index-url -f --find-links --target -t --prefix --python -p --group"
    " --extra --with --from -G".split()
)


def _requirement(word: str, scope: Scope) -> Outcome:
    commands = scope.evidence.commands
    if "://" in word or word.startswith("git+"):
        address = bare_address(re.split(r"(?<=[^:/])@|#", word.partition("@ ")[2] or word)[0])
        known = any(address.startswith(remote) for remote in commands.remotes)
        return PROVEN if known else Outcome(needs=(words(address),))
    match = _REQUIREMENT.fullmatch(word)
    if word.startswith((".", "/", "<", "$", "{")) or match is None or word.endswith((".whl", ".tar.gz")):
        place, _, extras = word.partition("[")
        wrong = _unknown_extras(extras.rstrip("]"), scope)
        return refuted(wrong) if wrong else _file(place, scope) if place.strip("./") else PROVEN
    name = package_name(match[1])
    if name in commands.packages:
        wrong = _unknown_extras(match[2] or "", scope)
        return refuted(wrong) if wrong else PROVEN
    if name in commands.dependencies or name in _INSTALLERS:
        return PROVEN
    return Outcome(needs=(words(match[1], name),))


def _unknown_extras(extras: str, scope: Scope) -> str:
    known = {package_name(extra) for extra in scope.evidence.commands.extras}
    for extra in filter(None, (part.strip() for part in extras.split(","))):
        if package_name(extra) not in known:
            return f"The package has no extra `{extra}`."
    return ""


def _pip(arguments: Arguments, scope: Scope) -> Outcome:
    if arguments and arguments[0] in ("install", "uninstall", "download", "wheel", "inject", "upgrade", "show"):
        return _packages(arguments[1:], scope)
    if arguments and arguments[0] == "run":
        return _packages([word for word in arguments[1:] if not word.startswith("-")][:1], scope)
    return PROVEN


def _python(arguments: Arguments, scope: Scope) -> Outcome:
    if "-c" in arguments or not arguments:
        return PROVEN
    if "-m" in arguments:
        rest = arguments[list(arguments).index("-m") + 1 :]
        if not rest:
            return PROVEN
        if rest[0] == "pip":
            return _pip(rest[1:], scope)
        return joined([_module(rest[0], scope), _paths(rest[1:], scope)])
    return _script(arguments, scope)


def _module(name: str, scope: Scope) -> Outcome:
    if name in _STANDARD_MODULES or package_name(name.partition(".")[0]) in scope.evidence.commands.dependencies:
        return PROVEN
    if scope.evidence.files.module(tuple(name.split("."))):
        return PROVEN
    if scope.evidence.files.module((name.partition(".")[0],)):
        return refuted(f"There is no module `{name}`.")
    return Outcome(needs=(words(name),))


def _uv(arguments: Arguments, scope: Scope) -> Outcome:
    match list(arguments):
        case ["pip" | "tool", *rest]:
            return _pip(rest, scope)
        case ["add" | "remove", *rest]:
            return _packages(rest, scope)
        case ["run", *rest]:
            return _run_inside(rest, scope)
        case _:
            return PROVEN


def _run_inside(arguments: Arguments, scope: Scope) -> Outcome:
    """`poetry run CMD …`: the command, or a task of that name."""
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] in _WITH_VALUE else rest[1:]
    if not rest or scope.evidence.commands.has_task(rest[0].rpartition(":")[2]):
        return PROVEN
    return check_command(rest, scope)


def _project_tool(arguments: Arguments, scope: Scope) -> Outcome:
    """poetry, pdm, hatch, pipenv, rye."""
    match list(arguments):
        case ["add" | "remove", *rest]:
            return _packages(rest, scope)
        case ["run", *rest]:
            return _run_inside(rest, scope)
        case _:
            return PROVEN


def _npm(arguments: Arguments, scope: Scope) -> Outcome:
    rest = [word for word in arguments if not word.startswith("-")]
    if not rest:
        return PROVEN
    first, names = rest[0], rest[1:]
    tasks = {
        task for runner, known in scope.evidence.commands.tasks.items() if runner in _NPM_RUNNERS for task in known
    }
    if first in ("install", "i", "add", "ci", "remove", "uninstall", "rm", "global"):
        return joined([_npm_package(name, scope) for name in names if name != "add"])
    if first in ("run", "run-script", "rum"):
        return _task(names[0], tasks, "script", scope) if names else PROVEN
    if first in ("exec", "dlx", "create", "x"):
        return _npm_package(names[0], scope) if names else PROVEN
    if first in ("test", "t", "start", "stop", "restart"):
        return _task("test" if first == "t" else first, tasks, "script", scope)
    if first in tasks or first in _NPM_WORDS:
        return PROVEN
    return joined([_npm_package(first, scope)])


_NPM_RUNNERS = frozenset({"npm", "pnpm", "yarn", "bun"})


def _npm_package(name: str, scope: Scope) -> Outcome:
    match = _NPM_PACKAGE.fullmatch(name)
    if match is None or name.startswith((".", "<", "$")):
        return _file(name, scope)
    commands = scope.evidence.commands
    if package_name(match[1]) in commands.packages | commands.dependencies or match[1] in commands.programs:
        return PROVEN
    return Outcome(needs=(words(match[1]),))


def _task(name: str, known: set[str] | frozenset[str], noun: str, scope: Scope) -> Outcome:
    if name in known or name.startswith(("<", "$", "{")):
        return PROVEN
    return refuted(f"There is no {noun} `{name}`.")


def _runner(runner: str, noun: str) -> Rule:
    """Rule for programs whose arguments are tasks: make, just, task …"""

    def rule(arguments: Arguments, scope: Scope) -> Outcome:
        known = scope.evidence.commands.tasks.get(runner, frozenset())
        outcomes: list[Outcome] = []
        skip = False
        for word in arguments:
            if skip:
                skip = False
            elif word in ("-C", "-f", "--file", "-j", "-d", "--directory", "--"):
                skip = word not in ("-j", "--")
            elif not word.startswith("-") and "=" not in word:
                outcomes.append(_task(word, known, noun, scope))
                if runner in ("just", "invoke"):
                    break
        return joined(outcomes)

    return rule


def _sessions(runner: str, flags: tuple[str, ...]) -> Rule:
    """Rule for tox and nox: the environments or sessions named after a flag."""

    def rule(arguments: Arguments, scope: Scope) -> Outcome:
        known = scope.evidence.commands.tasks.get(runner, frozenset())
        outcomes = []
        for flag, value in zip(arguments, arguments[1:], strict=False):
            if flag in flags:
                outcomes += [_session(name, known) for name in value.split(",")]
        return joined(outcomes)

    return rule


def _session(name: str, known: frozenset[str]) -> Outcome:
    plain = name.partition("(")[0]
    if plain in known or re.fullmatch(r"py(?:py)?\d*(?:\.\d+)?", plain) is not None or not known:
        return PROVEN if known else Outcome(needs=(words(plain),))
    stems = {re.sub(r"-?\d[\d.]*$", "", plain), plain.partition("-")[0]}
    return PROVEN if stems & known else refuted(f"There is no environment or session `{name}`.")


def _go(arguments: Arguments, scope: Scope) -> Outcome:
    match list(arguments):
        case ["install" | "run" | "build" | "test" | "get" | "vet" | "generate" as verb, *rest]:
            return joined(
                [_go_package(word, verb, scope) for word in rest if not word.startswith("-") and "/" in word][:1]
            )
        case _:
            return PROVEN


def _go_package(word: str, verb: str, scope: Scope) -> Outcome:
    name = word.partition("@")[0].removesuffix("/...").rstrip("/")
    if name in (".", "..", "./..", "") or name.startswith("<"):
        return PROVEN
    if name.startswith("./") or name.endswith(".go"):
        return _file(name.removeprefix("./"), scope)
    commands = scope.evidence.commands
    for module in sorted(commands.go_modules, key=len, reverse=True):
        if name == module or name.startswith(f"{module}/"):
            inside = name[len(module) + 1 :]
            known = not inside or scope.evidence.files.holds(inside) or re.fullmatch(r"v\d+", inside) is not None
            return PROVEN if known else refuted(f"There is no package `{name}`.")
    if package_name(name) in commands.dependencies:
        return PROVEN
    return Outcome(needs=(words(name),))


def _cargo(arguments: Arguments, scope: Scope) -> Outcome:
    rest = [word for word in arguments if not word.startswith("-")]
    if arguments and arguments[0] in ("install", "add") and "--path" not in arguments and "--git" not in arguments:
        return joined([_npm_package(name, scope) for name in rest[1:2]])
    return PROVEN


def _docker(arguments: Arguments, scope: Scope) -> Outcome:
    match list(arguments):
        case ["build" | "buildx", *rest]:
            return _docker_build(rest, scope)
        case ["compose", *rest]:
            return _compose(rest, scope)
        case _:
            return PROVEN


def _docker_build(arguments: Arguments, scope: Scope) -> Outcome:
    outcomes = []
    for flag, value in zip(arguments, arguments[1:], strict=False):
        if flag in ("-f", "--file"):
            outcomes.append(_file(value, scope))
    names = {posixpath.basename(path).lower() for path in scope.evidence.files.paths}
    if not outcomes and not any("dockerfile" in name or "containerfile" in name for name in names):
        outcomes.append(refuted("There is no Dockerfile."))
    return joined(outcomes)


def _compose(arguments: Arguments, scope: Scope) -> Outcome:
    outcomes = []
    for flag, value in zip(arguments, arguments[1:], strict=False):
        if flag in ("-f", "--file"):
            outcomes.append(_file(value, scope))
    names = {posixpath.basename(path).lower() for path in scope.evidence.files.paths}
    if not outcomes and not any("compose" in name and name.endswith((".yml", ".yaml")) for name in names):
        outcomes.append(refuted("There is no compose file."))
    return joined(outcomes)


def _git(arguments: Arguments, scope: Scope) -> Outcome:
    if not arguments or arguments[0] != "clone":
        return PROVEN
    address = next((word for word in arguments[1:] if "/" in word and not word.startswith("-")), "")
    if not address or "<" in address or "$" in address:
        return PROVEN
    bare = bare_address(address)
    remotes = scope.evidence.commands.remotes
    if bare in remotes:
        return PROVEN
    return Outcome(needs=(words(address, bare),))


def _cd(arguments: Arguments, scope: Scope) -> Outcome:
    place = arguments[0].rstrip("/") if arguments else ""
    if not place or place in (".", "..", "-", "~") or place.startswith(("/", "~", "$", "<", "..")):
        return PROVEN
    names = {remote.rpartition("/")[2] for remote in scope.evidence.commands.remotes} | scope.evidence.commands.packages
    if place.lower() in names or package_name(place) in names or scope.evidence.files.holds(place.removeprefix("./")):
        return PROVEN
    return Outcome(needs=(words(place),))


def _copy(arguments: Arguments, scope: Scope) -> Outcome:
    places = [word for word in arguments if not word.startswith("-")]
    return _file(places[0], scope) if len(places) > 1 else PROVEN


_RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("pip", "pip3", "pipx"), _pip),
    **dict.fromkeys(("python", "python3", "py", "pypy3"), _python),
    "uv": _uv,
    "uvx": lambda arguments, scope: _packages([word for word in arguments if not word.startswith("-")][:1], scope),
    **dict.fromkeys(("poetry", "pdm", "hatch", "pipenv", "rye"), _project_tool),
    **dict.fromkeys(("npm", "pnpm", "yarn", "bun"), _npm),
    **dict.fromkeys(("npx", "bunx", "pnpx"), lambda arguments, scope: _npm(["exec", *arguments], scope)),
    "go": _go,
    "cargo": _cargo,
    "make": _runner("make", "target"),
    "just": _runner("just", "recipe"),
    "task": _runner("task", "task"),
    "poe": _runner("poe", "task"),
    **dict.fromkeys(("invoke", "inv"), _runner("invoke", "task")),
    "tox": _sessions("tox", ("-e", "run-parallel")),
    "nox": _sessions("nox", ("-s", "-e", "--session", "--sessions")),
    **dict.fromkeys(("docker", "podman"), _docker),
    **dict.fromkeys(("docker-compose", "podman-compose"), _compose),
    "git": _git,
    "cd": _cd,
    "cp": _copy,
}
