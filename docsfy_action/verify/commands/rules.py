"""Picks the rule for a command by its program."""

import re
from collections.abc import Mapping, Sequence

from docsfy_action.verify.commands.common import (
    PLACEHOLDERS,
    Arguments,
    Rule,
    check_file,
    check_places,
    check_script,
)
from docsfy_action.verify.commands.ecosystems import ECOSYSTEM_RULES
from docsfy_action.verify.commands.python import python_rules
from docsfy_action.verify.names import read_claim
from docsfy_action.verify.offers import package_name
from docsfy_action.verify.outcomes import PROVEN, UNKNOWN, Outcome, joined, words
from docsfy_action.verify.resolving import Scope, check_claim, check_flag

# Programs of every system and of every developer: typing them claims nothing about a commit.
_EVERYWHERE = frozenset(
    "ls mv mkdir rm rmdir cat echo printf unset touch chmod chown ln curl wget tar unzip zip gzip su apt"
    " apt-get yum dnf apk pacman brew choco scoop winget snap port nix nix-env which whereis whoami head tail grep"
    " egrep rg sed awk find xargs ssh scp rsync tee true false set read ps kill killall open xdg-open diff sort"
    " uniq wc sleep clear exit test [ [[ pwd type alias history jq tr cut seq date uname id df du less more man"
    " nano vim vi code gh hub activate deactivate conda mamba micromamba pyenv nvm fnm asdf mise rustup rbenv"
    " direnv virtualenv chsh disown jobs fg bg wait trap shift return local eval systemctl service journalctl"
    " crontab openssl base64 sha256sum md5sum gpg ssh-keygen dig nslookup ping ifconfig ip netstat ss lsof nc"
    " telnet psql mysql redis-cli sqlite3 mongosh kubectl helm minikube kind aws gcloud az terraform heroku fly"
    " flyctl vercel netlify Set-ExecutionPolicy Get-Content Invoke-WebRequest iwr irm start dir del copy cls pushd"
    " popd".split()
)
# They install what somebody has put into their catalogue, which no commit can show.
_CATALOGUES = frozenset(
    "apt apt-get yum dnf apk pacman brew choco scoop winget snap port nix-env conda mamba micromamba flox spack".split()
)
_INTERPRETERS = frozenset("bash sh zsh source . node deno ts-node tsx ruby perl php lua".split())
_RUN_OTHERS = frozenset({"sudo", "env", "time", "nohup", "command"})
_FLAG = re.compile(r"--?[A-Za-z][\w-]*")
_COMMON_FLAGS = frozenset({"--help", "-h", "--version"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_SUBCOMMAND = re.compile(r"[a-z][a-z0-9_-]*")


def check_command(command: Sequence[str], scope: Scope) -> Outcome:
    """The outcome for one simple command, given as its words."""
    assigned = len(command)
    for index, word in enumerate(command):
        if _ASSIGNMENT.match(word) is None:
            assigned = index
            break
    variables = [_variable(word, scope) for word in command[:assigned]]
    rest = command[assigned:]
    return joined([*variables, _check_program(rest, scope)] if rest else variables)


def _variable(word: str, scope: Scope) -> Outcome:
    """A variable that is set for a command: one that the commit knows, if it looks like one for programs to read."""
    claim = read_claim(word.partition("=")[0])
    return check_claim(claim, scope) if claim is not None and claim.kind == "environment" else PROVEN


def _check_program(command: Sequence[str], scope: Scope) -> Outcome:
    name, *arguments = command
    if name == "export":
        return joined([_variable(word, scope) for word in arguments])
    if name in _RUN_OTHERS:
        rest = [word for word in arguments if "=" not in word]
        return check_command(rest, scope) if rest and not rest[0].startswith("-") else PROVEN
    if name in scope.evidence.commands.programs:
        return _own_program(arguments, scope)
    if (rule := _RULES.get(name)) is not None:
        return rule(arguments, scope)
    if name in _INTERPRETERS:
        return check_script(arguments, scope)
    if name in _CATALOGUES:
        return _catalogue(arguments, scope)
    if name in _EVERYWHERE or name.startswith(PLACEHOLDERS):
        return PROVEN
    program = check_file(name, scope) if "/" in name else Outcome(needs=(words(name),))
    return joined([program, check_places(arguments, scope)])


def is_command(text: str, scope: Scope) -> bool:
    """Whether the text of a code span is a command rather than code."""
    name, _, rest = text.removeprefix("$ ").partition(" ")
    if not rest or rest[0] in "=:|(":
        return False
    return name in scope.evidence.commands.programs or name in _RULES or name in _CATALOGUES or name == "curl"


def _catalogue(arguments: Arguments, scope: Scope) -> Outcome:
    """Other people's software claims nothing; this project is only to be had where a tracked file says so."""
    commands = scope.evidence.commands
    own = any(word in commands.programs or package_name(word) in commands.packages for word in arguments[1:])
    return UNKNOWN if own else PROVEN


def _own_program(arguments: Arguments, scope: Scope) -> Outcome:
    """A program that the commit defines: its flags, and the command that follows it."""
    outcomes = []
    for index, word in enumerate(arguments):
        flag = word.partition("=")[0]
        if _FLAG.fullmatch(flag) is not None and flag not in _COMMON_FLAGS:
            outcomes.append(check_flag(flag, scope))
        elif index == 0 and _SUBCOMMAND.fullmatch(word) is not None and not scope.says(word):
            outcomes.append(Outcome(needs=(words(word),)))
    return joined(outcomes)


_RULES: Mapping[str, Rule] = {**ECOSYSTEM_RULES, **python_rules(check_command)}
