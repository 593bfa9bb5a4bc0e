"""Every way a run can end badly that a user can act on: what failed, on what, and what to do next."""

from dataclasses import dataclass
from typing import ClassVar


class ActionError(Exception):
    """An expected failure. Only `main` renders it; any other exception is a bug and keeps its traceback.

    `message` says what failed and on what, `hint` what the user does next. `exit_status` is the status of the process.
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with what the user said. `path` and `line` (from 1; 0: unknown) say where it stands in a
    file of the documented repository; both are empty for an option or an input of the action."""

    message: str
    hint: str = ""
    path: str = ""
    line: int = 0


class InputError(ActionError):
    """Inputs, options or a configuration file that cannot be used; `problems` names each where they are known."""

    exit_status = 2

    def __init__(self, message: str, *, hint: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = problems


class SourceError(ActionError):
    """The repository cannot be read: no git repository, no commit, a missing ref, a clone that failed."""


class StateError(ActionError):
    """The state folder cannot be used, for example because it cannot be written."""


class StateLocked(StateError):
    """Another run is at work on the same variant and state folder."""


class OutputError(ActionError):
    """The output folder cannot be written, or holds files that are not ours."""


class OutlineError(ActionError):
    """No usable outline: nothing to document, or a provider's outline that stays invalid."""


class VerificationError(ActionError):
    """A page that must not be published, for example because it holds a secret."""


class RenderError(ActionError):
    """The site cannot be built; the last good site stays in place."""


class PublishError(ActionError):
    """The site was built and stays in the output folder, but could not be published."""


class ProviderError(ActionError):
    """A model provider cannot be used, and asking again would not help: the run stops at once."""


class KeyRejected(ProviderError):
    """The vendor does not take the key."""


class ModelUnknown(ProviderError):
    """The vendor has no such model, or not for this key."""


class PriceUnknown(ProviderError):
    """Nobody knows what the model costs, and no limit is set that works without."""

    exit_status = 2


class Cancelled(BaseException):
    """A signal asks the run to end. No `Exception`, so that no library takes it for a fault of its own and goes on."""


class Aborted(ActionError):
    """The run was cancelled by a signal; finished pages are kept."""

    exit_status = 130
