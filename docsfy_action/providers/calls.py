"""What all providers with a command-line program have in common: a home folder for one call, the run of the program,
the endings that no vendor explains, and the paths that its tools opened."""

import os
import re
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from docsfy_action.processes import Command, Ending, Finished, run
from docsfy_action.providers import estimate
from docsfy_action.providers.budget import Needs
from docsfy_action.providers.environment import Access, Host, program_environment, scrubbed
from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Place, Request, Usage
from docsfy_action.providers.prices import Price
from docsfy_action.providers.programs import Program

_SECONDS_TO_END = 5.0
_FENCE = re.compile(r"\A```[A-Za-z]*[ \t]*\n(.*)\n```[ \t]*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything that a provider with a program is made from; `model` goes to the program untouched."""

    program: Program
    model: str
    access: Access
    place: Place
    host: Host


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One start of a program: its arguments, its input, and the variables it has beyond those of every program."""

    arguments: tuple[str, ...]
    stdin: str
    switches: Mapping[str, str]
    home: Path


@dataclass(frozen=True, slots=True)
class ProgramProvider(ABC):
    """A provider whose calls are starts of a program in the export, one process for each."""

    setup: Setup

    @property
    @abstractmethod
    def name(self) -> str:
        """As the input `provider` names it."""

    @property
    def model(self) -> str:
        """As it is told to the program."""
        return self.setup.model

    def needs(self, request: Request, price: Price) -> Needs | None:
        """For a program that is told turns, and no dollars."""
        return estimate.by_turns(request, price)

    def complete(self, request: Request, *, cancelled: Event) -> Answer:
        """Make one call."""
        with private_home(self.setup.place, self.name) as home:
            finished = start(self.setup, self.call(request, home), request, cancelled)
        return self.answer(finished, request)

    @abstractmethod
    def call(self, request: Request, home: Path) -> Call:
        """What is started for a request, with all that it needs written into its home folder."""

    @abstractmethod
    def answer(self, finished: Finished, request: Request) -> Answer:
        """What the program said, as an answer."""

    def close(self) -> None:  # noqa: B027 - there is nothing that one of them would have to add
        """Nothing is held between calls."""


@contextmanager
def private_home(place: Place, name: str) -> Iterator[Path]:
    """A home folder for one call, which nothing of the user's and nothing of another call is in."""
    place.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=place.home))
    try:
        (home / "tmp").mkdir(mode=0o700)
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def start(setup: Setup, call: Call, request: Request, cancelled: Event) -> Finished:
    """Run the program in the export, and wait for it."""
    command = Command(
        argv=(*setup.program.argv, *call.arguments),
        cwd=setup.place.export,
        environment=program_environment(setup.host, setup.access, call.home, call.switches),
        stdin=call.stdin.encode("utf-8", "replace"),
        deadline=request.deadline,
    )
    return run(command, cancelled=cancelled)


def ended_early(setup: Setup, finished: Finished, request: Request) -> Failure | None:
    """The failure of a program that did not end by itself."""
    name = setup.program.name
    match finished.ending:
        case Ending.EXITED:
            return None
        case Ending.CANCELLED:
            return Failure(kind=FailureKind.CANCELLED, message="the run is being stopped")
        case Ending.TIMED_OUT:
            message = f"`{name}` gave no answer within {request.deadline:g} seconds and was stopped"
            return Failure(kind=FailureKind.TIMEOUT, message=message)
        case Ending.NOT_STARTED:
            message = f"`{name}` could not be started: {finished.reason}"
            return Failure(kind=FailureKind.BROKEN, message=message)
        case Ending.FLOODED:
            return Failure(kind=FailureKind.BROKEN, message=f"`{name}` wrote more than can be an answer")


def failure(
    setup: Setup, kind: FailureKind, words: str, *, retry_after: float | None = None, usage: Usage | None = None
) -> Failure:
    """A failure in the program's own words, without secrets and without a full stop: sentences go on after it."""
    said = scrubbed(words, setup.access.key).rstrip(". ") or "it did not say why"
    message = f"`{setup.program.name}` failed: {said}"
    return Failure(kind=kind, message=message, retry_after=retry_after, usage=usage or Usage(cost_usd=None))


def last_words(finished: Finished, *, noise: re.Pattern[str] | None = None) -> str:
    """The end of what a program said where it gave no result; `noise` is what it says anyway."""
    errors = finished.stderr.decode("utf-8", "replace")
    errors = noise.sub("", errors) if noise is not None else errors
    text = errors.strip() or finished.stdout[-2000:].decode("utf-8", "replace").strip()
    return f"exit status {finished.status}: {text[-300:]}" if text else f"exit status {finished.status}"


def opened_paths(export: Path, said: Iterable[str]) -> tuple[str, ...]:
    """Paths that tools read, relative to the export, in their order, each once; what is not in it is left out."""
    inside: dict[str, None] = {}
    for path in said:
        if "\0" in path or not path:
            continue
        relative = os.path.relpath(os.path.normpath(export / path), export)
        file = export / relative
        if relative != "." and not relative.startswith("..") and file.is_file() and not file.is_symlink():
            inside[relative] = None
    return tuple(inside)


def with_schema(request: Request) -> str:
    """The prompt, with the schema in words for a program that has no structured output."""
    if not request.schema:
        return request.prompt
    order = (
        "Answer with one JSON value that satisfies this JSON Schema, and with nothing else: no prose, no code fence."
    )
    return f"{request.prompt}\n\n{order}\n{request.schema}\n"


def as_task(prompt: str) -> str:
    """The prompt in a form that no program takes for a command of its own, such as `/help`, or passes over."""
    return prompt if prompt[:1].isalpha() else f"Task:\n\n{prompt}"


def completion(request: Request, text: str, usage: Usage, opened: tuple[str, ...]) -> Completion:
    """The answer; a fence around the whole of a JSON answer is taken off."""
    fenced = _FENCE.match(text.strip()) if request.schema else None
    return Completion(text=fenced[1] if fenced else text, usage=usage, opened=opened)
