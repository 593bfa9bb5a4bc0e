"""The model as a run uses it: opened at the first need and not before, so that a run with nothing to ask asks nothing."""

import logging
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from docsfy_action.errors import InputError
from docsfy_action.plan.shards import Limits
from docsfy_action.providers.api.provider import ApiProvider
from docsfy_action.providers.budget import Budget
from docsfy_action.providers.calls import Setup
from docsfy_action.providers.choose import Chosen, as_api
from docsfy_action.providers.claude import ClaudeProvider
from docsfy_action.providers.client import About, Client, Patience
from docsfy_action.providers.cursor import CursorProvider
from docsfy_action.providers.environment import Access, Host
from docsfy_action.providers.gemini import GeminiProvider
from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Place, Provider, Request, Task
from docsfy_action.providers.programs import NoProgram, ProgramName, find_program
from docsfy_action.repository.export import exported
from docsfy_action.stages.run import Run
from docsfy_action.stages.source import Source

logger = logging.getLogger(__name__)

_WITH_PROGRAM: Mapping[str, Callable[[Setup], Provider]] = {
    "claude": ClaudeProvider,
    "gemini": GeminiProvider,
    "cursor": CursorProvider,
}
_PROGRAMS = {"claude": ProgramName.CLAUDE, "gemini": ProgramName.GEMINI, "cursor": ProgramName.CURSOR}
_DOING = {
    Task.OUTLINE: "The model plans the pages.",
    Task.TRIAGE: "The model compares pages with the change.",
}
# What is shorter is no key but a word that a local model takes for one, as `none`.
_LEAST_SECRET = 16


@dataclass(kw_only=True)
class Author:
    """Who writes the pages that explain. `absent` says why no call can be made, empty while calls can be tried.

    `label` is what the report calls the writer. `ask` may be called from several threads once `open` has said yes.
    """

    chosen: Chosen
    source: Source
    run: Run
    absent: str = ""
    cancelled: Event = field(default_factory=Event)
    client: Client | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    @property
    def label(self) -> str:
        """Provider and model."""
        return f"{self.chosen.provider} {self.chosen.model}"

    @property
    def deadline(self) -> float:
        """Seconds that one call may take."""
        return self.source.inputs.ai_timeout_minutes * 60

    def open(self) -> bool:
        """Make ready for calls: the export, the program, one cheap call. False where that cannot be; `absent` says why.

        Raises ProviderError for a key or model that is not accepted, and where the price cannot be known.
        """
        limits = self.run.limits
        if self.client is None and limits is not None and (limits.calls == 0 or limits.cost == 0):
            # To a budget, nothing is no limit.
            self.absent = self.absent or "nothing of the run's limits is left for this part of it"
        if self.client is None and not self.absent:
            logger.info("Trying %s with one short call.", self.label)
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="docsfy-model-")))
            provider = self._provider(folder)
            if isinstance(provider, str):
                self._give_up(provider)
                return False
            self.client = self._client(provider)
            self.run.ledger = self.client
            answer = self.client.preflight()
            if isinstance(answer, Failure):
                self._give_up(f"{self.label} cannot be used now: {answer.message}.")
        return not self.absent

    def ask(self, request: Request, page: str = "") -> Answer:
        """One call on behalf of a page."""
        if self.client is None or self.absent:
            return Failure(kind=FailureKind.BUDGET, message=self.absent or "the model was not opened")
        if request.task in _DOING:
            logger.info("%s", _DOING[request.task])
        return self._without_keys(self.client.ask(request, page=page))

    def close(self) -> None:
        """End what still runs, and remove what was made for it."""
        self.cancelled.set()
        if self.client is not None:
            self.client.close()
        self._stack.close()

    def _without_keys(self, answer: Answer) -> Answer:
        """An answer that holds a key of this run is none: it could be published, stored, or sent on."""
        secrets = [secret for secret in self.source.inputs.secrets if len(secret) >= _LEAST_SECRET]
        if not isinstance(answer, Completion) or not any(secret in answer.text for secret in secrets):
            return answer
        message = "the answer held a key of this run and was thrown away"
        return Failure(kind=FailureKind.REFUSED, message=message, usage=answer.usage, opened=answer.opened)

    def _give_up(self, reason: str) -> None:
        self.absent = reason
        self.run.warn(reason)

    def _client(self, provider: Provider) -> Client:
        inputs = self.source.inputs
        limits = self.run.limits or Limits(calls=inputs.max_ai_calls, cost=inputs.max_cost_usd)
        return Client(
            provider,
            About(
                price=self.chosen.price,
                variable=self.chosen.variable,
                tells_cost=self.chosen.tells_cost,
            ),
            Budget(max_calls=limits.calls, max_cost=limits.cost, at_once=inputs.max_concurrent_pages),
            cancelled=self.cancelled,
            patience=Patience(jitter=self.run.jitter),
        )

    def _provider(self, folder: Path) -> Provider | str:
        """The provider, or why there is none."""
        export = self._stack.enter_context(exported(self.source.snapshot, self.source.reader, folder / "export"))
        if export.left_out:
            hidden = ", ".join(f"{number} × {reason}" for reason, number in export.left_out.items())
            logger.info("The model sees %d files; left out: %s", len(export.paths), hidden)
        if self.chosen.provider == "api":
            return self._api(self.chosen, export.folder)
        environment = self.source.inputs.environment
        host = Host(
            environ=self.run.environ,
            workspace=environment.workspace,
            platform=sys.platform,
            machine=platform.machine(),
            python=sys.executable,
        )
        place = Place(export=export.folder, home=folder / "home", programs=self.source.inputs.state_dir / "programs")
        program = find_program(_PROGRAMS[self.chosen.provider], place.programs, host, cancelled=self.cancelled)
        if isinstance(program, NoProgram):
            return self._instead(program, export.folder)
        logger.info("%s %s from %s", program.name, program.version, program.origin)
        variable, address = self.chosen.address
        access = Access(
            variable=self.chosen.variable, key=self.chosen.key, base_url_variable=variable, base_url=address
        )
        setup = Setup(program=program, model=self.chosen.model, access=access, place=place, host=host)
        return _WITH_PROGRAM[self.chosen.provider](setup)

    def _api(self, chosen: Chosen, export: Path) -> Provider:
        return ApiProvider(chosen.model, key=chosen.key, base_url=chosen.base_url, export=export)

    def _instead(self, program: NoProgram, export: Path) -> Provider | str:
        """The same vendor's API where its program cannot be had."""
        chosen = as_api(self.chosen)
        if chosen is None:
            return f"{program.reason} {program.hint}"
        try:
            provider = self._api(chosen, export)
        except InputError as error:
            return f"{program.reason} {program.hint} Its vendor's API cannot take over: {error.message} {error.hint}"
        self.run.warn(f"{program.reason} The API of the same vendor takes over, as `{chosen.model}`. {program.hint}")
        self.chosen = chosen
        return provider
