"""What the rules for all programs share: their type, and the checks of files and tasks that arguments name."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from docsfy_action.verify.names import Claim, read_claim
from docsfy_action.verify.outcomes import PROVEN, Outcome, joined, refuted
from docsfy_action.verify.resolving import Scope, check_claim

Arguments: TypeAlias = Sequence[str]
Rule: TypeAlias = Callable[[Arguments, Scope], Outcome]

# Places that commands make, or that lie outside the repository.
_ELSEWHERE = ("/", "~", "$", ".venv/", "venv/", "node_modules/", "./node_modules/", "../", "<", "{")
PLACEHOLDERS = ("<", "$", "{", "%", "…")


def check_file(path: str, scope: Scope) -> Outcome:
    """A file or folder that a command reads."""
    claim = read_claim(path)
    if claim is None or path.startswith(_ELSEWHERE):
        return PROVEN
    if claim.kind != "path":
        claim = Claim(kind="path", text=path, path=path)
    return check_claim(claim, scope)


def check_script(arguments: Arguments, scope: Scope) -> Outcome:
    """The first argument of an interpreter is a file of the commit."""
    first = next((word for word in arguments if not word.startswith("-")), "")
    if not first or "-c" in arguments or "-e" in arguments:
        return PROVEN
    return check_file(first, scope)


def check_places(arguments: Arguments, scope: Scope) -> Outcome:
    """Arguments that name a place below a tracked top-level folder must exist."""
    outcomes = []
    for word in arguments:
        head, slash, _ = word.removeprefix("./").partition("/")
        if slash and head in scope.evidence.files.folders and "*" not in word and "<" not in word:
            outcomes.append(check_file(word.partition("::")[0], scope))
    return joined(outcomes)


def check_task(name: str, known: Collection[str], noun: str) -> Outcome:
    """A task that a runner knows."""
    if name in known or name.startswith(PLACEHOLDERS):
        return PROVEN
    return refuted(f"There is no {noun} `{name}`.")
